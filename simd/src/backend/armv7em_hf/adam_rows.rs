//! Adam's step: sixteen parameters at a time, then four, two and one.

use crate::kernel::AdamStep;
use core::arch::naked_asm;

/// A step of all rows that weights and both moments have and that have an input; whether this target has it.
#[inline(always)]
pub fn adam_rows(step: &AdamStep, input: &[f32], deltas: &[f32], weights: &mut [f32], m: &mut [f32], v: &mut [f32]) -> bool {
    let columns = deltas.len();
    let elements = weights.len().min(m.len()).min(v.len());
    let rows = elements.checked_div(columns).unwrap_or(0).min(input.len());
    if rows > 0 {
        let constants = [step.beta1, step.gain1, step.beta2, step.gain2, step.root_correction, step.epsilon, -step.rate];
        let (input, deltas) = (input.as_ptr(), deltas.as_ptr());
        let (weights, m, v) = (weights.as_mut_ptr(), m.as_mut_ptr(), v.as_mut_ptr());
        // SAFETY: `weights`, `m` and `v` have `rows` rows of `columns` elements and `input` `rows` elements, all by the
        // quotient; `rows` is not zero, so neither is `columns`. `weights`, `m` and `v` are borrowed alone.
        unsafe { descend_rows(&constants, input, deltas, weights, m, v, rows, columns) };
    }
    true
}

/// Four parameters, `$at` bytes on: 193 cycles, 112 of them for four roots and four quotients, in 336 bytes.
macro_rules! four {
    ($at:literal) => {
        concat!(
            four!(@load "s0", "s1", "s2", "s3", "r8", $at),
            four!(@load "s4", "s5", "s6", "s7", "r4", $at),
            four!(@load "s8", "s9", "s10", "s11", "r5", $at),
            four!(@load "s12", "s13", "s14", "s15", "r3", $at),
            "vmul.f32 s0, s0, s31; vmul.f32 s1, s1, s31; vmul.f32 s2, s2, s31; vmul.f32 s3, s3, s31
            vmul.f32 s4, s4, s24; vmul.f32 s5, s5, s24; vmul.f32 s6, s6, s24; vmul.f32 s7, s7, s24
            vmul.f32 s16, s0, s25; vmul.f32 s17, s1, s25; vmul.f32 s18, s2, s25; vmul.f32 s19, s3, s25
            vadd.f32 s4, s4, s16; vadd.f32 s5, s5, s17; vadd.f32 s6, s6, s18; vadd.f32 s7, s7, s19
            vmul.f32 s0, s0, s0; vmul.f32 s1, s1, s1; vmul.f32 s2, s2, s2; vmul.f32 s3, s3, s3
            vmul.f32 s8, s8, s26; vmul.f32 s9, s9, s26; vmul.f32 s10, s10, s26; vmul.f32 s11, s11, s26
            vmul.f32 s0, s0, s27; vmul.f32 s1, s1, s27; vmul.f32 s2, s2, s27; vmul.f32 s3, s3, s27
            vadd.f32 s8, s8, s0; vadd.f32 s9, s9, s1; vadd.f32 s10, s10, s2; vadd.f32 s11, s11, s3
            vsqrt.f32 s0, s8; vsqrt.f32 s1, s9; vsqrt.f32 s2, s10; vsqrt.f32 s3, s11
            vmul.f32 s0, s0, s28; vmul.f32 s1, s1, s28; vmul.f32 s2, s2, s28; vmul.f32 s3, s3, s28
            vadd.f32 s0, s0, s29; vadd.f32 s1, s1, s29; vadd.f32 s2, s2, s29; vadd.f32 s3, s3, s29
            vdiv.f32 s0, s4, s0; vdiv.f32 s1, s5, s1; vdiv.f32 s2, s6, s2; vdiv.f32 s3, s7, s3
            vmul.f32 s0, s0, s30; vmul.f32 s1, s1, s30; vmul.f32 s2, s2, s30; vmul.f32 s3, s3, s30
            vadd.f32 s12, s12, s0; vadd.f32 s13, s13, s1; vadd.f32 s14, s14, s2; vadd.f32 s15, s15, s3\n",
            four!(@store "s4", "s5", "s6", "s7", "r4", $at),
            four!(@store "s8", "s9", "s10", "s11", "r5", $at),
            four!(@store "s12", "s13", "s14", "s15", "r3", $at),
        )
    };
    (@load $a:literal, $b:literal, $c:literal, $d:literal, $from:literal, $at:literal) => {
        concat!(
            "vldr ", $a, ", [", $from, ", #", $at, "]; vldr ", $b, ", [", $from, ", #", $at, "+4]\n",
            "vldr ", $c, ", [", $from, ", #", $at, "+8]; vldr ", $d, ", [", $from, ", #", $at, "+12]\n",
        )
    };
    (@store $a:literal, $b:literal, $c:literal, $d:literal, $to:literal, $at:literal) => {
        concat!(
            "vstr ", $a, ", [", $to, ", #", $at, "]; vstr ", $b, ", [", $to, ", #", $at, "+4]\n",
            "vstr ", $c, ", [", $to, ", #", $at, "+8]; vstr ", $d, ", [", $to, ", #", $at, "+12]\n",
        )
    };
}

