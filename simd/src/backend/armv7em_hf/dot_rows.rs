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

/// Four columns of four rows, from byte `$at` on (in the fourth row: next), with the deltas at `$d`: 54 cycles for 16 products and
/// sums, 196 bytes; at first the products are the sums, which takes 16 less.
///
/// All registers that hold no running sum take part in the first burst of loads; the fourth row waits for free ones.
macro_rules! four_columns {
    ($at:literal) => {
        concat!(
            four_columns!(@load "r7", $at),
            "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3
            vmul.f32 s8, s8, s0; vmul.f32 s9, s9, s1; vmul.f32 s10, s10, s2; vmul.f32 s11, s11, s3
            vmul.f32 s12, s12, s0; vmul.f32 s13, s13, s1; vmul.f32 s14, s14, s2; vmul.f32 s15, s15, s3
            vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vadd.f32 s18, s18, s6; vadd.f32 s19, s19, s7
            vadd.f32 s20, s20, s8; vadd.f32 s21, s21, s9; vadd.f32 s22, s22, s10; vadd.f32 s23, s23, s11
            vadd.f32 s24, s24, s12; vadd.f32 s25, s25, s13; vadd.f32 s26, s26, s14; vadd.f32 s27, s27, s15
            vldmia r6!, {s4-s7}
            vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3
            vadd.f32 s28, s28, s4; vadd.f32 s29, s29, s5; vadd.f32 s30, s30, s6; vadd.f32 s31, s31, s7\n",
        )
    };
    (@first) => {
        concat!(
            four_columns!(@load "r1", "0"),
            "vmul.f32 s16, s4, s0; vmul.f32 s17, s5, s1; vmul.f32 s18, s6, s2; vmul.f32 s19, s7, s3
            vmul.f32 s20, s8, s0; vmul.f32 s21, s9, s1; vmul.f32 s22, s10, s2; vmul.f32 s23, s11, s3
            vmul.f32 s24, s12, s0; vmul.f32 s25, s13, s1; vmul.f32 s26, s14, s2; vmul.f32 s27, s15, s3
            vldmia r6!, {s4-s7}
            vmul.f32 s28, s4, s0; vmul.f32 s29, s5, s1; vmul.f32 s30, s6, s2; vmul.f32 s31, s7, s3\n",
        )
    };
    (@load $d:literal, $at:literal) => {
        concat!(
            four_columns!(@load "s0", "s1", "s2", "s3", $d, $at),
            four_columns!(@load "s4", "s5", "s6", "s7", "r0", $at),
            four_columns!(@load "s8", "s9", "s10", "s11", "r4", $at),
            four_columns!(@load "s12", "s13", "s14", "s15", "r5", $at),
        )
    };
    (@load $a:literal, $b:literal, $c:literal, $d:literal, $row:literal, $at:literal) => {
        concat!(
            "vldr ", $a, ", [", $row, ", #", $at, "]; vldr ", $b, ", [", $row, ", #", $at, "+4]\n",
            "vldr ", $c, ", [", $row, ", #", $at, "+8]; vldr ", $d, ", [", $row, ", #", $at, "+12]\n",
        )
    };
}

/// One of the last columns, `$at` bytes further on, into the lane with these four running sums: 14 cycles.
macro_rules! last_column {
    ($at:literal, $s0:literal, $s1:literal, $s2:literal, $s3:literal) => {
        concat!(
            "vldr s0, [r7, #16+",
            $at,
            "]; vldr s4, [r0, #16+",
            $at,
            "]; vldr s5, [r4, #16+",
            $at,
            "]
            vldr s6, [r5, #16+",
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

/// The dot products of `fours` times four rows: 3.5 cycles per product and sum in the loop, and about 50 every four rows.
///
/// s16 to s31 are the running sums, four lanes a row; r0, r4, r5 and r6 point into the rows, r7 into `deltas`, lr into `output`. The
/// first four columns are apart. The loop takes sixteen; where what follows the first four is not a multiple of that, it is entered
/// (r3) that many later at first: all pointers but r6, which moves with its loads, then begin that many (r2, in bytes) early.
///
/// A lane begins with its first product, not with the +0 of its definition: only a lane of nothing but −0 tells the
/// difference, only an output whose lanes are all −0 shows it, and adding +0 to the output at last undoes it.
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
        "mov lr, r3",
        "lsl r9, r2, #2",   // a row in bytes
        "and r10, r2, #3",  // columns after the fours
        "lsr r8, r2, #2",   // fours of columns
        "subs r8, r8, #1",  // after the first
        "asr r11, r8, #31", // rounds of the loop; −1 without a first
        "blt 2f",
        "rsb r2, r8, #0",
        "and r2, r2, #3",
        "add r11, r8, #3",
        "lsr r11, r11, #2",
        "adr r3, 3f + 1", // Thumb
        "mov r8, #196",
        "mla r3, r2, r8, r3",
        "lsl r2, r2, #4",
        "2:",
        "add r4, r0, r9",
        "add r5, r4, r9",
        "add r6, r5, r9",
        "movs r8, r11",
        "bmi 8f",
        four_columns!(@first),
        "sub r0, r0, r2",
        "sub r4, r4, r2",
        "sub r5, r5, r2",
        "sub r7, r1, r2",
        "beq 5f", // r8 as it was moved
        "bx r3",
        ".balign 4",
        "3:",
        four_columns!("16"),
        four_columns!("32"),
        four_columns!("48"),
        four_columns!("64"),
        "add r0, r0, #64",
        "add r4, r4, #64",
        "add r5, r5, #64",
        "add r7, r7, #64",
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
        // (l₀ + l₂) + (l₁ + l₃), and r8 is zero.
        "vmov s4, r8",
        "vadd.f32 s16, s16, s18; vadd.f32 s17, s17, s19; vadd.f32 s20, s20, s22; vadd.f32 s21, s21, s23",
        "vadd.f32 s24, s24, s26; vadd.f32 s25, s25, s27; vadd.f32 s28, s28, s30; vadd.f32 s29, s29, s31",
        "vadd.f32 s0, s16, s17; vadd.f32 s1, s20, s21; vadd.f32 s2, s24, s25; vadd.f32 s3, s28, s29",
        "vadd.f32 s0, s0, s4; vadd.f32 s1, s1, s4; vadd.f32 s2, s2, s4; vadd.f32 s3, s3, s4",
        "vstmia lr!, {s0-s3}",
        "add r0, r6, r10, lsl #2",
        "subs r12, r12, #1",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        // Fewer than four columns.
        "8:",
        "sub r0, r0, #16",
        "sub r4, r4, #16",
        "sub r5, r5, #16",
        "sub r7, r1, #16",
        "mov r8, #0",
        "vmov s16, r8; vmov s17, r8; vmov s18, r8; vmov s19, r8",
        "vmov s20, r8; vmov s21, r8; vmov s22, r8; vmov s23, r8",
        "vmov s24, r8; vmov s25, r8; vmov s26, r8; vmov s27, r8",
        "vmov s28, r8; vmov s29, r8; vmov s30, r8; vmov s31, r8",
        "b 5b",
        options(raw),
    )
}
