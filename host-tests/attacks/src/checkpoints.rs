//! Checkpoints: bytes that are none are refused and leave no trace; bytes with right checksums end in a state that breaks nothing.

use super::Draw;
use crc::{CRC_32_ISO_HDLC, Crc};
use kilograd::checkpoint::{self, HEADER, Header, Restore, Save, Sink, Source};
use kilograd::optim::schedule::{Plateau, PlateauDecay, Schedule};
use kilograd::prelude::*;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings};
use kilograd::train::parallel::{Sign, Worker};
use kilograd::train::{Curriculum, FadingMean, Guard, GuardedTrainer, Reservoir};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![2 => 4 => Tanh => Dropout => 3];
type Guarded<'m> = GuardedTrainer<'m, Net, CrossEntropy, Adam, f32, Accumulated>;

/// Room for whatever a state says.
const ROOM: usize = checkpoint::size::<State<'_>>();
const RATE: f32 = 0.1;
/// Samples of a class that are kept.
const KEPT: usize = 2;

/// Everything that a guarded run on a stream goes on with, and what else can be saved.
struct State<'m> {
    guarded: Guarded<'m>,
    order: Shuffle,
    rng: SplitMix64,
    plateau: Plateau,
    number: u32,
    drift: (PageHinkley, Ddm),
    error: FadingMean,
    kept: Reservoir<Vector<2>, 3, KEPT>,
    hard: Curriculum<5>,
    unsaid: Worker<Net>,
}

impl Save for State<'_> {
    const WORDS: usize = <(Guarded<'_>, Shuffle, SplitMix64, Plateau, u32)>::WORDS
        + <((PageHinkley, Ddm), FadingMean, Reservoir<Vector<2>, 3, KEPT>, Curriculum<5>, Worker<Net>)>::WORDS;

    fn save(&self, to: &mut impl Sink) {
        (&self.guarded, &self.order, &self.rng, &self.plateau, self.number).save(to);
        (&self.drift, self.error, &self.kept, &self.hard, &self.unsaid).save(to);
    }
}

impl Restore for State<'_> {
    fn restore(&mut self, from: &mut impl Source) {
        let Self { guarded, order, rng, plateau, number, drift, error, kept, hard, unsaid } = self;
        (guarded, order, rng, plateau, number).restore(from);
        (drift, error, kept, hard, unsaid).restore(from);
    }
}

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

/// Hands a state to `then` in which everything has begun: a batch too, if that is wanted.
fn with_state<T>(begun: bool, then: impl FnOnce(&mut State<'_>) -> T) -> T {
    let mut rng = SplitMix64::seed_from_u64(1);
    let (mut memory, mut best) = (Memory::<Net, Adam, Accumulated>::ZERO, Net::ZERO);
    memory.network.initialize(&HeUniform, Bias::Zero, &mut rng);
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, RATE).expect("settings are valid");
    let guarded = GuardedTrainer::new(trainer, &mut best, Guard { interval: 1, ..Guard::DEFAULT }).expect("settings are valid");
    let page_hinkley = PageHinkley::new(PageHinkleySettings::DEFAULT).expect("settings are valid");
    let drift = (page_hinkley, Ddm::new(DdmSettings::DEFAULT).expect("settings are valid"));
    let (order, plateau) = (Shuffle::new(5, &mut rng), Plateau::new(PlateauDecay::new(RATE)));
    let (error, kept, hard, unsaid) = (FadingMean::DEFAULT, Reservoir::ZERO, Curriculum::ZERO, Worker::ZERO);
    let mut state = State { guarded, order, rng, plateau, number: 7, drift, error, kept, hard, unsaid };
    go_on(&mut state);
    if begun {
        state.guarded.trainer().accumulate(&Vector::new([0.5, -0.5]), &1).expect("the sample is valid");
    }
    then(&mut state)
}

fn said(state: &State<'_>) -> Vec<u8> {
    let mut bytes = vec![0; ROOM];
    let length = checkpoint::to_bytes(state, 3, &mut bytes).expect("there is room");
    bytes.truncate(length);
    bytes
}

/// Bytes as they come: what is refused has changed nothing; what is restored is saved as it was restored, and goes on.
fn hear(bytes: &[u8]) {
    let mut sections = 0;
    let inspected = checkpoint::inspect(bytes, |_, words| sections += words.len());
    assert!(inspected.is_err() || sections <= bytes.len());
    with_state(false, |heard| {
        let before = said(heard);
        match checkpoint::from_bytes(heard, bytes) {
            Ok(_) => {
                let after = said(heard);
                checkpoint::from_bytes(heard, &after).expect("it was just said");
                assert_eq!(said(heard), after);
                go_on(heard);
            }
            Err(_) => assert_eq!(said(heard), before),
        }
    });
}

/// A whole checkpoint whose words were changed before it was signed.
fn sign(draw: &mut Draw<'_>) {
    let mut bytes = with_state(draw.once_in(2), |state| said(state));
    for _ in 0..draw.below(8) {
        let at = usize::from(draw.byte()) | usize::from(draw.below(4)) << 8;
        let words = bytes.len() / 4 - HEADER / 4;
        let at = HEADER + 4 * (at % words);
        bytes[at..at + 4].copy_from_slice(&draw.number().to_le_bytes());
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
    let whole = with_state(draw.once_in(2), |state| said(state));
    let at = (usize::from(draw.byte()) | usize::from(draw.byte()) << 8) % whole.len();
    let mut flipped = whole.clone();
    flipped[at] ^= 1 << draw.below(8);
    for bytes in [&flipped[..], &whole[..at]] {
        assert!(with_state(false, |state| checkpoint::from_bytes(state, bytes)).is_err(), "byte {at}");
        hear(bytes);
    }
}

fn signed(payload: &[u8]) -> Vec<u8> {
    let header = Header {
        shape: with_state(false, |state| state.shape()),
        sequence: 9,
        words: u32::try_from(payload.len() / 4).unwrap_or(u32::MAX),
        checksum: Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(payload),
    };
    [&header.encode()[..], payload].concat()
}

/// What was restored counts what it holds, knows no means that are none, and trains on or says why not.
fn go_on(state: &mut State<'_>) {
    let State { guarded, order, rng, plateau, drift, error, kept, hard, unsaid, .. } = state;
    assert!(order.by_ref().take(3).count() <= 3);
    for class in 0..3 {
        let seen = usize::try_from(kept.seen(class)).unwrap_or(usize::MAX);
        assert_eq!(kept.of_class(class).len(), seen.min(KEPT));
        kept.observe(class, &Vector::new([0.5, 1.0]), rng).expect("there is such a class");
    }
    assert!(kept.draw(rng).is_some() && hard.easiest(0.5, rng).count() == 3);
    hard.rate(3, 1.0);
    error.observe(1.0, 0.9).expect("a finite mean takes a finite value");
    drift.0.observe(1.0).map(|_| ()).expect("the value is finite");
    let _ = (drift.1.observe(true), plateau.observe(1.0), plateau.learning_rate(0));
    assert!(guarded.learning_rate() > 0.0 && guarded.learning_rate() <= RATE);
    assert!(guarded.best_loss().is_none_or(f32::is_finite));
    let (input, label) = (Vector::new([0.5, -0.5]), 1);
    for _ in 0..3 {
        let _ = guarded.step([(&input, &label)]).expect("a guard mends what the sample does not do wrong");
    }
    let _ = unsaid.begin(guarded.network()).answer(guarded.network(), &Sign, &mut |_| Ok::<_, Error>(()));
    let _ = guarded.trainer().predict(&input);
}
