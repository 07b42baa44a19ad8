//! Settings, numbers and choices out of arbitrary bytes.

use arbitrary::Unstructured;

/// Numbers that arithmetic has trouble with.
const AWKWARD: [f32; 16] = [
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::MAX,
    f32::MIN,
    f32::MIN_POSITIVE,
    1e-45,
    -1e-45,
    -0.0,
    1e18,
    -1e18,
    1.000_001e18,
    1e-30,
    1e30,
    -1e-38,
    0.999_999_94,
];

/// Arbitrary bytes, read as what an attack needs. Bytes that have run out are zeros.
#[derive(Debug)]
pub struct Draw<'b> {
    bytes: Unstructured<'b>,
    /// Whether a setting was drawn that nobody in their senses would choose.
    pub wild: bool,
}

impl<'b> Draw<'b> {
    /// Reads `bytes`.
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes: Unstructured::new(bytes), wild: false }
    }

    /// Whether all bytes have been read.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// All bytes that have not been read.
    pub fn rest(self) -> &'b [u8] {
        self.bytes.take_rest()
    }

    /// So many bytes, or all that there are.
    pub fn bytes(&mut self, count: usize) -> &'b [u8] {
        self.bytes.bytes(count.min(self.bytes.len())).unwrap_or_default()
    }

    /// Any byte.
    pub fn byte(&mut self) -> u8 {
        self.bytes.arbitrary().unwrap_or_default()
    }

    /// Any whole number, small ones more often.
    pub fn count(&mut self) -> u32 {
        let size = self.byte();
        if size < 0xE0 { u32::from(size & 0x1F) } else { self.bytes.arbitrary().unwrap_or_default() }
    }

    /// Any seed.
    pub fn seed(&mut self) -> u64 {
        self.bytes.arbitrary().unwrap_or_default()
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u8) -> u8 {
        self.byte() % n
    }

    /// One in `n` times yes.
    pub fn once_in(&mut self, n: u8) -> bool {
        self.below(n) == n - 1
    }

    /// Any `f32`: mostly of the size that data have, sometimes awkward, sometimes any bits at all.
    pub fn number(&mut self) -> f32 {
        match self.below(8) {
            0..=4 => self.ordinary(),
            5 => f32::from_bits(self.bytes.arbitrary().unwrap_or_default()),
            6 => AWKWARD[usize::from(self.byte()) % AWKWARD.len()],
            _ => self.ordinary() * f32::powi(10.0, i32::from(self.byte() % 37) - 18),
        }
    }

    /// A number of the size that data have.
    pub fn ordinary(&mut self) -> f32 {
        f32::from(self.byte() as i8) / 16.0
    }

    /// Any finite `f32`.
    pub fn finite(&mut self) -> f32 {
        let x = self.number();
        if x.is_finite() { x } else { 0.0 }
    }

    /// A setting, mostly between 0 and `usual`.
    pub fn setting(&mut self, usual: f32) -> f32 {
        if self.once_in(8) {
            self.wild = true;
            return self.number();
        }
        usual * f32::from(self.byte()) / 255.0
    }

    /// A decay, mostly of 0 or more and below 1.
    pub fn decay(&mut self) -> f32 {
        self.setting(0.999)
    }

    /// A small number, mostly a power of ten from 10⁻¹² to 0.1.
    pub fn epsilon(&mut self) -> f32 {
        if self.once_in(8) {
            return self.setting(1e-3);
        }
        f32::powi(10.0, -1 - i32::from(self.below(12)))
    }

    /// An array of what `one` draws.
    pub fn array<T, const N: usize>(&mut self, mut one: impl FnMut(&mut Self) -> T) -> [T; N] {
        std::array::from_fn(|_| one(self))
    }
}
