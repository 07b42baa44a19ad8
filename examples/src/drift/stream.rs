//! The stream: digits, drawn at random, whose appearance changes.

use kilograd::prelude::*;
use kilograd_tasks::digits::{Digits, PIXELS};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::Rng;

/// How the digits look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// Ink on paper.
    Upright,
    /// Paper on ink.
    Inverted,
    /// A quarter turn clockwise.
    Turned,
}

/// One after the other.
pub const LOOKS: [Look; 3] = [Look::Upright, Look::Inverted, Look::Turned];

/// Draws one sample.
///
/// # Errors
/// That of the data set.
pub fn draw(look: Look, rng: &mut Xoshiro128PlusPlus) -> Result<(Vector<PIXELS>, usize), Error> {
    let (data, mut input) = (Digits::training(), Vector::ZERO);
    let label = data.load((u64::from(rng.next_u32()) * data.len() as u64 >> 32) as usize, &mut input)?;
    Ok((shown(look, &input), label))
}

fn shown(look: Look, upright: &Vector<PIXELS>) -> Vector<PIXELS> {
    let pixels = upright.as_array();
    Vector::from_fn(|place| match look {
        Look::Upright => pixels[place],
        Look::Inverted => 1.0 - pixels[place],
        Look::Turned => pixels[(7 - place % 8) * 8 + place / 8],
    })
}

impl Look {
    /// Its name in the report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Upright => "upright",
            Self::Inverted => "inverted",
            Self::Turned => "turned",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Look, shown};
    use kilograd::prelude::*;

    #[test]
    fn four_quarter_turns_and_two_inversions_change_nothing() {
        let upright = Vector::from_fn(|i| i as f32 / 64.0);
        let turned = shown(Look::Turned, &upright);
        // What was at the lower left is at the upper left.
        assert_eq!(turned.as_array()[0], upright.as_array()[56]);
        let again = (0..3).fold(turned, |picture, _| shown(Look::Turned, &picture));
        assert_eq!(again, upright);
        assert_eq!(shown(Look::Inverted, &shown(Look::Inverted, &upright)), upright);
    }
}