/// The steps of all rows: 48.7 cycles per parameter in the loop, 51 in pairs, about 70 in single columns.
///
/// s24 to s30 are the constants, s31 is the row's input. r3, r4 and r5 run through weights and moments, r8 along `deltas`. The
/// loop takes sixteen columns; where they are not a multiple of that, it is entered (lr) that many later at first, and all pointers
/// begin that many (r10, in bytes) early.
///
/// # Safety
/// `weights`, `m` and `v` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and `deltas`
/// `columns` to read; neither `rows` nor `columns` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn descend_rows(
    constants: &[f32; 7],
    input: *const f32,
    deltas: *const f32,
    weights: *mut f32,
    m: *mut f32,
    v: *mut f32,
    rows: usize,
    columns: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "vldmia r0, {s24-s30}",
        "ldrd r4, r5, [sp, #100]",
        "ldrd r6, r7, [sp, #108]",
        "lsr r11, r7, #2",
        "rsb r10, r11, #0",
        "and r10, r10, #3", // fours that the first round leaves out
        "add r11, r11, #3",
        "lsr r11, r11, #2", // rounds of the loop
        "adr lr, 3f",
        "mov r12, #336",
        "mla lr, r10, r12, lr",
        "add lr, lr, #1", // Thumb
        "lsl r10, r10, #4",
        "2:",
        "vldmia r1!, {s31}",
        "mov r8, r2",
        "movs r9, r11",
        "beq 5f",
        "sub r8, r8, r10",
        "sub r3, r3, r10",
        "sub r4, r4, r10",
        "sub r5, r5, r10",
        "bx lr",
        "3:",
        four!("0"),
        four!("16"),
        four!("32"),
        four!("48"),
        "add r8, r8, #64",
        "add r3, r3, #64",
        "add r4, r4, #64",
        "add r5, r5, #64",
        "subs r9, r9, #1",
        "bne 3b",
        "lsls r9, r7, #30",
        "beq 7f",
        "5:",
        "tst r7, #2",
        "beq 6f",
        "vldr s0, [r8]; vldr s1, [r8, #4]; vldr s4, [r4]; vldr s5, [r4, #4]",
        "vldr s8, [r5]; vldr s9, [r5, #4]; vldr s12, [r3]; vldr s13, [r3, #4]",
        "vmul.f32 s0, s0, s31; vmul.f32 s1, s1, s31; vmul.f32 s4, s4, s24; vmul.f32 s5, s5, s24",
        "vmul.f32 s16, s0, s25; vmul.f32 s17, s1, s25; vadd.f32 s4, s4, s16; vadd.f32 s5, s5, s17",
        "vmul.f32 s0, s0, s0; vmul.f32 s1, s1, s1; vmul.f32 s8, s8, s26; vmul.f32 s9, s9, s26",
        "vmul.f32 s0, s0, s27; vmul.f32 s1, s1, s27; vadd.f32 s8, s8, s0; vadd.f32 s9, s9, s1",
        "vsqrt.f32 s0, s8; vsqrt.f32 s1, s9; vmul.f32 s0, s0, s28; vmul.f32 s1, s1, s28",
        "vadd.f32 s0, s0, s29; vadd.f32 s1, s1, s29; vdiv.f32 s0, s4, s0; vdiv.f32 s1, s5, s1",
        "vmul.f32 s0, s0, s30; vmul.f32 s1, s1, s30; vadd.f32 s12, s12, s0; vadd.f32 s13, s13, s1",
        "vstr s4, [r4]; vstr s5, [r4, #4]; vstr s8, [r5]; vstr s9, [r5, #4]; vstr s12, [r3]; vstr s13, [r3, #4]",
        "add r8, r8, #8",
        "add r3, r3, #8",
        "add r4, r4, #8",
        "add r5, r5, #8",
        "6:",
        "tst r7, #1",
        "beq 7f",
        "vldmia r8!, {s0}",
        "vldr s4, [r4]; vldr s8, [r5]; vldr s12, [r3]",
        "vmul.f32 s0, s0, s31; vmul.f32 s4, s4, s24; vmul.f32 s16, s0, s25; vmul.f32 s0, s0, s0",
        "vmul.f32 s8, s8, s26; vmul.f32 s0, s0, s27; vadd.f32 s4, s4, s16; vadd.f32 s8, s8, s0",
        "vstmia r4!, {s4}",
        "vsqrt.f32 s0, s8",
        "vstmia r5!, {s8}",
        "vmul.f32 s0, s0, s28; vadd.f32 s0, s0, s29; vdiv.f32 s0, s4, s0; vmul.f32 s0, s0, s30; vadd.f32 s12, s12, s0",
        "vstmia r3!, {s12}",
        "7:",
        "subs r6, r6, #1",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
