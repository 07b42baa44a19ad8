//! Cut after any sample and resumed, in a memory that trained something else before: the same bits in the end.

use crate::run::{Run, Trained};
use kilograd::checkpoint::{self, from_bytes, to_bytes};
use kilograd::init::Scheme;
use kilograd::layer::{BatchNorm, Batched, Chain, Dense, Dropout, Frozen, Kfac};
use kilograd::loss::BatchMean;
use kilograd::optim::{AmsGrad, Rprop};
use kilograd::prelude::*;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings};
use kilograd::train::{Mode, fingerprint};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Samples of a run: an epoch and a part of the next.
const SAMPLES: u32 = 140;

/// Cuts a run after every sample from the first on, and resumes it in another.
fn cut_anywhere<R: Rule + Copy, M: Mode>(rule: R)
where
    Run<R, M>: Trained<Rule = R>,
{
    let mut whole = Run::<R, M>::new(1);
    let mut bytes = vec![0; checkpoint::size::<Run<R, M>>()];
    let mut saved = Vec::new();
    for sample in 0..SAMPLES {
        let length = to_bytes(&whole, sample, &mut bytes).unwrap();
        saved.push(bytes[..length].to_vec());
        whole.sample(rule);
    }
    // Every cut costs a run; of the many between, those of every other sample of a batch.
    for (cut, bytes) in saved.iter().enumerate().step_by(3) {
        let mut other = Run::<R, M>::new(2);
        (0..7).for_each(|_| other.sample(rule));
        assert_eq!(from_bytes(&mut other, bytes), Ok(cut as u32));
        (cut as u32..SAMPLES).for_each(|_| other.sample(rule));
        assert_eq!(other.end(), whole.end(), "cut after {cut} samples");
    }
}

#[test]
fn sgd() {
    cut_anywhere::<_, Fused>(Sgd);
    cut_anywhere::<_, Accumulated>(Sgd);
}

#[test]
fn momentum() {
    cut_anywhere::<_, Fused>(Momentum::NESTEROV);
    cut_anywhere::<_, Accumulated>(Momentum::NESTEROV);
}

#[test]
fn adam() {
    cut_anywhere::<_, Fused>(Adam::DEFAULT);
    cut_anywhere::<_, Accumulated>(Adam::DEFAULT);
    cut_anywhere::<_, Accumulated>(Then(ClipNorm::new(1.0), AdamW::new(0.01)));
}

#[test]
fn amsgrad() {
    cut_anywhere::<_, Fused>(AmsGrad::DEFAULT);
    cut_anywhere::<_, Accumulated>(AmsGrad::DEFAULT);
}

#[test]
fn rprop() {
    cut_anywhere::<_, Fused>(Rprop::DEFAULT);
    cut_anywhere::<_, Accumulated>(Rprop::DEFAULT);
}

/// What a rule does not see: frozen weights, running statistics, a batch's moments; and a mask for each row.
type Buffered = Chain<
    Frozen<Batched<Dense<4, 6>, 4>>,
    Chain<Kfac<4, 6, 5>, Chain<BatchNorm<4, 5>, Chain<Batched<Dropout<5>, 4>, Batched<Dense<5, 3>, 4>>>>,
>;

#[test]
fn buffers_and_batches() {
    type Ram = Memory<Buffered, Momentum, Accumulated>;
    let fresh = |seed| {
        let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
        let mut memory = Box::new(Ram::ZERO);
        memory.network.second.second.first = BatchNorm::default();
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
        memory.network.first.layer.initialize(&GlorotUniform, Bias::Zero, &mut rng);
        (memory, rng)
    };
    // Two batches a step, so that every other cut finds one accumulated.
    let batch = |(memory, rng): &mut (Box<Ram>, Xoshiro128PlusPlus), number: usize| {
        let mut input = Matrix::<4, 4>::ZERO;
        GlorotUniform.fill(input.as_mut_slice(), 4, 4, rng);
        let mut trainer = Trainer::new(memory, BatchMean(MeanSquaredError), Momentum::DEFAULT, 0.05).unwrap();
        trainer.accumulate(&input, &[(); 4].map(|()| Vector::new([0.1, 0.2, 0.3]))).unwrap();
        if number % 2 == 1 {
            trainer.apply().unwrap();
        }
    };
    let mut whole = fresh(1);
    let mut saved = Vec::new();
    for number in 0..12 {
        let mut bytes = vec![0; checkpoint::size::<(&Ram, &Xoshiro128PlusPlus)>()];
        let length = to_bytes(&(&*whole.0, &whole.1), 1, &mut bytes).unwrap();
        saved.push(bytes[..length].to_vec());
        batch(&mut whole, number);
    }
    for (cut, bytes) in saved.iter().enumerate() {
        let mut other = fresh(2);
        (0..3).for_each(|number| batch(&mut other, number));
        from_bytes(&mut (&mut *other.0, &mut other.1), bytes).unwrap();
        (cut..12).for_each(|number| batch(&mut other, number));
        assert_eq!(fingerprint(&other.0.network), fingerprint(&whole.0.network), "cut after {cut} batches");
    }
}

/// What watches a stream goes on with what it has seen.
#[test]
fn drift_detectors() {
    let fresh = || (Ddm::new(DdmSettings::DEFAULT).unwrap(), PageHinkley::new(PageHinkleySettings::DEFAULT).unwrap());
    let (mut whole, mut other, mut bytes) = (fresh(), fresh(), [0; 128]);
    for sample in 0..50_u32 {
        let length = to_bytes(&whole, sample, &mut bytes).unwrap();
        from_bytes(&mut other, &bytes[..length]).unwrap();
        assert_eq!(other, whole);
        let wrong = sample % 3 == 0;
        let _ = (whole.0.observe(wrong), whole.1.observe(sample as f32));
        let _ = (other.0.observe(!wrong), other.1.observe(-1.0));
    }
}
