//! A layer's setting that is not a parameter.

use core::fmt;

/// A number whose bits are kept combined with those of its default: all zero for that, so that a `static` of a network takes
/// no flash.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Preset<const DEFAULT: u32>(u32);

impl<const DEFAULT: u32> Preset<DEFAULT> {
    /// The default.
    pub const DEFAULT: Self = Self(0);

    /// This value.
    pub const fn new(value: f32) -> Self {
        Self(value.to_bits() ^ DEFAULT)
    }

    /// The value.
    pub const fn get(self) -> f32 {
        f32::from_bits(self.0 ^ DEFAULT)
    }
}

impl<const DEFAULT: u32> fmt::Debug for Preset<DEFAULT> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}
