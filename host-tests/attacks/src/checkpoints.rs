//! Checkpoints: bytes that are none are refused and leave no trace; bytes with right checksums end in a state that breaks nothing.

use super::Draw;
use crc::{CRC_32_ISO_HDLC, Crc};
use kilograd::checkpoint::{self, HEADER, Header, Save};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![2 => 4 => Tanh => Dropout => 3];
type State = (Memory<Net, Adam, Accumulated>, Shuffle, SplitMix64, Plateau, u32);

/// Room for whatever a state says, and more.
const ROOM: usize = 1024;

/// Takes the first byte for what is done with the others.
pub fn checkpoints(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    match draw.below(4) {
        0 => hear(draw.bytes(ROOM)),
        1 => sign(&mut draw),
        2 => damage(&mut draw),
        _ => sign_anything(&mut draw),
    }
}

fn state() -> State {
    let mut rng = SplitMix64::seed_from_u64(1);
    let (mut memory, plateau) = (Memory::<Net, Adam, Accumulated>::ZERO, Plateau::new(PlateauDecay::new(0.1)));
    memory.network.initialize(&HeUniform, Bias::Zero, &mut rng);
    let order = Shuffle::new(5, &mut rng);
    (memory, order, rng, plateau, 7)
}

/// Restores a state's parts, or leaves them.
fn restore(state: &mut State, bytes: &[u8]) -> Result<u32, checkpoint::Error> {
    let (memory, order, rng, plateau, number) = state;
    checkpoint::from_bytes(&mut (memory, order, rng, plateau, number), bytes)
}

fn said(state: &State) -> Vec<u8> {
    let (memory, order, rng, plateau, number) = state;
    let mut bytes = vec![0; ROOM];
    let length = checkpoint::to_bytes(&(memory, order, rng, plateau, number), 3, &mut bytes).expect("there is room");
    bytes.truncate(length);
    bytes
}

/// Bytes as they come: what is refused has changed nothing.
fn hear(bytes: &[u8]) {
    let mut sections = 0;
    let inspected = checkpoint::inspect(bytes, |_, words| sections += words.len());
    assert!(inspected.is_err() || sections <= bytes.len());
    let mut heard = state();
    let before = said(&heard);
    match restore(&mut heard, bytes) {
        Ok(_) => go_on(heard),
        Err(_) => assert_eq!(said(&heard), before),
    }
}

/// A whole checkpoint whose words were changed before it was signed.
fn sign(draw: &mut Draw<'_>) {
    let mut bytes = said(&state());
    for _ in 0..draw.below(8) {
        let at = usize::try_from(draw.count()).unwrap_or(0) % (bytes.len() - HEADER);
        bytes[HEADER + at] = draw.below(255);
    }
    let payload = bytes.split_off(HEADER);
    hear(&signed(&payload));
}

/// Any words at all with right checksums and the right shape.
fn sign_anything(draw: &mut Draw<'_>) {
    let words = usize::from(draw.below(200));
    let payload = draw.bytes(4 * words).to_vec();
    let payload = &payload[..payload.len() & !3];
    hear(&signed(payload));
}

/// A whole checkpoint with one bit flipped, or cut: always refused.
fn damage(draw: &mut Draw<'_>) {
    let whole = said(&state());
    let at = usize::try_from(draw.count()).unwrap_or(0) % whole.len();
    let mut flipped = whole.clone();
    flipped[at] ^= 1 << draw.below(8);
    for bytes in [&flipped[..], &whole[..at]] {
        assert!(restore(&mut state(), bytes).is_err(), "byte {at}");
        hear(bytes);
    }
}

fn signed(payload: &[u8]) -> Vec<u8> {
    let (memory, order, rng, plateau, number) = &state();
    let header = Header {
        shape: (memory, order, rng, plateau, number).shape(),
        sequence: 9,
        words: u32::try_from(payload.len() / 4).unwrap_or(u32::MAX),
        checksum: Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(payload),
    };
    [&header.encode()[..], payload].concat()
}

/// What was restored trains on, or says why not.
fn go_on(state: State) {
    let (mut memory, mut order, mut rng, plateau, _) = state;
    assert!(order.by_ref().take(1000).count() <= 1000);
    let _ = rand_xoshiro::rand_core::Rng::next_u32(&mut rng);
    let Ok(mut trainer) = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, plateau) else { return };
    let (input, label) = (Vector::new([0.5, -0.5]), 1);
    let _ = trainer.step([(&input, &label)]);
    let _ = trainer.predict(&input);
}
