//! The outer product of two vectors, added to a matrix: sixteen columns at a time, then four, then one.

use core::arch::naked_asm;

/// `weightsᵢⱼ ← weightsᵢⱼ + inputᵢ·(α·deltasⱼ)` for all rows that there are and have an input; whether this target has it.
#[inline(always)]
pub fn add_outer(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    let rows = weights.len().checked_div(deltas.len()).unwrap_or(0).min(input.len());
    if rows > 0 {
        // SAFETY: `weights` has `rows` rows of `deltas.len()` elements and `input` as many elements, both by the quotient;
        // `rows` is not zero, so neither is `deltas.len()`. `weights` is borrowed alone.
        unsafe { add_outer_product(alpha, weights.as_mut_ptr(), input.as_ptr(), deltas.as_ptr(), rows, deltas.len()) };
    }
    true
}

/// The outer product: 4.75 cycles per element in blocks of sixteen columns, 6.25 in blocks of four, 12 in single columns.
///
/// A block goes down all rows with its steps `α·d` in s16 to s31 (s13: α); r0 and r2 move from block to block, r8 down the rows
/// and lr with it along the input.
///
/// # Safety
/// `weights` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and `deltas` `columns` to
/// read; neither `rows` nor `columns` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn add_outer_product(
    alpha: f32,
    weights: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    columns: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r8, lr}",
        "vpush {d8-d15}",
        "ldr r7, [sp, #88]",
        "lsls r5, r7, #2",  // a row in bytes
        "sub r12, r5, #32", // from its middle to the next
        "vmov.f32 s13, s0",
        // Sixteen columns.
        "lsrs r6, r7, #4",
        "beq 4f",
        "2:",
        "vldmia r2!, {s16-s31}",
        "vmul.f32 s16, s16, s13; vmul.f32 s17, s17, s13; vmul.f32 s18, s18, s13; vmul.f32 s19, s19, s13",
        "vmul.f32 s20, s20, s13; vmul.f32 s21, s21, s13; vmul.f32 s22, s22, s13; vmul.f32 s23, s23, s13",
        "vmul.f32 s24, s24, s13; vmul.f32 s25, s25, s13; vmul.f32 s26, s26, s13; vmul.f32 s27, s27, s13",
        "vmul.f32 s28, s28, s13; vmul.f32 s29, s29, s13; vmul.f32 s30, s30, s13; vmul.f32 s31, s31, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "3:",
        "vldmia lr!, {s12}",
        "vldmia r8, {s0-s7}",
        "vmul.f32 s8, s16, s12; vmul.f32 s9, s17, s12; vmul.f32 s10, s18, s12; vmul.f32 s11, s19, s12",
        "vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11",
        "vmul.f32 s8, s20, s12; vmul.f32 s9, s21, s12; vmul.f32 s10, s22, s12; vmul.f32 s11, s23, s12",
        "vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11",
        "vstmia r8!, {s0-s7}",
        "vldmia r8, {s0-s7}",
        "vmul.f32 s8, s24, s12; vmul.f32 s9, s25, s12; vmul.f32 s10, s26, s12; vmul.f32 s11, s27, s12",
        "vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11",
        "vmul.f32 s8, s28, s12; vmul.f32 s9, s29, s12; vmul.f32 s10, s30, s12; vmul.f32 s11, s31, s12",
        "vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11",
        "vstmia r8, {s0-s7}",
        "add r8, r12",
        "subs r4, #1",
        "bne 3b",
        "adds r0, #64",
        "subs r6, #1",
        "bne 2b",
        "4:",
        // Four columns.
        "ubfx r6, r7, #2, #2",
        "cbz r6, 7f",
        "5:",
        "vldmia r2!, {s16-s19}",
        "vmul.f32 s16, s16, s13; vmul.f32 s17, s17, s13; vmul.f32 s18, s18, s13; vmul.f32 s19, s19, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "6:",
        "vldmia lr!, {s12}",
        "vldmia r8, {s0-s3}",
        "vmul.f32 s8, s16, s12; vmul.f32 s9, s17, s12; vmul.f32 s10, s18, s12; vmul.f32 s11, s19, s12",
        "vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11",
        "vstmia r8, {s0-s3}",
        "add r8, r5",
        "subs r4, #1",
        "bne 6b",
        "adds r0, #16",
        "subs r6, #1",
        "bne 5b",
        "7:",
        // One column.
        "ands r6, r7, #3",
        "beq 10f",
        "8:",
        "vldmia r2!, {s16}",
        "vmul.f32 s16, s16, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "9:",
        "vldmia lr!, {s12}",
        "vldr s0, [r8]",
        "vmul.f32 s8, s16, s12",
        "subs r4, #1",
        "vadd.f32 s0, s0, s8",
        "vstr s0, [r8]",
        "add r8, r5",
        "bne 9b",
        "adds r0, #4",
        "subs r6, #1",
        "bne 8b",
        "10:",
        "vpop {d8-d15}",
        "pop {r4-r8, pc}",
        options(raw),
    )
}
