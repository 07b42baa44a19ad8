//! What this processor can do at most, on one core, in its widest vectors: the floors that kernels are drawn against.

use criterion::{Criterion, Throughput};
use kilograd_benches::{CHAINS, RESIDENT, ROUNDS, WIDTH};
use pulp::{Arch, Simd, WithSimd};
use std::hint::black_box;

/// What the chains do.
#[derive(Clone, Copy)]
enum Operation {
    /// A product and a sum, rounded once.
    Fused,
    /// Rounded twice.
    Apart,
    /// A quotient by a square root.
    Quotient,
}

struct Chains(Operation, f32);

impl WithSimd for Chains {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let factor = simd.splat_f32s(self.1);
        let mut chains = [factor; CHAINS];
        // As many numbers for every width of a vector.
        for _ in 0..ROUNDS * (WIDTH / S::F32_LANES) {
            for x in &mut chains {
                *x = match self.0 {
                    Operation::Fused => simd.mul_add_f32s(*x, factor, factor),
                    Operation::Apart => simd.add_f32s(simd.mul_f32s(*x, factor), factor),
                    Operation::Quotient => simd.div_f32s(factor, simd.sqrt_f32s(*x)),
                };
            }
        }
        chains.into_iter().map(|x| simd.reduce_sum_f32s(x)).sum()
    }
}

#[repr(align(64))]
struct Aligned([f32; RESIDENT]);

/// Adds what it loads, or it would not be loaded.
struct Loads<'a>(&'a [f32]);

impl WithSimd for Loads<'_> {
    type Output = f32;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f32 {
        let mut sums = [simd.splat_f32s(0.0); 8];
        for x in S::as_simd_f32s(self.0).0.as_chunks::<8>().0 {
            for (sum, x) in sums.iter_mut().zip(x) {
                *sum = simd.add_f32s(*sum, *x);
            }
        }
        sums.into_iter().map(|x| simd.reduce_sum_f32s(x)).sum()
    }
}

/// Multiplications and additions, fused and apart; quotients by a root; numbers loaded.
pub fn peak(c: &mut Criterion) {
    let arch = Arch::new();
    let mut group = c.benchmark_group("peak");
    for (name, operation) in [("fused", Operation::Fused), ("apart", Operation::Apart), ("quotients", Operation::Quotient)] {
        group.throughput(Throughput::Elements((WIDTH * CHAINS * ROUNDS) as u64));
        group.bench_function(name, |b| b.iter(|| arch.dispatch(Chains(operation, black_box(0.5)))));
    }
    // No vector lies across two lines of the cache.
    let x = Box::new(Aligned([0.5; RESIDENT]));
    group.throughput(Throughput::Elements(RESIDENT as u64));
    group.bench_function("loads", |b| b.iter(|| arch.dispatch(Loads(black_box(&x.0)))));
    group.finish();
}
