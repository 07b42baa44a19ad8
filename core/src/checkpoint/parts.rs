//! What of training can be saved.

use super::{Kind, Restore, Save, Sink, Source};
use crate::layer::Layer;
use crate::optim::Rule;
use crate::optim::schedule::Plateau;
use crate::tensor::{Matrix, Parameters, Tensor, Vector};
use crate::train::averaging::Average;
use crate::train::parallel::Worker;
use crate::train::{EarlyStopping, Memory, Mode, Shuffle, Trainer};
use rand_core::SeedableRng;
use rand_xoshiro::{SplitMix64, Xoshiro128PlusPlus};

/// Words of all parameters and buffers.
pub(super) const fn words<P: Parameters>() -> usize {
    P::COUNT + P::BUFFERS
}

/// Everything that training remembers: progress, the network, the optimizer's state, what layers count, and the gradient of a
/// batch that has begun.
impl<N: Layer, R: Rule, M: Mode> Save for Memory<N, R, M> {
    const WORDS: usize = 6 + 3 + words::<N>() + words::<N::State<R>>() + N::COUNTERS + words::<M::Gradient<N>>();

    fn save(&self, to: &mut impl Sink) {
        let progress = self.progress;
        to.section(Kind::Progress, 3);
        to.words(&[progress.steps]);
        to.reals(&[progress.weight, progress.loss]);
        save_network(&self.network, to);
        to.section(Kind::State, words::<N::State<R>>());
        all(&self.state, to);
        to.section(Kind::Counters, N::COUNTERS);
        self.network.visit_counters(&self.tape, &mut |counter| to.words(&[counter]));
        if to.optional(Kind::Gradient, words::<M::Gradient<N>>(), progress.weight > 0.0) {
            all(&self.gradient, to);
        }
    }
}

impl<N: Layer, R: Rule, M: Mode> Restore for Memory<N, R, M> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        let progress = &mut self.progress;
        (progress.steps, progress.weight, progress.loss) = (from.word(), from.real(), from.real());
        restore_network(&mut self.network, from);
        from.section();
        all_mut(&mut self.state, from);
        from.section();
        let Self { network, tape, gradient, .. } = self;
        network.visit_counters_mut(tape, &mut |counter| *counter = from.word());
        let begun = from.optional(Kind::Gradient);
        if begun {
            all_mut(gradient, from);
        }
        // A batch that weighs nothing, or less, or whose loss is none, would spoil the next.
        let progress = &mut self.progress;
        if !(begun && progress.weight > 0.0 && progress.weight.is_finite() && !progress.loss.is_nan()) {
            (progress.weight, progress.loss) = (0.0, 0.0);
            gradient.visit_mut(&mut |group| group.fill(0.0));
        }
    }
}

/// The [`Memory`] that it trains in, as that saves itself; a trainer goes on with what it was given of everything else.
impl<N: Layer, L, R: Rule, S, M: Mode> Save for Trainer<'_, N, L, R, S, M> {
    const WORDS: usize = Memory::<N, R, M>::WORDS;

    fn save(&self, to: &mut impl Sink) {
        self.memory.save(to);
    }
}

impl<N: Layer, L, R: Rule, S, M: Mode> Restore for Trainer<'_, N, L, R, S, M> {
    fn restore(&mut self, from: &mut impl Source) {
        self.memory.restore(from);
    }
}

/// Parameters, then buffers, in a section each.
fn save_network<N: Parameters>(network: &N, to: &mut impl Sink) {
    to.section(Kind::Parameters, N::COUNT);
    network.visit(&mut |group| to.reals(group));
    to.section(Kind::Buffers, N::BUFFERS);
    network.visit_buffers(&mut |group| to.reals(group));
}

fn restore_network(network: &mut impl Parameters, from: &mut impl Source) {
    from.section();
    network.visit_mut(&mut |group| from.reals(group));
    from.section();
    network.visit_buffers_mut(&mut |group| from.reals(group));
}

/// Parameters and buffers in one section.
pub(super) fn all(groups: &impl Parameters, to: &mut impl Sink) {
    groups.visit(&mut |group| to.reals(group));
    groups.visit_buffers(&mut |group| to.reals(group));
}

pub(super) fn all_mut(groups: &mut impl Parameters, from: &mut impl Source) {
    groups.visit_mut(&mut |group| from.reals(group));
    groups.visit_buffers_mut(&mut |group| from.reals(group));
}

/// A network alone: to take to another program, which then trains on with a fresh optimizer, or only infers.
///
/// ```
/// use kilograd::checkpoint::{self, Weights};
/// use kilograd::prelude::*;
///
/// type Net = network![2 => 1];
/// let (mut trained, mut copy, mut bytes) = (Net::ZERO, Net::ZERO, [0; 64]);
/// trained.bias.fill(0.5);
/// let length = checkpoint::to_bytes(&Weights(&mut trained), 1, &mut bytes).unwrap();
/// checkpoint::from_bytes(&mut Weights(&mut copy), &bytes[..length]).unwrap();
/// assert_eq!(copy, trained);
/// ```
#[derive(Debug)]
pub struct Weights<'n, N>(pub &'n mut N);

impl<N: Parameters> Save for Weights<'_, N> {
    const WORDS: usize = 2 + words::<N>();

    fn save(&self, to: &mut impl Sink) {
        save_network(self.0, to);
    }
}

impl<N: Parameters> Restore for Weights<'_, N> {
    fn restore(&mut self, from: &mut impl Source) {
        restore_network(self.0, from);
    }
}

