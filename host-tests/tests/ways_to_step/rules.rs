//! Rules: composed or one after another by hand, with a gradient or with its factors.

use kilograd::Error;
use kilograd::init::Distribution;
use kilograd::optim::schedule::LinearDecay;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, Adam, AmsGrad, Asgd, CenteredRmsProp, ClipNorm, ClipValue, Elementwise, Lion, Momentum,
    NAdam, RAdam, RmsProp, Rprop, Rule, ScheduledMomentum, Sgd, SignSgd, Tensorwise, Then, WeightDecay, Yogi, book,
};
use kilograd::tensor::{Matrix, Parameters, Tensor, Vector, Zero};
use kilograd::train::fingerprint;
use kilograd_simd::math::multiply_add;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Longer than two blocks of the default `descend_outer`, with a tail.
const COLUMNS: usize = 37;
const ROWS: usize = 5;
const RATE: f32 = 0.01;

type Weights = Matrix<ROWS, COLUMNS>;

fn draw<T: Tensor>(rng: &mut Xoshiro128PlusPlus) -> T {
    let mut drawn = T::ZERO;
    drawn.as_mut_slice().iter_mut().for_each(|x| *x = Distribution::Normal { deviation: 1.0 }.sample(rng));
    drawn
}

/// A rule without its kernel for a gradient's factors: `descend_outer` is the trait's own.
#[derive(Clone, Copy)]
struct Blocks<R>(R);

impl<R: Rule> Rule for Blocks<R> {
    type State<T: Tensor> = R::State<T>;
    type View<'s> = R::View<'s>;
    type Plan = R::Plan;

    fn view<T: Tensor>(state: &mut Self::State<T>) -> Self::View<'_> {
        R::view(state)
    }

    fn check(&self) -> Result<(), Error> {
        self.0.check()
    }

    fn plan<G: Parameters>(&self, step: u32, learning_rate: f32, gradient: Option<&G>) -> Self::Plan {
        self.0.plan(step, learning_rate, gradient)
    }

    fn transform(&self, plan: &Self::Plan, weights: &[f32], gradient: &mut [f32], state: Self::View<'_>) {
        self.0.transform(plan, weights, gradient, state);
    }

    fn descend(&self, plan: &Self::Plan, rate: f32, weights: &mut [f32], gradient: &mut [f32], state: Self::View<'_>) {
        self.0.descend(plan, rate, weights, gradient, state);
    }
}

impl<R: Tensorwise> Tensorwise for Blocks<R> {}

impl<R: Elementwise> Elementwise for Blocks<R> {}

/// Weights and state after three steps with stored gradients.
fn descended<R: Rule>(rule: R) -> (Weights, R::State<Weights>) {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let (mut weights, mut state) = (draw::<Weights>(rng), R::State::<Weights>::ZERO);
    for step in 1..=3 {
        let (input, deltas): (Vector<ROWS>, Vector<COLUMNS>) = (draw(rng), draw(rng));
        let mut gradient = Weights::ZERO;
        input.outer(&deltas, &mut gradient);
        let plan = rule.plan(step, RATE, Some(&gradient));
        rule.descend(&plan, RATE, weights.as_mut_slice(), gradient.as_mut_slice(), R::view(&mut state));
    }
    (weights, state)
}

/// The same steps, the gradients never stored.
fn descended_outer<R: Elementwise>(rule: R) -> (Weights, R::State<Weights>) {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let (mut weights, mut state) = (draw::<Weights>(rng), R::State::<Weights>::ZERO);
    for step in 1..=3 {
        let (input, deltas): (Vector<ROWS>, Vector<COLUMNS>) = (draw(rng), draw(rng));
        let plan = rule.plan::<()>(step, RATE, None);
        let (input, deltas) = (input.as_slice(), deltas.as_slice());
        rule.descend_outer(&plan, RATE, input, deltas, weights.as_mut_slice(), R::view(&mut state));
    }
    (weights, state)
}

/// Checks all ways to take a rule's steps against each other, to the bit.
fn same_everywhere<R: Elementwise + Copy>(rule: R) {
    let want = fingerprint(&descended(rule));
    assert_eq!(fingerprint(&descended_outer(rule)), want, "the kernel over factors");
    assert_eq!(fingerprint(&descended_outer(Blocks(rule))), want, "blocks of the trait's own `descend_outer`");
}

#[test]
fn gradients_and_their_factors_give_the_same_step() {
    same_everywhere(Momentum::DEFAULT);
    same_everywhere(Momentum { dampening: 0.25, ..Momentum::NESTEROV });
    same_everywhere(Adam::DEFAULT);
    same_everywhere(Then(Adam::DEFAULT, WeightDecay { weight_decay: 0.1 }));
    same_everywhere(Then(Then(ClipValue { bound: 0.3 }, Momentum::DEFAULT), Adam::DEFAULT));
}

/// Momentum that rises while the test takes its steps.
const RISING: ScheduledMomentum<LinearDecay> =
    ScheduledMomentum { schedule: LinearDecay { initial: 0.5, last: 0.99, steps: 2 }, nesterov: false };

