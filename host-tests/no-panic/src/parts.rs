//! What trainers and solvers are made of, each part called by itself.

use core::hint::black_box;
use kilograd::init::{Constant, Distribution, Independent, LecunUniform};
use kilograd::loss::{
    DeepSupervision, Hinge, KlDivergence, MultiMargin, SmoothL1, SoftCrossEntropy, SquaredHinge, WeightedCrossEntropy,
};
use kilograd::optim::schedule::{Better, LEARNING_RATE_LIMIT, Threshold};
use kilograd::optim::{
    AdaGradPlan, Adafactor, AdafactorPlan, AdamPlan, Asgd, AsgdPlan, Elementwise, NAdam, NAdamPlan, Norm, RAdam, RAdamPlan,
    Rprop, RpropPlan, Rule, Shampoo, ShampooPlan, Step, TrustRatio, View, book,
};
use kilograd::prelude::*;
use kilograd::solver::line::{Found, Line, LineSearch, StrongWolfe, Trial};
use kilograd::solver::{
    AlongGradient, Bfgs, BfgsState, Conjugacy, ConjugateGradientState, DampedNewton, DampedNewtonState, Evaluations, Extremes,
    Function, Iterate, Lbfgs, LbfgsState, LinearConjugateGradientState, Newton, NewtonState, Objective, Outcome, Residuals,
    SaddleFreeNewton, SaddleFreeNewtonState, ScaledConjugateGradientState, SeparableEs, Solver, Stop, Workspace,
};
use kilograd::tensor::linear::{NotPositiveDefinite, Singular};
use kilograd::tensor::{Row, Tensor};
use kilograd::train::averaging::{Averaging, Polyak, StochasticWeights};
use kilograd::train::parallel::{Begun, Codec, Float, Int8, Sign, Worker};
use kilograd::train::{ConfusionMatrix, Curriculum, Easiest, Mixed, Mode, RateSweep};
use kilograd::{Setting, network};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![5 => 4 => Tanh => 3];
type Ram = Memory<Net, Adam>;

fn seen<T>(what: T) {
    black_box(what);
}

fn generator() -> SplitMix64 {
    SplitMix64::seed_from_u64(black_box(1))
}

pub fn run() {
    rules();
    plans();
    losses();
    starts();
    memory().unwrap_or_default();
    seen(solvers().is_ok());
    states();
    counts().unwrap_or_default();
    codec(&Float);
    codec(&Int8);
    codec(&Sign);
    seen((black_box(Setting::Rho) == Setting::Beta1, rows::<Vector<4>>()));
}

/// The parts of a rule, on slices and on a tensor.
fn rule<R: Elementwise>(rule: &R) {
    let mut state = R::State::<Vector<4>>::ZERO;
    let (mut weights, mut gradient) = black_box(([1.0; 4], [1.0; 4]));
    let plan = rule.plan::<Vector<4>>(black_box(1), black_box(0.1), None);
    rule.transform(&plan, &weights, &mut gradient, R::view(&mut state));
    rule.descend(&plan, black_box(0.1), &mut weights, &mut gradient, R::view(&mut state));
    let (inputs, deltas) = (black_box([1.0; 2]), black_box([1.0; 2]));
    rule.descend_outer(&plan, 0.1, &inputs, &deltas, &mut weights, R::view(&mut state).take(black_box(4)));
    rule.descend_product(&plan, 0.1, 2, (&gradient, &gradient), &mut weights, R::view(&mut state));
    let (mut tensor, mut towards) = (Vector::new(weights), Vector::new(gradient));
    let step = Step::new::<()>(rule, black_box(2), black_box(0.1), None);
    step.descend(&mut tensor, &mut towards, &mut state);
    step.descend_outer(&inputs, &deltas, &mut tensor, &mut state);
    step.descend_product(black_box(2), &gradient, &gradient, &mut tensor, &mut state);
    seen((&tensor, &weights));
}

