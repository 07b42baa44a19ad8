//! A weighted sum of rows: sixteen columns at a time, then one, then all that are left.

use core::arch::naked_asm;

/// `outputⱼ ← biasⱼ + Σᵢ inputᵢ·weightsᵢⱼ` for every j that `bias` has, `output.len()` columns; whether this target has it.
///
/// *Order:* one running sum per output, from the bias, over the inputs in natural order.
#[inline(always)]
pub fn add_rows(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) -> bool {
    let columns = output.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    let length = columns.min(bias.len());
    let (weights, input) = (weights.as_ptr(), input.as_ptr());
    // SAFETY: `weights` has `rows` rows of `columns` elements and `input` `rows` elements, both by the quotient; `bias` and
    // `output` have `length`, which is no more than `columns`. `output` is borrowed alone.
    unsafe { weighted_sums(weights, input, bias.as_ptr(), output.as_mut_ptr(), rows, columns, length) };
    true
}

/// Sixteen columns of a row whose input is `$at` bytes on, and on to the next row: 52 cycles, 200 bytes.
macro_rules! row {
    ($at:literal) => {
        concat!(
            "vldr s0, [r10, #",
            $at,
            "]
            vldr s1, [r9]; vldr s2, [r9, #4]; vldr s3, [r9, #8]; vldr s4, [r9, #12]
            vldr s5, [r9, #16]; vldr s6, [r9, #20]; vldr s7, [r9, #24]; vldr s8, [r9, #28]
            vldr s9, [r9, #32]; vldr s10, [r9, #36]; vldr s11, [r9, #40]; vldr s12, [r9, #44]
            vmul.f32 s1, s1, s0; vmul.f32 s2, s2, s0; vmul.f32 s3, s3, s0; vmul.f32 s4, s4, s0
            vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s0; vmul.f32 s7, s7, s0; vmul.f32 s8, s8, s0
            vmul.f32 s9, s9, s0; vmul.f32 s10, s10, s0; vmul.f32 s11, s11, s0; vmul.f32 s12, s12, s0
            vadd.f32 s16, s16, s1; vadd.f32 s17, s17, s2; vadd.f32 s18, s18, s3; vadd.f32 s19, s19, s4
            vadd.f32 s20, s20, s5; vadd.f32 s21, s21, s6; vadd.f32 s22, s22, s7; vadd.f32 s23, s23, s8
            vadd.f32 s24, s24, s9; vadd.f32 s25, s25, s10; vadd.f32 s26, s26, s11; vadd.f32 s27, s27, s12
            vldr s1, [r9, #48]; vldr s2, [r9, #52]; vldr s3, [r9, #56]; vldr s4, [r9, #60]
            vmul.f32 s1, s1, s0; vmul.f32 s2, s2, s0; vmul.f32 s3, s3, s0; vmul.f32 s4, s4, s0
            vadd.f32 s28, s28, s1; vadd.f32 s29, s29, s2; vadd.f32 s30, s30, s3; vadd.f32 s31, s31, s4
            add.w r9, r9, r5\n"
        )
    };
}

/// Two columns, `$at` bytes on, of four rows, whose running sums are `$a` and `$b`: 25 cycles for eight products and sums, 96 bytes.
macro_rules! pair {
    ($at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@load "s4", "s5", "r9", $at), pair!(@load "s6", "s7", "r10", $at),
            pair!(@load "s8", "s9", "r11", $at), pair!(@load "s10", "s11", "r12", $at),
            "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s1; vmul.f32 s7, s7, s1
            vmul.f32 s8, s8, s2; vmul.f32 s9, s9, s2; vmul.f32 s10, s10, s3; vmul.f32 s11, s11, s3\n",
            pair!(@add $a, "s4"), pair!(@add $b, "s5"), pair!(@add $a, "s6"), pair!(@add $b, "s7"),
            pair!(@add $a, "s8"), pair!(@add $b, "s9"), pair!(@add $a, "s10"), pair!(@add $b, "s11"),
        )
    };
    // Of one row: 7 cycles, 24 bytes.
    (@one $at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@load "s4", "s5", "r9", $at),
            "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0\n",
            pair!(@add $a, "s4"), pair!(@add $b, "s5"),
        )
    };
    (@load $a:literal, $b:literal, $row:literal, $at:literal) => {
        concat!("vldr ", $a, ", [", $row, ", #", $at, "]; vldr ", $b, ", [", $row, ", #", $at, "+4]\n")
    };
    (@add $sum:literal, $product:literal) => { concat!("vadd.f32 ", $sum, ", ", $sum, ", ", $product, "\n") };
}

