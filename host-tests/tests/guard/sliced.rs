//! A step in slices ends in the bits of a step in one go, wherever it is cut.

use kilograd::layer::{Chain, Dropout, Frozen, LayerNorm, Maxout, Residual, Sliced};
use kilograd::loss::WeightedCrossEntropy;
use kilograd::optim::{Elementwise, Lamb, Partwise};
use kilograd::prelude::*;
use kilograd::train::{Progress, SlicedTrainer, fingerprint};
use proptest::prelude::*;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use rand_xoshiro::{Xoshiro128PlusPlus, Xoshiro256PlusPlus};

type Plain = network![7 => 5 => Relu => 3];
type Smooth = network![7 => 6 => Tanh => 4 => Sigmoid => 3];
type Mixed = Chain<network![7 => 6 => Gelu => 5], Chain<Dropout<5>, Chain<Residual<network![5 => 5 => Relu]>, network![5 => 3]>>>;
type Normal = Chain<network![7 => 4], Chain<LayerNorm<4>, Chain<Maxout<4, 4, 2>, network![4 => 3]>>>;
type Tuned = Chain<Frozen<network![7 => 5 => Relu]>, network![5 => 3]>;

const SAMPLES: usize = 7;

/// Samples among which one is refused.
fn samples(seed: u64) -> Vec<(Vector<7>, usize)> {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let mut draw = || (rng.next_u32() >> 8) as f32 / 8_388_608.0 - 1.0;
    let mut samples: Vec<_> = (0..SAMPLES).map(|i| (Vector::from_fn(|_| draw()), i % 3)).collect();
    samples[4].0.as_mut_slice()[2] = f32::INFINITY;
    samples
}

fn initialize(network: &mut impl Layer) {
    network.initialize(&HeUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(1));
}

/// What is left of a training: weights, optimizer state, steps, and what each step returned.
type Trace = (u64, u64, u32, Vec<Result<u32, Error>>);

fn trace<N: Layer, R: Rule, M: kilograd::train::Mode>(memory: &Memory<N, R, M>, losses: Vec<Result<f32, Error>>) -> Trace {
    let losses = losses.into_iter().map(|loss| loss.map(f32::to_bits)).collect();
    (fingerprint(&memory.network), fingerprint(memory.state()), memory.steps(), losses)
}

fn fused_in_one_go<N: Sliced<Input = Vector<7>, Output = Vector<3>>, R: Elementwise>(rule: R, seed: u64) -> Trace {
    let mut memory = Memory::<N, R>::ZERO;
    initialize(&mut memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.05).unwrap();
    let losses = samples(seed).iter().map(|(input, label)| trainer.step(input, label)).collect();
    trace(&memory, losses)
}

fn fused_in_slices<N: Sliced<Input = Vector<7>, Output = Vector<3>>, R: Elementwise>(
    rule: R,
    seed: u64,
    budgets: &[usize],
) -> Trace {
    let mut memory = Memory::<N, R>::ZERO;
    initialize(&mut memory.network);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.05).unwrap();
    let (mut trainer, mut budgets) = (SlicedTrainer::new(trainer), budgets.iter().cycle());
    let mut finish = |(input, label): &(Vector<7>, usize)| {
        trainer.begin(input, *label)?;
        loop {
            if let Progress::Done(loss) = trainer.advance(*budgets.next().unwrap())? {
                return Ok(loss);
            }
        }
    };
    let losses = samples(seed).iter().map(&mut finish).collect();
    trace(&memory, losses)
}

fn accumulated_in_one_go<N: Sliced<Input = Vector<7>, Output = Vector<3>>, R: Partwise>(rule: R, seed: u64) -> Trace {
    let mut memory = Memory::<N, R, Accumulated>::ZERO;
    initialize(&mut memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.05).unwrap();
    let mut losses = Vec::new();
    for batch in samples(seed).chunks(3) {
        losses.extend(batch.iter().map(|(input, label)| trainer.accumulate(input, label)));
        losses.push(trainer.apply());
    }
    trace(&memory, losses)
}

