//! The outer product of two vectors, added to a matrix.

use super::asm_with_all_registers;

/// `weightsᵢⱼ ← weightsᵢⱼ + inputᵢ·(α·deltasⱼ)` for all rows that there are and have an input; whether this target has it.
#[inline(always)]
pub fn add_outer(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) -> bool {
    let columns = deltas.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    if rows > 0 {
        // SAFETY: `weights` has `rows` rows of `columns` elements and `input` as many elements, both by the quotient; `rows` is
        // not zero. `weights` is borrowed alone.
        unsafe { add_outer_product(alpha, deltas, input.as_ptr(), rows, weights.as_mut_ptr()) };
    }
    true
}

/// A block of columns goes down all rows with its steps `α·d` in registers from s16 on.
macro_rules! block {
    (sixteen, $($operand:expr),*) => {
        block!(
            "{{s16-s31}}",
            "vldr s1, [{rows}]; vldr s2, [{rows}, #4]; vldr s3, [{rows}, #8]; vldr s4, [{rows}, #12]
            vldr s5, [{rows}, #16]; vldr s6, [{rows}, #20]; vldr s7, [{rows}, #24]; vldr s8, [{rows}, #28]
            vfma.f32 s1, s16, s0; vfma.f32 s2, s17, s0; vfma.f32 s3, s18, s0; vfma.f32 s4, s19, s0
            vfma.f32 s5, s20, s0; vfma.f32 s6, s21, s0; vfma.f32 s7, s22, s0; vfma.f32 s8, s23, s0
            vstr s1, [{rows}]; vstr s2, [{rows}, #4]; vstr s3, [{rows}, #8]; vstr s4, [{rows}, #12]
            vstr s5, [{rows}, #16]; vstr s6, [{rows}, #20]; vstr s7, [{rows}, #24]; vstr s8, [{rows}, #28]
            vldr s1, [{rows}, #32]; vldr s2, [{rows}, #36]; vldr s3, [{rows}, #40]; vldr s4, [{rows}, #44]
            vldr s5, [{rows}, #48]; vldr s6, [{rows}, #52]; vldr s7, [{rows}, #56]; vldr s8, [{rows}, #60]
            vfma.f32 s1, s24, s0; vfma.f32 s2, s25, s0; vfma.f32 s3, s26, s0; vfma.f32 s4, s27, s0
            vfma.f32 s5, s28, s0; vfma.f32 s6, s29, s0; vfma.f32 s7, s30, s0; vfma.f32 s8, s31, s0
            vstr s1, [{rows}, #32]; vstr s2, [{rows}, #36]; vstr s3, [{rows}, #40]; vstr s4, [{rows}, #44]
            vstr s5, [{rows}, #48]; vstr s6, [{rows}, #52]; vstr s7, [{rows}, #56]; vstr s8, [{rows}, #60]",
            $($operand),*
        )
    };
    (four, $($operand:expr),*) => {
        block!(
            "{{s16-s19}}",
            "vldr s1, [{rows}]; vldr s2, [{rows}, #4]; vldr s3, [{rows}, #8]; vldr s4, [{rows}, #12]
            vfma.f32 s1, s16, s0; vfma.f32 s2, s17, s0; vfma.f32 s3, s18, s0; vfma.f32 s4, s19, s0
            vstr s1, [{rows}]; vstr s2, [{rows}, #4]; vstr s3, [{rows}, #8]; vstr s4, [{rows}, #12]",
            $($operand),*
        )
    };
    (one, $($operand:expr),*) => {
        block!("{{s16}}", "vldr s1, [{rows}]; vfma.f32 s1, s16, s0; vstr s1, [{rows}]", $($operand),*)
    };
    ($steps:literal, $add_products:literal, $from:expr, $rows:expr, $columns:expr, $x:expr, $count:expr) => {
        asm_with_all_registers!(
            concat!("vldmia {steps}, ", $steps),
            "2:",
            "vldmia {x}!, {{s0}}",
            $add_products,
            "add {rows}, {rows}, {columns}, lsl #2",
            "subs {count}, {count}, #1",
            "bne 2b",
            steps = in(reg) $from,
            rows = inout(reg) $rows => _,
            columns = in(reg) $columns,
            x = inout(reg) $x => _,
            count = inout(reg) $count => _,
        )
    };
}

/// # Safety
/// `input` must have `rows` elements, at least one, and `weights` as many rows of `deltas.len()` elements to write, which overlap
/// with nothing.
unsafe fn add_outer_product(alpha: f32, deltas: &[f32], input: *const f32, rows: usize, weights: *mut f32) {
    let (columns, mut at) = (deltas.len(), 0);
    let (sixteens, rest) = deltas.as_chunks::<16>();
    let (fours, ones) = rest.as_chunks::<4>();
    // SAFETY: the blocks are all columns of every row; the rest is the caller's.
    unsafe {
        for deltas in sixteens {
            let steps = deltas.map(|d| alpha * d);
            block!(sixteen, steps.as_ptr(), weights.add(at), columns, input, rows);
            at += 16;
        }
        for deltas in fours {
            let steps = deltas.map(|d| alpha * d);
            block!(four, steps.as_ptr(), weights.add(at), columns, input, rows);
            at += 4;
        }
        for delta in ones {
            let step = alpha * delta;
            block!(one, &raw const step, weights.add(at), columns, input, rows);
            at += 1;
        }
    }
}