fn rules() {
    rule(&black_box(Sgd));
    rule(&black_box(Momentum::DEFAULT));
    rule(&black_box(Adam::DEFAULT));
    rule(&black_box(Then(book::Nesterov::DEFAULT, WeightDecay { weight_decay: 0.1 })));
    rule(&black_box(AdaGrad::DEFAULT));
    for norm in black_box([Norm::L1, Norm::L2, Norm::Max]) {
        seen(norm.of(&black_box(Vector::<4>::ZERO)));
    }
    seen(Rule::check(&black_box(TrustRatio { coefficient: 0.1 })));
    seen((black_box(Better::Higher), black_box(Threshold::Absolute(0.1)), black_box(LEARNING_RATE_LIMIT)));
}

fn plans() {
    let (step, rate) = black_box((3, 0.1));
    let adagrad: AdaGradPlan = black_box(AdaGrad::DEFAULT).plan::<()>(step, rate, None);
    let adafactor: AdafactorPlan = black_box(Adafactor::DEFAULT).plan::<()>(step, rate, None);
    let adam: AdamPlan = black_box(Adam::DEFAULT).plan::<()>(step, rate, None);
    let asgd: AsgdPlan = black_box(Asgd::DEFAULT).plan::<()>(step, rate, None);
    let nadam: NAdamPlan = black_box(NAdam::DEFAULT).plan::<()>(step, rate, None);
    let radam: RAdamPlan = black_box(RAdam::DEFAULT).plan::<()>(step, rate, None);
    let rprop: RpropPlan = black_box(Rprop::DEFAULT).plan::<()>(step, rate, None);
    let shampoo: ShampooPlan = black_box(Shampoo::DEFAULT).plan::<()>(step, rate, None);
    let nesterov: book::NesterovPlan = black_box(book::Nesterov::DEFAULT).plan::<()>(step, rate, None);
    seen((adagrad, adafactor, adam, asgd, nadam, radam, rprop, shampoo, nesterov));
}

/// Losses of slices, which batches call, of lengths that need not fit.
fn losses() {
    let (output, target, mut delta) = black_box(([1.0; 3], [0.5; 4], [0.0; 2]));
    let (output, target, delta, label) = (black_box(&output[..]), black_box(&target[..]), &mut delta[..], black_box(7));
    seen(BinaryCrossEntropy::default().evaluate_slice(output, target, delta));
    seen(CrossEntropy { label_smoothing: black_box(0.1) }.evaluate_slice(output, label, delta));
    seen(Hinge.evaluate_slice(output, target, delta));
    seen(Huber { delta: black_box(1.0) }.evaluate_slice(output, target, delta));
    seen(KlDivergence.evaluate_slice(output, target, delta));
    seen(MeanAbsoluteError.evaluate_slice(output, target, delta));
    seen(MeanSquaredError.evaluate_slice(output, target, delta));
    seen(MultiMargin { margin: black_box(1.0) }.evaluate_slice(output, label, delta));
    seen(SmoothL1 { beta: black_box(1.0) }.evaluate_slice(output, target, delta));
    seen(SoftCrossEntropy.evaluate_slice(output, target, delta));
    seen(SquaredHinge.evaluate_slice(output, target, delta));
    let weighted = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: black_box(Vector::<3>::ZERO) };
    seen(weighted.evaluate_slice(output, label, delta));
    seen(Loss::<Vector<3>>::weight(&weighted, &label) + weighted.weight(&black_box(1)));
    let batch = BatchMean(MeanSquaredError);
    seen(Loss::<Matrix<2, 2>>::evaluate_row(&batch, output, &[black_box(Vector::ZERO), Vector::ZERO], delta));
    let both = DeepSupervision { main: CrossEntropy::default(), head: CrossEntropy::default(), head_weight: black_box(0.5) };
    seen(Loss::<Matrix<2, 2>>::evaluate_row(&both, output, &label, delta));
    // In as many rows as labels, of which there may be more than go together.
    let labels = black_box([0; 40]);
    let labels = labels.get(..label).unwrap_or_default();
    seen(Loss::<Vector<2>>::evaluate_rows(&CrossEntropy { label_smoothing: black_box(0.1) }, output, labels, delta));
    seen(Loss::<Vector<2>>::evaluate_rows(&MultiMargin { margin: black_box(1.0) }, output, labels, delta));
}

