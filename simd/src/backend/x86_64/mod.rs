//! x86-64 with AVX2 or AVX-512, chosen when the program runs.
//!
//! A kernel's body is generic over the vector unit ([`isa::Isa`]) and inlined into one function for each, which is compiled for
//! that unit's target features. [`dispatch`] makes both and calls the one of the [`level`](super::level()): a relaxed load of an
//! atomic and a jump. On the level `Portable` nothing is done here.
//!
//! All of them multiply and add apart, or with the feature `fused` at once (every processor with AVX2 has FMA3), in the order of the
//! portable body: the same bits.
#![allow(unsafe_code)]

mod avx2;
mod avx512;
mod dot_rows;
mod elementary;
mod isa;
mod products;
mod reduce;
mod sweep;
mod tile;
mod updates;

use super::level::{Level, level};
use crate::kernel::{AdamStep, MomentumStep};
use avx2::Avx2;
use avx512::Avx512;
use core::arch::x86_64::{_mm_cvtss_f32, _mm_set_ss, _mm_sqrt_ss};

cpufeatures::new!(has_avx2, "avx2", "fma");
cpufeatures::new!(has_avx512, "avx2", "fma", "avx512f", "avx512vl", "avx512bw", "avx512dq");

/// The highest level that the processor (and the operating system) has.
pub fn highest() -> Level {
    if has_avx512::get() {
        Level::Avx512
    } else if has_avx2::get() {
        Level::Avx2
    } else {
        Level::Portable
    }
}

/// The correctly rounded square root, which every x86-64 has. An intrinsic and not libm's assembly: Miri runs it.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    // SAFETY: SSE is part of x86-64.
    unsafe { _mm_cvtss_f32(_mm_sqrt_ss(_mm_set_ss(x))) }
}

/// Declares functions with a body for every vector unit: `name(arguments) = body`, where `body(isa, arguments)` is inlined. What
/// they return is `None`, and nothing done, on the level `Portable`.
macro_rules! dispatch {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $output:ty)? = $body:path;)*) => {$(
        #[allow(unused_parens)] // of one output
        #[inline(always)]
        pub fn $name($($argument: $type),*) -> Option<($($output)?)> {
            #[target_feature(enable = "avx2,fma")]
            fn avx2($($argument: $type),*) $(-> $output)? {
                // SAFETY: the processor has this function's target features, or it would not be running.
                $body(unsafe { Avx2::new() }, $($argument),*)
            }
            #[target_feature(enable = "avx2,fma,avx512f,avx512vl,avx512bw,avx512dq")]
            fn avx512($($argument: $type),*) $(-> $output)? {
                // SAFETY: the processor has this function's target features, or it would not be running.
                $body(unsafe { Avx512::new() }, $($argument),*)
            }
            match level() {
                Level::Portable => None,
                // SAFETY: a level is never higher than the processor's.
                Level::Avx2 => Some(unsafe { avx2($($argument),*) }),
                // SAFETY: a level is never higher than the processor's.
                Level::Avx512 => Some(unsafe { avx512($($argument),*) }),
            }
        }
    )*};
}

dispatch! {
    fn dot(a: &[f32], b: &[f32]) -> f32 = reduce::dot;
    fn sum_of_squares(x: &[f32], scale: f32) -> f32 = reduce::sum_of_squares;
    fn max_abs(x: &[f32]) -> f32 = reduce::max_abs;
    fn axpy(alpha: f32, x: &[f32], y: &mut [f32]) = sweep::axpy;
    fn add(x: &[f32], y: &mut [f32]) = sweep::add;
    fn add_each(rows: &[f32], sum: &mut [f32]) = products::add_each;
    fn scale(alpha: f32, x: &mut [f32]) = sweep::scale;
    fn relu(x: &mut [f32]) = sweep::relu;
    fn relu_backward(y: &[f32], d: &mut [f32]) = sweep::relu_backward;
    fn exp(x: &mut [f32]) = elementary::exp;
    fn tanh(x: &mut [f32]) = elementary::tanh;
    fn sigmoid(x: &mut [f32]) = elementary::sigmoid;
    fn softmax(x: &[f32], y: &mut [f32]) -> (f32, f32) = elementary::softmax;
    fn softmax_rows(x: &[f32], y: &mut [f32], largest: &mut [f32], log_sums: &mut [f32]) = elementary::softmax_rows;
    fn rank_one(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) = updates::rank_one;
    fn momentum(step: &MomentumStep, x: &[f32], d: &[f32], weights: &mut [f32], v: &mut [f32]) = updates::momentum;
    fn adam(step: &AdamStep, x: &[f32], d: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) = updates::adam;
    fn matvec(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) = products::matvec;
    fn product(a: &[f32], b: &[f32], bias: &[f32], c: &mut [f32]) = products::product;
    fn transposed_product(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) = products::transposed_product;
    fn matvec_transposed(weights: &[f32], deltas: &[f32], output: &mut [f32]) -> bool = products::matvec_transposed;
    fn product_transposed(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) -> bool = products::product_transposed;
}
