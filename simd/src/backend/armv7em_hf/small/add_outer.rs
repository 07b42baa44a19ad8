//! The outer product of two vectors, added to a matrix: sixteen columns at a time, then eight, two and one.

use core::arch::naked_asm;

/// `weightsᵢⱼ ← weightsᵢⱼ + inputᵢ·(α·deltasⱼ)` for all rows that there are and have an input; whether this target has it.
#[inline(always)]
pub fn add_outer(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    let rows = weights.len().checked_div(deltas.len()).unwrap_or(0).min(input.len());
    if rows > 0 {
        // SAFETY: `weights` has `rows` rows of `deltas.len()` elements and `input` as many elements, both by the quotient;
        // `rows` is not zero, so neither is `deltas.len()`. `weights` is borrowed alone.
        unsafe { add_outer_product(alpha, weights.as_mut_ptr(), input.as_ptr(), deltas.as_ptr(), rows, deltas.len()) };
    }
    true
}

/// Eight columns of a row at r8: moved between memory (`$at` bytes on) and s0 to s7, and their steps, times s12, added.
macro_rules! eight {
    (@move $op:literal, $at:literal) => {
        concat!(
            $op,
            " s0, [r8, #",
            $at,
            "]; ",
            $op,
            " s1, [r8, #",
            $at,
            "+4]; ",
            $op,
            " s2, [r8, #",
            $at,
            "+8]\n",
            $op,
            " s3, [r8, #",
            $at,
            "+12]; ",
            $op,
            " s4, [r8, #",
            $at,
            "+16]; ",
            $op,
            " s5, [r8, #",
            $at,
            "+20]\n",
            $op,
            " s6, [r8, #",
            $at,
            "+24]; ",
            $op,
            " s7, [r8, #",
            $at,
            "+28]\n",
        )
    };
    (@add $a:literal, $b:literal, $c:literal, $d:literal, $e:literal, $f:literal, $g:literal, $h:literal) => {
        concat!(
            "vmul.f32 s8, ",
            $a,
            ", s12; vmul.f32 s9, ",
            $b,
            ", s12; vmul.f32 s10, ",
            $c,
            ", s12; vmul.f32 s11, ",
            $d,
            ", s12
            vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9; vadd.f32 s2, s2, s10; vadd.f32 s3, s3, s11
            vmul.f32 s8, ",
            $e,
            ", s12; vmul.f32 s9, ",
            $f,
            ", s12; vmul.f32 s10, ",
            $g,
            ", s12; vmul.f32 s11, ",
            $h,
            ", s12
            vadd.f32 s4, s4, s8; vadd.f32 s5, s5, s9; vadd.f32 s6, s6, s10; vadd.f32 s7, s7, s11\n",
        )
    };
}

/// The outer product: 4.5 cycles per element in blocks of sixteen columns, 5.13 in one of eight, 8 in pairs, 12 in a single column.
///
/// A block goes down all rows with its steps `α·d` in s16 to s31 (s13: α); r0 and r2 move from block to block, r8 down the rows
/// and lr with it along the input.
///
/// # Safety
/// `weights` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and `deltas` `columns` to
/// read; neither `rows` nor `columns` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn add_outer_product(
    alpha: f32,
    weights: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    columns: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r8, lr}",
        "vpush {d8-d15}",
        "ldr r7, [sp, #88]",
        "lsls r5, r7, #2", // a row in bytes
        "vmov.f32 s13, s0",
        // Sixteen columns.
        "lsrs r6, r7, #4",
        "beq 4f",
        "2:",
        "vldmia r2!, {s16-s31}",
        "vmul.f32 s16, s16, s13; vmul.f32 s17, s17, s13; vmul.f32 s18, s18, s13; vmul.f32 s19, s19, s13",
        "vmul.f32 s20, s20, s13; vmul.f32 s21, s21, s13; vmul.f32 s22, s22, s13; vmul.f32 s23, s23, s13",
        "vmul.f32 s24, s24, s13; vmul.f32 s25, s25, s13; vmul.f32 s26, s26, s13; vmul.f32 s27, s27, s13",
        "vmul.f32 s28, s28, s13; vmul.f32 s29, s29, s13; vmul.f32 s30, s30, s13; vmul.f32 s31, s31, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "3:",
        "vldmia lr!, {s12}",
        eight!(@move "vldr", "0"),
        eight!(@add "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23"),
        eight!(@move "vstr", "0"),
        eight!(@move "vldr", "32"),
        eight!(@add "s24", "s25", "s26", "s27", "s28", "s29", "s30", "s31"),
        eight!(@move "vstr", "32"),
        "add r8, r5",
        "subs r4, #1",
        "bne 3b",
        "adds r0, #64",
        "subs r6, #1",
        "bne 2b",
        "4:",
        // Eight columns.
        "tst r7, #8",
        "beq 6f",
        "vldmia r2!, {s16-s23}",
        "vmul.f32 s16, s16, s13; vmul.f32 s17, s17, s13; vmul.f32 s18, s18, s13; vmul.f32 s19, s19, s13",
        "vmul.f32 s20, s20, s13; vmul.f32 s21, s21, s13; vmul.f32 s22, s22, s13; vmul.f32 s23, s23, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "5:",
        "vldmia lr!, {s12}",
        "vldmia r8, {s0-s7}",
        eight!(@add "s16", "s17", "s18", "s19", "s20", "s21", "s22", "s23"),
        "vstmia r8, {s0-s7}",
        "add r8, r5",
        "subs r4, #1",
        "bne 5b",
        "adds r0, #32",
        "6:",
        // Two columns.
        "ubfx r6, r7, #1, #2",
        "cbz r6, 9f",
        "7:",
        "vldmia r2!, {s16-s17}",
        "vmul.f32 s16, s16, s13; vmul.f32 s17, s17, s13",
        "mov r8, r0",
        "mov lr, r1",
        "mov r4, r3",
        "8:",
        "vldmia lr!, {s12}",
        "vldr s0, [r8]; vldr s1, [r8, #4]",
        "vmul.f32 s8, s16, s12; vmul.f32 s9, s17, s12",
        "subs r4, #1",
        "vadd.f32 s0, s0, s8; vadd.f32 s1, s1, s9",
        "vstr s0, [r8]; vstr s1, [r8, #4]",
        "add r8, r5",
        "bne 8b",
        "adds r0, #8",
        "subs r6, #1",
        "bne 7b",
        "9:",
        // One column.
        "lsls r6, r7, #31",
        "beq 11f",
        "vldr s16, [r2]",
        "vmul.f32 s16, s16, s13",
        "10:",
        "vldmia r1!, {s12}",
        "vldr s0, [r0]",
        "vmul.f32 s8, s16, s12",
        "subs r3, #1",
        "vadd.f32 s0, s0, s8",
        "vstr s0, [r0]",
        "add r0, r5",
        "bne 10b",
        "11:",
        "vpop {d8-d15}",
        "pop {r4-r8, pc}",
        options(raw),
    )
}
