//! Training in stages: layer by layer, and by a teacher's hints.

use crate::{accuracy, infer};
use kilograd::layer::{Chain, Dense, Flash, Frozen, Layer, Stored};
use kilograd::network;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::Hints;
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use std::sync::OnceLock;

/// Trains on all digits for some epochs; returns the last one's mean loss.
fn train<N, R, L, D>(memory: &mut Memory<N, R>, loss: L, data: &D, setting: (R, f32), epochs: usize) -> f32
where
    N: Layer<Input = Vector<64>>,
    R: Elementwise,
    L: Loss<N::Output>,
    D: Dataset<Input = Vector<64>, Target = L::Target>,
{
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(9);
    let mut trainer = Trainer::new(memory, loss, setting.0, setting.1).unwrap();
    let last = (0..epochs).map(|_| trainer.epoch(data, Shuffle::new(digits::TRAINING, rng)).unwrap()).last();
    last.expect("at least one epoch")
}

const ADAM: (Adam, f32) = (Adam::DEFAULT, digits::ADAM_RATE);

mod greedy {
    use super::*;

    type First = network![64 => 32 => Relu];
    type Second = network![32 => 32 => Relu];
    type Head = network![32 => 10];
    type Stage1 = Chain<First, Head>;
    type Stage2 = Chain<Frozen<First>, Chain<Second, Head>>;
    type Whole = Chain<First, Chain<Second, Head>>;

    #[test]
    fn layer_by_layer_takes_less_ram_and_ends_as_good() {
        // Fine-tuning with momentum remembers half of what Adam does, so pretraining is what takes the most.
        let peak = [Memory::<Stage1, Adam>::RAM_BYTES, Memory::<Stage2, Adam>::RAM_BYTES, Memory::<Whole, Momentum>::RAM_BYTES];
        let (peak, joint_ram) = (peak.into_iter().max().unwrap(), Memory::<Whole, Adam>::RAM_BYTES);
        println!("RAM: {peak} bytes layer by layer, {joint_ram} jointly");
        assert!(10 * peak < 8 * joint_ram, "{peak}, {joint_ram}");

        let (data, rng) = (Digits::training(), &mut Xoshiro128PlusPlus::seed_from_u64(1));
        let cross_entropy = CrossEntropy::default();
        let mut first = Box::new(Memory::<Stage1, Adam>::ZERO);
        first.network.initialize(&HeUniform, Bias::Zero, rng);
        train(&mut first, cross_entropy, &data, ADAM, 8);

        let mut second = Box::new(Memory::<Stage2, Adam>::ZERO);
        second.network.first.layer.copy_from(&first.network.first);
        second.network.initialize(&HeUniform, Bias::Zero, rng);
        train(&mut second, cross_entropy, &data, ADAM, 8);

        let mut whole = Box::new(Memory::<Whole, Momentum>::ZERO);
        whole.network.first.copy_from(&second.network.first.layer);
        whole.network.second.copy_from(&second.network.second);
        let pretrained = accuracy(&whole.network);
        train(&mut whole, cross_entropy, &data, (Momentum::DEFAULT, digits::MOMENTUM_RATE), 10);
        let tuned = accuracy(&whole.network);

        let mut joint = Box::new(Memory::<Whole, Adam>::ZERO);
        joint.network.initialize(&HeUniform, Bias::Zero, rng);
        train(&mut joint, cross_entropy, &data, ADAM, 20);
        let joint = accuracy(&joint.network);
        println!("accuracy: {pretrained} pretrained, {tuned} tuned, {joint} jointly");
        // A sample is 0.28 %; seeds differ by about one percent.
        assert!(tuned > 0.94 && tuned > joint - 0.015, "{tuned}, {joint}");
    }
}

mod fit_nets {
    use super::*;

    type Hidden = network![64 => 48 => Relu];
    type Teacher = Chain<Hidden, Dense<48, 10>>;
    type Guided = network![64 => 12 => Sigmoid => 12 => Sigmoid => 12 => Sigmoid];
    type Rest = network![12 => 12 => Sigmoid => 10];
    type Student = Chain<Guided, Rest>;
    const THIN: (Adam, f32) = (Adam::DEFAULT, 3.0 * digits::ADAM_RATE);

    type HintStage = Chain<Guided, Dense<12, 48>>;

    /// Where a board would have a `static` of trained weights.
    static TEACHER: OnceLock<Teacher> = OnceLock::new();

    struct TeachersHidden;

    impl Stored for TeachersHidden {
        type Layer = Hidden;

        fn layer() -> &'static Hidden {
            &TEACHER.get().expect("the teacher is trained").first
        }
    }

    fn loss(student: &Student) -> f64 {
        let (test, mut sum) = (Digits::test(), 0.0);
        for index in 0..test.len() {
            let mut input = Vector::ZERO;
            let label = test.load(index, &mut input).unwrap();
            let mut delta = Vector::ZERO;
            sum += f64::from(CrossEntropy::default().evaluate(&infer(student, &input), &label, &mut delta).unwrap());
        }
        sum / test.len() as f64
    }

    #[test]
    fn a_thin_student_starts_from_a_teachers_hints() {
        let data = Digits::training();
        let mut teacher = Box::new(Memory::<Teacher, Adam>::ZERO);
        teacher.network.initialize(&HeUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
        train(&mut teacher, CrossEntropy::default(), &data, ADAM, 10);
        TEACHER.set(teacher.network.clone()).expect("set once");
        let in_flash = Flash::<TeachersHidden>::new();
        let hints = Hints { data: &data, teacher: &in_flash };
        assert_eq!(size_of_val(&in_flash), 0);

        let (mut hinted, mut alone) = (0.0, 0.0);
        for seed in 1..=3 {
            let mut stage = Box::new(Memory::<HintStage, Adam>::ZERO);
            stage.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(seed));
            let before = train(&mut stage, MeanSquaredError, &hints, THIN, 1);
            let after = train(&mut stage, MeanSquaredError, &hints, THIN, 8);
            assert!(after < 0.5 * before, "seed {seed}: {before}, {after}");

            for (guided, sum) in [(true, &mut hinted), (false, &mut alone)] {
                let mut student = Box::new(Memory::<Student, Adam>::ZERO);
                student.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(seed));
                if guided {
                    student.network.first.copy_from(&stage.network.first);
                }
                train(&mut student, CrossEntropy::default(), &data, THIN, 3);
                *sum += loss(&student.network) / 3.0;
            }
        }
        println!("held-out loss after three epochs: {hinted} with hints, {alone} without");
        assert!(hinted < 0.8 * alone, "{hinted}, {alone}");
    }
}
