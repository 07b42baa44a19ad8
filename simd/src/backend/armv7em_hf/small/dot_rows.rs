//! Dot products of neighbouring rows with one vector: row by row.

use core::arch::naked_asm;

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ` for every row that there is, and has an output; returns how many rows that were.
///
/// *Order:* each output is a [`dot`](crate::kernel::dot()).
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

/// One of the last columns, into the lane with this running sum.
macro_rules! last_column {
    ($sum:literal) => {
        concat!("vldmia r0!, {s4}; vldmia r4!, {s8}; vmul.f32 s4, s4, s8; subs r5, #1; vadd.f32 ", $sum, ", ", $sum, ", s4\n")
    };
}

/// The dot products of `count` rows: 5.5 cycles per product and sum in the loop, and about 20 a row.
///
/// s0 to s3 are the running sums, one a lane; r0 goes through all rows, r4 through `deltas`.
///
/// # Safety
/// `rows` must have `count * columns` elements to read, `deltas` `columns` and `output` `count` to write, which overlap with
/// nothing; neither `columns` nor `count` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn dot_each_row(rows: *const f32, deltas: *const f32, columns: usize, output: *mut f32, count: usize) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4, r5}",
        "ldr r12, [sp, #8]",
        "2:",
        "mov r4, r1",
        // Running sums begin at +0, not with the first product, which may be −0.
        "movs r5, #0",
        "vmov s0, r5; vmov s1, r5; vmov s2, r5; vmov s3, r5",
        "lsrs r5, r2, #2",
        "beq 4f",
        "3:",
        "vldmia r0!, {s4-s7}",
        "vldmia r4!, {s8-s11}",
        "vmul.f32 s4, s4, s8; vmul.f32 s5, s5, s9; vmul.f32 s6, s6, s10; vmul.f32 s7, s7, s11",
        "vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s5; vadd.f32 s2, s2, s6; vadd.f32 s3, s3, s7",
        "subs r5, #1",
        "bne 3b",
        "4:",
        "ands r5, r2, #3",
        "beq 5f",
        last_column!("s0"),
        "beq 5f",
        last_column!("s1"),
        "beq 5f",
        last_column!("s2"),
        "5:",
        // (l₀ + l₂) + (l₁ + l₃)
        "vadd.f32 s0, s0, s2; vadd.f32 s1, s1, s3; vadd.f32 s0, s0, s1",
        "vstmia r3!, {s0}",
        "subs.w r12, r12, #1",
        "bne 2b",
        "pop {r4, r5}",
        "bx lr",
        options(raw),
    )
}
