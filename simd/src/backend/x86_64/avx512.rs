//! AVX-512: sixteen numbers in a register, 32 registers, masks.

use super::avx2::{Avx2, fold_eight, fold_four};
use super::isa::{Isa, ROUNDER_BITS};
use core::arch::x86_64::*;

/// The proof that the running processor has AVX-512 F, VL, BW and DQ (and so AVX2).
#[derive(Clone, Copy)]
pub struct Avx512(());

impl Avx512 {
    /// # Safety
    /// The running processor must have AVX-512 F, VL, BW and DQ.
    #[inline(always)]
    pub unsafe fn new() -> Self {
        Self(())
    }
}

impl Isa for Avx512 {
    const WIDTH: usize = 16;
    type V = __m512;
    type Part = __mmask16;
    type Narrow = Avx2;

    #[inline(always)]
    fn narrow(self) -> Avx2 {
        // SAFETY: `self` proves AVX2 too.
        unsafe { Avx2::new() }
    }
    #[inline(always)]
    fn first(self, count: usize) -> __mmask16 {
        // `count` ≤ 16: the truncation loses nothing.
        ((1_u32 << (count & 31)) - 1) as u16
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_set1_ps(x) }
    }
    #[inline(always)]
    fn plus(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_add_ps(a, b) }
    }
    #[inline(always)]
    fn by(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_mul_ps(a, b) }
    }
    #[inline(always)]
    fn add_product(self, sum: __m512, a: __m512, b: __m512) -> __m512 {
        if cfg!(feature = "fused") {
            // SAFETY: `self` proves AVX-512.
            unsafe { _mm512_fmadd_ps(a, b, sum) }
        } else {
            self.plus(sum, self.by(a, b))
        }
    }
    #[inline(always)]
    fn over(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_div_ps(a, b) }
    }
    #[inline(always)]
    fn root(self, a: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_sqrt_ps(a) }
    }
    #[inline(always)]
    fn magnitude(self, a: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_abs_ps(a) }
    }
    #[inline(always)]
    fn larger(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_max_ps(a, b) }
    }
    #[inline(always)]
    fn rectified(self, x: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_maskz_mov_ps(_mm512_cmp_ps_mask::<_CMP_NLE_UQ>(x, _mm512_setzero_ps()), x) }
    }
    #[inline(always)]
    fn if_less(self, a: __m512, b: __m512, yes: __m512, no: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_mask_mov_ps(no, _mm512_cmp_ps_mask::<_CMP_LT_OQ>(a, b), yes) }
    }
    #[inline(always)]
    fn only(self, a: __m512, b: __m512, part: __mmask16) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_mask_mov_ps(b, part, a) }
    }
    #[inline(always)]
    fn signed(self, a: __m512, signs: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe {
            let sign = _mm512_set1_ps(-0.0);
            _mm512_or_ps(_mm512_andnot_ps(sign, a), _mm512_and_ps(sign, signs))
        }
    }
    #[inline(always)]
    fn larger_bits(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_castsi512_ps(_mm512_max_epi32(_mm512_castps_si512(a), _mm512_castps_si512(b))) }
    }
    #[inline(always)]
    fn by_power(self, a: __m512, biased: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe {
            let n = _mm512_sub_epi32(_mm512_castps_si512(biased), _mm512_set1_epi32(ROUNDER_BITS));
            let half = _mm512_srai_epi32::<1>(n);
            let power = |n| _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_add_epi32(n, _mm512_set1_epi32(127))));
            _mm512_mul_ps(_mm512_mul_ps(a, power(half)), power(_mm512_sub_epi32(n, half)))
        }
    }
    #[inline(always)]
    fn largest<const BITS: bool>(self, a: __m512) -> f32 {
        // SAFETY: `self` proves AVX-512 and AVX2.
        unsafe {
            let (low, high) = (_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a));
            let narrow = self.narrow();
            narrow.largest::<BITS>(if BITS { narrow.larger_bits(low, high) } else { narrow.larger(low, high) })
        }
    }
    #[inline(always)]
    fn fold_in_four_lanes(self, a: __m512) -> f32 {
        // SAFETY: `self` proves AVX-512 and AVX2.
        unsafe {
            let two = _mm_add_ps(_mm512_castps512_ps128(a), _mm512_extractf32x4_ps::<1>(a));
            let three = _mm_add_ps(two, _mm512_extractf32x4_ps::<2>(a));
            fold_four(_mm_add_ps(three, _mm512_extractf32x4_ps::<3>(a)))
        }
    }
    #[inline(always)]
    fn fold(self, a: __m512) -> f32 {
        // SAFETY: `self` proves AVX-512.
        unsafe { fold_eight(_mm256_add_ps(_mm512_castps512_ps256(a), _mm512_extractf32x8_ps::<1>(a))) }
    }
    #[inline(always)]
    fn interleave_low(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_unpacklo_ps(a, b) }
    }
    #[inline(always)]
    fn interleave_high(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_unpackhi_ps(a, b) }
    }
    #[inline(always)]
    fn low_halves(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_shuffle_ps::<0b01_00_01_00>(a, b) }
    }
    #[inline(always)]
    fn high_halves(self, a: __m512, b: __m512) -> __m512 {
        // SAFETY: `self` proves AVX-512.
        unsafe { _mm512_shuffle_ps::<0b11_10_11_10>(a, b) }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller, that 16 numbers are readable.
        unsafe { _mm512_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, part: __mmask16) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller, that the numbers of `part` are readable, and no others are read.
        unsafe { _mm512_maskz_loadu_ps(part, from) }
    }
    #[inline(always)]
    unsafe fn load_few<const COUNT: usize>(self, from: *const f32) -> __m512 {
        // SAFETY: `self` proves AVX-512 and AVX2; the caller, that `COUNT` numbers are readable.
        unsafe { if COUNT == 16 { _mm512_loadu_ps(from) } else { _mm512_zextps256_ps512(self.narrow().load_few::<COUNT>(from)) } }
    }
    #[inline(always)]
    unsafe fn store_few<const COUNT: usize>(self, a: __m512, to: *mut f32) {
        // SAFETY: `self` proves AVX-512 and AVX2; the caller, that `COUNT` numbers are writable.
        unsafe {
            if COUNT == 16 {
                _mm512_storeu_ps(to, a);
            } else {
                self.narrow().store_few::<COUNT>(_mm512_castps512_ps256(a), to);
            }
        }
    }
    #[inline(always)]
    unsafe fn store(self, a: __m512, to: *mut f32) {
        // SAFETY: `self` proves AVX-512; the caller, that 16 numbers are writable.
        unsafe { _mm512_storeu_ps(to, a) }
    }
    #[inline(always)]
    unsafe fn store_part(self, a: __m512, to: *mut f32, part: __mmask16) {
        // SAFETY: `self` proves AVX-512; the caller, that the numbers of `part` are writable, and no others are written.
        unsafe { _mm512_mask_storeu_ps(to, part, a) }
    }
    #[inline(always)]
    unsafe fn load_fresh(self, from: *const f32, count: usize) -> __m512 {
        // SAFETY: `self` proves AVX-512 and AVX2; the caller, that `count` numbers are readable.
        unsafe {
            if count & 8 == 0 {
                return _mm512_zextps256_ps512(self.narrow().load_fresh(from, count));
            }
            let low = _mm512_zextps256_ps512(_mm256_loadu_ps(from));
            _mm512_insertf32x8::<1>(low, self.narrow().load_fresh(from.add(8), count & 7))
        }
    }
    #[inline(always)]
    unsafe fn store_fresh(self, a: __m512, to: *mut f32, count: usize) {
        // SAFETY: `self` proves AVX-512 and AVX2; the caller, that `count` numbers are writable.
        unsafe {
            let low = _mm512_castps512_ps256(a);
            if count & 8 == 0 {
                return self.narrow().store_fresh(low, to, count);
            }
            _mm256_storeu_ps(to, low);
            self.narrow().store_fresh(_mm512_extractf32x8_ps::<1>(a), to.add(8), count & 7);
        }
    }
    #[inline(always)]
    unsafe fn four(self, from: *const f32) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller, that four numbers are readable.
        unsafe { _mm512_broadcast_f32x4(_mm_loadu_ps(from)) }
    }
    #[inline(always)]
    unsafe fn up_to_four(self, from: *const f32, count: usize) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller, that `count` numbers are readable, and no others are read.
        unsafe { _mm512_broadcast_f32x4(_mm_maskz_loadu_ps((self.first(count) & 15) as __mmask8, from)) }
    }
    #[inline(always)]
    unsafe fn gather_fours(self, from: *const f32, stride: usize, count: usize) -> __m512 {
        // SAFETY: `self` proves AVX-512; the caller, that `count` numbers are readable at each place; no others are read.
        unsafe {
            let (a, b, c, d) = (from, from.add(stride), from.add(2 * stride), from.add(3 * stride));
            let (a, b, c, d) = if count == 4 {
                (_mm_loadu_ps(a), _mm_loadu_ps(b), _mm_loadu_ps(c), _mm_loadu_ps(d))
            } else {
                let part = (self.first(count) & 15) as __mmask8;
                let (a, b) = (_mm_maskz_loadu_ps(part, a), _mm_maskz_loadu_ps(part, b));
                (a, b, _mm_maskz_loadu_ps(part, c), _mm_maskz_loadu_ps(part, d))
            };
            let ab = _mm512_mask_broadcast_f32x4(_mm512_castps128_ps512(a), 0x00F0, b);
            _mm512_mask_broadcast_f32x4(_mm512_mask_broadcast_f32x4(ab, 0x0F00, c), 0xF000, d)
        }
    }
}
