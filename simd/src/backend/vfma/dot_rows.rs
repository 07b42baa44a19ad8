//! Dot products of neighbouring rows with one vector: four rows at a time.

use super::asm_with_all_registers;
use crate::math::multiply_add;

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ` for every four rows that there are, and an output for each; returns how many rows that were.
///
/// *Order:* four lanes, element j in lane j mod 4, each in natural order from +0; then (l₀ + l₂) + (l₁ + l₃).
#[inline(always)]
pub fn dot_rows(rows: &[f32], deltas: &[f32], output: &mut [f32]) -> Option<usize> {
    let columns = deltas.len();
    let rows_there = rows.len().checked_div(columns).unwrap_or(0);
    let (quads, tail) = deltas.as_chunks::<4>();
    let whole = columns - tail.len();
    let mut done = 0;
    for four in output.as_chunks_mut::<4>().0 {
        if rows_there < done + 4 {
            break;
        }
        let mut lanes = [[0.0; 4]; 4];
        if !quads.is_empty() {
            // SAFETY: `rows` has four rows of `columns` elements from row `done` on, by the quotient and the check above.
            unsafe { add_products(rows.as_ptr().add(done * columns), columns, quads, &mut lanes) };
        }
        for (i, (lanes, y)) in lanes.iter_mut().zip(four).enumerate() {
            let row = rows.get((done + i) * columns + whole..).unwrap_or_default();
            for ((lane, w), d) in lanes.iter_mut().zip(row).zip(tail) {
                *lane = multiply_add(*w, *d, *lane);
            }
            *y = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
        }
        done += 4;
    }
    Some(done)
}

/// The lanes of four rows: 16 running sums, and every delta loaded once for all of them.
///
/// # Safety
/// `rows` must have four rows of `columns` elements to read, at least as many as `deltas` has, which must not be empty.
unsafe fn add_products(rows: *const f32, columns: usize, deltas: &[[f32; 4]], lanes: &mut [[f32; 4]; 4]) {
    // SAFETY: reads four rows as far as `deltas` go, which is the caller's promise, and writes to all of `lanes`.
    unsafe {
        asm_with_all_registers!(
            "vldmia {lanes}, {{s16-s31}}",
            "2:",
            "vldmia {d}!, {{s0-s3}}",
            "vldmia {r0}!, {{s4-s7}}",
            "vldmia {r1}!, {{s8-s11}}",
            "vfma.f32 s16, s4, s0; vfma.f32 s17, s5, s1; vfma.f32 s18, s6, s2; vfma.f32 s19, s7, s3",
            "vfma.f32 s20, s8, s0; vfma.f32 s21, s9, s1; vfma.f32 s22, s10, s2; vfma.f32 s23, s11, s3",
            "vldmia {r2}!, {{s4-s7}}",
            "vldmia {r3}!, {{s8-s11}}",
            "vfma.f32 s24, s4, s0; vfma.f32 s25, s5, s1; vfma.f32 s26, s6, s2; vfma.f32 s27, s7, s3",
            "vfma.f32 s28, s8, s0; vfma.f32 s29, s9, s1; vfma.f32 s30, s10, s2; vfma.f32 s31, s11, s3",
            "subs {count}, {count}, #1",
            "bne 2b",
            "vstmia {lanes}, {{s16-s31}}",
            lanes = in(reg) lanes.as_mut_ptr(),
            d = inout(reg) deltas.as_ptr() => _,
            r0 = inout(reg) rows => _,
            r1 = inout(reg) rows.add(columns) => _,
            r2 = inout(reg) rows.add(2 * columns) => _,
            r3 = inout(reg) rows.add(3 * columns) => _,
            count = inout(reg) deltas.len() => _,
        )
    }
}
