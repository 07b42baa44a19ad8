//! Sums of outer products: tiles of four rows and four columns that stay in registers over all samples.

use core::arch::naked_asm;

/// `Cᵢⱼ ← Cᵢⱼ + Σₛ Aₛᵢ·Bₛⱼ` for as many rows and columns of C as whole tiles of 4 × 4 make up; returns how many columns.
///
/// A and B have `samples` rows each. C has a row for each of A's columns, or fewer; rows are taken while there are four.
///
/// *Order:* from the old Cᵢⱼ, over the samples in natural order.
#[inline(always)]
pub fn outer_sums(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) -> Option<usize> {
    let [inputs, outputs] = [a, b].map(|x| x.len().checked_div(samples).unwrap_or(0));
    let fours = c.len().checked_div(outputs).unwrap_or(0).min(inputs) >> 2;
    if fours > 0 && outputs >= 4 {
        // SAFETY: by the quotients `a` has `samples` rows of `inputs` elements, `b` `samples` rows of `outputs`, and `c`
        // `4 * fours` rows of `outputs`, no more than `inputs`; as `fours` is not zero, neither is `samples`, which would
        // have made it so. `c` is borrowed alone.
        unsafe { outer_sum_tiles(a.as_ptr(), b.as_ptr(), c.as_mut_ptr(), samples, inputs, outputs, fours) };
    }
    Some(outputs & !3)
}

/// One sample of a tile, and on to the next: 43 cycles for 16 products and sums.
macro_rules! sample {
    () => {
        "vldr s0, [r12]; vldr s1, [r12, #4]; vldr s2, [r12, #8]; vldr s3, [r12, #12]
        vldr s4, [lr]; vldr s5, [lr, #4]; vldr s6, [lr, #8]; vldr s7, [lr, #12]
        add r12, r12, r4
        add lr, lr, r5
        vmul.f32 s8, s4, s0; vmul.f32 s9, s5, s0; vmul.f32 s10, s6, s0; vmul.f32 s11, s7, s0
        vmul.f32 s12, s4, s1; vmul.f32 s13, s5, s1; vmul.f32 s14, s6, s1; vmul.f32 s15, s7, s1
        vadd.f32 s16, s16, s8; vadd.f32 s17, s17, s9; vadd.f32 s18, s18, s10; vadd.f32 s19, s19, s11
        vadd.f32 s20, s20, s12; vadd.f32 s21, s21, s13; vadd.f32 s22, s22, s14; vadd.f32 s23, s23, s15
        vmul.f32 s8, s4, s2; vmul.f32 s9, s5, s2; vmul.f32 s10, s6, s2; vmul.f32 s11, s7, s2
        vmul.f32 s12, s4, s3; vmul.f32 s13, s5, s3; vmul.f32 s14, s6, s3; vmul.f32 s15, s7, s3
        vadd.f32 s24, s24, s8; vadd.f32 s25, s25, s9; vadd.f32 s26, s26, s10; vadd.f32 s27, s27, s11
        vadd.f32 s28, s28, s12; vadd.f32 s29, s29, s13; vadd.f32 s30, s30, s14; vadd.f32 s31, s31, s15\n"
    };
}

/// `fours` times four rows of C, all of their whole tiles: 2.81 cycles per product and sum in the loop, and about 50 a tile.
///
/// s16 to s31 are the tile, r2 and r9 to r11 point to its rows; r12 runs down A and lr down B. The loop takes two samples, of
/// an odd number of samples only the second at first.
///
/// # Safety
/// `a` must have `samples * inputs` elements to read, `b` `samples * outputs`, and `c` `4 * fours * outputs` to write, which
/// overlap with nothing; `samples` and `fours` must not be zero, `inputs` be at least `4 * fours` and `outputs` at least four.
#[unsafe(naked)]
unsafe extern "C" fn outer_sum_tiles(
    a: *const f32,
    b: *const f32,
    c: *mut f32,
    samples: usize,
    inputs: usize,
    outputs: usize,
    fours: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r4, r5, [sp, #100]",
        "lsl r4, r4, #2", // a row of A in bytes
        "lsl r5, r5, #2", // a row of B or C in bytes
        "2:",
        "lsr r7, r5, #4", // tiles
        "mov r8, r1",     // what the tile needs of B
        "3:",
        "add r9, r2, r5",
        "add r10, r9, r5",
        "add r11, r10, r5",
        "vldr s16, [r2]; vldr s17, [r2, #4]; vldr s18, [r2, #8]; vldr s19, [r2, #12]",
        "vldr s20, [r9]; vldr s21, [r9, #4]; vldr s22, [r9, #8]; vldr s23, [r9, #12]",
        "vldr s24, [r10]; vldr s25, [r10, #4]; vldr s26, [r10, #8]; vldr s27, [r10, #12]",
        "vldr s28, [r11]; vldr s29, [r11, #4]; vldr s30, [r11, #8]; vldr s31, [r11, #12]",
        "mov r12, r0",
        "mov lr, r8",
        "add r6, r3, #1",
        "lsr r6, r6, #1", // rounds of the loop
        "tst r3, #1",
        "bne 5f",
        "4:",
        sample!(),
        "5:",
        sample!(),
        "subs r6, r6, #1",
        "bne 4b",
        "vstr s16, [r2]; vstr s17, [r2, #4]; vstr s18, [r2, #8]; vstr s19, [r2, #12]",
        "vstr s20, [r9]; vstr s21, [r9, #4]; vstr s22, [r9, #8]; vstr s23, [r9, #12]",
        "vstr s24, [r10]; vstr s25, [r10, #4]; vstr s26, [r10, #8]; vstr s27, [r10, #12]",
        "vstr s28, [r11]; vstr s29, [r11, #4]; vstr s30, [r11, #8]; vstr s31, [r11, #12]",
        "add r2, r2, #16",
        "add r8, r8, #16",
        "subs r7, r7, #1",
        "bne 3b",
        "bic r7, r5, #15", // what r2 has moved by
        "sub r2, r2, r7",
        "add r2, r2, r5, lsl #2",
        "add r0, r0, #16",
        "ldr r7, [sp, #108]", // `fours`, counted down in its place: an argument's memory is the callee's
        "subs r7, r7, #1",
        "str r7, [sp, #108]",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