/// The weighted sums: 3.33 cycles per product and sum in blocks of sixteen columns, 6.75 in a single column, 3.53 in the ten that
/// are left of ten, 4.5 in two.
///
/// A block goes down all rows with its running sums in s16 to s31. Sixteen columns take four rows a round; where they are
/// not a multiple of that, it is entered (lr) that many (r12) later at first, and r10, the input, begins that many early. Of an odd
/// number of columns the last one comes next, by itself, and then the pairs that are left, up to seven: what has a part for each
/// is entered at the first that is there (r6 are not). r0, r2 and r3 move from block to block, r9 down the rows, together
/// with r10 to r12 where there are four.
///
/// # Safety
/// `weights` must have `rows * columns` elements to read, `input` `rows`, `bias` `length`, and `output` `length` to write,
/// which overlap with nothing; `length` must not be larger than `columns`.
#[unsafe(naked)]
unsafe extern "C" fn weighted_sums(
    weights: *const f32,
    input: *const f32,
    bias: *const f32,
    output: *mut f32,
    rows: usize,
    columns: usize,
    length: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r7, r5, [sp, #100]",
        "ldr r8, [sp, #108]",
        "lsl r5, r5, #2", // a row in bytes
        // Sixteen columns.
        "lsrs r6, r8, #4",
        "beq 6f",
        "rsb r12, r7, #0",
        "and r12, r12, #3", // rows that the first round leaves out
        "add r4, r7, #3",
        "lsr r4, r4, #2", // rounds
        "adr lr, 3f",
        "mov r11, #200",
        "mla lr, r12, r11, lr",
        "add lr, lr, #1", // Thumb
        "2:",
        "vldmia r2!, {s16-s31}",
        "mov r9, r0",
        "sub r10, r1, r12, lsl #2",
        "movs r11, r4",
        "beq 5f",
        "bx lr",
        "3:",
        row!("0"),
        row!("4"),
        row!("8"),
        row!("12"),
        "add r10, r10, #16",
        "subs r11, r11, #1",
        "bne 3b",
        "5:",
        "vstmia r3!, {s16-s31}",
        "add r0, r0, #64",
        "subs r6, r6, #1",
        "bne 2b",
        "6:",
        // One column, the last.
        "lsls r6, r8, #31",
        "beq 12f",
        "and r6, r8, #14",
        "add r9, r0, r6, lsl #2",
        "add r4, r2, r6, lsl #2",
        "vldr s16, [r4]",
        "mov r4, r1",
        "lsrs lr, r7, #2",
        "beq 9f",
        "add r10, r9, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "8:",
        "vldmia r4!, {s0-s3}",
        "vldr s4, [r9]; vldr s5, [r10]; vldr s6, [r11]; vldr s7, [r12]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vmul.f32 s6, s6, s2; vmul.f32 s7, s7, s3",
        "vadd.f32 s16, s16, s4; add r9, r12, r5; vadd.f32 s16, s16, s5; add r10, r9, r5",
        "vadd.f32 s16, s16, s6; add r11, r10, r5; vadd.f32 s16, s16, s7; add r12, r11, r5",
        "subs lr, lr, #1",
        "bne 8b",
        "9:",
        "ands lr, r7, #3",
        "beq 11f",
        "10:",
        "vldmia r4!, {s0}",
        "vldr s4, [r9]",
        "vmul.f32 s4, s4, s0; add r9, r9, r5; vadd.f32 s16, s16, s4",
        "subs lr, lr, #1",
        "bne 10b",
        "11:",
        "add r4, r3, r6, lsl #2",
        "vstr s16, [r4]",
        "12:",
        // Pairs of columns.
        "ubfx r6, r8, #1, #3",
        "cmp r6, #0",
        "beq 20f",
        "rsb r6, r6, #7",
        "adr lr, 13f + 1", // Thumb
        "add lr, lr, r6, lsl #3",
        "bx lr",
        ".balign 4",
        "13:",
        "vldr s28, [r2, #48]; vldr s29, [r2, #52]; vldr s26, [r2, #40]; vldr s27, [r2, #44]",
        "vldr s24, [r2, #32]; vldr s25, [r2, #36]; vldr s22, [r2, #24]; vldr s23, [r2, #28]",
        "vldr s20, [r2, #16]; vldr s21, [r2, #20]; vldr s18, [r2, #8]; vldr s19, [r2, #12]",
        "vldr s16, [r2]; vldr s17, [r2, #4]",
        "mov r9, r0",
        "add r8, r6, r6, lsl #1",
        "lsrs r2, r7, #2",
        "beq 16f",
        "adr lr, 15f + 1",
        "add lr, lr, r8, lsl #5",
        "add r10, r9, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "vldmia r1!, {s0-s3}",
        "bx lr",
        ".balign 4",
        "15:",
        pair!("48", "s28", "s29"),
        pair!("40", "s26", "s27"),
        pair!("32", "s24", "s25"),
        pair!("24", "s22", "s23"),
        pair!("16", "s20", "s21"),
        pair!("8", "s18", "s19"),
        pair!("0", "s16", "s17"),
        "add r9, r12, r5",
        "add r10, r9, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "subs r2, r2, #1",
        "beq 16f",
        "vldmia r1!, {s0-s3}",
        "bx lr",
        "16:",
        "ands r7, r7, #3",
        "beq 19f",
        "adr lr, 18f + 1",
        "add lr, lr, r8, lsl #3",
        "vldmia r1!, {s0}",
        "bx lr",
        ".balign 4",
        "18:",
        pair!(@one "48", "s28", "s29"),
        pair!(@one "40", "s26", "s27"),
        pair!(@one "32", "s24", "s25"),
        pair!(@one "24", "s22", "s23"),
        pair!(@one "16", "s20", "s21"),
        pair!(@one "8", "s18", "s19"),
        pair!(@one "0", "s16", "s17"),
        "add r9, r9, r5",
        "subs r7, r7, #1",
        "beq 19f",
        "vldmia r1!, {s0}",
        "bx lr",
        "19:",
        "adr lr, 21f + 1",
        "add lr, lr, r6, lsl #3",
        "bx lr",
        ".balign 4",
        "21:",
        "vstr s28, [r3, #48]; vstr s29, [r3, #52]; vstr s26, [r3, #40]; vstr s27, [r3, #44]",
        "vstr s24, [r3, #32]; vstr s25, [r3, #36]; vstr s22, [r3, #24]; vstr s23, [r3, #28]",
        "vstr s20, [r3, #16]; vstr s21, [r3, #20]; vstr s18, [r3, #8]; vstr s19, [r3, #12]",
        "vstr s16, [r3]; vstr s17, [r3, #4]",
        "20:",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