/// The program's own number for what it trains, which becomes part of the shapes' fingerprint and takes no room: it tells
/// apart what has the same shapes (two rules that remember one number each, another data set, another meaning of the inputs).
///
/// ```
/// use kilograd::checkpoint::{Label, Save};
///
/// assert_ne!((Label(1), 7_u32).shape(), (Label(2), 7_u32).shape());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Label(pub u32);

impl Save for Label {
    const WORDS: usize = 0;

    fn save(&self, to: &mut impl Sink) {
        to.label(self.0);
    }
}

impl Restore for Label {
    fn restore(&mut self, _: &mut impl Source) {}
}

/// The generator's state. (An all-zero one, which no generator reaches, becomes that of seed 0.)
///
/// At `opt-level = "z"` the crate's `from_seed` keeps a check of a length that always holds: there, what must not be able to panic
/// draws from `SplitMix64`.
impl Save for Xoshiro128PlusPlus {
    const WORDS: usize = 1 + 4;

    fn save(&self, to: &mut impl Sink) {
        save_state(&self.state(), to);
    }
}

impl Restore for Xoshiro128PlusPlus {
    fn restore(&mut self, from: &mut impl Source) {
        *self = Self::from_seed(restore_state(from));
    }
}

/// The generator's state.
impl Save for SplitMix64 {
    const WORDS: usize = 1 + 2;

    fn save(&self, to: &mut impl Sink) {
        save_state(&self.state(), to);
    }
}

impl Restore for SplitMix64 {
    fn restore(&mut self, from: &mut impl Source) {
        *self = Self::from_seed(restore_state(from));
    }
}

fn save_state<const BYTES: usize>(state: &[u8; BYTES], to: &mut impl Sink) {
    let words = state.as_chunks().0;
    to.section(Kind::Random, words.len());
    words.iter().for_each(|word| to.words(&[u32::from_le_bytes(*word)]));
}

fn restore_state<const BYTES: usize>(from: &mut impl Source) -> [u8; BYTES] {
    from.section();
    let mut state = [0; BYTES];
    state.as_chunks_mut().0.iter_mut().for_each(|word| *word = from.word().to_le_bytes());
    state
}

/// An order and the place in it.
impl Save for Shuffle {
    const WORDS: usize = 1 + 4;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Order, 4);
        to.words(&[self.next, self.count]);
        to.words(&self.keys);
    }
}

impl Restore for Shuffle {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        let (next, count) = (from.word(), from.word());
        *self = Self { next: next.min(count), count, keys: [from.word(), from.word()] };
    }
}

/// Where the schedule stands, not its settings.
impl Save for Plateau {
    const WORDS: usize = 1 + 5;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Schedule, 5);
        to.reals(&[self.rate, self.best.unwrap_or_default()]);
        to.words(&[u32::from(self.best.is_some()), self.waited, self.resting]);
    }
}

impl Restore for Plateau {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        self.rate = from.real();
        let best = from.real();
        self.best = (from.word() != 0 && !best.is_nan()).then_some(best);
        (self.waited, self.resting) = (from.word(), from.word());
    }
}

/// The best network so far, its loss, and how long was waited since.
impl<N: Parameters> Save for EarlyStopping<N> {
    const WORDS: usize = 1 + 3 + words::<N>();

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Kept, 3 + words::<N>());
        to.reals(&[self.best_loss.unwrap_or_default()]);
        to.words(&[u32::from(self.best_loss.is_some()), self.waited]);
        all(&self.best, to);
    }
}

impl<N: Parameters> Restore for EarlyStopping<N> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        let loss = from.real();
        self.best_loss = (from.word() != 0 && !loss.is_nan()).then_some(loss);
        self.waited = from.word();
        all_mut(&mut self.best, from);
    }
}

/// The mean network, what it weighs, and how many steps it has seen.
impl<N: Parameters> Save for Average<N> {
    const WORDS: usize = 1 + 2 + words::<N>();

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Kept, 2 + words::<N>());
        to.reals(&[self.weight]);
        to.words(&[self.seen]);
        all(&self.mean, to);
    }
}

impl<N: Parameters> Restore for Average<N> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        let weight = from.real();
        (self.weight, self.seen) = (if weight > 0.0 { weight } else { 0.0 }, from.word());
        all_mut(&mut self.mean, from);
    }
}

/// What earlier messages left unsaid.
impl<N: Parameters> Save for Worker<N> {
    const WORDS: usize = 1 + N::COUNT;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Kept, N::COUNT);
        self.0.visit(&mut |group| to.reals(group));
    }
}

impl<N: Parameters> Restore for Worker<N> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        self.0.visit_mut(&mut |group| from.reals(group));
    }
}

impl Save for u32 {
    const WORDS: usize = 1 + 1;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Number, 1);
        to.words(&[*self]);
    }
}

impl Restore for u32 {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        *self = from.word();
    }
}

impl Save for f32 {
    const WORDS: usize = 1 + 1;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Number, 1);
        to.reals(&[*self]);
    }
}

impl Restore for f32 {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        *self = from.real();
    }
}

/// Implements both for tensors.
macro_rules! tensors {
    ($($tensor:ident<$($side:ident),+>;)+) => {$(
        impl<$(const $side: usize),+> Save for $tensor<$($side),+> {
            const WORDS: usize = 1 + Self::COUNT;

            fn save(&self, to: &mut impl Sink) {
                to.section(Kind::Number, Self::COUNT);
                to.reals(self.as_slice());
            }
        }

        impl<$(const $side: usize),+> Restore for $tensor<$($side),+> {
            fn restore(&mut self, from: &mut impl Source) {
                from.section();
                from.reals(self.as_mut_slice());
            }
        }
    )+};
}

tensors! {
    Vector<N>;
    Matrix<ROWS, COLUMNS>;
}
