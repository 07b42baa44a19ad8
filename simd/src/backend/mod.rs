//! What one processor does better than the portable body, with the same bits.
//!
//! A loop that a backend may have is a function that returns how much it has done, or `None` where there is none; or, if it does
//! all of the kernel, whether there is one. The compiler sees which, and drops the portable body of what the backend does.

#[cfg(all(target_arch = "arm", target_abi = "eabihf"))]
mod armv7em_hf;
#[cfg(all(target_arch = "arm", target_abi = "eabihf"))]
pub use armv7em_hf::sqrt;
// They multiply and add apart.
#[cfg(all(target_arch = "arm", target_abi = "eabihf", not(feature = "fused")))]
pub use armv7em_hf::{add_outer, add_rows, dot_rows, outer_sums};

#[cfg(any(not(all(target_arch = "arm", target_abi = "eabihf")), feature = "fused"))]
mod portable;
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf")))]
pub use portable::sqrt;
#[cfg(any(not(all(target_arch = "arm", target_abi = "eabihf")), feature = "fused"))]
pub use portable::{add_outer, add_rows, dot_rows, outer_sums};

#[cfg(all(feature = "fused", not(all(target_arch = "arm", target_abi = "eabihf"))))]
mod fma;
#[cfg(all(feature = "fused", target_arch = "arm", target_abi = "eabihf"))]
pub use armv7em_hf::fma;
#[cfg(all(feature = "fused", not(all(target_arch = "arm", target_abi = "eabihf"))))]
pub use fma::fma;

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
pub use lanes::{Quad, Tile, Widest};
