//! Any target without a faster way: libm (which uses the processor's own instruction where its target has one), and no loop
//! but the kernel's own.

// What a backend has stands before what is here.
#![allow(dead_code)]

use crate::block::rows_mut;
use crate::kernel::{AdamStep, MomentumStep};

/// The correctly rounded square root.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}

/// `a·b + c`, correctly rounded: for processors without an instruction for it.
///
/// In f64 the product is exact. Its sum with c is rounded to odd (of the two neighbours the one whose last bit is set, if it
/// is not exact), which f64's 29 digits more let f32 round as it would round the exact sum, subnormal results included
/// (S. Boldo and G. Melquiond, "Emulation of a FMA and correctly rounded sums: proved algorithms using rounding to odd",
/// IEEE Transactions on Computers 57, 2008). `libm::fmaf` (0.2.16)
/// looks for double rounding where normal results have it, and rounds some subnormal ones twice.
#[inline]
pub fn fma(a: f32, b: f32, c: f32) -> f32 {
    let (product, c) = (f64::from(a) * f64::from(b), f64::from(c));
    let sum = product + c;
    // What the sum lost (D. Knuth's two-sum): exact, and NaN beside a sum that is not finite.
    let of_c = sum - product;
    let lost = (product - (sum - of_c)) + (c - of_c);
    let bits = sum.to_bits();
    let odd = if lost == 0.0 || lost.is_nan() || bits & 1 == 1 {
        bits
    } else if (lost > 0.0) == (sum > 0.0) {
        bits.wrapping_add(1)
    } else {
        bits.wrapping_sub(1)
    };
    f64::from_bits(odd) as f32
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn dot_rows(_rows: &[f32], _deltas: &[f32], _output: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn outer_sums(_alpha: f32, _samples: usize, _a: &[f32], _b: &[f32], _c: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn sample_sums(_a: [&[f32]; 4], _b: &[f32], _bias: &[f32], _c: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_outer(_alpha: f32, _input: &[f32], _deltas: &[f32], _weights: &mut [f32]) -> bool {
    false
}

/// Where every operation is a call, each that is not needed is left out; elsewhere nothing is done here.
#[inline(always)]
pub fn add_sparse(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    if cfg!(not(target_arch = "arm")) {
        return false;
    }
    for (j, d) in deltas.iter().enumerate().filter(|(_, d)| !is_zero(**d)) {
        let step = alpha * d;
        for (x, row) in input.iter().zip(rows_mut(weights, deltas.len())) {
            if let (false, Some(w)) = (is_zero(*x), row.get_mut(j)) {
                *w += x * step;
            }
        }
    }
    true
}

/// Of either sign, told without an operation on floats.
#[inline(always)]
fn is_zero(x: f32) -> bool {
    x.to_bits() << 1 == 0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn clear(_x: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn gate_eights(_y: &[f32], _d: &mut [f32]) -> usize {
    0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn rectify_eights(_x: &mut [f32]) -> usize {
    0
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn adam_rows(_: &AdamStep, _: &[f32], _: &[f32], _: &mut [f32], _: &mut [f32], _: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn momentum_rows(_: &MomentumStep, _: &[f32], _: &[f32], _: &mut [f32], _: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_rows(_weights: &[f32], _input: &[f32], _bias: &[f32], _output: &mut [f32]) -> bool {
    false
}

/// Declares what only some backends have, as nothing done.
macro_rules! nothing {
    ($(fn $name:ident($($type:ty),*) -> $output:ty;)*) => {$(
        #[inline(always)]
        pub fn $name($(_: $type),*) -> Option<$output> {
            None
        }
    )*};
}

nothing! {
    fn dot(&[f32], &[f32]) -> f32;
    fn sum_of_magnitudes(&[f32]) -> f32;
    fn sum_of_squares(&[f32], f32) -> f32;
    fn max_abs(&[f32]) -> f32;
    fn exp(&mut [f32]) -> ();
    fn tanh(&mut [f32]) -> ();
    fn sigmoid(&mut [f32]) -> ();
    fn softmax(&[f32], &mut [f32]) -> (f32, f32);
    fn softmax_rows(&[f32], &mut [f32], &mut [f32], &mut [f32]) -> ();
    fn axpy(f32, &[f32], &mut [f32]) -> ();
    fn add(&[f32], &mut [f32]) -> ();
    fn add_each(&[f32], &mut [f32]) -> ();
    fn scale(f32, &mut [f32]) -> ();
    fn relu(&mut [f32]) -> ();
    fn relu_backward(&[f32], &mut [f32]) -> ();
    fn rank_one(f32, &[f32], &[f32], &mut [f32]) -> ();
    fn momentum(&MomentumStep, &[f32], &[f32], &mut [f32], &mut [f32]) -> ();
    fn adam(&AdamStep, &[f32], &[f32], &mut [f32], &mut [f32], &mut [f32]) -> ();
    fn matvec(&[f32], &[f32], &[f32], &mut [f32]) -> ();
    fn product(&[f32], &[f32], &[f32], &mut [f32]) -> ();
    fn transposed_product(usize, &[f32], &[f32], &mut [f32]) -> ();
    fn matvec_transposed(&[f32], &[f32], &mut [f32]) -> bool;
    fn product_transposed(usize, &[f32], &[f32], &mut [f32]) -> bool;
}