fn starts() {
    let mut weights = black_box([0.0; 12]);
    let rng = &mut generator();
    let drawn = GlorotUniform.distribution(black_box(3), black_box(4)).sample(rng);
    seen(drawn + LecunUniform.distribution(3, 4).sample(rng) + Distribution::uniform_of_deviation(black_box(0.1)).sample(rng));
    kilograd::init::Scheme::fill(&HeNormal, &mut weights, black_box(99), black_box(99), rng);
    kilograd::init::Scheme::fill(&Constant(black_box(1.0)), &mut weights, 3, 4, rng);
    seen(weights);
}

/// What a trainer tells.
fn memory() -> Result<(), Error> {
    fn mode<M: Mode>() -> usize {
        size_of::<M::Gradient<Net>>()
    }
    seen([Ram::PARAMETERS, Ram::PARAMETER_BYTES, Ram::STATE_BYTES, Ram::GRADIENT_BYTES, Ram::TAPE_BYTES, Ram::RAM_BYTES]);
    seen([Memory::<Net, Sgd>::PARAMETERS, Memory::<Net, Sgd>::PARAMETER_BYTES, Memory::<Net, Sgd>::STATE_BYTES]);
    seen([Memory::<Net, Sgd>::GRADIENT_BYTES, Memory::<Net, Sgd>::TAPE_BYTES, Memory::<Net, Sgd>::RAM_BYTES]);
    seen(mode::<Fused>() + mode::<Accumulated>() + <Net as Parameters>::COUNT);
    let mut memory = black_box(Memory::<Net, Sgd, Accumulated>::ZERO);
    let (input, label) = black_box((Vector::<5>::ZERO, 1));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, black_box(0.1))?;
    trainer.accumulate(&input, &label)?;
    let mut sum = 0.0;
    trainer.gradient().visit(&mut |group| sum += group.iter().sum::<f32>());
    seen(trainer.predict(&input).as_array());
    seen((trainer.steps(), sum));
    memory.network.visit_buffers(&mut |group| seen(group));
    memory.network.visit_buffers_mut(&mut |group| seen(group));
    let other = black_box(Net::ZERO);
    memory.network.visit_with(&other, &mut |ours, theirs| seen((ours, theirs)));
    memory.network.visit_mut_with(&other, &mut |ours, theirs| seen((ours, theirs)));
    memory.network.visit_mut(&mut |group| group.fill(1.0));
    let stopping = EarlyStopping::<Net>::ZERO;
    seen((memory.steps(), stopping.best_loss()));
    let data = black_box([(input, label)]);
    let mut loaded = Vector::ZERO;
    seen((data[..].is_empty(), data[..].load(black_box(9), &mut loaded)));
    Ok(())
}

/// Two residuals of two numbers.
struct Bend;

impl Residuals<2> for Bend {
    fn each(&mut self, point: &Vector<2>, _: bool, see: &mut impl FnMut(f32, &Vector<2>)) -> Result<(), Error> {
        let [x, y] = *point.as_array();
        see(x - 1.0, &Vector::new([1.0, 0.0]));
        see(y - x, &Vector::new([-1.0, 1.0]));
        Ok(())
    }
}

/// An objective's derivatives, a line search, and what a solver is at.
fn solvers() -> Result<(), Error> {
    let mut bowl = Function { value: |[x, y]: &[f32; 2]| x * x + y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, 2.0 * y] };
    let (mut point, mut gradient, mut scratch) = (black_box(Vector::new([1.0, 2.0])), Vector::ZERO, Vector::ZERO);
    let (mut hessian, mut product) = (Matrix::ZERO, Vector::ZERO);
    let value = bowl.gradient(&point, &mut gradient)?;
    bowl.hessian(&mut point, &mut scratch, &mut hessian)?;
    bowl.hessian_product(&point, &gradient, &gradient, &mut scratch, &mut product)?;
    Bend.each(&point, true, &mut |value, gradient| seen((value, gradient)))?;
    let (start, direction, mut evaluations) = (point.clone(), black_box(Vector::new([-2.0, -4.0])), Evaluations::default());
    let slope = gradient.dot(&direction);
    let (objective, evaluations) = (&mut bowl, &mut evaluations);
    let (start, direction) = (&start, &direction);
    let mut line = Line { objective, start, direction, value, slope, point: &mut point, gradient: &mut gradient, evaluations };
    let found: Found = black_box(StrongWolfe::CONJUGATE).search(&mut line, black_box(1.0))?;
    seen((found, Trial { step: black_box(1.0), value, slope }));
    parts_of(&SaddleFreeNewton::DEFAULT, &mut bowl, &mut point)?;
    parts_of(&Bfgs::DEFAULT, &mut bowl, &mut point)?;
    let mut deviations = Vector::ZERO;
    seen(SeparableEs::<_, 2, 6>::new(&mut deviations, black_box(0.1), generator())?.deviations().norm());
    Ok(())
}

