//! Cortex-M with a single-precision floating-point unit and the feature `fused`: VFMA, one instruction a product and sum.
//!
//! Made for the M7, M33 and M55, which take one a cycle; an M4F takes three cycles for it. No function of stable Rust becomes a
//! VFMA, and inline assembly has no operands in floating-point registers here: so what runs often is a loop of assembly over slices
//! (sixteen columns, then four, then one), and the rest moves its operands from general registers.
#![allow(unsafe_code)]

mod add_outer;
#[path = "../armv7em_hf/clear.rs"]
mod clear;
mod dot_rows;
mod fma;
#[path = "../armv7em_hf/rectify.rs"]
mod rectify;
#[path = "../armv7em_hf/sqrt.rs"]
mod sqrt;
mod sums;

pub use add_outer::add_outer;
pub use clear::clear;
pub use dot_rows::dot_rows;
pub use fma::fma;
pub use rectify::{gate_eights, rectify_eights};
pub use sqrt::sqrt;
#[cfg(not(feature = "helium"))]
pub use sums::add_rows;
pub use sums::{outer_sums, sample_sums};

/// Inline assembly that leaves no floating-point register as it was.
macro_rules! asm_with_all_registers {
    ($($argument:tt)*) => {
        core::arch::asm!(
            $($argument)*
            out("s0") _, out("s1") _, out("s2") _, out("s3") _, out("s4") _, out("s5") _, out("s6") _, out("s7") _,
            out("s8") _, out("s9") _, out("s10") _, out("s11") _, out("s12") _, out("s13") _, out("s14") _, out("s15") _,
            out("s16") _, out("s17") _, out("s18") _, out("s19") _, out("s20") _, out("s21") _, out("s22") _, out("s23") _,
            out("s24") _, out("s25") _, out("s26") _, out("s27") _, out("s28") _, out("s29") _, out("s30") _, out("s31") _,
            options(nostack),
        )
    };
}
use asm_with_all_registers;
