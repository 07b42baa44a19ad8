//! Batches and orders of samples that must be refused.

use crate::twins::{LABELLED, RATE, memory};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::{Error, Setting};

const PAST_THE_END: Error = Error::SampleOutOfRange { index: 4, samples: 4 };

#[test]
fn no_sample_at_all() {
    let mut fused = memory::<Adam, Fused>();
    let before = fingerprint(&fused.network);
    let mut trainer = Trainer::new(&mut fused, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    assert_eq!(trainer.epoch(&LABELLED[..], []), Err(Error::EmptyBatch));
    assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));

    let mut accumulated = memory::<Adam, Accumulated>();
    let mut trainer = Trainer::new(&mut accumulated, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    assert_eq!(trainer.apply(), Err(Error::EmptyBatch));
    assert_eq!(trainer.step([]), Err(Error::EmptyBatch));
    assert_eq!(trainer.epoch(&LABELLED[..], [], 2), Err(Error::EmptyBatch));
    assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));
}

#[test]
fn batches_of_no_sample() {
    let mut memory = memory::<Adam, Accumulated>();
    let before = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4, 0), Err(Error::Setting(Setting::BatchSize, 0.0)));
    assert_eq!((fingerprint(trainer.network()), trainer.steps()), (before, 0));
}

#[test]
fn an_index_past_the_data_set_ends_a_fused_epoch_where_it_stands() {
    let (mut memory, mut twin) = (memory::<Adam, Fused>(), memory::<Adam, Fused>());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    let mut twin = Trainer::new(&mut twin, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    assert_eq!(trainer.epoch(&LABELLED[..], [0, 1, 4, 2]), Err(PAST_THE_END));
    assert!(twin.epoch(&LABELLED[..], [0, 1]).is_ok());
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4), twin.epoch(&LABELLED[..], 0..4));
    assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
}

#[test]
fn an_index_past_the_data_set_forgets_its_batch() {
    let (mut memory, mut twin) = (memory::<Adam, Accumulated>(), memory::<Adam, Accumulated>());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    let mut twin = Trainer::new(&mut twin, CrossEntropy::default(), Adam::DEFAULT, RATE).unwrap();
    // The first batch is a step; the second one fails at its second sample.
    assert_eq!(trainer.epoch(&LABELLED[..], [0, 1, 2, 4, 3], 2), Err(PAST_THE_END));
    assert!(twin.epoch(&LABELLED[..], [0, 1], 2).is_ok());
    assert_eq!(trainer.steps(), 1);
    assert_eq!(trainer.apply(), Err(Error::EmptyBatch));
    assert_eq!(trainer.epoch(&LABELLED[..], 0..4, 3), twin.epoch(&LABELLED[..], 0..4, 3));
    assert_eq!(fingerprint(trainer.network()), fingerprint(twin.network()));
}
