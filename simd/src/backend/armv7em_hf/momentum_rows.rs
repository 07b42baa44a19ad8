//! A step with momentum: sixteen columns at a time, then four, then one.

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

/// Four columns from byte `$at` on, whose deltas are in four registers, of the rows of weights and velocity at `$w` and `$v`.
macro_rules! four {
    ($w:literal, $v:literal, $at:literal, $d0:literal, $d1:literal, $d2:literal, $d3:literal) => {
        concat!(
            four!(@move "vldr", "s0", "s1", "s2", "s3", $v, $at),
            four!(@move "vldr", "s4", "s5", "s6", "s7", $w, $at),
            "vmul.f32 s8, s12, ", $d0, "; vmul.f32 s9, s12, ", $d1, "; vmul.f32 s10, s12, ", $d2, "; vmul.f32 s11, s12, ", $d3, "
            vmul.f32 s0, s0, s13; vmul.f32 s1, s1, s13; vmul.f32 s2, s2, s13; vmul.f32 s3, s3, s13
            vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11
            vmul.f32 s8, s0, s14; vmul.f32 s9, s1, s14; vmul.f32 s10, s2, s14; vmul.f32 s11, s3, s14
            vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11\n",
            four!(@move "vstr", "s0", "s1", "s2", "s3", $v, $at),
            four!(@move "vstr", "s4", "s5", "s6", "s7", $w, $at),
        )
    };
    (@move $op:literal, $a:literal, $b:literal, $c:literal, $d:literal, $row:literal, $at:literal) => {
        concat!(
            $op, " ", $a, ", [", $row, ", #", $at, "]; ", $op, " ", $b, ", [", $row, ", #", $at, "+4]\n",
            $op, " ", $c, ", [", $row, ", #", $at, "+8]; ", $op, " ", $d, ", [", $row, ", #", $at, "+12]\n",
        )
    };
}

/// Sixteen columns of a row whose input is `$at` bytes on, and on to the next row: 148 cycles.
macro_rules! row {
    ($at:literal) => {
        concat!(
            "vldr s12, [r10, #",
            $at,
            "]\n",
            four!("r9", "r12", "0", "s16", "s17", "s18", "s19"),
            four!("r9", "r12", "16", "s20", "s21", "s22", "s23"),
            four!("r9", "r12", "32", "s24", "s25", "s26", "s27"),
            four!("r9", "r12", "48", "s28", "s29", "s30", "s31"),
            "add r9, r9, r5; add r12, r12, r5\n",
        )
    };
}

/// The steps of all rows: 9.4 cycles per parameter in blocks of sixteen columns, 11.3 in blocks of four.
///
/// A block goes down all rows with its deltas in s16 to s31 (s13: μ, s14: −η), its weights at r9 and velocity at r12. Sixteen
/// columns take two rows a round, of an odd number of rows only the second at first (then r10, the input, begins four bytes
/// early). r0, r1 and r3 move from block to block.
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
        "ldrd r7, r8, [sp, #100]",
        "lsl r5, r8, #2", // a row in bytes
        "vmov.f32 s13, s0; vmov.f32 s14, s1",
        // Sixteen columns.
        "lsrs r6, r8, #4",
        "beq 5f",
        "2:",
        "vldmia r3!, {s16-s31}",
        "mov r9, r0",
        "mov r12, r1",
        "and r4, r7, #1",
        "sub r10, r2, r4, lsl #2",
        "add r11, r7, #1",
        "lsr r11, r11, #1",
        "cmp r4, #0",
        "bne 4f",
        "3:",
        row!("0"),
        "4:",
        row!("4"),
        "add r10, r10, #8",
        "subs r11, r11, #1",
        "bne 3b",
        "add r0, r0, #64",
        "add r1, r1, #64",
        "subs r6, r6, #1",
        "bne 2b",
        "5:",
        // Four columns.
        "ubfx r6, r8, #2, #2",
        "cmp r6, #0",
        "beq 8f",
        "6:",
        "vldmia r3!, {s16-s19}",
        "mov r9, r0",
        "mov r12, r1",
        "mov r10, r2",
        "mov r11, r7",
        "7:",
        "vldmia r10!, {s12}",
        four!("r9", "r12", "0", "s16", "s17", "s18", "s19"),
        "add r9, r9, r5",
        "add r12, r12, r5",
        "subs r11, r11, #1",
        "bne 7b",
        "add r0, r0, #16",
        "add r1, r1, #16",
        "subs r6, r6, #1",
        "bne 6b",
        "8:",
        // One column.
        "ands r6, r8, #3",
        "beq 11f",
        "9:",
        "vldmia r3!, {s16}",
        "mov r9, r0",
        "mov r12, r1",
        "mov r10, r2",
        "mov r11, r7",
        "10:",
        "vldmia r10!, {s12}",
        "vldr s0, [r12]; vldr s4, [r9]",
        "vmul.f32 s8, s12, s16; vmul.f32 s0, s0, s13",
        "subs r11, r11, #1",
        "vadd.f32 s0, s0, s8; vmul.f32 s8, s0, s14",
        "vstr s0, [r12]",
        "add r12, r12, r5",
        "vadd.f32 s4, s4, s8",
        "vstr s4, [r9]",
        "add r9, r9, r5",
        "bne 10b",
        "add r0, r0, #4",
        "add r1, r1, #4",
        "subs r6, r6, #1",
        "bne 9b",
        "11:",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
