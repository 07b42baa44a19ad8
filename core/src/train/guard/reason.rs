//! Why a step was not taken.

use crate::error::Error;
use core::fmt;

/// Why a guarded step was not taken: a byte that a host can read. A number never comes to mean something else.
///
/// | [code](Reason::code) | reason |
/// |--:|---|
/// | 1 | [`InputNotFinite`](Reason::InputNotFinite) |
/// | 2 | [`LossNotFinite`](Reason::LossNotFinite) |
/// | 3 | [`GradientTooLarge`](Reason::GradientTooLarge) |
/// | 4 | [`LossExploded`](Reason::LossExploded) |
/// | 5 | [`GradientExploded`](Reason::GradientExploded) |
/// | 6 | [`WeightsInvalid`](Reason::WeightsInvalid) |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
#[repr(u8)]
pub enum Reason {
    /// The sample holds an infinity or NaN.
    InputNotFinite = 1,
    /// The loss is infinite or NaN, though the sample and the network are finite.
    LossNotFinite = 2,
    /// The gradient exceeds [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT).
    GradientTooLarge = 3,
    /// The loss, or its mean, is so many times what it was.
    LossExploded = 4,
    /// The gradient is so many times what it was.
    GradientExploded = 5,
    /// The network itself holds NaN or a number beyond ±10⁹.
    WeightsInvalid = 6,
}

impl Reason {
    const ALL: [Self; 6] = [
        Self::InputNotFinite,
        Self::LossNotFinite,
        Self::GradientTooLarge,
        Self::LossExploded,
        Self::GradientExploded,
        Self::WeightsInvalid,
    ];

    /// The number that stands for it.
    ///
    /// ```
    /// use kilograd::train::Reason;
    ///
    /// assert_eq!(Reason::LossExploded.code(), 4);
    /// assert_eq!((Reason::from_code(4), Reason::from_code(7)), (Some(Reason::LossExploded), None));
    /// ```
    pub const fn code(self) -> u8 {
        match self {
            Self::InputNotFinite => 1,
            Self::LossNotFinite => 2,
            Self::GradientTooLarge => 3,
            Self::LossExploded => 4,
            Self::GradientExploded => 5,
            Self::WeightsInvalid => 6,
        }
    }

    /// The reason that a number stands for, if there is one: for a host that was sent [`code`](Reason::code).
    pub fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.code() == code)
    }

    /// What an error of a step says of its sample or the network; others are the caller's mistakes.
    pub(super) fn of(error: Error) -> Result<Self, Error> {
        match error {
            Error::InputNotFinite => Ok(Self::InputNotFinite),
            Error::LossNotFinite => Ok(Self::LossNotFinite),
            Error::GradientTooLarge => Ok(Self::GradientTooLarge),
            error => Err(error),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::InputNotFinite => "the sample holds an infinity or NaN",
            Self::LossNotFinite => "the loss overflowed",
            Self::GradientTooLarge => "the gradient overflowed",
            Self::LossExploded => "the loss exploded",
            Self::GradientExploded => "the gradient exploded",
            Self::WeightsInvalid => "the network holds NaN or a number beyond 1e9",
        })
    }
}
