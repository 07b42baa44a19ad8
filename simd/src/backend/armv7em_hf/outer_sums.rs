//! Sums of outer products: four samples at a time, whose deltas stay in registers down all rows.

use super::add_outer;
use core::arch::naked_asm;

/// `Cᵢⱼ ← Cᵢⱼ + Σₛ Aₛᵢ·(α·Bₛⱼ)`; whether this target has it.
///
/// A and B have `samples` rows each. C has a row for each of A's columns, or fewer.
///
/// *Order:* from the old Cᵢⱼ, over the samples in natural order.
#[inline(always)]
pub fn outer_sums(alpha: f32, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) -> bool {
    let [inputs, outputs] = [a, b].map(|x| x.len().checked_div(samples).unwrap_or(0));
    let rows = c.len().checked_div(outputs).unwrap_or(0).min(inputs);
    if rows == 0 {
        return true;
    }
    let (mut a, mut b) = (a, b);
    for _ in 0..samples >> 2 {
        let (Some((a_four, a_rest)), Some((b_four, b_rest))) = (a.split_at_checked(4 * inputs), b.split_at_checked(4 * outputs))
        else {
            return true;
        };
        // SAFETY: `a_four` has four rows of `inputs` elements, `b_four` of `outputs`, and `c`, by the quotient, `rows` rows of
        // `outputs`; `rows` is no more than `inputs` and not zero, so neither is `outputs`. `c` is borrowed alone.
        unsafe { add_four_outer_products(alpha, a_four.as_ptr(), b_four.as_ptr(), c.as_mut_ptr(), inputs, outputs, rows) };
        (a, b) = (a_rest, b_rest);
    }
    for _ in 0..samples & 3 {
        let (Some((x, a_rest)), Some((d, b_rest))) = (a.split_at_checked(inputs), b.split_at_checked(outputs)) else { break };
        add_outer(alpha, x, d, c);
        (a, b) = (a_rest, b_rest);
    }
    true
}

/// Where the four samples' values of an input are, `$at` bytes on.
macro_rules! load_input {
    ($at:literal) => {
        concat!("vldr s0, [r8, #", $at, "]; vldr s1, [r9, #", $at, "]; vldr s2, [r10, #", $at, "]; vldr s3, [r11, #", $at, "]\n")
    };
}

