//! The fixed order in which a data set is split.

/// The generator SplitMix64 (G. Steele et al., 2014), here and not `rand_xoshiro`'s because a split is made at compile time.
#[derive(Clone, Copy, Debug)]
pub struct SplitMix64(pub u64);

impl SplitMix64 {
    /// The next 64 bits.
    pub const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// The numbers 0 to N − 1, shuffled (Fisher and Yates).
    pub const fn shuffled<const N: usize>(mut self) -> [u16; N] {
        let mut order = [0; N];
        let mut i = 0;
        while i < N {
            order[i] = i as u16;
            i += 1;
        }
        let mut i = N - 1;
        while i > 0 {
            let j = (((self.next() >> 32) * (i as u64 + 1)) >> 32) as usize;
            (order[i], order[j]) = (order[j], order[i]);
            i -= 1;
        }
        order
    }
}
