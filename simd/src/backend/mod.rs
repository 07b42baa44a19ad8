//! What one processor does better than the portable body, with the same bits.
//!
//! A loop that a backend may have is a function that returns how much it has done, or `None` where there is none; or, if it does
//! all of the kernel, whether there is one. The compiler sees which, and drops the portable body of what the backend does.

mod level;
pub use level::{Level, force, level};

mod portable;
#[allow(unused_imports)]
pub(crate) use portable::*;

#[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "fused")))]
mod armv7em_hf;
#[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "fused"), not(feature = "helium")))]
pub(crate) use armv7em_hf::add_rows;
#[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "fused")))]
pub(crate) use armv7em_hf::{
    adam_rows, add_outer, add_sparse, clear, dot_rows, gate_eights, momentum_rows, outer_sums, rectify_eights, sample_sums, sqrt,
};

#[cfg(all(target_arch = "arm", target_abi = "eabihf", small, not(feature = "fused")))]
pub(crate) use armv7em_hf::sum_of_magnitudes;

#[cfg(all(target_arch = "arm", target_abi = "eabihf", feature = "fused"))]
mod vfma;
#[cfg(all(target_arch = "arm", target_abi = "eabihf", feature = "fused", not(feature = "helium")))]
pub(crate) use vfma::add_rows;
#[cfg(all(target_arch = "arm", target_abi = "eabihf", feature = "fused"))]
pub(crate) use vfma::{add_outer, clear, dot_rows, fma, gate_eights, outer_sums, rectify_eights, sample_sums, sqrt};

#[cfg(all(target_arch = "arm", target_abi = "eabihf", feature = "helium"))]
mod helium;
#[cfg(all(target_arch = "arm", target_abi = "eabihf", feature = "helium"))]
pub(crate) use helium::add_rows;

#[cfg(target_arch = "x86_64")]
mod x86_64;
#[cfg(target_arch = "x86_64")]
pub(crate) use x86_64::{
    adam, add, add_each, axpy, dot, exp, matvec, matvec_transposed, max_abs, momentum, product, product_transposed, rank_one,
    relu, relu_backward, scale, sigmoid, softmax, softmax_rows, sqrt, sum_of_squares, tanh, transposed_product,
};

/// `Quad`: four columns. `Widest`: the most columns that a kernel takes at a time, eight on Arm, where eight running sums and
/// two rows of eight products fill the 32 registers; elsewhere sixteen, four chains of additions for a processor to overlap.
/// `Tile`: the columns that are taken of four rows at a time; four times four running sums are half of Arm's registers.
#[cfg(target_arch = "arm")]
mod lanes {
    pub type Quad = crate::lanes::Four;
    pub type Widest = crate::lanes::Twice<Quad>;
    pub type Tile = Quad;
}
#[cfg(not(target_arch = "arm"))]
mod lanes {
    pub type Quad = wide::f32x4;
    pub type Widest = crate::lanes::Twice<crate::lanes::Twice<Quad>>;
    pub type Tile = crate::lanes::Twice<Quad>;
}
pub(crate) use lanes::{Quad, Tile, Widest};
