//! Adam's step: four parameters at a time, then one.

use crate::kernel::AdamStep;
use core::arch::naked_asm;

/// A step of all rows that weights and both moments have and that have an input; whether this target has it.
#[inline(always)]
pub fn adam_rows(step: &AdamStep, input: &[f32], deltas: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) -> bool {
    let columns = deltas.len();
    let elements = weights.len().min(m.len()).min(v.len());
    let rows = elements.checked_div(columns).unwrap_or(0).min(input.len());
    if rows > 0 {
        let constants = [step.beta1, step.gain1, step.beta2, step.gain2, step.root_correction, step.epsilon, -step.rate];
        let (input, deltas) = (input.as_ptr(), deltas.as_ptr());
        let (weights, m, v) = (weights.as_mut_ptr(), m.as_mut_ptr(), v.as_mut_ptr());
        // SAFETY: `weights`, `m` and `v` have `rows` rows of `columns` elements and `input` `rows` elements, all by the
        // quotient; `rows` is not zero, so neither is `columns`. `weights`, `m` and `v` are borrowed alone.
        unsafe { descend_rows(&constants, input, deltas, weights, m, v, rows, columns) };
    }
    true
}

/// The steps of all rows: 50.8 cycles per parameter in the loop, 28 of them for a root and a quotient, and about 68 in single columns.
///
/// s24 to s30 are the constants, s31 is the row's input. r3, r4 and r5 run through weights and moments, r8 along `deltas`.
///
/// # Safety
/// `weights`, `m` and `v` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and `deltas`
/// `columns` to read; neither `rows` nor `columns` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn descend_rows(
    constants: &[f32; 7],
    input: *const f32,
    deltas: *const f32,
    weights: *mut f32,
    m: *mut f32,
    v: *mut f32,
    rows: usize,
    columns: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r8, lr}",
        "vpush {d8-d15}",
        "vldmia r0, {s24-s30}",
        "add r8, sp, #88",
        "ldm r8, {r4-r7}",
        "2:",
        "vldmia r1!, {s31}",
        "mov r8, r2",
        "lsrs r0, r7, #2",
        "beq 4f",
        "3:",
        "vldmia r8!, {s0-s3}",
        "vldmia r4, {s4-s7}",
        "vldmia r5, {s8-s11}",
        "vldmia r3, {s12-s15}",
        "vmul.f32 s0, s0, s31; vmul.f32 s1, s1, s31; vmul.f32 s2, s2, s31; vmul.f32 s3, s3, s31",
        "vmul.f32 s4, s4, s24; vmul.f32 s5, s5, s24; vmul.f32 s6, s6, s24; vmul.f32 s7, s7, s24",
        "vmul.f32 s16, s0, s25; vmul.f32 s17, s1, s25; vmul.f32 s18, s2, s25; vmul.f32 s19, s3, s25",
        "vadd.f32 s4, s4, s16; vadd.f32 s5, s5, s17; vadd.f32 s6, s6, s18; vadd.f32 s7, s7, s19",
        "vmul.f32 s0, s0, s0; vmul.f32 s1, s1, s1; vmul.f32 s2, s2, s2; vmul.f32 s3, s3, s3",
        "vmul.f32 s8, s8, s26; vmul.f32 s9, s9, s26; vmul.f32 s10, s10, s26; vmul.f32 s11, s11, s26",
        "vmul.f32 s0, s0, s27; vmul.f32 s1, s1, s27; vmul.f32 s2, s2, s27; vmul.f32 s3, s3, s27",
        "vadd.f32 s8, s8, s0; vadd.f32 s9, s9, s1; vadd.f32 s10, s10, s2; vadd.f32 s11, s11, s3",
        "vsqrt.f32 s0, s8; vsqrt.f32 s1, s9; vsqrt.f32 s2, s10; vsqrt.f32 s3, s11",
        "vmul.f32 s0, s0, s28; vmul.f32 s1, s1, s28; vmul.f32 s2, s2, s28; vmul.f32 s3, s3, s28",
        "vadd.f32 s0, s0, s29; vadd.f32 s1, s1, s29; vadd.f32 s2, s2, s29; vadd.f32 s3, s3, s29",
        "vdiv.f32 s0, s4, s0; vdiv.f32 s1, s5, s1; vdiv.f32 s2, s6, s2; vdiv.f32 s3, s7, s3",
        "vmul.f32 s0, s0, s30; vmul.f32 s1, s1, s30; vmul.f32 s2, s2, s30; vmul.f32 s3, s3, s30",
        "vadd.f32 s12, s12, s0; vadd.f32 s13, s13, s1; vadd.f32 s14, s14, s2; vadd.f32 s15, s15, s3",
        "vstmia r4!, {s4-s7}",
        "vstmia r5!, {s8-s11}",
        "vstmia r3!, {s12-s15}",
        "subs r0, r0, #1",
        "bne 3b",
        "4:",
        "ands r0, r7, #3",
        "beq 6f",
        "5:",
        "vldmia r8!, {s0}",
        "vldr s4, [r4]; vldr s8, [r5]; vldr s12, [r3]",
        "vmul.f32 s0, s0, s31; vmul.f32 s4, s4, s24; vmul.f32 s16, s0, s25; vmul.f32 s0, s0, s0",
        "vmul.f32 s8, s8, s26; vmul.f32 s0, s0, s27; vadd.f32 s4, s4, s16; vadd.f32 s8, s8, s0",
        "vstmia r4!, {s4}",
        "vsqrt.f32 s0, s8",
        "vstmia r5!, {s8}",
        "vmul.f32 s0, s0, s28; vadd.f32 s0, s0, s29; vdiv.f32 s0, s4, s0; vmul.f32 s0, s0, s30; vadd.f32 s12, s12, s0",
        "vstmia r3!, {s12}",
        "subs r0, r0, #1",
        "bne 5b",
        "6:",
        "subs r6, r6, #1",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r8, pc}",
        options(raw),
    )
}
