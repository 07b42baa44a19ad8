//! What is known of a stream of samples: the guard of its steps, what watches it, and what is kept of it.
//!
//! A mean that is NaN would stay so, and a loss that is none would never be beaten. Words that no program saves are taken for
//! nothing seen yet.

use super::parts::{all, all_mut, words};
use super::{Kind, Restore, Save, Sink, Source};
use crate::layer::Layer;
use crate::loss::Loss;
use crate::optim::Rule;
use crate::optim::schedule::Schedule;
use crate::tensor::Zero;
use crate::train::drift::{Ddm, PageHinkley};
use crate::train::{Curriculum, FadingMean, GuardedTrainer, LEAST_SHARE, Memory, Mode, Reason, Reservoir, is_valid};

impl Save for FadingMean {
    const WORDS: usize = 1 + 2;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Number, 2);
        to.reals(&[self.mean, self.weight]);
    }
}

impl Restore for FadingMean {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        *self = fading_mean(from);
    }
}

/// A mean and what it weighs.
fn fading_mean(from: &mut impl Source) -> FadingMean {
    let (mean, weight) = (from.real(), from.real());
    let is_one = mean.is_finite() && weight.is_finite() && weight > 0.0;
    if is_one { FadingMean { mean, weight } } else { FadingMean::DEFAULT }
}

/// What was seen, not the settings.
impl Save for Ddm {
    const WORDS: usize = 1 + 4;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Number, 4);
        to.words(&[self.seen]);
        to.reals(&[self.share, self.lowest.0, self.lowest.1]);
    }
}

impl Restore for Ddm {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        (self.seen, self.share) = (from.word(), from.real());
        self.lowest = (from.real(), from.real());
        if ![self.share, self.lowest.0, self.lowest.1].iter().all(|share| (0.0..=1.0).contains(share)) {
            self.restart();
        }
    }
}

/// What was seen, not the settings.
impl Save for PageHinkley {
    const WORDS: usize = 1 + 3;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Number, 3);
        to.words(&[self.seen]);
        to.reals(&[self.mean, self.above]);
    }
}

impl Restore for PageHinkley {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        (self.seen, self.mean, self.above) = (from.word(), from.real(), from.real());
        if !self.mean.is_finite() || self.above.is_nan() {
            self.restart();
        }
    }
}

/// Numbers and counts that a guard goes on with.
const GUARD: usize = 7 + 6;

/// All that the trainer's [`Memory`] holds, how the guard stands, and the best network; not the settings, nor the trainer's
/// schedule: a [`Plateau`](crate::optim::schedule::Plateau) in it is saved beside the trainer, from a copy, and put back with
/// [`schedule_mut`](crate::train::Trainer::schedule_mut).
impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule, M: Mode> Save for GuardedTrainer<'_, N, L, R, S, M> {
    const WORDS: usize = Memory::<N, R, M>::WORDS + 1 + GUARD + words::<N>();

    fn save(&self, to: &mut impl Sink) {
        self.trainer.save(to);
        to.section(Kind::Kept, GUARD + words::<N>());
        let (loss, gradient, last) = (self.loss, self.gradient, self.last.map_or(0, Reason::code));
        to.reals(&[self.best_loss.unwrap_or_default()]);
        to.words(&[u32::from(self.best_loss.is_some())]);
        to.reals(&[loss.mean, loss.weight, gradient.mean, gradient.weight, self.share]);
        to.words(&[self.steps_before, self.taken, self.bad, self.skipped, self.restored, u32::from(last)]);
        all(&*self.best, to);
    }
}

impl<N: Layer, L: Loss<N::Output>, R: Rule, S: Schedule, M: Mode> Restore for GuardedTrainer<'_, N, L, R, S, M> {
    fn restore(&mut self, from: &mut impl Source) {
        self.trainer.restore(from);
        from.section();
        let best_loss = from.real();
        self.best_loss = (from.word() != 0 && best_loss.is_finite()).then_some(best_loss);
        (self.loss, self.gradient) = (fading_mean(from), fading_mean(from));
        let share = from.real();
        self.share = if (LEAST_SHARE..=1.0).contains(&share) { share } else { 1.0 };
        (self.steps_before, self.taken, self.bad) = (from.word(), from.word(), from.word());
        (self.skipped, self.restored) = (from.word(), from.word());
        self.last = u8::try_from(from.word()).ok().and_then(Reason::from_code);
        all_mut(self.best, from);
        if !is_valid(self.best) {
            // It would come back, and the guard with it, again and again.
            self.forget();
        }
    }
}

/// How hard the samples are, four in a word.
///
/// An order of an epoch that has begun ([`easiest`](Curriculum::easiest), [`mixed`](Curriculum::mixed)) is drawn again: save the random generator as
/// it was when the epoch began, and how many of the order have come.
impl<const SAMPLES: usize> Save for Curriculum<SAMPLES> {
    const WORDS: usize = 1 + SAMPLES.div_ceil(4);

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Samples, SAMPLES.div_ceil(4));
        for levels in self.levels.chunks(4) {
            let mut word = [0; 4];
            word.iter_mut().zip(levels).for_each(|(byte, level)| *byte = *level);
            to.words(&[u32::from_le_bytes(word)]);
        }
    }
}

impl<const SAMPLES: usize> Restore for Curriculum<SAMPLES> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        for levels in self.levels.chunks_mut(4) {
            levels.iter_mut().zip(from.word().to_le_bytes()).for_each(|(level, byte)| *level = byte);
        }
    }
}

/// How many samples of each class came, from which follows how many are kept; then the room for each, zero where none is yet.
impl<T: Save + Zero, const CLASSES: usize, const PER_CLASS: usize> Save for Reservoir<T, CLASSES, PER_CLASS> {
    const WORDS: usize = 1 + CLASSES + CLASSES * PER_CLASS * T::WORDS;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Samples, CLASSES);
        to.words(&self.seen);
        for kept in &self.kept {
            kept.iter().for_each(|sample| sample.save(to));
            (kept.len()..PER_CLASS).for_each(|_| T::ZERO.save(to));
        }
    }
}

impl<T: Restore + Zero, const CLASSES: usize, const PER_CLASS: usize> Restore for Reservoir<T, CLASSES, PER_CLASS> {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        self.seen.iter_mut().for_each(|seen| *seen = from.word());
        for (kept, seen) in self.kept.iter_mut().zip(self.seen) {
            while kept.push(T::ZERO).is_ok() {}
            kept.iter_mut().for_each(|sample| sample.restore(from));
            kept.truncate(usize::try_from(seen).unwrap_or(usize::MAX));
        }
    }
}
