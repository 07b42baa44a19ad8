//! A budget of RAM that the compiler checks, and says what is missing.

use super::{Memory, Mode};
use crate::layer::Layer;
use crate::optim::Rule;

/// Stops the compiler unless training in this [`Memory`](crate::train::Memory) fits into so many bytes of RAM. Stack and samples
/// are not counted, so leave room for them.
///
/// ```
/// use kilograd::prelude::*;
///
/// type Net = network![64 => 32 => Relu => 10];
/// budget!(Memory<Net, Adam>, 30 * 1024);
/// ```
///
/// What does not fit says what it needs and what is there:
///
/// ```compile_fail
/// # use kilograd::prelude::*;
/// # type Net = network![64 => 32 => Relu => 10];
/// // error[E0080]: evaluation panicked: training needs 29268 bytes of RAM and has 16384: 12884 too few (parameters 9640, …
/// budget!(Memory<Net, Adam>, 16 * 1024);
/// ```
#[macro_export]
macro_rules! budget {
    ($memory:ty, $bytes:expr) => {
        const _: () = match <$memory>::shortfall($bytes) {
            None => {}
            Some(shortfall) => panic!("{}", shortfall.as_str()),
        };
    };
}

/// Why training does not fit, in words: what [`budget!`](crate::budget) stops with.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Shortfall {
    text: [u8; LONGEST],
    length: usize,
}

/// The words, and seven numbers of 20 digits at most.
const LONGEST: usize = 280;

impl<N: Layer, R: Rule, M: Mode> Memory<N, R, M> {
    /// What is missing if all there is is `bytes`.
    #[doc(hidden)]
    pub const fn shortfall(bytes: usize) -> Option<Shortfall> {
        let Some(missing @ 1..) = Self::RAM_BYTES.checked_sub(bytes) else { return None };
        let counted = Self::PARAMETER_BYTES + Self::STATE_BYTES + Self::GRADIENT_BYTES + Self::TAPE_BYTES;
        let text = Shortfall { text: [0; LONGEST], length: 0 };
        let text = text.say("training needs ", Self::RAM_BYTES).say(" bytes of RAM and has ", bytes);
        let text = text.say(": ", missing).say(" too few (parameters ", Self::PARAMETER_BYTES);
        let text = text.say(", optimizer state ", Self::STATE_BYTES).say(", gradient ", Self::GRADIENT_BYTES);
        let text = text.say(", tape ", Self::TAPE_BYTES).say(", counters ", Self::RAM_BYTES.saturating_sub(counted));
        Some(text.push(b")"))
    }
}

impl Shortfall {
    /// The words.
    pub const fn as_str(&self) -> &str {
        let Some((text, _)) = self.text.split_at_checked(self.length) else { return "" };
        match core::str::from_utf8(text) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn say(self, words: &str, number: usize) -> Self {
        self.push(words.as_bytes()).push_decimal(number)
    }

    const fn push(mut self, bytes: &[u8]) -> Self {
        let mut bytes = bytes;
        while let Some((byte, rest)) = bytes.split_first() {
            if let Some((_, room)) = self.text.split_at_mut_checked(self.length)
                && let Some(place) = room.first_mut()
            {
                *place = *byte;
                self.length += 1;
            }
            bytes = rest;
        }
        self
    }

    const fn push_decimal(self, number: usize) -> Self {
        let (Some(tens), Some(ones)) = (number.checked_div(10), number.checked_rem(10)) else { return self };
        let [ones, ..] = ones.to_le_bytes();
        let text = if tens > 0 { self.push_decimal(tens) } else { self };
        text.push(&[b'0' + ones])
    }
}

#[cfg(test)]
mod tests {
    use crate::layer::Dense;
    use crate::prelude::*;

    type Ram = Memory<network![64 => 32 => Relu => 10], Adam, Accumulated>;
    /// As large as the compiler lets a type be.
    type Huge = Memory<Dense<{ 1 << (usize::BITS - 20) }, 1>, Sgd>;

    /// What is said where only so many bytes are there; nothing if that is enough.
    macro_rules! said {
        ($memory:ty, $bytes:expr) => {
            <$memory>::shortfall($bytes).as_ref().map_or("", |shortfall| shortfall.as_str())
        };
    }

    #[test]
    fn what_fits_to_the_byte_fits() {
        assert_eq!((said!(Ram, Ram::RAM_BYTES), said!(Ram, usize::MAX)), ("", ""));
    }

    #[test]
    fn what_does_not_says_why() {
        let text = "training needs 38908 bytes of RAM and has 38907: 1 too few (parameters 9640, optimizer state 19280, \
            gradient 9640, tape 336, counters 12)";
        assert_eq!(said!(Ram, Ram::RAM_BYTES - 1), text);
    }

    #[test]
    fn the_longest_words_have_room() {
        assert!(said!(Huge, 0).ends_with("0, gradient 0, tape 8, counters 12)"), "{}", said!(Huge, 0));
    }
}
