//! The outer product of two vectors with zeros in them, added to a matrix: only the columns and rows that change.

use super::add_outer::{add_outer, add_outer_product_of_pairs};
use core::arch::naked_asm;

/// One input of so many is looked at before two bodies are chosen from.
const SAMPLE: usize = 5;

/// [`add_outer`](super::add_outer()) that passes over the columns whose delta is zero and the rows whose input is, where that saves time; whether this
/// target has it.
#[inline(always)]
pub fn add_sparse(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    let columns = deltas.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    if rows == 0 {
        return true;
    }
    let active = columns - zeros(deltas);
    // Looking for pairs of zeros takes time where there are none, as a few inputs tell, or where no block of sixteen looks.
    let dense = 2 * active > columns && (columns < 16 || !input.iter().step_by(SAMPLE).any(|x| x.to_bits() == 0));
    if dense {
        add_outer(alpha, input, deltas, weights);
        return true;
    }
    let (weights, input, d) = (weights.as_mut_ptr(), input.as_ptr(), deltas.as_ptr());
    // A column by itself takes half as long again as one in a block.
    if 2 * active > columns {
        // SAFETY: `weights` has `rows` rows of `columns` elements and `input` as many elements, both by the quotient; neither is
        // zero. `weights` was borrowed alone.
        unsafe { add_outer_product_of_pairs(alpha, weights, input, d, rows, columns) };
    } else {
        // SAFETY: as above, and `active` of the `columns` deltas are not zero.
        unsafe { add_active_columns(alpha, weights, input, d, rows, columns, active) };
    }
    true
}

/// How many are zero, of either sign.
#[inline(always)]
fn zeros(x: &[f32]) -> usize {
    x.iter().fold(0, |zeros, x| zeros + usize::from(x.to_bits() << 1 == 0))
}

/// Looks for the next delta that is not zero: `$pointer` is then its column's first weight, `$delta` the delta.
macro_rules! find {
    ($pointer:literal, $delta:literal) => {
        concat!(
            "7:
            ldr r11, [r12], #4
            lsls r8, r11, #1
            add lr, lr, #4
            beq 7b
            sub ",
            $pointer,
            ", lr, #4
            vmov ",
            $delta,
            ", r11\n"
        )
    };
}

/// The columns that change, one by one: 6.3 cycles per element in eights, 7.5 in fours, and 2 per element of a row passed over.
///
/// r0 to r7 go down eight columns with their steps `α·d` in s16 to s23 (s31: α), or r0 to r3 down four; where fewer are left,
/// the last ones are the first once more, written twice. r12 runs along `deltas`, lr along the first row, r8 along `input`.
///
/// # Safety
/// `weights` must have `rows * columns` elements to write, which overlap with nothing, `input` `rows` and `deltas` `columns` to
/// read, `active` of which are not zero; `rows` must not be zero.
#[unsafe(naked)]
unsafe extern "C" fn add_active_columns(
    alpha: f32,
    weights: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    columns: usize,
    active: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "sub sp, sp, #8",
        "strd r1, r3, [sp]", // input and rows
        "ldr r10, [sp, #108]",
        "lsl r10, r10, #2", // a row in bytes
        "vmov.f32 s31, s0",
        "mov r12, r2",
        "mov lr, r0",
        // Eight columns.
        "2:",
        "ldr r9, [sp, #112]", // `active`, counted down in its place: an argument's memory is the callee's
        "subs r9, r9, #8",
        "blt 5f",
        "str r9, [sp, #112]",
        find!("r0", "s16"),
        find!("r1", "s17"),
        find!("r2", "s18"),
        find!("r3", "s19"),
        find!("r4", "s20"),
        find!("r5", "s21"),
        find!("r6", "s22"),
        find!("r7", "s23"),
        "vmul.f32 s16, s16, s31; vmul.f32 s17, s17, s31; vmul.f32 s18, s18, s31; vmul.f32 s19, s19, s31",
        "vmul.f32 s20, s20, s31; vmul.f32 s21, s21, s31; vmul.f32 s22, s22, s31; vmul.f32 s23, s23, s31",
        "ldrd r8, r9, [sp]",
        "3:",
        "ldr r11, [r8], #4",
        "cmp r11, #0",
        "beq 4f",
        "vmov s8, r11",
        "vldr s0, [r0]; vldr s1, [r1]; vldr s2, [r2]; vldr s3, [r3]; vldr s4, [r4]; vldr s5, [r5]; vldr s6, [r6]; vldr s7, [r7]",
        "vmul.f32 s9, s16, s8; vmul.f32 s10, s17, s8; vmul.f32 s11, s18, s8; vmul.f32 s12, s19, s8",
        "vmul.f32 s13, s20, s8; vmul.f32 s14, s21, s8; vmul.f32 s15, s22, s8; vmul.f32 s24, s23, s8",
        "vadd.f32 s0, s0, s9; vadd.f32 s1, s1, s10; vadd.f32 s2, s2, s11; vadd.f32 s3, s3, s12",
        "vadd.f32 s4, s4, s13; vadd.f32 s5, s5, s14; vadd.f32 s6, s6, s15; vadd.f32 s7, s7, s24",
        "vstr s0, [r0]; vstr s1, [r1]; vstr s2, [r2]; vstr s3, [r3]; vstr s4, [r4]; vstr s5, [r5]; vstr s6, [r6]; vstr s7, [r7]",
        "4:",
        "add r0, r0, r10; add r1, r1, r10; add r2, r2, r10; add r3, r3, r10",
        "add r4, r4, r10; add r5, r5, r10; add r6, r6, r10; add r7, r7, r10",
        "subs r9, r9, #1",
        "bne 3b",
        "b 2b",
        // Four columns.
        "5:",
        "adds r9, r9, #8",
        "ble 9f",
        "sub r4, r9, #4",
        "str r4, [sp, #112]",
        find!("r0", "s16"),
        "mov r1, r0; mov r2, r0; mov r3, r0",
        "vmov s17, s16; vmov s18, s16; vmov s19, s16",
        "cmp r9, #2",
        "blt 6f",
        find!("r1", "s17"),
        "cmp r9, #3",
        "blt 6f",
        find!("r2", "s18"),
        "cmp r9, #4",
        "blt 6f",
        find!("r3", "s19"),
        "6:",
        "vmul.f32 s16, s16, s31; vmul.f32 s17, s17, s31; vmul.f32 s18, s18, s31; vmul.f32 s19, s19, s31",
        "ldrd r8, r9, [sp]",
        "7:",
        "ldr r11, [r8], #4",
        "cmp r11, #0",
        "beq 8f",
        "vmov s8, r11",
        "vldr s0, [r0]; vldr s1, [r1]; vldr s2, [r2]; vldr s3, [r3]",
        "vmul.f32 s9, s16, s8; vmul.f32 s10, s17, s8; vmul.f32 s11, s18, s8; vmul.f32 s12, s19, s8",
        "vadd.f32 s0, s0, s9; vadd.f32 s1, s1, s10; vadd.f32 s2, s2, s11; vadd.f32 s3, s3, s12",
        "vstr s0, [r0]; vstr s1, [r1]; vstr s2, [r2]; vstr s3, [r3]",
        "8:",
        "add r0, r0, r10; add r1, r1, r10; add r2, r2, r10; add r3, r3, r10",
        "subs r9, r9, #1",
        "bne 7b",
        "ldr r9, [sp, #112]",
        "subs r9, r9, #8",
        "b 5b",
        "9:",
        "add sp, sp, #8",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
}
