//! A weighted sum of rows: sixteen columns at a time, then four or fewer.

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
    // `output` have `length`, which is no more than `columns`. `output` is borrowed alone. The feature `helium` says that the
    // processor has these instructions.
    unsafe { weighted_sums(weights, input, bias.as_ptr(), output.as_mut_ptr(), rows, columns, length) };
    true
}

/// Four columns' products with r8, added to their running sums.
#[cfg(feature = "fused")]
macro_rules! add_product {
    ($sums:literal, $weights:literal) => {
        concat!("vfma.f32 ", $sums, ", ", $weights, ", r8\n")
    };
}
#[cfg(not(feature = "fused"))]
macro_rules! add_product {
    ($sums:literal, $weights:literal) => {
        concat!("vmul.f32 ", $weights, ", ", $weights, ", r8\nvadd.f32 ", $sums, ", ", $sums, ", ", $weights, "\n")
    };
}

/// The weighted sums: 15 instructions for 16 products and sums, with the feature `fused` 11.
///
/// A block goes down all rows with its running sums in q4 to q7. The last, fewer than sixteen columns go in fours whose lanes past
/// the end are neither read nor written. r0, r2 and r3 move from block to block, r9 down the rows, r10 along the input.
///
/// # Safety
/// `weights` must have `rows * columns` elements to read, `input` `rows`, `bias` `length`, and `output` `length` to write,
/// which overlap with nothing; `length` must not be larger than `columns`. The processor must have Helium with floating point.
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
        ".arch armv8.1-m.main",
        ".arch_extension mve.fp",
        "push {r4-r10, lr}",
        "vpush {d8-d15}",
        "ldrd r4, r5, [sp, #96]",
        "ldr r6, [sp, #104]",
        "lsl r5, r5, #2", // a row in bytes
        // Sixteen columns.
        "lsrs r7, r6, #4",
        "beq 5f",
        "2:",
        "vldrw.u32 q4, [r2], #16; vldrw.u32 q5, [r2], #16; vldrw.u32 q6, [r2], #16; vldrw.u32 q7, [r2], #16",
        "mov r9, r0",
        "mov r10, r1",
        "wls lr, r4, 4f",
        "3:",
        "ldr r8, [r10], #4",
        "vldrw.u32 q0, [r9]; vldrw.u32 q1, [r9, #16]; vldrw.u32 q2, [r9, #32]; vldrw.u32 q3, [r9, #48]",
        add_product!("q4", "q0"),
        add_product!("q5", "q1"),
        add_product!("q6", "q2"),
        add_product!("q7", "q3"),
        "add r9, r9, r5",
        "le lr, 3b",
        "4:",
        "vstrw.32 q4, [r3], #16; vstrw.32 q5, [r3], #16; vstrw.32 q6, [r3], #16; vstrw.32 q7, [r3], #16",
        "add r0, r0, #64",
        "subs r7, r7, #1",
        "bne 2b",
        "5:",
        // Four columns, or as many as there are.
        "ands r6, r6, #15",
        "beq 9f",
        "6:",
        "vctp.32 r6",
        "vpst",
        "vldrwt.u32 q4, [r2], #16",
        "mov r9, r0",
        "mov r10, r1",
        "wls lr, r4, 8f",
        "7:",
        "ldr r8, [r10], #4",
        "vpst",
        "vldrwt.u32 q0, [r9]",
        add_product!("q4", "q0"),
        "add r9, r9, r5",
        "le lr, 7b",
        "8:",
        "vpst",
        "vstrwt.32 q4, [r3], #16",
        "add r0, r0, #16",
        "subs r6, r6, #4",
        "bhi 6b",
        "9:",
        "vpop {d8-d15}",
        "pop {r4-r10, pc}",
        options(raw),
    )
}