fn accumulated_in_slices<N: Sliced<Input = Vector<7>, Output = Vector<3>>, R: Partwise>(
    rule: R,
    seed: u64,
    budgets: &[usize],
) -> Trace {
    let mut memory = Memory::<N, R, Accumulated>::ZERO;
    initialize(&mut memory.network);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.05).unwrap();
    let (mut trainer, mut budgets) = (SlicedTrainer::new(trainer), budgets.iter().cycle());
    let mut losses = Vec::new();
    for batch in samples(seed).chunks(3) {
        for sample in batch.iter().map(Some).chain([None]) {
            let begun = match sample {
                Some((input, label)) => trainer.begin(input, *label),
                None => trainer.begin_apply(),
            };
            let mut result = begun.map(|()| Progress::More);
            while result == Ok(Progress::More) {
                result = trainer.advance(*budgets.next().unwrap());
            }
            losses.push(result.map(|progress| if let Progress::Done(loss) = progress { loss } else { f32::NAN }));
        }
    }
    trace(&memory, losses)
}

fn every_rule<N: Sliced<Input = Vector<7>, Output = Vector<3>>>(seed: u64, budgets: &[usize]) {
    fn both<N: Sliced<Input = Vector<7>, Output = Vector<3>>, R: Elementwise + Copy>(rule: R, seed: u64, budgets: &[usize]) {
        assert_eq!(fused_in_slices::<N, R>(rule, seed, budgets), fused_in_one_go::<N, R>(rule, seed));
        assert_eq!(accumulated_in_slices::<N, R>(rule, seed, budgets), accumulated_in_one_go::<N, R>(rule, seed));
    }
    both::<N, _>(Sgd, seed, budgets);
    both::<N, _>(Momentum::NESTEROV, seed, budgets);
    both::<N, _>(Adam::DEFAULT, seed, budgets);
    both::<N, _>(AdamW::new(0.1), seed, budgets);
    let clipped = Then(ClipNorm::new(0.1), Adam::DEFAULT);
    assert_eq!(accumulated_in_slices::<N, _>(clipped, seed, budgets), accumulated_in_one_go::<N, _>(clipped, seed));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_cut_ends_in_the_same_bits(seed in any::<u64>(), budgets in prop::collection::vec(0_usize..120, 1..12)) {
        every_rule::<Plain>(seed, &budgets);
        every_rule::<Smooth>(seed, &budgets);
        every_rule::<Mixed>(seed, &budgets);
        every_rule::<Normal>(seed, &budgets);
        every_rule::<Tuned>(seed, &budgets);
    }
}

#[test]
fn every_piece_by_itself_and_all_at_once() {
    for budget in [0, 1, usize::MAX] {
        every_rule::<Plain>(3, &[budget]);
        every_rule::<Mixed>(3, &[budget]);
    }
}

/// A sample of little weight makes the mean gradient larger than its own: the batch is looked at once more.
#[test]
fn batches_of_weighted_samples() {
    let run = |in_slices: bool| {
        let mut memory = Memory::<Plain, Momentum, Accumulated>::ZERO;
        initialize(&mut memory.network);
        let loss = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: Vector::new([0.25, 0.0, 0.5]) };
        let mut trainer = Trainer::new(&mut memory, loss, Momentum::DEFAULT, 0.05).unwrap();
        let samples = samples(9);
        if !in_slices {
            for (input, label) in &samples[..3] {
                trainer.accumulate(input, label).unwrap();
            }
            let loss = trainer.apply();
            return trace(&memory, vec![loss]);
        }
        let mut trainer = SlicedTrainer::new(trainer);
        for (input, label) in &samples[..3] {
            trainer.begin(input, *label).unwrap();
            while trainer.advance(5).unwrap() == Progress::More {}
        }
        trainer.begin_apply().unwrap();
        let loss = loop {
            if let Progress::Done(loss) = trainer.advance(5).unwrap() {
                break loss;
            }
        };
        trace(&memory, vec![Ok(loss)])
    };
    assert_eq!(run(true), run(false));
}

#[test]
fn a_slice_keeps_to_its_budget() {
    let mut memory = Memory::<Plain, Sgd>::ZERO;
    initialize(&mut memory.network);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.05).unwrap();
    let mut trainer = SlicedTrainer::new(trainer);
    let (input, label) = &samples(1)[0];
    let mut slices = |budget| {
        trainer.begin(input, *label).unwrap();
        (1..).find(|_| trainer.advance(budget).unwrap() != Progress::More).unwrap()
    };
    // Forward 58 + 5, loss 48, backward 18 + 5·3 + 5 + 12, parameters 58: pieces do not straddle slices.
    let work = 63 + 48 + 50 + 58;
    for budget in [60, 80, 120] {
        let slices = slices(budget);
        assert!(slices * budget >= work && slices * (budget - 18) <= work + budget, "{budget}: {slices} slices");
    }
    assert_eq!(slices(usize::MAX), 1);
    // A piece a slice: (7 + 1) + 5 + (5 + 1); 1; (5 + 1) + 5 + 1; (7 + 1) + (5 + 1). The first layer's inputs need no gradient.
    assert_eq!(slices(0), 19 + 1 + 12 + 14);
}

