//! The outer product of two vectors, added to a matrix: up to sixteen columns at a time, in pairs, four rows a round.

use core::arch::naked_asm;

/// `weightsᵢⱼ ← weightsᵢⱼ + inputᵢ·(α·deltasⱼ)` for all rows that there are and have an input; whether this target has it.
#[inline(always)]
pub fn add_outer(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    let columns = deltas.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    let (weights, input, deltas) = (weights.as_mut_ptr(), input.as_ptr(), deltas.as_ptr());
    // SAFETY: `weights` has `rows` rows of `columns` elements and `input` as many elements, both by the quotient. `weights` is
    // borrowed alone.
    unsafe { add_outer_product(alpha, weights, input, deltas, rows, columns, columns) };
    true
}

/// Two columns, `$at` bytes on, of four rows, whose steps are `$a` and `$b`: 32 cycles for eight elements, 128 bytes.
macro_rules! pair {
    ($at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@move "vldr", "s4", "s5", "r9", $at), pair!(@move "vldr", "s6", "s7", "r10", $at),
            pair!(@move "vldr", "s8", "s9", "r11", $at), pair!(@move "vldr", "s10", "s11", "r12", $at),
            pair!(@step $a, "s0", $b, "s0", $a, "s1", $b, "s1"),
            "vadd.f32 s4, s4, s12; vadd.f32 s5, s5, s13; vadd.f32 s6, s6, s14; vadd.f32 s7, s7, s15\n",
            pair!(@step $a, "s2", $b, "s2", $a, "s3", $b, "s3"),
            "vadd.f32 s8, s8, s12; vadd.f32 s9, s9, s13; vadd.f32 s10, s10, s14; vadd.f32 s11, s11, s15\n",
            pair!(@move "vstr", "s4", "s5", "r9", $at), pair!(@move "vstr", "s6", "s7", "r10", $at),
            pair!(@move "vstr", "s8", "s9", "r11", $at), pair!(@move "vstr", "s10", "s11", "r12", $at),
        )
    };
    // Of one row: 8 cycles, 32 bytes.
    (@one $at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@move "vldr", "s4", "s5", "r9", $at),
            "vmul.f32 s12, ", $a, ", s0; vmul.f32 s13, ", $b, ", s0; vadd.f32 s4, s4, s12; vadd.f32 s5, s5, s13\n",
            pair!(@move "vstr", "s4", "s5", "r9", $at),
        )
    };
    // Their steps, at first: 5 cycles, 16 bytes.
    (@begin $at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@move "vldr", $a, $b, "r2", $at),
            "vmul.f32 ", $a, ", ", $a, ", s15; vmul.f32 ", $b, ", ", $b, ", s15\n",
        )
    };
    (@step $a:literal, $x:literal, $b:literal, $y:literal, $c:literal, $z:literal, $d:literal, $t:literal) => {
        concat!(
            "vmul.f32 s12, ", $a, ", ", $x, "; vmul.f32 s13, ", $b, ", ", $y, "\n",
            "vmul.f32 s14, ", $c, ", ", $z, "; vmul.f32 s15, ", $d, ", ", $t, "\n",
        )
    };
    (@move $op:literal, $a:literal, $b:literal, $row:literal, $at:literal) => {
        concat!($op, " ", $a, ", [", $row, ", #", $at, "]; ", $op, " ", $b, ", [", $row, ", #", $at, "+4]\n")
    };
}

