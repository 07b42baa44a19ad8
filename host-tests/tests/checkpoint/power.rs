//! Power goes at every byte and in the middle of every erase: the old or the new checkpoint is there, whole.

use kilograd::checkpoint::{Error, Progress, Save, Sink, Slots};
use kilograd::prelude::*;
use kilograd_host_tests::flash::{MockFlash, Refusal};
use proptest::prelude::*;

/// Three pages a slot.
type Flash<const UNIT: usize> = MockFlash<UNIT, 128, 6>;
type Ram = Memory<network![3 => 4 => Tanh => 2], Momentum>;

/// A memory that is told from others by every number in it.
fn state(number: u32) -> Ram {
    let mut memory = Ram::ZERO;
    memory.network.visit_mut(&mut |group| group.fill(number as f32));
    memory
}

/// The number of the state that is found, every part of which must be the same.
fn found<const UNIT: usize>(slots: &mut Slots<Flash<UNIT>>) -> Result<u32, Error<Refusal>> {
    let mut memory = state(77);
    slots.load(&mut memory)?;
    let number = memory.network.first.layer.bias.as_slice()[0] as u32;
    assert_eq!(memory.network, state(number).network, "a mixture");
    Ok(number)
}

fn open<const UNIT: usize>(flash: Flash<UNIT>) -> Slots<Flash<UNIT>> {
    Slots::open(flash, 0..768).unwrap()
}

/// Cuts the save that follows `before` others at every moment there is.
fn cut_everywhere<const UNIT: usize>(before: u32) {
    let mut slots = open(Flash::<UNIT>::default());
    (1..=before).for_each(|number| assert_eq!(slots.save(&state(number)), Ok(number)));
    let flash = slots.release();
    let mut finished = 0;
    for cut in 0..1_000_usize {
        let mut slots = open(flash.clone());
        let mut flash = slots.release();
        flash.die_after(cut, cut as u64);
        slots = match Slots::open(flash, 0..768) {
            Ok(slots) => slots,
            Err(error) => {
                assert_eq!((cut, error), (0, Error::Flash(Refusal::Dead)));
                continue;
            }
        };
        let saved = slots.save(&state(before + 1));
        let mut flash = slots.release();
        flash.revive();
        let mut slots = open(flash);
        match (saved, found(&mut slots)) {
            (Ok(number), found) => {
                assert_eq!((number, found), (before + 1, Ok(number)));
                finished += 1;
                if finished == 2 {
                    break;
                }
            }
            (Err(Error::Flash(Refusal::Dead)), Ok(number)) => {
                // The very last byte may be there although the save was never told so.
                assert!(number == before || number == before + 1, "cut {cut}: {number} of {before}");
            }
            (Err(Error::Flash(Refusal::Dead)), Err(Error::Blank | Error::Torn)) => assert_eq!(before, 0, "cut {cut}"),
            other => panic!("cut {cut}: {other:?}"),
        }
        // And life goes on.
        let next = slots.save(&state(99)).unwrap();
        assert!(next > before || before == 0);
        assert_eq!(found(&mut slots), Ok(99));
    }
    assert_eq!(finished, 2, "the save was cut at every moment, and not cut in the end");
}

#[test]
fn at_every_moment_of_a_save() {
    for before in 0..4 {
        cut_everywhere::<1>(before);
        cut_everywhere::<4>(before);
        cut_everywhere::<8>(before);
        cut_everywhere::<32>(before);
    }
}

/// A number that costs a word.
struct Slow(u32);

impl Save for Slow {
    const WORDS: usize = 2;

    fn save(&self, to: &mut impl Sink) {
        self.0.save(to);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any sequence of saves in slices of any length, each cut anywhere or not at all.
    #[test]
    fn any_sequence_of_cuts(saves in prop::collection::vec((prop::option::of(0_usize..400), 1_usize..40, any::<u64>()), 1..12)) {
        let mut flash = Flash::<8>::default();
        let mut newest = None;
        for (number, (cut, slice, seed)) in (1..).zip(saves) {
            let mut slots = open(flash);
            prop_assert_eq!(found(&mut slots).ok(), newest);
            flash = slots.release();
            // Opened while there is power.
            if let Some(cut) = cut {
                flash.die_after(cut + 1, seed);
            }
            let mut slots = open(flash);
            let memory = state(number);
            let mut saving = slots.begin(&memory).unwrap();
            let saved = loop {
                match saving.advance(slice) {
                    Ok(Progress::Going) => {}
                    Ok(Progress::Saved(_)) => break true,
                    Err(_) => break false,
                }
            };
            flash = slots.release();
            flash.revive();
            let mut slots = open(flash);
            let now = found(&mut slots).ok();
            prop_assert!(now == Some(number) || !saved && now == newest, "{:?}, then {:?}", newest, now);
            newest = now;
            flash = slots.release();
        }
    }
}

#[test]
fn numbers_wrap_around() {
    let mut slots = open(Flash::<4>::default());
    slots.save(&Slow(1)).unwrap();
    let mut flash = slots.release();
    // As if there had been 2³² − 1 saves.
    let mut bytes = [0; 64];
    let length = kilograd::checkpoint::to_bytes(&Slow(7), u32::MAX, &mut bytes).unwrap();
    flash.bytes[..length].copy_from_slice(&bytes[..length]);
    let mut slots = open(flash);
    assert_eq!(slots.save(&Slow(8)), Ok(0));
    let slots = open(slots.release());
    assert_eq!(slots.sequence(), Some(0));
}
