//! Saving in slices: none longer than it was told, one state, and nothing worn more than stated.

use kilograd::checkpoint::{self, Progress, Slots};
use kilograd::prelude::*;
use kilograd_host_tests::flash::MockFlash;
use kilograd_tasks::digits::{Digits, Net, SGD_RATE};

type Flash<const UNIT: usize> = MockFlash<UNIT, 4096, 16>;
type Ram = Memory<Net, Adam>;

fn assert_no_longer<const UNIT: usize>(words: usize) {
    let (memory, flash) = (Box::new(Ram::ZERO), Flash::<UNIT>::default());
    let counts = flash.counts.clone();
    let mut slots = Slots::open(flash, 0..65_536).unwrap();
    let mut saving = slots.begin(&*memory).unwrap();
    let mut going = true;
    while going {
        let before = counts.get();
        going = saving.advance(words).unwrap() == Progress::Going;
        let now = counts.get();
        let (written, erased) = (now.written - before.written, now.erased - before.erased);
        assert!(written <= 4 * words.max(UNIT / 4), "{written} bytes in a slice of {words} words");
        assert!(erased <= 1 && (erased == 0 || written == 0), "{erased} erases and {written} bytes in a slice");
        assert!(erased + written > 0, "a slice that does nothing");
    }
}

#[test]
fn no_slice_is_longer_than_told() {
    assert_no_longer::<4>(1);
    assert_no_longer::<4>(64);
    assert_no_longer::<8>(1);
    assert_no_longer::<32>(20);
    assert_no_longer::<1>(1000);
}

#[test]
fn the_length_of_slices_does_not_show() {
    let memory = Box::new(Ram::ZERO);
    let whole = {
        let mut slots = Slots::open(Flash::<8>::default(), 0..65_536).unwrap();
        slots.save(&*memory).unwrap();
        slots.release().bytes
    };
    for words in [0, 1, 2, 3, 8, 9, 100, 7_000] {
        let mut slots = Slots::open(Flash::<8>::default(), 0..65_536).unwrap();
        let mut saving = slots.begin(&*memory).unwrap();
        while saving.advance(words).unwrap() == Progress::Going {}
        assert!(slots.release().bytes == whole, "slices of {words}");
    }
}

/// Training goes on with a copy, in between the slices in which the original is saved.
#[test]
fn a_snapshot_is_saved_while_training_goes_on() {
    let train = |memory: &mut Memory<Net, Sgd>, samples: std::ops::Range<usize>| {
        let mut trainer = Trainer::new(memory, CrossEntropy::default(), Sgd, SGD_RATE).unwrap();
        trainer.epoch(&Digits::training(), samples).unwrap();
    };
    let mut memory = Box::new(Memory::<Net, Sgd>::ZERO);
    kilograd_tasks::digits::initialize(&mut memory.network, 1);
    train(&mut memory, 0..100);
    let mut going_on = Box::new(Memory::<Net, Sgd>::ZERO);
    going_on.copy_from(&memory);
    let mut slots = Slots::open(Flash::<4>::default(), 0..65_536).unwrap();
    let mut saving = slots.begin(&*memory).unwrap();
    let mut sample = 100;
    while saving.advance(64).unwrap() == Progress::Going {
        train(&mut going_on, sample..sample + 1);
        sample += 1;
    }
    let mut resumed = Box::new(Memory::<Net, Sgd>::ZERO);
    slots.load(&mut *resumed).unwrap();
    assert_eq!(resumed.steps(), 100);
    train(&mut resumed, 100..sample);
    assert_eq!(resumed.network, going_on.network);
}

#[test]
fn wear_is_what_was_stated() {
    let memory = Box::new(Ram::ZERO);
    let mut slots = Slots::open(Flash::<4>::default(), 0..65_536).unwrap();
    (0..10).for_each(|_| assert!(slots.save(&*memory).is_ok()));
    let flash = slots.release();
    let bytes = checkpoint::size::<Ram>() - 4; // Fused: there is never a gradient.
    assert_eq!(flash.counts.get().written, 10 * bytes);
    // Every page that is needed, every other save.
    let pages = bytes.div_ceil(4096);
    assert_eq!(flash.counts.get().erased, 10 * pages);
    for (page, erases) in flash.erases.iter().enumerate() {
        assert_eq!(*erases, if page % 8 < pages { 5 } else { 0 });
    }
}