/// The outer product: 4.27 cycles per element in blocks of sixteen columns, 4.4 in the ten that are left of ten, 6 in two, 7.5 in a
/// single one.
///
/// A block goes down all rows with its steps `α·d` in s16 to s31; what has a part for every pair of columns is entered at the
/// first that is there (r6 of eight are not). r9 to r12 point into four rows, r4 into the input; r0 and r2 move from block to
/// block, r8 is how many columns are left; α lies on the stack.
///
/// # Safety
/// `weights` must have `rows` rows of `columns` elements to write, `stride` elements from one to the next, which overlap with nothing,
/// `input` `rows` and `deltas` `columns` to read; `stride` must be at least `columns`.
#[unsafe(naked)]
pub(super) unsafe extern "C" fn add_outer_product(
    alpha: f32,
    weights: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    columns: usize,
    stride: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r8, r5, [sp, #100]",
        "lsl r5, r5, #2", // a row in bytes
        "vpush {s0}",
        "b 8f",
        // Up to sixteen columns.
        "2:",
        "lsr r6, r8, #1",
        "cmp r6, #8",
        "it hs",
        "movhs r6, #8",
        "rsb r6, r6, #8",
        "vldr s15, [sp]",
        "adr lr, 3f + 1", // Thumb
        "add lr, lr, r6, lsl #4",
        "bx lr",
        ".balign 4",
        "3:",
        pair!(@begin "56", "s30", "s31"),
        pair!(@begin "48", "s28", "s29"),
        pair!(@begin "40", "s26", "s27"),
        pair!(@begin "32", "s24", "s25"),
        pair!(@begin "24", "s22", "s23"),
        pair!(@begin "16", "s20", "s21"),
        pair!(@begin "8", "s18", "s19"),
        pair!(@begin "0", "s16", "s17"),
        "mov r9, r0",
        "mov r4, r1",
        "lsrs r7, r3, #2",
        "beq 6f",
        "adr lr, 5f + 1",
        "add lr, lr, r6, lsl #7",
        "add r10, r9, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "vldmia r4!, {s0-s3}",
        "bx lr",
        ".balign 4",
        "5:",
        pair!("56", "s30", "s31"),
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
        "subs r7, r7, #1",
        "beq 6f",
        "vldmia r4!, {s0-s3}",
        "bx lr",
        "6:",
        // The last rows, one by one.
        "ands r7, r3, #3",
        "beq 9f",
        "adr lr, 7f + 1",
        "add lr, lr, r6, lsl #5",
        "vldmia r4!, {s0}",
        "bx lr",
        ".balign 4",
        "7:",
        pair!(@one "56", "s30", "s31"),
        pair!(@one "48", "s28", "s29"),
        pair!(@one "40", "s26", "s27"),
        pair!(@one "32", "s24", "s25"),
        pair!(@one "24", "s22", "s23"),
        pair!(@one "16", "s20", "s21"),
        pair!(@one "8", "s18", "s19"),
        pair!(@one "0", "s16", "s17"),
        "add r9, r9, r5",
        "subs r7, r7, #1",
        "beq 9f",
        "vldmia r4!, {s0}",
        "bx lr",
        "9:",
        "rsb r6, r6, #8",
        "sub r8, r8, r6, lsl #1",
        "add r0, r0, r6, lsl #3",
        "add r2, r2, r6, lsl #3",
        "8:",
        "cmp r8, #2",
        "bhs 2b",
        // One column.
        "cmp r8, #0",
        "beq 15f",
        "vldr s15, [sp]; vldr s16, [r2]; vmul.f32 s16, s16, s15",
        "lsrs r7, r3, #2",
        "beq 12f",
        "add r10, r0, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "11:",
        "vldmia r1!, {s0-s3}",
        "vldr s4, [r0]; vldr s5, [r10]; vldr s6, [r11]; vldr s7, [r12]",
        "vmul.f32 s8, s16, s0; vmul.f32 s9, s16, s1; vmul.f32 s10, s16, s2; vmul.f32 s11, s16, s3",
        "vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11",
        "vstr s4, [r0]; vstr s5, [r10]; vstr s6, [r11]; vstr s7, [r12]",
        "add r0, r12, r5",
        "add r10, r0, r5",
        "add r11, r10, r5",
        "add r12, r11, r5",
        "subs r7, r7, #1",
        "bne 11b",
        "12:",
        "ands r7, r3, #3",
        "beq 15f",
        "13:",
        "vldmia r1!, {s0}",
        "vldr s4, [r0]; vmul.f32 s8, s16, s0; vadd.f32 s4, s4, s8; vstr s4, [r0]",
        "add r0, r0, r5",
        "subs r7, r7, #1",
        "bne 13b",
        "15:",
        "add sp, sp, #4",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
