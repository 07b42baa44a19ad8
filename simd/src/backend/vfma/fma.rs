//! `a·b + c` with one rounding.

use core::arch::asm;

/// `a·b + c`: VFMA, its operands moved from and to general registers, since stable Rust has no other way to name the instruction.
#[inline(always)]
pub fn fma(a: f32, b: f32, c: f32) -> f32 {
    let bits: u32;
    // SAFETY: every `eabihf` target of a Cortex-M has VFMA.F32; the instructions touch no memory, and s0 to s2 are declared as
    // overwritten.
    unsafe {
        asm!(
            "vmov s0, {c}",
            "vmov s1, s2, {a}, {b}",
            "vfma.f32 s0, s1, s2",
            "vmov {c}, s0",
            a = in(reg) a.to_bits(),
            b = in(reg) b.to_bits(),
            c = inout(reg) c.to_bits() => bits,
            out("s0") _, out("s1") _, out("s2") _,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    f32::from_bits(bits)
}
