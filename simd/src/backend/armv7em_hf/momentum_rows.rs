//! A step with momentum: up to sixteen columns at a time, in pairs, two rows a round.

use crate::kernel::MomentumStep;
use core::arch::naked_asm;

/// A step of all rows that weights and velocity have and that have an input; whether this target has it: for the rule without
/// dampening and look-ahead.
#[inline(always)]
pub fn momentum_rows(step: &MomentumStep, input: &[f32], deltas: &[f32], weights: &mut [f32], velocity: &mut [f32]) -> bool {
    if step.nesterov || step.gain != 1.0 {
        return false;
    }
    let columns = deltas.len();
    let elements = weights.len().min(velocity.len());
    let rows = elements.checked_div(columns).unwrap_or(0).min(input.len());
    if rows > 0 {
        let (mu, rate, input, deltas) = (step.momentum, -step.learning_rate, input.as_ptr(), deltas.as_ptr());
        // SAFETY: `weights` and `velocity` have `rows` rows of `columns` elements and `input` `rows` elements, all by the
        // quotient; `rows` is not zero, so neither is `columns`. `weights` and `velocity` are borrowed alone.
        unsafe { descend_rows(mu, rate, weights.as_mut_ptr(), velocity.as_mut_ptr(), input, deltas, rows, columns) };
    }
    true
}

/// Two columns, `$at` bytes on, of two rows, whose deltas are `$a` and `$b`: 36 cycles for four parameters, 144 bytes.
macro_rules! pair {
    ($at:literal, $a:literal, $b:literal) => {
        concat!(
            pair!(@move "vldr", "s0", "s1", "r11", $at), pair!(@move "vldr", "s2", "s3", "r12", $at),
            pair!(@move "vldr", "s4", "s5", "r9", $at), pair!(@move "vldr", "s6", "s7", "r10", $at),
            "vmul.f32 s8, ", $a, ", s12; vmul.f32 s9, ", $b, ", s12; vmul.f32 s10, ", $a, ", s13; vmul.f32 s11, ", $b, ", s13
            vmul.f32 s0, s0, s14; vmul.f32 s1, s1, s14; vmul.f32 s2, s2, s14; vmul.f32 s3, s3, s14
            vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11
            vmul.f32 s8, s0, s15; vmul.f32 s9, s1, s15; vmul.f32 s10, s2, s15; vmul.f32 s11, s3, s15
            vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11\n",
            pair!(@move "vstr", "s0", "s1", "r11", $at), pair!(@move "vstr", "s2", "s3", "r12", $at),
            pair!(@move "vstr", "s4", "s5", "r9", $at), pair!(@move "vstr", "s6", "s7", "r10", $at),
        )
    };
    (@move $op:literal, $a:literal, $b:literal, $row:literal, $at:literal) => {
        concat!($op, " ", $a, ", [", $row, ", #", $at, "]; ", $op, " ", $b, ", [", $row, ", #", $at, "+4]\n")
    };
}

