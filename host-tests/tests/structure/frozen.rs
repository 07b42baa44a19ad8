//! What is frozen takes no state, by type, and never changes.

use crate::{accuracy, infer};
use kilograd::layer::{Chain, Dense, Flash, Frozen, Layer, Sigmoid, Stored};
use kilograd::network;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Trunk = network![64 => 32 => Relu];
type Head = network![32 => 10];
type Transferred = Chain<Frozen<Trunk>, Head>;

#[test]
fn a_frozen_layer_has_neither_state_nor_gradient() {
    assert_eq!(size_of::<<Frozen<Trunk> as Layer>::State<Adam>>(), 0);
    assert_eq!(size_of::<<Frozen<Trunk> as Layer>::Gradient>(), 0);
    assert_eq!(size_of::<Frozen<Trunk>>(), size_of::<Trunk>());
    assert_eq!((Frozen::<Trunk>::COUNT, Transferred::COUNT), (0, 330));
    assert_eq!(Memory::<Transferred, Adam, Accumulated>::STATE_BYTES, 8 * 330);
    assert_eq!(Memory::<Transferred, Adam, Accumulated>::GRADIENT_BYTES, 4 * 330);
}

/// A network that tells odd digits from even ones: what the trunk learns first.
struct Parity(Digits);

impl Dataset for Parity {
    type Input = Vector<64>;
    type Target = usize;

    fn len(&self) -> usize {
        self.0.len()
    }

    fn load(&self, index: usize, input: &mut Vector<64>) -> Result<usize, Error> {
        self.0.load(index, input).map(|digit| digit % 2)
    }
}

#[test]
fn layers_move_from_one_task_to_another() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let mut first = Box::new(Memory::<Chain<Trunk, network![32 => 2]>, Adam>::ZERO);
    first.network.initialize(&HeUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut first, CrossEntropy::default(), Adam::DEFAULT, 0.001).unwrap();
    for _ in 0..10 {
        trainer.epoch(&Parity(Digits::training()), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }

    let mut second = Box::new(Memory::<Transferred, Adam>::ZERO);
    second.network.first.layer.copy_from(&first.network.first);
    let trunk = fingerprint(&first.network.first);
    second.network.initialize(&HeUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut second, CrossEntropy::default(), Adam::DEFAULT, 0.003).unwrap();
    for _ in 0..10 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    assert_eq!(fingerprint(&second.network.first.layer), trunk, "neither initialising nor training touches it");

    // What it learned for parity tells the ten digits apart better than a trunk that was only drawn.
    let mut drawn = Box::new(Memory::<Transferred, Adam>::ZERO);
    drawn.network.first.layer.initialize(&HeUniform, Bias::Zero, rng);
    drawn.network.initialize(&HeUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut drawn, CrossEntropy::default(), Adam::DEFAULT, 0.003).unwrap();
    for _ in 0..10 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    let (transferred, drawn) = (accuracy(&second.network), accuracy(&drawn.network));
    assert!(transferred > 0.9, "{transferred}");
    assert!(transferred > drawn, "{transferred} against {drawn} of an untrained trunk");
}

