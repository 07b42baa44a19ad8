//! A weighted sum of rows: sixteen columns at a time, two rows a round, then eight, two and one.

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

/// Sixteen columns of a row, and on to the next: 53 cycles.
macro_rules! row {
    () => {
        "vldmia lr!, {s8}
        vldmia r8!, {s0-s7}
        vmul.f32 s0, s0, s8; vmul.f32 s1, s1, s8; vmul.f32 s2, s2, s8; vmul.f32 s3, s3, s8
        vmul.f32 s4, s4, s8; vmul.f32 s5, s5, s8; vmul.f32 s6, s6, s8; vmul.f32 s7, s7, s8
        vadd.f32 s16, s16, s0; vadd.f32 s17, s17, s1; vadd.f32 s18, s18, s2; vadd.f32 s19, s19, s3
        vadd.f32 s20, s20, s4; vadd.f32 s21, s21, s5; vadd.f32 s22, s22, s6; vadd.f32 s23, s23, s7
        vldmia r8, {s0-s7}
        vmul.f32 s0, s0, s8; vmul.f32 s1, s1, s8; vmul.f32 s2, s2, s8; vmul.f32 s3, s3, s8
        vmul.f32 s4, s4, s8; vmul.f32 s5, s5, s8; vmul.f32 s6, s6, s8; vmul.f32 s7, s7, s8
        vadd.f32 s24, s24, s0; vadd.f32 s25, s25, s1; vadd.f32 s26, s26, s2; vadd.f32 s27, s27, s3
        vadd.f32 s28, s28, s4; vadd.f32 s29, s29, s5; vadd.f32 s30, s30, s6; vadd.f32 s31, s31, s7
        add r8, r12"
    };
}

/// The weighted sums: 3.47 cycles per product and sum in blocks of sixteen columns, 4 in one of eight, 7 in pairs, 11 in a single
/// column.
///
/// s16 to s31 are the running sums of a block; r0 and r2 move from block to block, r8 down the rows and lr with it along the
/// input.
///
/// # Safety
/// `weights` must have `rows * columns` elements to read, `input` `rows` and `bias` `length`, and `output` `length` to write,
/// which overlap with nothing; `length` must be at most `columns`.
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
        "push {r4-r9, lr}",
        "vpush {d8-d15}",
        "ldrd r7, r5, [sp, #92]",
        "ldr r9, [sp, #100]",
        "lsls r5, r5, #2",  // a row in bytes
        "sub r12, r5, #32", // from its middle to the next
        // Sixteen columns.
        "lsrs r6, r9, #4",
        "beq 5f",
        "2:",
        "vldmia r2!, {s16-s31}",
        "mov r8, r0",
        "mov lr, r1",
        "lsrs r4, r7, #1", // C: a row besides, which goes first
        "bcs 31f",
        "beq 4f",
        "3:",
        row!(),
        "subs r4, #1",
        "31:",
        row!(),
        "cmp r4, #0",
        "bne 3b",
        "4:",
        "vstmia r3!, {s16-s31}",
        "adds r0, #64",
        "subs r6, #1",
        "bne 2b",
        "5:",
        // Eight columns.
        "tst r9, #8",
        "beq 8f",
        "vldmia r2!, {s16-s23}",
        "mov r8, r0",
        "mov lr, r1",
        "movs r4, r7",
        "beq 7f",
        "6:",
        "vldmia lr!, {s8}",
        "vldmia r8, {s0-s7}",
        "vmul.f32 s0, s0, s8; vmul.f32 s1, s1, s8; vmul.f32 s2, s2, s8; vmul.f32 s3, s3, s8",
        "vmul.f32 s4, s4, s8; vmul.f32 s5, s5, s8; vmul.f32 s6, s6, s8; vmul.f32 s7, s7, s8",
        "vadd.f32 s16, s16, s0; vadd.f32 s17, s17, s1; vadd.f32 s18, s18, s2; vadd.f32 s19, s19, s3",
        "vadd.f32 s20, s20, s4; vadd.f32 s21, s21, s5; vadd.f32 s22, s22, s6; vadd.f32 s23, s23, s7",
        "add r8, r5",
        "subs r4, #1",
        "bne 6b",
        "7:",
        "vstmia r3!, {s16-s23}",
        "adds r0, #32",
        "8:",
        // Two columns.
        "ubfx r6, r9, #1, #2",
        "cbz r6, 12f",
        "9:",
        "vldmia r2!, {s16-s17}",
        "mov r8, r0",
        "mov lr, r1",
        "movs r4, r7",
        "beq 11f",
        "10:",
        "vldmia lr!, {s8}",
        "vldr s0, [r8]; vldr s1, [r8, #4]",
        "vmul.f32 s0, s0, s8; vmul.f32 s1, s1, s8",
        "add r8, r5",
        "vadd.f32 s16, s16, s0; vadd.f32 s17, s17, s1",
        "subs r4, #1",
        "bne 10b",
        "11:",
        "vstmia r3!, {s16-s17}",
        "adds r0, #8",
        "subs r6, #1",
        "bne 9b",
        "12:",
        // One column.
        "lsls r6, r9, #31",
        "beq 15f",
        "vldmia r2!, {s16}",
        "movs r4, r7",
        "beq 14f",
        "13:",
        "vldmia r1!, {s8}",
        "vldr s0, [r0]",
        "vmul.f32 s0, s0, s8",
        "add r0, r5",
        "vadd.f32 s16, s16, s0",
        "subs r4, #1",
        "bne 13b",
        "14:",
        "vstmia r3!, {s16}",
        "15:",
        "vpop {d8-d15}",
        "pop {r4-r9, pc}",
        options(raw),
    )
}