/// Four columns of the row at `$row`, on to `$next`: 45 cycles for 16 products and sums, 180 bytes.
macro_rules! four_columns {
    ($at:literal, $row:literal, $next:literal) => {
        concat!(
            load_input!($at),
            "vldr s4, [",
            $row,
            "]; vldr s5, [",
            $row,
            ", #4]; vldr s6, [",
            $row,
            ", #8]; vldr s7, [",
            $row,
            ", #12]
            vmul.f32 s8, s16, s0; vmul.f32 s9, s17, s0; vmul.f32 s10, s18, s0; vmul.f32 s11, s19, s0
            vmul.f32 s12, s20, s1; vmul.f32 s13, s21, s1; vmul.f32 s14, s22, s1; vmul.f32 s15, s23, s1
            vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11
            vadd.f32 s4, s4, s12; vadd.f32 s5, s5, s13; vadd.f32 s6, s6, s14; vadd.f32 s7, s7, s15
            vmul.f32 s8, s24, s2; vmul.f32 s9, s25, s2; vmul.f32 s10, s26, s2; vmul.f32 s11, s27, s2
            vmul.f32 s12, s28, s3; vmul.f32 s13, s29, s3; vmul.f32 s14, s30, s3; vmul.f32 s15, s31, s3
            vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11
            vadd.f32 s4, s4, s12; vadd.f32 s5, s5, s13; vadd.f32 s6, s6, s14; vadd.f32 s7, s7, s15
            add.w ",
            $next,
            ", ",
            $row,
            ", r5
            vstr s4, [",
            $row,
            "]; vstr s5, [",
            $row,
            ", #4]; vstr s6, [",
            $row,
            ", #8]; vstr s7, [",
            $row,
            ", #12]\n"
        )
    };
}

/// One column of the row at r12: 17 cycles for 4 products and sums, 60 bytes.
macro_rules! one_column {
    ($at:literal) => {
        concat!(
            load_input!($at),
            "vldr s4, [r12]
            vmul.f32 s8, s16, s0; vmul.f32 s9, s20, s1; vadd.f32 s4, s4, s8; vmul.f32 s10, s24, s2
            vadd.f32 s4, s4, s9; vmul.f32 s11, s28, s3; vadd.f32 s4, s4, s10; vadd.f32 s4, s4, s11
            vstr s4, [r12]
            add.w r12, r12, r5\n"
        )
    };
}

/// What ends a round of eight inputs.
macro_rules! next_round {
    () => {
        "add r8, r8, #32; add r9, r9, #32; add r10, r10, #32; add r11, r11, #32
        subs r4, r4, #1
        bne 3b"
    };
}

/// Four outer products: 2.88 cycles per product and sum in the loop of four columns, 4.5 in that of one.
///
/// s16 to s31 are the four samples' deltas by α, four columns each; r8 to r11 run along the samples, r12 and r0 by turns down C. A
/// round takes eight inputs; where they are not a multiple of that, it is entered (lr) that many (r3) later at first, and r8 to
/// r11 begin that many early.
///
/// # Safety
/// `a` must have `4 * inputs` elements to read, `b` `4 * outputs`, and `c` `rows * outputs` to write, which overlap with
/// nothing; neither `rows` nor `outputs` may be zero, nor `rows` larger than `inputs`.
#[unsafe(naked)]
unsafe extern "C" fn add_four_outer_products(
    alpha: f32,
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    inputs: usize,
    outputs: usize,
    rows: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r5, r6, [sp, #100]",
        "sub sp, sp, #4",
        "vstr s0, [sp]", // α
        "mov r8, r0",
        "add r9, r8, r3, lsl #2",
        "add r10, r9, r3, lsl #2",
        "add r11, r10, r3, lsl #2",
        "rsb r3, r6, #0",
        "and r3, r3, #7", // inputs that the first round leaves out
        "sub r8, r8, r3, lsl #2",
        "sub r9, r9, r3, lsl #2",
        "sub r10, r10, r3, lsl #2",
        "sub r11, r11, r3, lsl #2",
        "add r6, r6, #7",
        "lsr r6, r6, #3", // rounds
        "lsr r7, r5, #2", // fours of columns
        "lsl r5, r5, #2", // a row of B or C in bytes
        // Four columns.
        "adr lr, 3f",
        "mov r12, #180",
        "mla lr, r3, r12, lr",
        "add lr, lr, #1", // Thumb
        "cmp r7, #0",
        "beq 4f",
        "2:",
        "add r12, r1, r5",
        "add r0, r12, r5",
        "add r4, r0, r5",
        "vldr s16, [r1]; vldr s17, [r1, #4]; vldr s18, [r1, #8]; vldr s19, [r1, #12]",
        "vldr s20, [r12]; vldr s21, [r12, #4]; vldr s22, [r12, #8]; vldr s23, [r12, #12]",
        "vldr s24, [r0]; vldr s25, [r0, #4]; vldr s26, [r0, #8]; vldr s27, [r0, #12]",
        "vldr s28, [r4]; vldr s29, [r4, #4]; vldr s30, [r4, #8]; vldr s31, [r4, #12]",
        "ldr r4, [sp]",
        "cmp r4, #0x3F800000", // 1
        "beq 6f",
        "vmov s0, r4",
        "vmul.f32 s16, s16, s0; vmul.f32 s17, s17, s0; vmul.f32 s18, s18, s0; vmul.f32 s19, s19, s0",
        "vmul.f32 s20, s20, s0; vmul.f32 s21, s21, s0; vmul.f32 s22, s22, s0; vmul.f32 s23, s23, s0",
        "vmul.f32 s24, s24, s0; vmul.f32 s25, s25, s0; vmul.f32 s26, s26, s0; vmul.f32 s27, s27, s0",
        "vmul.f32 s28, s28, s0; vmul.f32 s29, s29, s0; vmul.f32 s30, s30, s0; vmul.f32 s31, s31, s0",
        "6:",
        "mov r12, r2",
        "mov r0, r2",
        "mov r4, r6",
        "bx lr",
        "3:",
        four_columns!("0", "r12", "r0"),
        four_columns!("4", "r0", "r12"),
        four_columns!("8", "r12", "r0"),
        four_columns!("12", "r0", "r12"),
        four_columns!("16", "r12", "r0"),
        four_columns!("20", "r0", "r12"),
        four_columns!("24", "r12", "r0"),
        four_columns!("28", "r0", "r12"),
        next_round!(),
        "sub r8, r8, r6, lsl #5",
        "sub r9, r9, r6, lsl #5",
        "sub r10, r10, r6, lsl #5",
        "sub r11, r11, r6, lsl #5",
        "add r1, r1, #16",
        "add r2, r2, #16",
        "subs r7, r7, #1",
        "bne 2b",
        "4:",
        // One column.
        "ubfx r7, r5, #2, #2",
        "cmp r7, #0",
        "beq 5f",
        "adr lr, 3f",
        "mov r12, #60",
        "mla lr, r3, r12, lr",
        "add lr, lr, #1", // Thumb
        "2:",
        "add r12, r1, r5",
        "add r0, r12, r5",
        "add r4, r0, r5",
        "vldr s16, [r1]; vldr s20, [r12]; vldr s24, [r0]; vldr s28, [r4]; vldr s0, [sp]",
        "vmul.f32 s16, s16, s0; vmul.f32 s20, s20, s0; vmul.f32 s24, s24, s0; vmul.f32 s28, s28, s0",
        "mov r12, r2",
        "mov r4, r6",
        "bx lr",
        "3:",
        one_column!("0"),
        one_column!("4"),
        one_column!("8"),
        one_column!("12"),
        one_column!("16"),
        one_column!("20"),
        one_column!("24"),
        one_column!("28"),
        next_round!(),
        "sub r8, r8, r6, lsl #5",
        "sub r9, r9, r6, lsl #5",
        "sub r10, r10, r6, lsl #5",
        "sub r11, r11, r6, lsl #5",
        "add r1, r1, #4",
        "add r2, r2, #4",
        "subs r7, r7, #1",
        "bne 2b",
        "5:",
        "add sp, sp, #4",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
