//! Bytes from anywhere: nothing panics, and what is refused has changed nothing.

use crate::run::Run;
use kilograd::checkpoint::{self, Header, Restore, Save, from_bytes, inspect, to_bytes};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::averaging::{Average, Polyak};
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings};
use kilograd::train::{FadingMean, Guard, GuardedTrainer, Outcome, Reason, Reservoir, Verdict, fingerprint};
use proptest::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type All = Run<Momentum, Accumulated>;

/// What a header would have to say of a payload, so that its checksums hold.
fn forged(shape: u64, payload: &[u8]) -> Vec<u8> {
    let words = (payload.len() / 4) as u32;
    let mut crc = 0xFFFF_FFFF_u32;
    for byte in &payload[..4 * words as usize] {
        crc ^= u32::from(*byte);
        (0..8).for_each(|_| crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()));
    }
    [&Header { shape, sequence: 1, words, checksum: !crc }.encode()[..], payload].concat()
}

/// Loads into a run, which must be as it was if the bytes are refused, and must not panic if they are not.
fn try_load(bytes: &[u8]) {
    let _ = inspect(bytes, |_, words| assert!(words.len() <= bytes.len()));
    let mut run = All::new(3);
    let before = fingerprint(&run.memory.network);
    match from_bytes(&mut run, bytes) {
        Ok(_) => {
            assert!(run.order.size_hint().0 <= u32::MAX as usize);
            let _ = (run.order.next(), run.plateau.observe(1.0), run.error.mean());
            let mut trainer = Trainer::new(&mut run.memory, CrossEntropy::default(), Momentum::DEFAULT, &run.plateau).unwrap();
            let _ = (trainer.accumulate(&Vector::ZERO, &0), trainer.apply());
        }
        Err(_) => assert_eq!(fingerprint(&run.memory.network), before),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_bytes(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        try_load(&bytes);
        try_load(&forged(All::new(1).shape(), &bytes));
    }

    /// Right checksums over a payload that is not: cut, changed, or with other headings.
    #[test]
    fn forged_payloads(place in 0_usize..2_000, word in any::<u32>(), cut in 0_usize..2_000, heading in any::<bool>()) {
        let run = All::new(1);
        let mut bytes = vec![0; checkpoint::size::<All>()];
        let length = to_bytes(&run, 1, &mut bytes).unwrap();
        let mut payload = bytes[checkpoint::HEADER..length].to_vec();
        let place = 4 * (place % (payload.len() / 4));
        let old = u32::from_le_bytes(payload[place..place + 4].try_into().unwrap());
        let new = if heading { old & 0xFF00_0000 | word & 0xFF } else { word };
        payload[place..place + 4].copy_from_slice(&new.to_le_bytes());
        try_load(&forged(run.shape(), &payload));
        payload.truncate(4 * (cut % (payload.len() / 4 + 1)));
        try_load(&forged(run.shape(), &payload));
    }

    #[test]
    fn truncated(cut in 0_usize..4_000) {
        let run = All::new(1);
        let mut bytes = vec![0; checkpoint::size::<All>()];
        let length = to_bytes(&run, 1, &mut bytes).unwrap();
        let cut = cut % length;
        prop_assert!(from_bytes(&mut All::new(2), &bytes[..cut]).is_err());
    }
}

#[test]
fn states_that_no_program_reaches_become_ones_that_work() {
    fn load_forged(state: &mut impl Restore, payload: &[u8]) -> Result<u32, checkpoint::Error> {
        let bytes = forged(state.shape(), payload);
        from_bytes(state, &bytes)
    }
    let bytes = |state: &dyn Fn(&mut [u8]) -> usize| {
        let mut bytes = vec![0; 128];
        let length = state(&mut bytes);
        bytes[checkpoint::HEADER..length].to_vec()
    };
    let mut order = Shuffle::new(5, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let mut payload = bytes(&|to| to_bytes(&order, 1, to).unwrap());
    payload[4..8].fill(0xFF);
    load_forged(&mut order, &payload).unwrap();
    assert_eq!(order.len(), 0);

    let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
    let mut payload = bytes(&|to| to_bytes(&rng, 1, to).unwrap());
    payload[4..].fill(0);
    load_forged(&mut rng, &payload).unwrap();
    assert_ne!(rng.state(), [0; 16]);

    let mut plateau = Plateau::new(PlateauDecay::new(0.1));
    let mut payload = bytes(&|to| to_bytes(&plateau, 1, to).unwrap());
    payload[4..8].copy_from_slice(&f32::NAN.to_le_bytes());
    load_forged(&mut plateau, &payload).unwrap();
    // A rate that is none is refused before a step.
    let mut memory = Memory::<network![1 => 1], Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, plateau).unwrap();
    assert!(matches!(trainer.step(&Vector::ZERO, &Vector::ZERO), Err(Error::LearningRate(_))));
}

/// Puts `state` back to what it saves with `words` changed, each by its place in the payload.
fn load_changed(state: &mut impl Restore, words: &[(usize, u32)]) {
    let mut bytes = vec![0; 1024];
    let length = to_bytes(state, 1, &mut bytes).unwrap();
    let mut payload = bytes[checkpoint::HEADER..length].to_vec();
    for (place, word) in words {
        payload[4 * place..4 * place + 4].copy_from_slice(&word.to_le_bytes());
    }
    let bytes = forged(state.shape(), &payload);
    from_bytes(state, &bytes).unwrap();
}

const NAN: u32 = 0x7FC0_0000;

#[test]
fn a_reservoir_keeps_what_it_has_seen_whatever_is_said() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let mut reservoir = Reservoir::<u32, 2, 3>::ZERO;
    (0..5).for_each(|sample| assert!(reservoir.observe(0, &sample, rng).is_ok()));
    let kept = reservoir.of_class(0).to_vec();
    // More than there is room for, and of a class that never came: room that holds zeros.
    load_changed(&mut reservoir, &[(1, u32::MAX), (2, 2)]);
    assert_eq!((reservoir.of_class(0), reservoir.of_class(1)), (&kept[..], &[0, 0][..]));
    assert_eq!([reservoir.seen(0), reservoir.seen(1)], [u32::MAX, 2]);
    // Fewer than were kept.
    load_changed(&mut reservoir, &[(1, 1), (2, 0)]);
    assert_eq!((reservoir.of_class(0), reservoir.of_class(1)), (&kept[..1], &[][..]));
    assert!(reservoir.draw(rng).is_some_and(|(class, sample)| class == 0 && *sample == kept[0]));
    assert_eq!(reservoir.observe(0, &9, rng), Ok(true));
    assert_eq!(reservoir.of_class(0), [kept[0], 9]);
}

