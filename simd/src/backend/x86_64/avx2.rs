//! AVX2: eight numbers in a register, 16 registers.

use super::isa::{Isa, ROUNDER_BITS};
use core::arch::x86_64::*;

/// The proof that the running processor has AVX2 (and so AVX).
#[derive(Clone, Copy)]
pub struct Avx2(());

impl Avx2 {
    /// # Safety
    /// The running processor must have AVX2.
    #[inline(always)]
    pub unsafe fn new() -> Self {
        Self(())
    }
}

impl Isa for Avx2 {
    const WIDTH: usize = 8;
    type V = __m256;
    type Part = __m256i;
    type Narrow = Self;

    #[inline(always)]
    fn narrow(self) -> Self {
        self
    }
    #[inline(always)]
    fn first(self, count: usize) -> __m256i {
        // SAFETY: `self` proves AVX2. (`count` ≤ 8: the truncation loses nothing.)
        unsafe { _mm256_cmpgt_epi32(_mm256_set1_epi32(count as i32), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7)) }
    }
    #[inline(always)]
    fn splat(self, x: f32) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_set1_ps(x) }
    }
    #[inline(always)]
    fn plus(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_add_ps(a, b) }
    }
    #[inline(always)]
    fn by(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_mul_ps(a, b) }
    }
    #[inline(always)]
    fn add_product(self, sum: __m256, a: __m256, b: __m256) -> __m256 {
        if cfg!(feature = "fused") {
            // SAFETY: `self` proves AVX2 and FMA.
            unsafe { _mm256_fmadd_ps(a, b, sum) }
        } else {
            self.plus(sum, self.by(a, b))
        }
    }
    #[inline(always)]
    fn over(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_div_ps(a, b) }
    }
    #[inline(always)]
    fn root(self, a: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_sqrt_ps(a) }
    }
    #[inline(always)]
    fn magnitude(self, a: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) }
    }
    #[inline(always)]
    fn larger(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_max_ps(a, b) }
    }
    #[inline(always)]
    fn rectified(self, x: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_and_ps(_mm256_cmp_ps::<_CMP_NLE_UQ>(x, _mm256_setzero_ps()), x) }
    }
    #[inline(always)]
    fn if_less(self, a: __m256, b: __m256, yes: __m256, no: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_blendv_ps(no, yes, _mm256_cmp_ps::<_CMP_LT_OQ>(a, b)) }
    }
    #[inline(always)]
    fn only(self, a: __m256, b: __m256, part: __m256i) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_blendv_ps(b, a, _mm256_castsi256_ps(part)) }
    }
    #[inline(always)]
    fn signed(self, a: __m256, signs: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let sign = _mm256_set1_ps(-0.0);
            _mm256_or_ps(_mm256_andnot_ps(sign, a), _mm256_and_ps(sign, signs))
        }
    }
    #[inline(always)]
    fn larger_bits(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_castsi256_ps(_mm256_max_epi32(_mm256_castps_si256(a), _mm256_castps_si256(b))) }
    }
    #[inline(always)]
    fn by_power(self, a: __m256, biased: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe {
            let n = _mm256_sub_epi32(_mm256_castps_si256(biased), _mm256_set1_epi32(ROUNDER_BITS));
            let half = _mm256_srai_epi32::<1>(n);
            let power = |n| _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_add_epi32(n, _mm256_set1_epi32(127))));
            _mm256_mul_ps(_mm256_mul_ps(a, power(half)), power(_mm256_sub_epi32(n, half)))
        }
    }
    #[inline(always)]
    fn largest<const BITS: bool>(self, a: __m256) -> f32 {
        let larger = |a, b| if BITS { self.larger_bits(a, b) } else { self.larger(a, b) };
        // SAFETY: `self` proves AVX2.
        unsafe {
            let four = larger(a, _mm256_permute2f128_ps::<1>(a, a));
            let two = larger(four, _mm256_shuffle_ps::<0b01_00_11_10>(four, four));
            _mm256_cvtss_f32(larger(two, _mm256_shuffle_ps::<0b10_11_00_01>(two, two)))
        }
    }
    #[inline(always)]
    fn fold_in_four_lanes(self, a: __m256) -> f32 {
        // SAFETY: `self` proves AVX2; the sum of two blocks is that of their halves.
        unsafe { fold_eight(a) }
    }
    #[inline(always)]
    fn fold(self, a: __m256) -> f32 {
        // SAFETY: `self` proves AVX2.
        unsafe { fold_eight(a) }
    }
    #[inline(always)]
    fn interleave_low(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_unpacklo_ps(a, b) }
    }
    #[inline(always)]
    fn interleave_high(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_unpackhi_ps(a, b) }
    }
    #[inline(always)]
    fn low_halves(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_shuffle_ps::<0b01_00_01_00>(a, b) }
    }
    #[inline(always)]
    fn high_halves(self, a: __m256, b: __m256) -> __m256 {
        // SAFETY: `self` proves AVX2.
        unsafe { _mm256_shuffle_ps::<0b11_10_11_10>(a, b) }
    }

    #[inline(always)]
    unsafe fn load(self, from: *const f32) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that eight numbers are readable.
        unsafe { _mm256_loadu_ps(from) }
    }
    #[inline(always)]
    unsafe fn load_part(self, from: *const f32, part: __m256i) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that the numbers of `part` are readable, and no others are read.
        unsafe { _mm256_maskload_ps(from, part) }
    }
    #[inline(always)]
    unsafe fn load_few<const COUNT: usize>(self, from: *const f32) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that `COUNT` numbers are readable. (A load of 64 bits as integers may be unaligned.)
        unsafe {
            match COUNT {
                1 => _mm256_zextps128_ps256(_mm_load_ss(from)),
                2 => _mm256_zextps128_ps256(_mm_castsi128_ps(_mm_loadl_epi64(from.cast()))),
                4 => _mm256_zextps128_ps256(_mm_loadu_ps(from)),
                _ => _mm256_loadu_ps(from),
            }
        }
    }
    #[inline(always)]
    unsafe fn store_few<const COUNT: usize>(self, a: __m256, to: *mut f32) {
        // SAFETY: `self` proves AVX2; the caller, that `COUNT` numbers are writable. (A store of 64 bits may be unaligned.)
        unsafe {
            let low = _mm256_castps256_ps128(a);
            match COUNT {
                1 => _mm_store_ss(to, low),
                2 => _mm_storel_epi64(to.cast(), _mm_castps_si128(low)),
                4 => _mm_storeu_ps(to, low),
                _ => _mm256_storeu_ps(to, a),
            }
        }
    }
    #[inline(always)]
    unsafe fn store(self, a: __m256, to: *mut f32) {
        // SAFETY: `self` proves AVX2; the caller, that eight numbers are writable.
        unsafe { _mm256_storeu_ps(to, a) }
    }
    #[inline(always)]
    unsafe fn store_part(self, a: __m256, to: *mut f32, part: __m256i) {
        // SAFETY: `self` proves AVX2; the caller, that the numbers of `part` are writable, and no others are written.
        unsafe { _mm256_maskstore_ps(to, part, a) }
    }
    #[inline(always)]
    unsafe fn load_fresh(self, from: *const f32, count: usize) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that `count` numbers are readable.
        unsafe {
            let mut last = _mm_setzero_ps();
            if count & 1 > 0 {
                last = _mm_load_ss(from.add(count & 6));
            }
            if count & 2 > 0 {
                last = _mm_movelh_ps(_mm_castsi128_ps(_mm_loadl_epi64(from.add(count & 4).cast())), last);
            }
            if count & 4 > 0 {
                return _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(_mm_loadu_ps(from)), last);
            }
            _mm256_zextps128_ps256(last)
        }
    }
    #[inline(always)]
    unsafe fn store_fresh(self, a: __m256, to: *mut f32, count: usize) {
        // SAFETY: `self` proves AVX2; the caller, that `count` numbers are writable. (A store of 64 bits may be unaligned.)
        unsafe {
            let (mut last, mut to) = (_mm256_castps256_ps128(a), to);
            if count & 4 > 0 {
                _mm_storeu_ps(to, last);
                (last, to) = (_mm256_extractf128_ps::<1>(a), to.add(4));
            }
            if count & 2 > 0 {
                _mm_storel_epi64(to.cast(), _mm_castps_si128(last));
                (last, to) = (_mm_movehl_ps(last, last), to.add(2));
            }
            if count & 1 > 0 {
                _mm_store_ss(to, last);
            }
        }
    }
    #[inline(always)]
    unsafe fn four(self, from: *const f32) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that four numbers are readable. (`_mm256_broadcast_ps` asks for a reference, and so
        // for alignment; this is the same instruction.)
        unsafe {
            let four = _mm_loadu_ps(from);
            _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(four), four)
        }
    }
    #[inline(always)]
    unsafe fn up_to_four(self, from: *const f32, count: usize) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that `count` numbers are readable, and no others are read.
        unsafe {
            let four = _mm_maskload_ps(from, _mm256_castsi256_si128(self.first(count)));
            _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(four), four)
        }
    }
    #[inline(always)]
    unsafe fn gather_fours(self, from: *const f32, stride: usize, count: usize) -> __m256 {
        // SAFETY: `self` proves AVX2; the caller, that `count` numbers are readable at both places; no others are read.
        unsafe {
            let (low, high) = if count == 4 {
                (_mm_loadu_ps(from), _mm_loadu_ps(from.add(stride)))
            } else {
                let part = _mm256_castsi256_si128(self.first(count));
                (_mm_maskload_ps(from, part), _mm_maskload_ps(from.add(stride), part))
            };
            _mm256_insertf128_ps::<1>(_mm256_castps128_ps256(low), high)
        }
    }
}

/// The sum of eight: the upper half is added to the lower, until one number is left.
///
/// # Safety
/// The running processor must have AVX.
#[inline(always)]
pub unsafe fn fold_eight(a: __m256) -> f32 {
    // SAFETY: the caller's.
    unsafe { fold_four(_mm_add_ps(_mm256_castps256_ps128(a), _mm256_extractf128_ps::<1>(a))) }
}

/// The sum of four, (l₀ + l₂) + (l₁ + l₃).
///
/// # Safety
/// The running processor must have AVX.
#[inline(always)]
pub unsafe fn fold_four(four: __m128) -> f32 {
    // SAFETY: the caller's.
    unsafe {
        let two = _mm_add_ps(four, _mm_movehl_ps(four, four));
        _mm_cvtss_f32(_mm_add_ss(two, _mm_shuffle_ps::<1>(two, two)))
    }
}