fn parts_of<S: Solver<2>>(solver: &S, objective: &mut impl Objective<2>, point: &mut Vector<2>) -> Result<(), Error> {
    let mut workspace = Workspace::<2, S>::ZERO;
    seen((Workspace::<2, S>::RAM_BYTES, solver.check()));
    let mut state = S::State::ZERO;
    solver.begin(&mut state);
    let stop = solver.advance(objective, point, &mut workspace)?;
    solver.confirm(objective, point, &mut workspace)?;
    let iterate: &Iterate<2> = workspace.iterate();
    seen((stop, iterate.evaluations(), iterate.gradient().norm(), iterate.report(black_box(Stop::NoProgress))));
    Ok(())
}

/// What solvers remember, and what comes of them.
fn states() {
    seen((&BfgsState::<2>::ZERO, &ConjugateGradientState::ZERO, &DampedNewtonState::<2>::ZERO, &LbfgsState::<2, 3>::ZERO));
    seen((&LinearConjugateGradientState::ZERO, &NewtonState::<2>::ZERO, &SaddleFreeNewtonState::<2>::ZERO));
    seen(&ScaledConjugateGradientState::<2>::ZERO);
    seen((black_box(Conjugacy::PolakRibiere), black_box(Outcome::NONE), black_box(Extremes { smallest: 0.0, largest: 1.0 })));
    seen(black_box(AlongGradient { value: 1.0, gradient_squared: 1.0, curvature: 1.0 }).largest_rate());
    seen((black_box(NotPositiveDefinite { pivot: 1 }), black_box(Singular { pivot: 1 })));
    seen((Newton, DampedNewton::DEFAULT, Lbfgs::<3>::DEFAULT));
}

/// What is counted, ordered and averaged.
fn counts() -> Result<(), Error> {
    let mut confusion = ConfusionMatrix::<3>::new();
    confusion.record(black_box(9), black_box(1))?;
    seen((confusion.total(), confusion.accuracy(), confusion.count(black_box(9), 1)));
    let (curriculum, rng) = (Curriculum::<9>::ZERO, &mut generator());
    let easiest: Easiest<'_, 9> = curriculum.easiest(black_box(0.5), rng);
    let mixed: Mixed<'_, 9, _> = curriculum.mixed(black_box(9), black_box(0.5), rng);
    seen(easiest.count() + mixed.count());
    seen((Polyak.takes(black_box(1)), black_box(StochasticWeights { start: 3, every: 0 }).weight(black_box(1.0))));
    seen(RateSweep::run(black_box([0.1, 0.2]), Ok)?.best());
    let (network, mut worker) = (black_box(Net::ZERO), Worker::<Net>::ZERO);
    let begun: Begun<'_, Net> = worker.begin(&network);
    begun.answer(&network, &Float, &mut |bytes| {
        seen(bytes);
        Ok::<(), Error>(())
    })
}

fn codec(codec: &impl Codec) {
    let mut values = black_box([1.0; 9]);
    seen(codec.encode(&mut values, &mut |bytes| if bytes.is_empty() { Err(()) } else { Ok(()) }));
    let message = black_box([1; 20]);
    let message = message.get(..codec.bytes(black_box(9))).unwrap_or(&message);
    seen(codec.is_valid(message));
    codec.add(black_box(0.5), message, &mut values);
    seen(values);
}

/// How many numbers three rows of a tensor hold.
fn rows<T: Row + Tensor>() -> usize {
    <T::Rows<3> as Parameters>::COUNT
}