#[test]
fn rules_without_kernels_give_the_same_step() {
    same_everywhere(AdaBelief::DEFAULT);
    same_everywhere(AdaDelta::DEFAULT);
    same_everywhere(AdaGrad { initial: 0.1, rate_decay: 0.5, ..AdaGrad::DEFAULT });
    same_everywhere(AdaMax::DEFAULT);
    same_everywhere(AmsGrad::DEFAULT);
    same_everywhere(Asgd { start: 1, ..Asgd::DEFAULT });
    same_everywhere(CenteredRmsProp::DEFAULT);
    same_everywhere(Then(Lion::DEFAULT, WeightDecay { weight_decay: 0.1 }));
    same_everywhere(NAdam::DEFAULT);
    same_everywhere(RAdam { beta2: 0.9, ..RAdam::DEFAULT });
    same_everywhere(RmsProp::DEFAULT);
    same_everywhere(Then(RmsProp::DEFAULT, Momentum::DEFAULT));
    same_everywhere(Rprop::DEFAULT);
    same_everywhere(RISING);
    same_everywhere(ScheduledMomentum { nesterov: true, ..RISING });
    same_everywhere(SignSgd);
    same_everywhere(Yogi::DEFAULT);
    same_everywhere(book::Nesterov::DEFAULT);
    same_everywhere(book::RmsProp::DEFAULT);
    same_everywhere(book::RmsPropNesterov::new(0.9, 0.7));
}

#[test]
fn a_whole_step_is_a_transformation_and_a_descent() {
    // `descend` in one pass rounds as `transform` and then `w − η·direction`, SGD's step, do.
    fn check<R: Rule + Copy>(rule: R) {
        let ((one, _), (two, _)) = (descended(rule), descended(Then(rule, Sgd)));
        assert_eq!(fingerprint(&one), fingerprint(&two));
    }
    check(Sgd);
    check(Momentum::DEFAULT);
    check(Momentum::NESTEROV);
    check(AdaBelief::DEFAULT);
    check(AdaDelta::DEFAULT);
    check(AdaGrad::DEFAULT);
    check(AdaMax::DEFAULT);
    check(AmsGrad::DEFAULT);
    check(Asgd::DEFAULT);
    check(CenteredRmsProp::DEFAULT);
    check(Lion::DEFAULT);
    check(NAdam::DEFAULT);
    check(RAdam::DEFAULT);
    check(RmsProp::DEFAULT);
    check(Rprop::DEFAULT);
    check(RISING);
    check(SignSgd);
    check(Yogi::DEFAULT);
    check(book::Nesterov::DEFAULT);
    check(book::RmsProp::DEFAULT);
    check(Then(ClipNorm::new(0.5), Momentum::DEFAULT));
}

#[test]
fn a_whole_step_of_adam_is_nearly_one() {
    // In one pass the rate is divided by the bias correction before it multiplies the direction: an ulp of the step, RATE.
    let ((one, _), (two, _)) = (descended(Adam::DEFAULT), descended(Then(Adam::DEFAULT, Sgd)));
    let difference = one.as_slice().iter().zip(two.as_slice()).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(difference <= 2.0 * 3.0 * f32::EPSILON, "{difference:e}");
}

#[test]
fn sgd_rounds_the_rate_times_the_deltas_first() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let (mut weights, before): (Weights, Weights) = (draw(rng), draw(&mut Xoshiro128PlusPlus::seed_from_u64(1)));
    let (input, deltas): (Vector<ROWS>, Vector<COLUMNS>) = (draw(rng), draw(rng));
    Sgd.descend_outer(&(), RATE, input.as_slice(), deltas.as_slice(), weights.as_mut_slice(), ());
    let (x, d) = (input.as_array(), deltas.as_array());
    assert_eq!(weights, Matrix::from_fn(|i, j| multiply_add(x[i], -RATE * d[j], before.as_rows()[i][j])));
}

/// Checks `Then(a, b)` against a and b by hand.
fn check_then<A: Rule + Copy, B: Tensorwise + Copy>(a: A, b: B) {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(2);
    let mut weights = draw::<Weights>(rng);
    let mut by_hand = weights.clone();
    let mut state = (A::State::<Weights>::ZERO, B::State::<Weights>::ZERO);
    let mut state_by_hand = (A::State::<Weights>::ZERO, B::State::<Weights>::ZERO);
    for step in 1..=3 {
        let mut gradient = draw::<Weights>(rng);
        let mut direction = gradient.clone();
        let plan = (a.plan(step, RATE, Some(&direction)), b.plan(step, RATE, Some(&direction)));
        a.transform(&plan.0, by_hand.as_slice(), direction.as_mut_slice(), A::view(&mut state_by_hand.0));
        b.descend(&plan.1, RATE, by_hand.as_mut_slice(), direction.as_mut_slice(), B::view(&mut state_by_hand.1));

        let (rule, view) = (Then(a, b), Then::<A, B>::view(&mut state));
        let plan = rule.plan(step, RATE, Some(&gradient));
        rule.descend(&plan, RATE, weights.as_mut_slice(), gradient.as_mut_slice(), view);
    }
    assert_eq!(fingerprint(&(weights, state)), fingerprint(&(by_hand, state_by_hand)));
}

#[test]
fn then_is_one_rule_after_the_other() {
    check_then(WeightDecay { weight_decay: 0.1 }, Sgd);
    check_then(WeightDecay { weight_decay: 0.1 }, Adam::DEFAULT);
    check_then(Adam::DEFAULT, WeightDecay { weight_decay: 0.1 });
    check_then(ClipNorm::new(0.5), Adam::DEFAULT);
    check_then(ClipValue { bound: 0.5 }, Momentum::NESTEROV);
    check_then(Then(ClipNorm::new(0.5), WeightDecay { weight_decay: 0.1 }), Then(Momentum::DEFAULT, ClipValue { bound: 0.2 }));
}
