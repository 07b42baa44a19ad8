//! Dot products of neighbouring rows with one vector: four rows at a time, four columns a round.

use core::arch::naked_asm;

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ` for every row that there is, and has an output; returns how many rows that were.
///
/// *Order:* that of [`matvec_transposed`](crate::kernel::matvec_transposed).
#[inline(always)]
pub fn dot_rows(rows: &[f32], deltas: &[f32], output: &mut [f32]) -> Option<usize> {
    let count = rows.len().checked_div(deltas.len()).unwrap_or(0).min(output.len());
    if count > 0 {
        // SAFETY: by the quotient `rows` has `count` rows of `deltas.len()` elements, and `output` as many elements; as `count`
        // is not zero, neither is `deltas.len()`. `output` is borrowed alone.
        unsafe { dot_each_row(rows.as_ptr(), deltas.as_ptr(), deltas.len(), output.as_mut_ptr(), count) };
    }
    Some(count)
}

/// One of the last columns, `$at` bytes on, into the lane with these four running sums: 14 cycles.
macro_rules! last_column {
    ($at:literal, $s0:literal, $s1:literal, $s2:literal, $s3:literal) => {
        concat!(
            last_column!(@load "s0", "r7", $at), last_column!(@load "s4", "r0", $at), last_column!(@load "s5", "r4", $at),
            last_column!(@load "s6", "r5", $at), last_column!(@load "s7", "r6", $at),
            "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s0; vmul.f32 s7, s7, s0\n",
            last_column!(@add $s0, "s4"), last_column!(@add $s1, "s5"), last_column!(@add $s2, "s6"), last_column!(@add $s3, "s7"),
        )
    };
    (@load $to:literal, $row:literal, $at:literal) => { concat!("vldr ", $to, ", [", $row, ", #", $at, "]\n") };
    (@add $sum:literal, $product:literal) => { concat!("vadd.f32 ", $sum, ", ", $sum, ", ", $product, "\n") };
}

/// The dot products of `count` rows: 3.81 cycles per product and sum in the loop, and about 70 every four rows.
///
/// s16 to s31 are the running sums, four lanes a row; r0, r4, r5 and r6 go through the rows, r7 through `deltas`. Where the rows
/// are no multiple of four, the last four begin early and some are summed twice; where there are fewer than four, all
/// pointers go through one (r2, from a row to the next, is zero).
///
/// A lane begins with its first product, not with the +0 of its definition: only a lane of nothing but −0 tells the
/// difference, only an output whose lanes are all −0 shows it, and adding +0 to the output at last undoes it.
///
/// # Safety
/// `rows` must have `count * columns` elements to read, `deltas` `columns` and `output` `count` to write, which overlap with
/// nothing; neither `columns` nor `count` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn dot_each_row(rows: *const f32, deltas: *const f32, columns: usize, output: *mut f32, count: usize) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r10}",
        "vpush {d8-d15}",
        "ldr r12, [sp, #92]",
        "and r10, r2, #3", // columns after the fours
        "lsrs r9, r2, #2",
        "sub r9, r9, #1",  // fours after the first
        "lsls r2, r2, #2", // a row in bytes
        "subs r12, r12, #4",
        "itt lo",
        "movlo r2, #0",
        "addlo r12, r12, #4",
        "2:",
        "adds r4, r0, r2",
        "adds r5, r4, r2",
        "adds r6, r5, r2",
        "mov r7, r1",
        "movs r8, r9",
        "bmi 8f",
        "vldmia r7!, {s0-s3}",
        "vldmia r0!, {s4-s7}",
        "vldmia r4!, {s8-s11}",
        "vldmia r5!, {s12-s15}",
        "vmul.f32 s16, s4, s0; vmul.f32 s17, s5, s1; vmul.f32 s18, s6, s2; vmul.f32 s19, s7, s3",
        "vmul.f32 s20, s8, s0; vmul.f32 s21, s9, s1; vmul.f32 s22, s10, s2; vmul.f32 s23, s11, s3",
        "vmul.f32 s24, s12, s0; vmul.f32 s25, s13, s1; vmul.f32 s26, s14, s2; vmul.f32 s27, s15, s3",
        "vldmia r6!, {s4-s7}",
        "vmul.f32 s28, s4, s0; vmul.f32 s29, s5, s1; vmul.f32 s30, s6, s2; vmul.f32 s31, s7, s3",
        "beq 4f", // r8 as it was moved
        "3:",
        "vldmia r7!, {s0-s3}",
        "vldmia r0!, {s4-s7}",
        "vldmia r4!, {s8-s11}",
        "vldmia r5!, {s12-s15}",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3",
        "vmul.f32 s8, s8, s0; vmul.f32 s9, s9, s1; vmul.f32 s10, s10, s2; vmul.f32 s11, s11, s3",
        "vmul.f32 s12, s12, s0; vmul.f32 s13, s13, s1; vmul.f32 s14, s14, s2; vmul.f32 s15, s15, s3",
        "vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vadd.f32 s18, s18, s6; vadd.f32 s19, s19, s7",
        "vadd.f32 s20, s20, s8; vadd.f32 s21, s21, s9; vadd.f32 s22, s22, s10; vadd.f32 s23, s23, s11",
        "vadd.f32 s24, s24, s12; vadd.f32 s25, s25, s13; vadd.f32 s26, s26, s14; vadd.f32 s27, s27, s15",
        "vldmia r6!, {s4-s7}",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3",
        "vadd.f32 s28, s28, s4; vadd.f32 s29, s29, s5; vadd.f32 s30, s30, s6; vadd.f32 s31, s31, s7",
        "subs r8, r8, #1",
        "bne 3b",
        "4:",
        "cmp r10, #1",
        "blo 5f",
        last_column!("0", "s16", "s20", "s24", "s28"),
        "beq 5f",
        "cmp r10, #2",
        last_column!("4", "s17", "s21", "s25", "s29"),
        "beq 5f",
        last_column!("8", "s18", "s22", "s26", "s30"),
        "5:",
        "add r0, r6, r10, lsl #2",
        // (l₀ + l₂) + (l₁ + l₃), and r8 is zero.
        "vmov s4, r8",
        "vadd.f32 s16, s16, s18; vadd.f32 s17, s17, s19; vadd.f32 s20, s20, s22; vadd.f32 s21, s21, s23",
        "vadd.f32 s24, s24, s26; vadd.f32 s25, s25, s27; vadd.f32 s28, s28, s30; vadd.f32 s29, s29, s31",
        "vadd.f32 s0, s16, s17; vadd.f32 s1, s20, s21; vadd.f32 s2, s24, s25; vadd.f32 s3, s28, s29",
        "vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s4; vadd.f32 s2, s2, s4; vadd.f32 s3, s3, s4",
        "cbz r2, 7f",
        "vstmia r3!, {s0-s3}",
        "subs r12, r12, #4",
        "bhs 2b",
        "adds r12, r12, #4",
        "beq 9f",
        "rsb r12, r12, #4", // rows to do again
        "mls r0, r12, r2, r0",
        "sub r3, r3, r12, lsl #2",
        "mov r12, #0",
        "b 2b",
        "7:",
        "vstmia r3!, {s0}",
        "subs r12, r12, #1",
        "bne 2b",
        "9:",
        "vpop {d8-d15}",
        "pop {r4-r10}",
        "bx lr",
        // Fewer than four columns: all lanes begin with +0, by way of the stack.
        "8:",
        "mov r8, #0",
        "vmov s0, r8; vmov s1, r8; vmov s2, r8; vmov s3, r8",
        "vpush {s0-s3}; vpush {s0-s3}; vpush {s0-s3}; vpush {s0-s3}",
        "vpop {s16-s31}",
        "b 4b",
        options(raw),
    )
}