#[test]
fn what_must_wait_is_refused() {
    let mut memory = Memory::<Plain, Sgd>::ZERO;
    initialize(&mut memory.network);
    let old = memory.network.clone();
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.05).unwrap();
    let mut trainer = SlicedTrainer::new(trainer);
    assert_eq!(trainer.advance(10), Err(Error::EmptyBatch));
    let samples = samples(2);
    trainer.begin(&samples[0].0, 0).unwrap();
    assert_eq!(trainer.begin(&samples[1].0, 0), Err(Error::StepUnfinished));
    assert_eq!(trainer.trainer().map(|trainer| trainer.steps()), Err(Error::StepUnfinished));
    let mut half = 0;
    while trainer.advance(0).unwrap() == Progress::More {
        match trainer.network() {
            Ok(network) => assert_eq!(*network, old),
            Err(error) => {
                assert_eq!(error, Error::StepUnfinished);
                half += 1;
            }
        }
    }
    assert_eq!(half, 14);
    assert_ne!(*trainer.network().unwrap(), old);
    assert_eq!(trainer.trainer().unwrap().steps(), 1);

    // A label that names no class is found in the second pass, and nothing was changed by the first.
    let new = trainer.network().unwrap().clone();
    trainer.begin(&samples[0].0, 3).unwrap();
    let refused = std::iter::repeat_with(|| trainer.advance(0)).find(|progress| *progress != Ok(Progress::More));
    assert_eq!(refused, Some(Err(Error::LabelOutOfRange { label: 3, classes: 3 })));
    assert_eq!(*trainer.network().unwrap(), new);
    trainer.begin(&samples[0].0, 2).unwrap();
}

#[test]
fn an_empty_batch_is_refused() {
    let mut memory = Memory::<Plain, Sgd, Accumulated>::ZERO;
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.05).unwrap();
    assert_eq!(SlicedTrainer::new(trainer).begin_apply(), Err(Error::EmptyBatch));
}

/// What needs a whole tensor at once does not go in slices: said by the compiler (`Partwise`), with a trainer all the same.
#[test]
fn rules_of_whole_tensors_train_in_one_go() {
    let mut memory = Memory::<Plain, Lamb, Accumulated>::ZERO;
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Lamb::new(0.1), 0.05).unwrap();
    let mut trainer = SlicedTrainer::new(trainer);
    let (input, label) = &samples(2)[0];
    assert!(trainer.trainer().unwrap().step([(input, label)]).is_ok());
}

/// A pass that stands behind its last piece, however far, has nothing to do.
#[test]
fn a_place_behind_the_end_changes_nothing() {
    use kilograd::layer::{Dense, Slice};
    use kilograd::optim::Step;
    let (input, d_output) = (Vector::new([1.0; 3]), Vector::new([1.0; 2]));
    for at in [4, 5, usize::MAX / 2, usize::MAX] {
        let (mut layer, mut gradient, mut state) = (Dense::<3, 2>::ZERO, Dense::ZERO, Zero::ZERO);
        let step = Step::new::<()>(&Momentum::DEFAULT, 1, 0.1, None);
        let mut output = Vector::ZERO;
        layer.forward_slice(&input, &mut output, &mut (), &mut Slice::new(at, 100));
        layer.accumulate_slice(&input, &(), &d_output, &mut gradient, &mut Slice::new(at, 100));
        assert_eq!((&output, &gradient), (&Vector::ZERO, &Dense::ZERO));
        gradient.weights.as_mut_slice().fill(1.0);
        layer.apply_slice::<Momentum>(&mut gradient, &mut state, &step, &mut Slice::new(at, 100));
        layer.update_slice::<Momentum>(&input, &(), &d_output, &mut state, &step, &mut Slice::new(at, 100));
        assert_eq!(layer, Dense::ZERO);
    }
}
