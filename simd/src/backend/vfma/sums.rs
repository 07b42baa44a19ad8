//! Weighted sums of rows: a layer's forward pass, and the weight gradient of a batch.

use super::asm_with_all_registers;
use crate::block::rows_mut;

/// `outputⱼ ← biasⱼ + Σᵢ inputᵢ·weightsᵢⱼ` for every j that `bias` has, `output.len()` columns; whether this target has it.
///
/// *Order:* one running sum per output, from the bias, over the inputs in natural order.
#[cfg(not(feature = "helium"))]
#[inline(always)]
pub fn add_rows(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) -> bool {
    let columns = output.len();
    let rows = weights.len().checked_div(columns).unwrap_or(0).min(input.len());
    output.iter_mut().zip(bias).for_each(|(y, b)| *y = *b);
    let length = columns.min(bias.len());
    // SAFETY: `weights` has `rows` rows of `columns` elements and `input` `rows` elements, both by the quotient; `output` has
    // `length`, which is no more than `columns`, and is borrowed alone.
    unsafe { add_weighted_rows(weights.as_ptr(), columns, input.as_ptr(), 1, rows, output.as_mut_ptr(), length) };
    true
}

/// `Cₛⱼ ← biasⱼ + Σᵢ Aₛᵢ·Bᵢⱼ` for four samples; returns how many columns.
///
/// *Order:* [`add_rows`](crate::backend::add_rows) for each sample.
#[inline(always)]
pub fn sample_sums(a: [&[f32]; 4], b: &[f32], bias: &[f32], c: &mut [f32]) -> Option<usize> {
    for (a, c) in a.into_iter().zip(rows_mut(c, bias.len())) {
        crate::backend::add_rows(b, a, bias, c);
    }
    Some(bias.len())
}

/// `Cᵢⱼ ← Cᵢⱼ + Σₛ Aₛᵢ·(α·Bₛⱼ)` for all rows of C, if α is one; whether it is.
///
/// A and B have `samples` rows each. C has a row for each of A's columns, or fewer.
///
/// *Order:* from the old Cᵢⱼ, over the samples in natural order.
#[inline(always)]
pub fn outer_sums(alpha: f32, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) -> bool {
    let [inputs, outputs] = [a, b].map(|x| x.len().checked_div(samples).unwrap_or(0));
    if alpha != 1.0 {
        return false;
    }
    let rows = c.len().checked_div(outputs).unwrap_or(0).min(inputs);
    for i in 0..rows {
        // SAFETY: by the quotients `a` has `samples` rows of `inputs` elements, more than i, `b` `samples` rows of `outputs`, and
        // `c` `rows` rows of `outputs`; `c` is borrowed alone.
        unsafe {
            let row = c.as_mut_ptr().add(i * outputs);
            add_weighted_rows(b.as_ptr(), outputs, a.as_ptr().add(i), inputs, samples, row, outputs);
        }
    }
    true
}

/// A block of columns goes down all rows with its running sums in registers from s16 on.
macro_rules! block {
    (sixteen, $($operand:expr),*) => {
        block!(
            "{{s16-s31}}",
            "vldr s1, [{rows}]; vldr s2, [{rows}, #4]; vldr s3, [{rows}, #8]; vldr s4, [{rows}, #12]
            vldr s5, [{rows}, #16]; vldr s6, [{rows}, #20]; vldr s7, [{rows}, #24]; vldr s8, [{rows}, #28]
            vfma.f32 s16, s1, s0; vfma.f32 s17, s2, s0; vfma.f32 s18, s3, s0; vfma.f32 s19, s4, s0
            vfma.f32 s20, s5, s0; vfma.f32 s21, s6, s0; vfma.f32 s22, s7, s0; vfma.f32 s23, s8, s0
            vldr s1, [{rows}, #32]; vldr s2, [{rows}, #36]; vldr s3, [{rows}, #40]; vldr s4, [{rows}, #44]
            vldr s5, [{rows}, #48]; vldr s6, [{rows}, #52]; vldr s7, [{rows}, #56]; vldr s8, [{rows}, #60]
            vfma.f32 s24, s1, s0; vfma.f32 s25, s2, s0; vfma.f32 s26, s3, s0; vfma.f32 s27, s4, s0
            vfma.f32 s28, s5, s0; vfma.f32 s29, s6, s0; vfma.f32 s30, s7, s0; vfma.f32 s31, s8, s0",
            $($operand),*
        )
    };
    (four, $($operand:expr),*) => {
        block!(
            "{{s16-s19}}",
            "vldr s1, [{rows}]; vldr s2, [{rows}, #4]; vldr s3, [{rows}, #8]; vldr s4, [{rows}, #12]
            vfma.f32 s16, s1, s0; vfma.f32 s17, s2, s0; vfma.f32 s18, s3, s0; vfma.f32 s19, s4, s0",
            $($operand),*
        )
    };
    (one, $($operand:expr),*) => {
        block!("{{s16}}", "vldr s1, [{rows}]; vfma.f32 s16, s1, s0", $($operand),*)
    };
    ($sums:literal, $add_products:literal, $rows:expr, $stride:expr, $x:expr, $x_stride:expr, $count:expr, $to:expr) => {
        asm_with_all_registers!(
            concat!("vldmia {sums}, ", $sums),
            "2:",
            "vldr s0, [{x}]",
            $add_products,
            "add {x}, {x}, {x_stride}, lsl #2",
            "add {rows}, {rows}, {stride}, lsl #2",
            "subs {count}, {count}, #1",
            "bne 2b",
            concat!("vstmia {sums}, ", $sums),
            rows = inout(reg) $rows => _,
            stride = in(reg) $stride,
            x = inout(reg) $x => _,
            x_stride = in(reg) $x_stride,
            count = inout(reg) $count => _,
            sums = in(reg) $to,
        )
    };
}

/// `sumsⱼ ← sumsⱼ + Σₖ xₖ·rowsₖⱼ` for j below `length` and k below `count`, in natural order.
///
/// # Safety
/// `rows` must have `count` rows to read whose beginnings are `stride` elements apart and which have `length` elements each, `x`
/// `count` elements that are `x_stride` apart, and `sums` `length` to write, which overlap with nothing.
unsafe fn add_weighted_rows(
    rows: *const f32,
    stride: usize,
    x: *const f32,
    x_stride: usize,
    count: usize,
    sums: *mut f32,
    length: usize,
) {
    if count == 0 {
        return;
    }
    let mut at = 0;
    // SAFETY: a block of as many columns as are left, of every row; the rest is the caller's.
    unsafe {
        while length - at >= 16 {
            block!(sixteen, rows.add(at), stride, x, x_stride, count, sums.add(at));
            at += 16;
        }
        while length - at >= 4 {
            block!(four, rows.add(at), stride, x, x_stride, count, sums.add(at));
            at += 4;
        }
        while length > at {
            block!(one, rows.add(at), stride, x, x_stride, count, sums.add(at));
            at += 1;
        }
    }
}