/// A batch that has begun, with a weight or a loss that none has: it is forgotten, and the next is not mixed with it.
#[test]
fn a_batch_that_is_none_is_forgotten() {
    type Ram = Memory<network![1 => 1], Sgd, Accumulated>;
    let sample = ([1.0].into(), [1.0].into());
    let after = |words: &[(usize, u32)]| {
        let mut memory = Ram::ZERO;
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25).unwrap();
        trainer.accumulate(&[3.0].into(), &[2.0].into()).unwrap();
        load_changed(&mut memory, words);
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25).unwrap();
        trainer.accumulate(&sample.0, &sample.1).unwrap();
        (trainer.apply(), trainer.network().clone())
    };
    let alone = {
        let mut memory = Ram::ZERO;
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25).unwrap();
        (trainer.step([(&sample.0, &sample.1)]), trainer.network().clone())
    };
    assert_ne!(after(&[]), alone);
    for weight in [NAN, 0, (-3.0_f32).to_bits(), 0x7F80_0000] {
        assert_eq!(after(&[(2, weight)]), alone);
    }
    assert_eq!(after(&[(3, NAN)]), alone);
}

#[test]
fn what_watches_a_stream_begins_anew_where_its_means_are_none() {
    for nonsense in [NAN, 0x7F80_0000] {
        let mut error = FadingMean::DEFAULT;
        error.observe(2.0, 0.9).unwrap();
        for place in [1, 2] {
            let mut changed = error;
            load_changed(&mut changed, &[(place, nonsense)]);
            assert_eq!(changed, FadingMean::DEFAULT);
        }
        let mut page_hinkley = PageHinkley::new(PageHinkleySettings::DEFAULT).unwrap();
        let (fresh, _) = (page_hinkley, page_hinkley.observe(3.0).unwrap());
        load_changed(&mut page_hinkley, &[(2, nonsense)]);
        assert_eq!(page_hinkley, fresh);
        for place in [2, 3, 4] {
            let mut ddm = Ddm::new(DdmSettings::DEFAULT).unwrap();
            let (fresh, _) = (ddm, ddm.observe(true));
            load_changed(&mut ddm, &[(place, nonsense)]);
            assert_eq!(ddm, fresh);
        }
    }
    let mut page_hinkley = PageHinkley::new(PageHinkleySettings::DEFAULT).unwrap();
    let fresh = page_hinkley;
    load_changed(&mut page_hinkley, &[(3, NAN)]);
    assert_eq!(page_hinkley, fresh);
}

