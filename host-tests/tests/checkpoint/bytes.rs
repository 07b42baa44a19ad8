//! Bytes from anywhere: nothing panics, and what is refused has changed nothing.

use crate::run::Run;
use kilograd::checkpoint::{self, Header, Restore, Save, from_bytes, inspect, to_bytes};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
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
