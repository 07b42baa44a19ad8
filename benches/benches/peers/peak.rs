//! What this processor can do at most, on one core: the floors that kernels are drawn against.

use criterion::{Criterion, Throughput};
use std::hint::black_box;

/// Chains of operations that do not wait for each other, sixteen numbers each: a multiplication takes as long as an addition, about
/// four cycles, and two begin in each.
const CHAINS: usize = 12;
const ROUNDS: usize = 512;
/// Numbers that fit into the first-level cache.
const RESIDENT: usize = 4096;

/// Declares a measurement for every vector unit, and one that calls that of the widest that the processor has.
macro_rules! on_the_widest {
    ($(fn $name:ident($argument:ident: $type:ty) -> $output:ty $body:block)*) => {$(
        fn $name($argument: $type) -> $output {
            #[inline(always)]
            fn body($argument: $type) -> $output $body
            #[cfg(target_arch = "x86_64")]
            {
                #[target_feature(enable = "avx512f,avx512vl,fma")]
                fn avx512($argument: $type) -> $output {
                    body($argument)
                }
                #[target_feature(enable = "avx2,fma")]
                fn avx2($argument: $type) -> $output {
                    body($argument)
                }
                if is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vl") {
                    // SAFETY: the processor has these features, as was just asked (and FMA with them).
                    return unsafe { avx512($argument) };
                }
                if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
                    // SAFETY: as above.
                    return unsafe { avx2($argument) };
                }
            }
            body($argument)
        }
    )*};
}

on_the_widest! {
    fn fused(factor: f32) -> [[f32; 16]; CHAINS] {
        let mut chains = [[factor; 16]; CHAINS];
        for _ in 0..ROUNDS {
            for chain in &mut chains {
                for x in chain {
                    *x = x.mul_add(factor, factor);
                }
            }
        }
        chains
    }

    fn apart(factor: f32) -> [[f32; 16]; CHAINS] {
        let mut chains = [[factor; 16]; CHAINS];
        for _ in 0..ROUNDS {
            for chain in &mut chains {
                for x in chain {
                    *x = *x * factor + factor;
                }
            }
        }
        chains
    }

    fn loads(x: &[f32; RESIDENT]) -> [[f32; 16]; CHAINS] {
        let mut sums = [[0.0; 16]; CHAINS];
        for x in x.as_chunks::<{ 16 * CHAINS }>().0 {
            for (sum, x) in sums.iter_mut().zip(x.as_chunks::<16>().0) {
                for (sum, x) in sum.iter_mut().zip(x) {
                    *sum += x;
                }
            }
        }
        sums
    }
}

/// Multiplications and additions a second, fused and apart, and numbers loaded (and added, or they would not be).
pub fn peak(c: &mut Criterion) {
    let mut group = c.benchmark_group("peak");
    group.throughput(Throughput::Elements((2 * 16 * CHAINS * ROUNDS) as u64));
    group.bench_function("fused", |b| b.iter(|| fused(black_box(0.5))));
    group.bench_function("apart", |b| b.iter(|| apart(black_box(0.5))));
    let x = Box::new([0.5; RESIDENT]);
    group.throughput(Throughput::Elements((RESIDENT / (16 * CHAINS) * 16 * CHAINS) as u64));
    group.bench_function("loads", |b| b.iter(|| loads(black_box(&x))));
    group.finish();
}
