//! Dot products of neighbouring rows with one vector: four rows at a time.

use core::arch::naked_asm;

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ` for every four rows that there are, and an output for each; returns how many rows that were.
///
/// *Order:* each output is a [`dot`](crate::kernel::dot()).
#[inline(always)]
pub fn dot_rows(rows: &[f32], deltas: &[f32], output: &mut [f32]) -> Option<usize> {
    let fours = rows.len().checked_div(deltas.len()).unwrap_or(0).min(output.len()) >> 2;
    if fours > 0 {
        // SAFETY: by the quotient `rows` has `4 * fours` rows of `deltas.len()` elements, and `output` as many elements; as
        // `fours` is not zero, neither is `deltas.len()`. `output` is borrowed alone.
        unsafe { dot_four_rows(rows.as_ptr(), deltas.as_ptr(), deltas.len(), output.as_mut_ptr(), fours) };
    }
    Some(4 * fours)
}

/// Four columns of four rows, from byte `$at` on (in the fourth row: next): 54 cycles for 16 products and sums.
///
/// All registers that hold no running sum take part in the first burst of loads; the fourth row waits for free ones.
macro_rules! four_columns {
    ($at:literal) => {
        concat!(
            "vldr s0, [r7, #",
            $at,
            "]; vldr s1, [r7, #",
            $at,
            "+4]; vldr s2, [r7, #",
            $at,
            "+8]; vldr s3, [r7, #",
            $at,
            "+12]
            vldr s4, [r0, #",
            $at,
            "]; vldr s5, [r0, #",
            $at,
            "+4]; vldr s6, [r0, #",
            $at,
            "+8]; vldr s7, [r0, #",
            $at,
            "+12]
            vldr s8, [r4, #",
            $at,
            "]; vldr s9, [r4, #",
            $at,
            "+4]; vldr s10, [r4, #",
            $at,
            "+8]; vldr s11, [r4, #",
            $at,
            "+12]
            vldr s12, [r5, #",
            $at,
            "]; vldr s13, [r5, #",
            $at,
            "+4]; vldr s14, [r5, #",
            $at,
            "+8]; vldr s15, [r5, #",
            $at,
            "+12]
            vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3
            vmul.f32 s8, s8, s0; vmul.f32 s9, s9, s1; vmul.f32 s10, s10, s2; vmul.f32 s11, s11, s3
            vmul.f32 s12, s12, s0; vmul.f32 s13, s13, s1; vmul.f32 s14, s14, s2; vmul.f32 s15, s15, s3
            vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vadd.f32 s18, s18, s6; vadd.f32 s19, s19, s7
            vadd.f32 s20, s20, s8; vadd.f32 s21, s21, s9; vadd.f32 s22, s22, s10; vadd.f32 s23, s23, s11
            vadd.f32 s24, s24, s12; vadd.f32 s25, s25, s13; vadd.f32 s26, s26, s14; vadd.f32 s27, s27, s15
            vldmia r6!, {s4-s7}
            vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3
            vadd.f32 s28, s28, s4; vadd.f32 s29, s29, s5; vadd.f32 s30, s30, s6; vadd.f32 s31, s31, s7\n"
        )
    };
}

/// One of the last columns, `$at` bytes further on, into the lane with these four running sums: 14 cycles.
macro_rules! last_column {
    ($at:literal, $s0:literal, $s1:literal, $s2:literal, $s3:literal) => {
        concat!(
            "vldr s0, [r7, #",
            $at,
            "]; vldr s4, [r0, #",
            $at,
            "]; vldr s5, [r4, #",
            $at,
            "]
            vldr s6, [r5, #",
            $at,
            "]; vldr s7, [r6, #",
            $at,
            "]
            vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s0; vmul.f32 s7, s7, s0
            vadd.f32 ",
            $s0,
            ", ",
            $s0,
            ", s4; vadd.f32 ",
            $s1,
            ", ",
            $s1,
            ", s5
            vadd.f32 ",
            $s2,
            ", ",
            $s2,
            ", s6; vadd.f32 ",
            $s3,
            ", ",
            $s3,
            ", s7\n"
        )
    };
}

/// The dot products of `fours` times four rows: 3.63 cycles per product and sum in the loop, and about 50 every four rows.
///
/// s16 to s31 are the running sums, four lanes a row; r0, r4, r5 and r6 point into the rows, r7 into `deltas`. The loop takes
/// eight columns. Of an odd number of fours it skips the first half once: all pointers but r6, which moves with its loads, then
/// begin 16 bytes (r2) early.
///
/// # Safety
/// `rows` must have `4 * fours * columns` elements to read, `deltas` `columns` and `output` `4 * fours` to write, which
/// overlap with nothing; neither `columns` nor `fours` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn dot_four_rows(rows: *const f32, deltas: *const f32, columns: usize, output: *mut f32, fours: usize) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldr r12, [sp, #100]",
        "lsl r9, r2, #2",  // a row in bytes
        "and r10, r2, #3", // columns after the fours
        "lsr r11, r2, #2",
        "and r2, r11, #1",
        "lsl r2, r2, #4",
        "add r11, r11, #1",
        "lsr r11, r11, #1", // rounds of the loop
        "sub r0, r0, r2",
        "sub r1, r1, r2",
        "rsb lr, r2, r10, lsl #2", // from where the fours of a fourth row end to where r0 begins with the next
        "2:",
        "add r4, r0, r9",
        "add r5, r4, r9",
        "add r6, r5, r9",
        "add r6, r6, r2",
        "mov r7, r1",
        // Running sums begin at +0, not with the first product, which may be −0.
        "mov r8, #0",
        "vmov s16, r8; vmov s17, r8; vmov s18, r8; vmov s19, r8",
        "vmov s20, r8; vmov s21, r8; vmov s22, r8; vmov s23, r8",
        "vmov s24, r8; vmov s25, r8; vmov s26, r8; vmov s27, r8",
        "vmov s28, r8; vmov s29, r8; vmov s30, r8; vmov s31, r8",
        "movs r8, r11",
        "beq 5f",
        "cmp r2, #0",
        "bne 4f",
        "3:",
        four_columns!("0"),
        "4:",
        four_columns!("16"),
        "add r0, r0, #32",
        "add r4, r4, #32",
        "add r5, r5, #32",
        "add r7, r7, #32",
        "subs r8, r8, #1",
        "bne 3b",
        "5:",
        "cmp r10, #1",
        "blo 6f",
        last_column!("0", "s16", "s20", "s24", "s28"),
        "beq 6f",
        "cmp r10, #2",
        last_column!("4", "s17", "s21", "s25", "s29"),
        "beq 6f",
        last_column!("8", "s18", "s22", "s26", "s30"),
        "6:",
        // (l₀ + l₂) + (l₁ + l₃)
        "vadd.f32 s16, s16, s18; vadd.f32 s17, s17, s19; vadd.f32 s20, s20, s22; vadd.f32 s21, s21, s23",
        "vadd.f32 s24, s24, s26; vadd.f32 s25, s25, s27; vadd.f32 s28, s28, s30; vadd.f32 s29, s29, s31",
        "vadd.f32 s0, s16, s17; vadd.f32 s1, s20, s21; vadd.f32 s2, s24, s25; vadd.f32 s3, s28, s29",
        "vstr s0, [r3]; vstr s1, [r3, #4]; vstr s2, [r3, #8]; vstr s3, [r3, #12]",
        "add r3, r3, #16",
        "add r0, r6, lr",
        "subs r12, r12, #1",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
