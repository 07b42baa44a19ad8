//! A weighted sum of rows: sixteen columns at a time, then four, two and one.

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

/// The weighted sums: 3.33 cycles per product and sum in blocks of sixteen columns, 3.88 in blocks of four, 4.9 in pairs, 6.75 in single
/// columns.
///
/// A block goes down all rows with its running sums in s16 to s31. Sixteen columns take four rows a round; where they are
/// not a multiple of that, it is entered (lr) that many (r12) later at first, and r10, the input, begins that many early. Four columns,
/// two and one take four rows, then single ones. r0, r2 and r3 move from block to block, r9 down the rows, together with r12, lr and r4 where there are four.
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
        // Four columns.
        "ubfx r6, r8, #2, #2",
        "cmp r6, #0",
        "beq 12f",
        "7:",
        "vldmia r2!, {s16-s19}",
        "mov r9, r0",
        "mov r10, r1",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "lsrs r11, r7, #2",
        "beq 9f",
        "8:",
        "vldmia r10!, {s0-s3}",
        "vldr s4, [r9]; vldr s5, [r9, #4]; vldr s6, [r9, #8]; vldr s7, [r9, #12]",
        "vldr s8, [r12]; vldr s9, [r12, #4]; vldr s10, [r12, #8]; vldr s11, [r12, #12]",
        "vldr s20, [lr]; vldr s21, [lr, #4]; vldr s22, [lr, #8]; vldr s23, [lr, #12]",
        "vldr s24, [r4]; vldr s25, [r4, #4]; vldr s26, [r4, #8]; vldr s27, [r4, #12]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s0; vmul.f32 s7, s7, s0",
        "vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vadd.f32 s18, s18, s6; vadd.f32 s19, s19, s7",
        "vmul.f32 s8, s8, s1; vmul.f32 s9, s9, s1; vmul.f32 s10, s10, s1; vmul.f32 s11, s11, s1",
        "vadd.f32 s16, s16, s8; vadd.f32 s17, s17, s9; vadd.f32 s18, s18, s10; vadd.f32 s19, s19, s11",
        "vmul.f32 s20, s20, s2; vmul.f32 s21, s21, s2; vmul.f32 s22, s22, s2; vmul.f32 s23, s23, s2",
        "vadd.f32 s16, s16, s20; vadd.f32 s17, s17, s21; vadd.f32 s18, s18, s22; vadd.f32 s19, s19, s23",
        "vmul.f32 s24, s24, s3; vmul.f32 s25, s25, s3; vmul.f32 s26, s26, s3; vmul.f32 s27, s27, s3",
        "vadd.f32 s16, s16, s24; vadd.f32 s17, s17, s25; vadd.f32 s18, s18, s26; vadd.f32 s19, s19, s27",
        "add r9, r4, r5",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "subs r11, r11, #1",
        "bne 8b",
        "9:",
        "ands r11, r7, #3",
        "beq 11f",
        "10:",
        "vldmia r10!, {s0}",
        "vldr s4, [r9]; vldr s5, [r9, #4]; vldr s6, [r9, #8]; vldr s7, [r9, #12]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s0; vmul.f32 s7, s7, s0",
        "vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vadd.f32 s18, s18, s6; vadd.f32 s19, s19, s7",
        "add r9, r9, r5",
        "subs r11, r11, #1",
        "bne 10b",
        "11:",
        "vstmia r3!, {s16-s19}",
        "add r0, r0, #16",
        "subs r6, r6, #1",
        "bne 7b",
        "12:",
        // Two columns.
        "tst r8, #2",
        "beq 20f",
        "vldmia r2!, {s16-s17}",
        "mov r9, r0",
        "mov r10, r1",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "lsrs r11, r7, #2",
        "beq 22f",
        "21:",
        "vldmia r10!, {s0-s3}",
        "vldr s4, [r9]; vldr s5, [r9, #4]; vldr s6, [r12]; vldr s7, [r12, #4]",
        "vldr s8, [lr]; vldr s9, [lr, #4]; vldr s10, [r4]; vldr s11, [r4, #4]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vmul.f32 s6, s6, s1; vmul.f32 s7, s7, s1",
        "vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5; vmul.f32 s8, s8, s2; vmul.f32 s9, s9, s2",
        "vadd.f32 s16, s16, s6; vadd.f32 s17, s17, s7; vmul.f32 s10, s10, s3; vmul.f32 s11, s11, s3",
        "vadd.f32 s16, s16, s8; vadd.f32 s17, s17, s9; vadd.f32 s16, s16, s10; vadd.f32 s17, s17, s11",
        "add r9, r4, r5",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "subs r11, r11, #1",
        "bne 21b",
        "22:",
        "ands r11, r7, #3",
        "beq 24f",
        "23:",
        "vldmia r10!, {s0}",
        "vldr s4, [r9]; vldr s5, [r9, #4]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s0; vadd.f32 s16, s16, s4; vadd.f32 s17, s17, s5",
        "add r9, r9, r5",
        "subs r11, r11, #1",
        "bne 23b",
        "24:",
        "vstmia r3!, {s16-s17}",
        "add r0, r0, #8",
        "20:",
        // One column.
        "tst r8, #1",
        "beq 18f",
        "vldmia r2!, {s16}",
        "mov r9, r0",
        "mov r10, r1",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "lsrs r11, r7, #2",
        "beq 15f",
        "14:",
        "vldmia r10!, {s0-s3}",
        "vldr s4, [r9]; vldr s5, [r12]; vldr s6, [lr]; vldr s7, [r4]",
        "vmul.f32 s4, s4, s0; vmul.f32 s5, s5, s1; vadd.f32 s16, s16, s4; vmul.f32 s6, s6, s2",
        "vadd.f32 s16, s16, s5; vmul.f32 s7, s7, s3; vadd.f32 s16, s16, s6; vadd.f32 s16, s16, s7",
        "add r9, r4, r5",
        "add r12, r9, r5",
        "add lr, r12, r5",
        "add r4, lr, r5",
        "subs r11, r11, #1",
        "bne 14b",
        "15:",
        "ands r11, r7, #3",
        "beq 17f",
        "16:",
        "vldmia r10!, {s0}",
        "vldr s4, [r9]; vmul.f32 s4, s4, s0; vadd.f32 s16, s16, s4",
        "add r9, r9, r5",
        "subs r11, r11, #1",
        "bne 16b",
        "17:",
        "vstr s16, [r3]",
        "18:",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
