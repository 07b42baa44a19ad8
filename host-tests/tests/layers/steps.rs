//! Every layer with parameters: a fused step is an accumulated one, to the bit; and steps lead down.

use kilograd::init::Distribution;
use kilograd::layer::{Chain, Dense, Maxout, Recurrent};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Normalised = network![5 => LayerNorm => 21 => RmsNorm => Silu => 2];
type Dropped = network![5 => 6 => Dropout => Tanh => 2];
type MaxedOut = Chain<Maxout<5, 19, 3>, Dense<19, 2>>;
type Remembering = Chain<Recurrent<3, 18, 5, 5>, Dense<18, 2>>;
type Truncated = Chain<Recurrent<3, 4, 6, 2>, Dense<4, 2>>;

fn draw<T: Tensor>(rng: &mut Xoshiro128PlusPlus) -> T {
    let mut drawn = T::ZERO;
    drawn.map(|_| Distribution::Normal { deviation: 1.0 }.sample(rng));
    drawn
}

/// A few samples with labels.
fn samples<T: Tensor>() -> Vec<(T, usize)> {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(11);
    (0..8).map(|i| (draw(rng), i % 2)).collect()
}

/// A batch of one is a fused step.
fn same_bits<N: Layer<Output = Vector<2>>, R: Elementwise + Copy>(rule: R) {
    let (mut fused, mut accumulated) = (Box::new(Memory::<N, R>::ZERO), Box::new(Memory::<N, R, Accumulated>::ZERO));
    let rng = || Xoshiro128PlusPlus::seed_from_u64(4);
    fused.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng());
    accumulated.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng());
    let before = fingerprint(&fused.network);
    let mut fused = Trainer::new(&mut fused, CrossEntropy::default(), rule, 0.05).unwrap();
    let mut accumulated = Trainer::new(&mut accumulated, CrossEntropy::default(), rule, 0.05).unwrap();
    for (x, label) in &samples() {
        assert_eq!(fused.step(x, label), accumulated.step([(x, label)]));
        assert_eq!(fingerprint(fused.network()), fingerprint(accumulated.network()));
    }
    assert_ne!(fingerprint(fused.network()), before);
}

fn same_bits_of_all_rules<N: Layer<Output = Vector<2>>>() {
    same_bits::<N, _>(Momentum::NESTEROV);
    same_bits::<N, _>(Adam::DEFAULT);
    same_bits::<N, _>(Then(ClipValue { bound: 0.1 }, AdamW::new(0.1)));
}

#[test]
fn a_fused_step_is_an_accumulated_one() {
    same_bits_of_all_rules::<Normalised>();
    same_bits_of_all_rules::<Dropped>();
    same_bits_of_all_rules::<MaxedOut>();
    same_bits_of_all_rules::<Remembering>();
    same_bits_of_all_rules::<Truncated>();
}

/// Learns the samples by heart: the last epoch's loss.
fn learned<N: Layer<Output = Vector<2>>>() -> f32 {
    let mut memory = Box::new(Memory::<N, Adam>::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(4));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    let samples = samples();
    let mut epoch = || samples.iter().map(|(x, label)| trainer.step(x, label).unwrap()).sum::<f32>() / 8.0;
    (0..150).map(|_| epoch()).last().unwrap()
}

#[test]
fn eight_samples_are_learned_by_heart() {
    // Knowing nothing is ln 2 = 0.69.
    for loss in [learned::<Normalised>(), learned::<MaxedOut>(), learned::<Remembering>()] {
        assert!(loss < 0.05, "{loss}");
    }
}

#[test]
fn what_is_too_large_is_refused_and_nothing_changed() {
    fn check<N: Layer<Output = Vector<2>>>(want: Error, x: f32) {
        let mut memory = Box::new(Memory::<N, Adam>::ZERO);
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(4));
        let before = fingerprint(&memory.network);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy { label_smoothing: 0.5 }, Adam::DEFAULT, 0.05).unwrap();
        let mut input = N::Input::ZERO;
        input.fill(x);
        assert_eq!(trainer.step(&input, &0), Err(want));
        assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));
    }
    check::<MaxedOut>(Error::GradientTooLarge, 1e25);
    check::<Remembering>(Error::InputNotFinite, f32::INFINITY);
    // The infinity lies where the truncated gradients do not reach, too.
    check::<Truncated>(Error::InputNotFinite, f32::NEG_INFINITY);
    check::<MaxedOut>(Error::InputNotFinite, f32::NAN);
    check::<Normalised>(Error::InputNotFinite, f32::INFINITY);
}
