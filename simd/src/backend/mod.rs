//! What one processor does better than the portable body, with the same bits.

#[cfg(all(target_arch = "arm", target_abi = "eabihf"))]
mod armv7em_hf;
#[cfg(all(target_arch = "arm", target_abi = "eabihf"))]
pub use armv7em_hf::sqrt;

#[cfg(not(all(target_arch = "arm", target_abi = "eabihf")))]
mod portable;
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf")))]
pub use portable::sqrt;
