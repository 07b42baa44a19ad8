//! The exponentials of a softmax: two at a time, so that no instruction waits for the one before it.

use crate::math::exp::{EXP, LN_2_HIGH, LN_2_LOW, ROUNDER, UNDERFLOW};
use core::arch::naked_asm;

/// `yᵢ ← exp(xᵢ − largest)` for as many pairs as there are, no x being larger; returns how many elements that were.
#[inline(always)]
pub fn exponentials(largest: f32, x: &[f32], y: &mut [f32]) -> usize {
    let pairs = x.len().min(y.len()) >> 1;
    if pairs > 0 {
        // SAFETY: both `x` and `y` have `2 * pairs` elements; `y` is borrowed alone.
        unsafe { exponential_pairs(largest, &CONSTANTS, x.as_ptr(), y.as_mut_ptr(), pairs, ROUNDER.to_bits()) };
    }
    2 * pairs
}

static CONSTANTS: [f32; 13] = {
    let [c0, c1, c2, c3, c4, c5] = EXP;
    let log2_e = core::f32::consts::LOG2_E;
    [UNDERFLOW, UNDERFLOW - 1.0, log2_e, ROUNDER, LN_2_HIGH, LN_2_LOW, c0, c1, c2, c3, c4, c5, 1.0]
};

/// The operations of [`exp`](crate::math::exp()) in their order, of two numbers by turns: 38 cycles each.
///
/// s16 to s28 are the constants, s29 is the largest.
///
/// # Safety
/// `x` must have `2 * pairs` elements to read and `y` as many to write; `pairs` must not be zero.
#[unsafe(naked)]
unsafe extern "C" fn exponential_pairs(
    largest: f32,
    constants: &[f32; 13],
    x: *const f32,
    y: *mut f32,
    pairs: usize,
    rounder: u32,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r8, lr}",
        "vpush {d8-d15}",
        "ldr r8, [sp, #88]",
        "vldmia r0, {s16-s28}",
        "vmov.f32 s29, s0",
        "2:",
        "vldmia r1!, {s0-s1}",
        "vsub.f32 s0, s0, s29; vsub.f32 s1, s1, s29",
        "vcmp.f32 s0, s16",
        "vmrs APSR_nzcv, fpscr",
        "it mi",
        "vmovmi.f32 s0, s17",
        "vcmp.f32 s1, s16",
        "vmrs APSR_nzcv, fpscr",
        "it mi",
        "vmovmi.f32 s1, s17",
        "vmul.f32 s2, s0, s18; vmul.f32 s3, s1, s18; vadd.f32 s2, s2, s19; vadd.f32 s3, s3, s19",
        "vsub.f32 s4, s2, s19; vsub.f32 s5, s3, s19; vmul.f32 s6, s4, s20; vmul.f32 s7, s5, s20",
        "vsub.f32 s0, s0, s6; vsub.f32 s1, s1, s7; vmul.f32 s6, s4, s21; vmul.f32 s7, s5, s21",
        "vsub.f32 s0, s0, s6; vsub.f32 s1, s1, s7; vmul.f32 s4, s22, s0; vmul.f32 s5, s22, s1",
        "vadd.f32 s4, s4, s23; vadd.f32 s5, s5, s23; vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1",
        "vadd.f32 s4, s4, s24; vadd.f32 s5, s5, s24; vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1",
        "vadd.f32 s4, s4, s25; vadd.f32 s5, s5, s25; vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1",
        "vadd.f32 s4, s4, s26; vadd.f32 s5, s5, s26; vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1",
        "vadd.f32 s4, s4, s27; vadd.f32 s5, s5, s27; vmul.f32 s6, s0, s0; vmul.f32 s7, s1, s1",
        "vmul.f32 s4, s4, s6; vmul.f32 s5, s5, s7; vadd.f32 s4, s4, s0; vadd.f32 s5, s5, s1",
        "vadd.f32 s4, s4, s28; vadd.f32 s5, s5, s28",
        // 2ⁿ in two halves.
        "vmov r4, s2",
        "vmov r5, s3",
        "sub r4, r4, r8",
        "sub r5, r5, r8",
        "asr r6, r4, #1",
        "asr r7, r5, #1",
        "sub r4, r4, r6",
        "sub r5, r5, r7",
        "add r6, r6, #127",
        "add r7, r7, #127",
        "add r4, r4, #127",
        "add r5, r5, #127",
        "lsl r6, r6, #23",
        "lsl r7, r7, #23",
        "lsl r4, r4, #23",
        "lsl r5, r5, #23",
        "vmov s0, r6",
        "vmov s1, r7",
        "vmov s2, r4",
        "vmov s3, r5",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s4, s4, s2; vmul.f32 s5, s5, s3",
        "subs r3, r3, #1",
        "vstmia r2!, {s4-s5}",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r8, pc}",
        options(raw),
    )
}