/// The steps of all rows: 9.5 cycles per parameter in blocks of sixteen columns, 9.8 in the ten that are left of ten, 14 in a single
/// column; 11.1 in a single row.
///
/// A block goes down all rows with its deltas in s16 to s31 (s14: μ, s15: −η); what has a part for every pair of columns is
/// entered at the first that is there (r6 of eight are not). r9 and r10 point into two rows of weights, r11 and r12 of the
/// velocity, r4 into the input; r0, r1 and r3 move from block to block, r8 is how many columns are left. How many rows there
/// are is on the stack.
///
/// # Safety
/// `weights` and `velocity` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and
/// `deltas` `columns` to read; neither `rows` nor `columns` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn descend_rows(
    momentum: f32,
    rate: f32,
    weights: *mut f32,
    velocity: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    columns: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldr r8, [sp, #104]",
        "lsl r5, r8, #2", // a row in bytes
        "vmov.f32 s14, s0; vmov.f32 s15, s1",
        "ldr r7, [sp, #100]",
        "cmp r7, #1",
        "bne 8f",
        "vldr s12, [r2]",
        "subs r8, r8, #8",
        "blo 7f",
        // Eight columns of a single row.
        "6:",
        "vldmia r3!, {s0-s7}",
        "vldmia r1, {s16-s23}",
        "vldmia r0, {s24-s31}",
        "vmul.f32 s0, s0, s12; vmul.f32 s1, s1, s12; vmul.f32 s2, s2, s12; vmul.f32 s3, s3, s12",
        "vmul.f32 s4, s4, s12; vmul.f32 s5, s5, s12; vmul.f32 s6, s6, s12; vmul.f32 s7, s7, s12",
        "vmul.f32 s16, s16, s14; vmul.f32 s17, s17, s14; vmul.f32 s18, s18, s14; vmul.f32 s19, s19, s14",
        "vmul.f32 s20, s20, s14; vmul.f32 s21, s21, s14; vmul.f32 s22, s22, s14; vmul.f32 s23, s23, s14",
        "vadd.f32 s16, s16, s0; vadd.f32 s17, s17, s1; vadd.f32 s18, s18, s2; vadd.f32 s19, s19, s3",
        "vadd.f32 s20, s20, s4; vadd.f32 s21, s21, s5; vadd.f32 s22, s22, s6; vadd.f32 s23, s23, s7",
        "vmul.f32 s0, s16, s15; vmul.f32 s1, s17, s15; vmul.f32 s2, s18, s15; vmul.f32 s3, s19, s15",
        "vmul.f32 s4, s20, s15; vmul.f32 s5, s21, s15; vmul.f32 s6, s22, s15; vmul.f32 s7, s23, s15",
        "vadd.f32 s24, s24, s0; vadd.f32 s25, s25, s1; vadd.f32 s26, s26, s2; vadd.f32 s27, s27, s3",
        "vadd.f32 s28, s28, s4; vadd.f32 s29, s29, s5; vadd.f32 s30, s30, s6; vadd.f32 s31, s31, s7",
        "vstmia r1!, {s16-s23}",
        "vstmia r0!, {s24-s31}",
        "subs r8, r8, #8",
        "bhs 6b",
        "7:",
        "add r8, r8, #8",
        "b 8f",
        // Up to sixteen columns.
        "2:",
        "lsr r6, r8, #1",
        "cmp r6, #8",
        "it hs",
        "movhs r6, #8",
        "rsb r6, r6, #8",
        "adr lr, 3f + 1", // Thumb
        "add lr, lr, r6, lsl #3",
        "bx lr",
        ".balign 4",
        "3:",
        "vldr s30, [r3, #56]; vldr s31, [r3, #60]; vldr s28, [r3, #48]; vldr s29, [r3, #52]",
        "vldr s26, [r3, #40]; vldr s27, [r3, #44]; vldr s24, [r3, #32]; vldr s25, [r3, #36]",
        "vldr s22, [r3, #24]; vldr s23, [r3, #28]; vldr s20, [r3, #16]; vldr s21, [r3, #20]",
        "vldr s18, [r3, #8]; vldr s19, [r3, #12]; vldr s16, [r3]; vldr s17, [r3, #4]",
        "mov r9, r0",
        "mov r11, r1",
        "mov r4, r2",
        "add lr, r6, r6, lsl #3",
        "lsl r12, lr, #4",
        "adr lr, 5f + 1",
        "add lr, lr, r12",
        "ldr r7, [sp, #100]",
        "adds r7, r7, #1",
        "lsrs r7, r7, #1",
        "bcs 4f",
        // Of an odd number of rows the first is both rows of a round: it is written twice, alike.
        "mov r10, r9",
        "mov r12, r11",
        "vldmia r4!, {s12}",
        "vmov.f32 s13, s12",
        "bx lr",
        "4:",
        "add r10, r9, r5",
        "add r12, r11, r5",
        "vldmia r4!, {s12-s13}",
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
        "add r9, r10, r5",
        "add r11, r12, r5",
        "subs r7, r7, #1",
        "beq 9f",
        "add r10, r9, r5", // to the next round as from 4, in one branch instead of two
        "add r12, r11, r5",
        "vldmia r4!, {s12-s13}",
        "bx lr",
        "9:",
        "rsb r6, r6, #8",
        "sub r8, r8, r6, lsl #1",
        "add r0, r0, r6, lsl #3",
        "add r1, r1, r6, lsl #3",
        "add r3, r3, r6, lsl #3",
        "8:",
        "cmp r8, #2",
        "bhs 2b",
        // One column.
        "cmp r8, #0",
        "beq 11f",
        "vldr s16, [r3]",
        "ldr r7, [sp, #100]",
        "10:",
        "vldmia r2!, {s12}",
        "vldr s0, [r1]; vldr s4, [r0]",
        "vmul.f32 s8, s12, s16; vmul.f32 s0, s0, s14",
        "subs r7, r7, #1",
        "vadd.f32 s0, s0, s8; vmul.f32 s8, s0, s15",
        "vstr s0, [r1]",
        "add r1, r1, r5",
        "vadd.f32 s4, s4, s8",
        "vstr s4, [r0]",
        "add r0, r0, r5",
        "bne 10b",
        "11:",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
