//! The same dot product by what else a portable kernel can be made of: crates for vectors, and plain arrays. In an order of additions
//! that suits each.

use fearless_simd::prelude::*;
use fearless_simd::{Level, dispatch};
use pulp::{Arch, Simd, WithSimd};
use wide::f32x8;

/// Eight numbers a vector, whatever the build's target features make of it: SSE2 in a default build.
pub fn by_wide(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [f32x8::ZERO; 4];
    for (a, b) in a.as_chunks::<32>().0.iter().zip(b.as_chunks::<32>().0) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.as_chunks::<8>().0.iter().zip(b.as_chunks::<8>().0)) {
            *sum += f32x8::from(*a) * f32x8::from(*b);
        }
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])).reduce_add()
}

struct Dot<'a>(&'a [f32], &'a [f32]);

impl WithSimd for Dot<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let (a, b) = (S::as_simd_f32s(self.0).0, S::as_simd_f32s(self.1).0);
        let mut sums = [simd.splat_f32s(0.0); 4];
        for (a, b) in a.as_chunks::<4>().0.iter().zip(b.as_chunks::<4>().0) {
            for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                *sum = simd.add_f32s(*sum, simd.mul_f32s(*a, *b));
            }
        }
        let half = simd.add_f32s(simd.add_f32s(sums[0], sums[1]), simd.add_f32s(sums[2], sums[3]));
        simd.reduce_sum_f32s(half)
    }
}

pub fn by_pulp(arch: Arch, a: &[f32], b: &[f32]) -> f32 {
    arch.dispatch(Dot(a, b))
}

#[inline(always)]
fn lanes<S: fearless_simd::Simd>(simd: S, a: &[f32], b: &[f32]) -> f32 {
    let width = S::f32s::LEN;
    let mut sums = [S::f32s::splat(simd, 0.0); 4];
    for (a, b) in a.chunks_exact(4 * width).zip(b.chunks_exact(4 * width)) {
        for (k, sum) in sums.iter_mut().enumerate() {
            let part = k * width..(k + 1) * width;
            *sum += S::f32s::from_slice(simd, &a[part.clone()]) * S::f32s::from_slice(simd, &b[part]);
        }
    }
    ((sums[0] + sums[1]) + (sums[2] + sums[3])).as_slice().iter().sum()
}

pub fn by_fearless_simd(level: Level, a: &[f32], b: &[f32]) -> f32 {
    dispatch!(level, simd => lanes(simd, a, b))
}

/// Two arrays of sixteen sums, which the compiler makes vectors of.
#[inline(always)]
fn arrays(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [[0.0_f32; 16]; 2];
    for (a, b) in a.as_chunks::<32>().0.iter().zip(b.as_chunks::<32>().0) {
        for (sums, (a, b)) in sums.iter_mut().zip(a.as_chunks::<16>().0.iter().zip(b.as_chunks::<16>().0)) {
            for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
                *sum += a * b;
            }
        }
    }
    let mut sums: [f32; 16] = std::array::from_fn(|i| sums[0][i] + sums[1][i]);
    for half in [8, 4, 2, 1] {
        for i in 0..half {
            sums[i] += sums[i + half];
        }
    }
    sums[0]
}

/// For the widest vectors that this processor has.
pub fn by_arrays(a: &[f32], b: &[f32]) -> f32 {
    #[cfg(target_arch = "x86_64")]
    {
        #[target_feature(enable = "avx512f,avx512vl")]
        fn avx512(a: &[f32], b: &[f32]) -> f32 {
            arrays(a, b)
        }
        #[target_feature(enable = "avx2")]
        fn avx2(a: &[f32], b: &[f32]) -> f32 {
            arrays(a, b)
        }
        if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
            // SAFETY: the processor has these features, as was just asked.
            return unsafe { avx512(a, b) };
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            return unsafe { avx2(a, b) };
        }
    }
    arrays(a, b)
}
