//! The square root.

use core::arch::asm;

/// The correctly rounded square root: VSQRT, 14 cycles on an M4F where libm takes 54.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    let bits: u32;
    // SAFETY: every `eabihf` target has VSQRT.F32; the instructions touch no memory, and s0 is declared as overwritten.
    unsafe {
        asm!(
            "vmov s0, {bits}",
            "vsqrt.f32 s0, s0",
            "vmov {bits}, s0",
            bits = inout(reg) x.to_bits() => bits,
            out("s0") _,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    f32::from_bits(bits)
}