#[test]
fn a_network_of_frozen_layers_and_a_plain_one_take_the_same_steps_behind_them() {
    // The head's steps do not depend on whether the trunk trains or a gradient passes into it: with a frozen trunk they
    // are those of the head alone on what the trunk says.
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(3);
    let mut whole = Box::new(Memory::<Transferred, Adam>::ZERO);
    whole.network.first.layer.initialize(&HeUniform, Bias::Zero, rng);
    whole.network.initialize(&HeUniform, Bias::Zero, rng);
    let mut head = Box::new(Memory::<Head, Adam>::ZERO);
    head.network.copy_from(&whole.network.second);
    let trunk = whole.network.first.layer.clone();

    let data = Digits::training();
    let mut trainer = Trainer::new(&mut whole, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    let mut alone = Trainer::new(&mut head, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    for index in 0..50 {
        let mut input = Vector::ZERO;
        let label = data.load(index, &mut input).unwrap();
        assert_eq!(trainer.step(&input, &label), alone.step(&infer(&trunk, &input), &label));
    }
    assert_eq!(fingerprint(&trainer.network().second), fingerprint(alone.network()));
}

#[test]
fn what_a_frozen_layer_hides_is_refused_all_the_same() {
    type Net = Chain<Frozen<Chain<Dense<2, 2>, Sigmoid<2>>>, Dense<2, 1>>;
    let mut memory = Memory::<Net, Sgd>::ZERO;
    memory.network.first.layer.first.weights = Matrix::new([[3e38, 0.0], [3e38, 0.0]]);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
    let target = Vector::new([1.0]);
    for wrong in [f32::INFINITY, f32::NEG_INFINITY, f32::NAN] {
        assert_eq!(trainer.step(&Vector::new([wrong, 0.0]), &target), Err(Error::InputNotFinite));
    }
    // Finite inputs whose sum overflows: no fault of the sample.
    type Bare = Chain<Frozen<Dense<2, 2>>, network![2 => Sigmoid => 1]>;
    let mut memory = Memory::<Bare, Sgd>::ZERO;
    memory.network.first.layer.weights = Matrix::new([[3e38, 0.0], [3e38, 0.0]]);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
    assert_eq!(trainer.step(&Vector::new([1.0, 1.0]), &target), Err(Error::LossNotFinite));
}

static TEACHER: Dense<2, 2> = Dense { weights: Matrix::new([[1.0, -1.0], [0.5, 2.0]]), bias: Vector::new([0.25, 0.0]) };

#[derive(Debug)]
struct Teacher;

impl Stored for Teacher {
    type Layer = Dense<2, 2>;

    fn layer() -> &'static Dense<2, 2> {
        &TEACHER
    }
}

#[test]
fn a_layer_in_flash_takes_no_ram_and_does_the_same() {
    type InFlash = Chain<Flash<Teacher>, network![2 => Tanh => 1]>;
    type InRam = Chain<Frozen<Dense<2, 2>>, network![2 => Tanh => 1]>;
    assert_eq!(Memory::<InRam, Adam>::RAM_BYTES - Memory::<InFlash, Adam>::RAM_BYTES, 4 * 6);
    let (mut a, mut b) = (Memory::<InFlash, Adam>::ZERO, Memory::<InRam, Adam>::ZERO);
    b.network.first.layer.copy_from(&TEACHER);
    let mut a = Trainer::new(&mut a, MeanSquaredError, Adam::DEFAULT, 0.1).unwrap();
    let mut b = Trainer::new(&mut b, MeanSquaredError, Adam::DEFAULT, 0.1).unwrap();
    for step in 0..20 {
        let (input, target) = (Vector::new([0.1 * step as f32, -0.5]), Vector::new([0.3]));
        assert_eq!(a.step(&input, &target), b.step(&input, &target));
    }
    assert_eq!(fingerprint(&a.network().second), fingerprint(&b.network().second));
}

/// Deeper from shallow: a trained shallow network's layers, copied, with a new one between them that starts as nothing.
#[test]
fn a_deeper_network_starts_where_a_shallow_one_ended() {
    use kilograd::layer::Residual;
    type Upper = network![32 => 10];
    type Deeper = Chain<Trunk, Chain<Residual<network![32 => 16 => Relu => 32]>, Upper>>;
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let mut shallow = Box::new(Memory::<Chain<Trunk, Upper>, Adam>::ZERO);
    shallow.network.initialize(&HeUniform, Bias::Zero, rng);
    let mut trainer = Trainer::new(&mut shallow, CrossEntropy::default(), Adam::DEFAULT, 0.001).unwrap();
    for _ in 0..3 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    let before = trainer.evaluate_all(&Digits::test(), 0..357, |_, _| Ok(())).unwrap();

    let mut deep = Box::new(Memory::<Deeper, Adam>::ZERO);
    deep.network.initialize(&HeUniform, Bias::Zero, rng);
    deep.network.first.copy_from(&shallow.network.first);
    deep.network.second.second.copy_from(&shallow.network.second);
    // The last layer of the new block is zero, so the network says what the shallow one said.
    deep.network.second.first.layer.second.copy_from(&Zero::ZERO);
    let mut trainer = Trainer::new(&mut deep, CrossEntropy::default(), Adam::DEFAULT, 0.001).unwrap();
    assert_eq!(trainer.evaluate_all(&Digits::test(), 0..357, |_, _| Ok(())), Ok(before));
    for _ in 0..5 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng)).unwrap();
    }
    let after = trainer.evaluate_all(&Digits::test(), 0..357, |_, _| Ok(())).unwrap();
    assert!(after < before, "{after}, {before}");
}
