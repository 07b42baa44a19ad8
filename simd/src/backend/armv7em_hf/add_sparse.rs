//! The outer product of two vectors with zeros in them, added to a matrix: only the columns and rows that change.

use super::add_outer::{add_outer, add_outer_product};
use crate::kernel::axpy;
use core::arch::naked_asm;

/// One delta and input of so many is looked at before a body is chosen.
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
    if let ([1.0, ..], 1) = (input, rows) {
        // A bias: 1·(α·d) is α·d, bit for bit.
        axpy(alpha, deltas, weights);
        return true;
    }
    // Counting zeros and looking for pairs of them takes time where there are none: a few tell. Only blocks of sixteen have pairs.
    let few_zeros = |x: &[f32]| !x.iter().step_by(SAMPLE).any(|x| x.to_bits() << 1 == 0);
    let active = if few_zeros(deltas) { columns } else { columns - zeros(deltas) };
    // A column by itself takes half as long again as one in a block.
    let by_blocks = 2 * active > columns;
    if by_blocks && (columns < 16 || few_zeros(input)) {
        add_outer(alpha, input, deltas, weights);
        return true;
    }
    let (weights, input, d) = (weights.as_mut_ptr(), input.as_ptr(), deltas.as_ptr());
    if by_blocks {
        let (blocks, done) = (columns >> 4, columns & !15);
        // SAFETY: `weights` has `rows` rows of `columns` elements and `input` as many elements, both by the quotient; neither is
        // zero, nor is `blocks`: fewer than sixteen columns were dealt with. What is done is no more than the columns, of the first
        // row as of the deltas. `weights` was borrowed alone.
        unsafe {
            add_blocks(alpha, weights, input, d, rows, blocks, columns);
            add_outer_product(alpha, weights.add(done), input, d.add(done), rows, columns - done, columns);
        }
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

/// Sixteen columns of the row at `$row`, by the input in s0, up to the next row's address in `$next`, which `$ahead` goes with:
/// 65 cycles and what `$ahead` takes.
macro_rules! row {
    ($row:literal, $next:literal, $ahead:literal) => {
        concat!(
            row!(@move "vldr", "s1", "s2", "s3", "s4", $row, "0"),
            row!(@move "vldr", "s5", "s6", "s7", "s8", $row, "16"),
            row!(@move "vldr", "s9", "s10", "s11", "s12", $row, "32"),
            "vmul.f32 s13, s16, s0; vmul.f32 s14, s17, s0; vadd.f32 s1, s1, s13; vadd.f32 s2, s2, s14
            vmul.f32 s13, s18, s0; vmul.f32 s14, s19, s0; vadd.f32 s3, s3, s13; vadd.f32 s4, s4, s14
            vmul.f32 s13, s20, s0; vmul.f32 s14, s21, s0; vadd.f32 s5, s5, s13; vadd.f32 s6, s6, s14
            vmul.f32 s13, s22, s0; vmul.f32 s14, s23, s0; vadd.f32 s7, s7, s13; vadd.f32 s8, s8, s14
            vmul.f32 s13, s24, s0; vmul.f32 s14, s25, s0; vadd.f32 s9, s9, s13; vadd.f32 s10, s10, s14
            vmul.f32 s13, s26, s0; vmul.f32 s14, s27, s0; vadd.f32 s11, s11, s13; vadd.f32 s12, s12, s14\n",
            row!(@move "vstr", "s1", "s2", "s3", "s4", $row, "0"),
            row!(@move "vstr", "s5", "s6", "s7", "s8", $row, "16"),
            row!(@move "vstr", "s9", "s10", "s11", "s12", $row, "32"),
            row!(@move "vldr", "s1", "s2", "s3", "s4", $row, "48"),
            "vmul.f32 s13, s28, s0; vmul.f32 s14, s29, s0; vadd.f32 s1, s1, s13; vadd.f32 s2, s2, s14
            vmul.f32 s13, s30, s0; vmul.f32 s14, s31, s0; vadd.f32 s3, s3, s13; vadd.f32 s4, s4, s14
            add ", $next, ", ", $row, ", r5\n",
            $ahead, "\n",
            row!(@move "vstr", "s1", "s2", "s3", "s4", $row, "48"),
        )
    };
    (@move $op:literal, $a:literal, $b:literal, $c:literal, $d:literal, $row:literal, $at:literal) => {
        concat!(
            $op, " ", $a, ", [", $row, ", #", $at, "]; ", $op, " ", $b, ", [", $row, ", #", $at, "+4]\n",
            $op, " ", $c, ", [", $row, ", #", $at, "+8]; ", $op, " ", $d, ", [", $row, ", #", $at, "+12]\n",
        )
    };
}

/// Blocks of sixteen columns, two rows a round but those whose inputs both are +0: 4.44 cycles per element, 0.3 of those passed over.
///
/// A block goes down all rows with its steps `α·d` in s16 to s31 (s15: α), r9 and r12 by turns. r0 and r2 move from block to block.
///
/// # Safety
/// `weights` must have `rows` rows of `16 * blocks` elements to write, `stride` elements from one to the next, which overlap with
/// nothing, `input` `rows` and `deltas` `16 * blocks` to read; neither `rows` nor `blocks` may be zero.
#[unsafe(naked)]
unsafe extern "C" fn add_blocks(
    alpha: f32,
    weights: *mut f32,
    input: *const f32,
    deltas: *const f32,
    rows: usize,
    blocks: usize,
    stride: usize,
) {
    naked_asm!(
        ".fpu fpv4-sp-d16", // what the ABI has anyway; assembly outside of Rust functions is not told
        "push {r4-r11, lr}",
        "vpush {d8-d15}",
        "ldrd r6, r5, [sp, #100]",
        "lsl r5, r5, #2", // a row in bytes
        "vmov.f32 s15, s0",
        "2:",
        "vldmia r2!, {s16-s31}",
        "vmul.f32 s16, s16, s15; vmul.f32 s17, s17, s15; vmul.f32 s18, s18, s15; vmul.f32 s19, s19, s15",
        "vmul.f32 s20, s20, s15; vmul.f32 s21, s21, s15; vmul.f32 s22, s22, s15; vmul.f32 s23, s23, s15",
        "vmul.f32 s24, s24, s15; vmul.f32 s25, s25, s15; vmul.f32 s26, s26, s15; vmul.f32 s27, s27, s15",
        "vmul.f32 s28, s28, s15; vmul.f32 s29, s29, s15; vmul.f32 s30, s30, s15; vmul.f32 s31, s31, s15",
        "mov r9, r0",
        "add r11, r3, #1",
        "lsr r11, r11, #1", // rounds, the first with the second row alone if they are odd
        "mov r10, r1",
        "tst r3, #1",
        "beq 3f",
        "ldr r4, [r10], #4",
        "mov r12, r9",
        "vmov s0, r4",
        "b 4f",
        "3:",
        "ldrd r7, r4, [r10], #8",
        "orrs r12, r7, r4",
        "beq 5f",
        "vmov s0, r7",
        row!("r9", "r12", "vmov s0, r4"),
        "4:",
        row!("r12", "r9", ""),
        "subs r11, r11, #1",
        "bne 3b",
        "b 6f",
        "5:",
        "add r9, r9, r5, lsl #1",
        "subs r11, r11, #1",
        "bne 3b",
        "6:",
        "add r0, r0, #64",
        "subs r6, r6, #1",
        "bne 2b",
        "vpop {d8-d15}",
        "pop {r4-r11, pc}",
        options(raw),
    )
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
