//! What can be saved, as a sequence of sections of 32-bit words.

use super::Shape;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Kind {
    /// Steps taken, the weight and the summed loss of the samples in the gradient.
    Progress,
    /// What is trained, input-major, layer after layer.
    Parameters,
    /// What belongs to a network but is not trained: running statistics, frozen weights.
    Buffers,
    /// What the optimizer remembers, and its buffers.
    State,
    /// What layers count: seeds and passes of dropout.
    Counters,
    /// The gradient of a batch that has begun, and its buffers; missing between batches.
    Gradient,
    /// Where a schedule stands that does not follow from the step.
    Schedule,
    /// The state of a random generator.
    Random,
    /// A shuffled order and the place in it.
    Order,
    /// The best or mean network so far, and what is counted with it.
    Kept,
    /// A number of the program's own.
    Number,
    /// How many samples came, or how hard they are.
    Samples,
}

impl Kind {
    const ALL: [Self; 12] = [
        Self::Progress,
        Self::Parameters,
        Self::Buffers,
        Self::State,
        Self::Counters,
        Self::Gradient,
        Self::Schedule,
        Self::Random,
        Self::Order,
        Self::Kept,
        Self::Number,
        Self::Samples,
    ];

    /// The number that stands for it in the format, from 1.
    pub const fn number(self) -> u8 {
        match self {
            Self::Progress => 1,
            Self::Parameters => 2,
            Self::Buffers => 3,
            Self::State => 4,
            Self::Counters => 5,
            Self::Gradient => 6,
            Self::Schedule => 7,
            Self::Random => 8,
            Self::Order => 9,
            Self::Kept => 10,
            Self::Number => 11,
            Self::Samples => 12,
        }
    }

    /// The kind of a number, if there is one.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.number() == number)
    }

    /// The word that begins a section: the kind in the highest byte, then the number of words that follow.
    pub(super) fn heading(self, words: usize) -> u32 {
        let words = u32::try_from(words).unwrap_or(u32::MAX);
        u32::from(self.number()) << 24 | words & 0x00FF_FFFF
    }
}

/// Takes what is saved, section by section.
pub trait Sink {
    /// Begins a section of so many words, which follow in any number of calls.
    fn section(&mut self, kind: Kind, words: usize);

    /// Begins a section that is not always there, and says whether its words are wanted.
    fn optional(&mut self, kind: Kind, words: usize, present: bool) -> bool {
        if present {
            self.section(kind, words);
        }
        present
    }

    /// Numbers of a section.
    fn reals(&mut self, values: &[f32]);

    /// Whole numbers of a section.
    fn words(&mut self, values: &[u32]);

    /// Whatever tells apart what has the same shape; only a [`Shape`] looks at it.
    fn label(&mut self, label: u32) {
        let _ = label;
    }
}

/// Gives back what was saved, in the same order.
pub trait Source {
    /// Begins the next section.
    fn section(&mut self);

    /// Begins the next section if it is of this kind, and says whether it is.
    fn optional(&mut self, kind: Kind) -> bool;

    /// Numbers of a section.
    fn reals(&mut self, values: &mut [f32]);

    /// The next whole number of a section.
    fn word(&mut self) -> u32;

    /// The next number of a section.
    fn real(&mut self) -> f32 {
        f32::from_bits(self.word())
    }
}

/// What can be saved. A tuple saves each of its parts in turn, a reference what it refers to.
///
/// ```
/// use kilograd::checkpoint::{Kind, Restore, Save, Sink, Source};
///
/// struct Best {
///     accuracy: f32,
///     epoch: u32,
/// }
///
/// impl Save for Best {
///     const WORDS: usize = 1 + 2;
///
///     fn save(&self, to: &mut impl Sink) {
///         to.section(Kind::Number, 2);
///         to.reals(&[self.accuracy]);
///         to.words(&[self.epoch]);
///     }
/// }
///
/// impl Restore for Best {
///     fn restore(&mut self, from: &mut impl Source) {
///         from.section();
///         *self = Self { accuracy: from.real(), epoch: from.word() };
///     }
/// }
/// ```
pub trait Save {
    /// How many words this takes at most, the headings of its sections (one word each) with them.
    const WORDS: usize;

    /// Hands everything to `to`, always the same sections with the same number of words, except for
    /// [`optional`](Sink::optional) ones.
    fn save(&self, to: &mut impl Sink);

    /// The fingerprint of the shapes: equal for what can be restored from one another.
    #[inline(never)] // Once for each state, not once for each call.
    fn shape(&self) -> u64 {
        let mut shape = Shape::default();
        self.save(&mut shape);
        shape.finish()
    }
}

/// What can be put back to what was saved.
pub trait Restore: Save {
    /// Takes everything from `from`: what [`save`](Save::save) handed over, in the same order. Whatever the words are, this
    /// must end in a state that breaks nothing: the checksums that were looked at hold off accidents, not intent.
    fn restore(&mut self, from: &mut impl Source);
}

impl<T: Save + ?Sized> Save for &T {
    const WORDS: usize = T::WORDS;

    fn save(&self, to: &mut impl Sink) {
        T::save(self, to);
    }
}

impl<T: Save + ?Sized> Save for &mut T {
    const WORDS: usize = T::WORDS;

    fn save(&self, to: &mut impl Sink) {
        T::save(self, to);
    }
}

impl<T: Restore + ?Sized> Restore for &mut T {
    fn restore(&mut self, from: &mut impl Source) {
        T::restore(self, from);
    }
}

/// Implements both for tuples.
macro_rules! tuples {
    ($($($name:ident)+;)+) => {$(
        impl<$($name: Save),+> Save for ($($name,)+) {
            const WORDS: usize = 0 $(+ $name::WORDS)+;

            #[allow(non_snake_case)] // A type's name and its value's.
            fn save(&self, to: &mut impl Sink) {
                let ($($name,)+) = self;
                $($name.save(to);)+
            }
        }

        impl<$($name: Restore),+> Restore for ($($name,)+) {
            #[allow(non_snake_case)]
            fn restore(&mut self, from: &mut impl Source) {
                let ($($name,)+) = self;
                $($name.restore(from);)+
            }
        }
    )+};
}

tuples! {
    A;
    A B;
    A B C;
    A B C D;
    A B C D E;
    A B C D E F;
}
