//! Batches: sample by sample, all at once, or by an epoch's order; and with weights.

use kilograd::loss::WeightedCrossEntropy;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_host_tests::numeric::Sum;
use kilograd_tasks::iris::{self, Net};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Clipped = Then<ClipNorm, Adam>;

const RULE: Clipped = Then(ClipNorm::new(0.5), Adam::DEFAULT);
const RATE: f32 = 0.01;
const BATCH: usize = 5;

/// A trainer's memory, always initialised the same.
fn memory<R: Rule>() -> Memory<Net, R, Accumulated> {
    let mut memory = Memory::ZERO;
    Net::initialize(&mut memory.network, &GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(4));
    memory
}

/// Three batches of five and one of two.
fn order() -> impl Iterator<Item = usize> {
    Shuffle::new(17, &mut Xoshiro128PlusPlus::seed_from_u64(6))
}

#[test]
fn a_batch_can_come_in_three_ways() {
    let (data, batches) = (iris::load(), order().collect::<Vec<_>>());
    let batches = || batches.chunks(BATCH);

    let mut by_epoch = memory::<Clipped>();
    let mut trainer = Trainer::new(&mut by_epoch, CrossEntropy::default(), RULE, RATE).unwrap();
    let epoch = trainer.epoch(&data[..], order(), BATCH).unwrap();
    assert_eq!(trainer.steps(), 4);

    let mut at_once = memory::<Clipped>();
    let mut trainer = Trainer::new(&mut at_once, CrossEntropy::default(), RULE, RATE).unwrap();
    let step = |batch: &[usize]| trainer.step(batch.iter().map(|i| (&data[*i].0, &data[*i].1))).unwrap();
    let at_once_losses: Vec<f32> = batches().map(step).collect();

    let mut one_by_one = memory::<Clipped>();
    let mut trainer = Trainer::new(&mut one_by_one, CrossEntropy::default(), RULE, RATE).unwrap();
    let mut accumulate = |batch: &[usize]| {
        batch.iter().for_each(|i| assert!(trainer.accumulate(&data[*i].0, &data[*i].1).is_ok()));
        trainer.apply().unwrap()
    };
    let one_by_one_losses: Vec<f32> = batches().map(&mut accumulate).collect();

    assert_eq!(at_once_losses, one_by_one_losses);
    // An epoch's loss is the mean over its samples, not over its batches: the last one is smaller.
    let sum: f32 = at_once_losses.iter().zip(batches()).map(|(loss, batch)| loss * batch.len() as f32).sum();
    assert!((epoch - sum / 17.0).abs() < 1e-6, "{epoch}, not {}", sum / 17.0);
    let prints = [&by_epoch, &at_once, &one_by_one].map(|memory| fingerprint(&memory.network));
    assert_eq!(prints, [prints[0]; 3]);
}

#[test]
fn what_is_cleared_never_was() {
    let (data, mut memory, mut twin) = (iris::load(), memory::<Clipped>(), memory::<Clipped>());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), RULE, RATE).unwrap();
    let mut twin = Trainer::new(&mut twin, CrossEntropy::default(), RULE, RATE).unwrap();
    trainer.accumulate(&data[0].0, &data[0].1).unwrap();
    trainer.clear();
    for (input, label) in &data[..3] {
        assert_eq!(trainer.accumulate(input, label), twin.accumulate(input, label));
    }
    assert_eq!(trainer.apply(), twin.apply());
    assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
}

#[test]
fn a_weighted_batch_is_a_weighted_mean() {
    const WEIGHTS: [f32; 3] = [0.5, 3.0, 1.25];
    let (data, mut memory) = (iris::load(), memory::<Sgd>());
    // The gradient of each sample by itself, without weights.
    let gradients: Vec<(f64, Vec<f32>, f32)> = data[..7]
        .iter()
        .map(|(input, label)| {
            let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 1.0).unwrap();
            trainer.clear();
            let loss = trainer.accumulate(input, label).unwrap();
            (f64::from(WEIGHTS[*label]), flat(trainer.gradient()), loss)
        })
        .collect();
    let total: f64 = gradients.iter().map(|(weight, ..)| weight).sum();
    let before = flat(&memory.network);

    let loss = WeightedCrossEntropy { inner: CrossEntropy::default(), class_weights: Vector::new(WEIGHTS) };
    // With a rate of one, SGD's step is the mean gradient.
    let mut trainer = Trainer::new(&mut memory, loss, Sgd, 1.0).unwrap();
    let got = trainer.step(data[..7].iter().map(|(input, label)| (input, label))).unwrap();
    let mean = Sum::of(gradients.iter().map(|(weight, _, loss)| weight * f64::from(*loss) / total));
    assert!(mean.is_near(got), "{got}, not {mean:?}");
    for (i, (after, before)) in flat(trainer.network()).into_iter().zip(before).enumerate() {
        let steps = gradients.iter().map(|(weight, gradient, _)| -weight * f64::from(gradient[i]) / total);
        let want = Sum::of([f64::from(before)].into_iter().chain(steps));
        assert!(want.is_near(after), "parameter {i}: {after}, not {want:?}");
    }
    let evaluated = trainer.evaluate_all(&data[..], 0..7, |_, _| Ok(())).unwrap();
    assert!(evaluated < got, "a step with the mean gradient makes the weighted loss smaller: {evaluated}, {got}");
}

fn flat(parameters: &impl Parameters) -> Vec<f32> {
    let mut flat = Vec::new();
    parameters.visit(&mut |group| flat.extend_from_slice(group));
    flat
}