/// A loss that none beats, a rate that no step takes, a best network that is none: the guard does without them, and guards.
#[test]
fn a_guard_does_without_what_is_none() {
    type Line = network![1 => 1];
    // The words of the memory, then the guard's: loss, whether there is one, two means with their weights, share, five counts, reason, network.
    // Before it the words of the memory, of which those of a gradient's heading are missing.
    const FIRST: usize = <Memory<Line, Sgd>>::WORDS - 1;
    let guarded = |words: &[(usize, u32)]| {
        let (mut memory, mut best) = (Memory::<Line, Sgd>::ZERO, Line::ZERO);
        let trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.25).unwrap();
        let guard = Guard { interval: 1, patience: 0, ..Guard::DEFAULT };
        let mut trainer = GuardedTrainer::new(trainer, &mut best, guard).unwrap();
        let mut step = |target: f32| trainer.step(&[1.0].into(), &[target].into()).unwrap();
        assert!([step(1.0), step(2.0), step(2.0)].iter().all(|outcome| matches!(outcome, Outcome::Taken(_))));
        let words: Vec<_> = words.iter().map(|(place, word)| (FIRST + place, *word)).collect();
        load_changed(&mut trainer, &words);
        let seen = (trainer.best_loss(), trainer.learning_rate(), trainer.last_reason(), trainer.skipped());
        // It guards on.
        for _ in 0..9 {
            let _ = trainer.step(&[1.0].into(), &[2.0].into()).unwrap();
        }
        assert!(trainer.best_loss().is_some_and(|loss| loss < 0.5), "{words:?}: {trainer:?}");
        trainer.trainer().network_mut().bias.fill(f32::NAN);
        assert_eq!(trainer.step(&[1.0].into(), &[2.0].into()), Ok(Outcome::Restored(Reason::WeightsInvalid)));
        assert!(trainer.network().bias.as_array()[0].is_finite(), "{words:?}");
        seen
    };
    let untouched = guarded(&[]);
    assert!(untouched.0.is_some_and(|loss| loss > 0.0) && untouched.1 == 0.25);
    assert_eq!((guarded(&[(1, NAN)]).0, guarded(&[(1, 0xFF80_0000)]).0, guarded(&[(2, 0)]).0), (None, None, None));
    // Means, and what they weigh.
    for place in 3..7 {
        assert_eq!(guarded(&[(place, NAN)]), untouched);
    }
    for share in [NAN, 0, 0x7F80_0000, 2_f32.to_bits(), (-0.5_f32).to_bits()] {
        assert_eq!(guarded(&[(7, share)]), untouched);
    }
    assert_eq!(guarded(&[(7, 0.5_f32.to_bits())]).1, 0.125);
    // Counts at their end.
    let (loss, rate, _, skipped) = guarded(&[8, 9, 10, 11, 12].map(|place| (place, u32::MAX)));
    assert_eq!((loss, rate, skipped), (untouched.0, untouched.1, u32::MAX));
    assert_eq!(
        (guarded(&[(13, 7)]).2, guarded(&[(13, 256 + 6)]).2, guarded(&[(13, 6)]).2),
        (None, None, Some(Reason::WeightsInvalid))
    );
    // The best network, with NaN or beyond the limit.
    for word in [NAN, 2e9_f32.to_bits()] {
        assert_eq!(guarded(&[(15, word)]).0, None);
    }
}

#[test]
fn best_losses_that_are_none_can_be_beaten() {
    type Line = network![1 => 1];
    let mut stopping = EarlyStopping::<Line>::ZERO;
    assert_eq!(stopping.observe(1.0, &Line::ZERO, 2), Verdict::Improved);
    load_changed(&mut stopping, &[(1, NAN)]);
    assert_eq!(stopping.best_loss(), None);
    assert_eq!(stopping.observe(2.0, &Line::ZERO, 2), Verdict::Improved);
    let mut plateau = Plateau::new(PlateauDecay { patience: 0, ..PlateauDecay::new(0.1) });
    plateau.observe(1.0);
    load_changed(&mut plateau, &[(2, NAN)]);
    assert!(!plateau.observe(2.0), "the first metric is the best");
    let mut average = Average::<Line>::ZERO;
    average.observe(&Polyak, &Line::ZERO).unwrap();
    load_changed(&mut average, &[(1, NAN)]);
    average.observe(&Polyak, &Line::ZERO).unwrap();
    assert_eq!(average.network(), Some(&Line::ZERO));
}
