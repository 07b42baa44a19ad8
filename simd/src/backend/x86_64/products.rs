//! The passes of a dense layer, as tiles and as dot products of rows: here lengths are checked, once for each call.

use super::dot_rows::{self, Rows};
use super::isa::Isa;
use super::tile::{Left, Right, Start, sums};

static ONE: f32 = 1.0;

/// How many whole rows of `columns` there are.
#[inline(always)]
fn rows(matrix: &[f32], columns: usize) -> usize {
    matrix.len().checked_div(columns).unwrap_or(0)
}

#[inline(always)]
pub fn matvec<I: Isa>(isa: I, weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) {
    let columns = output.len();
    let depth = rows(weights, columns).min(input.len());
    let a = Left { at: input.as_ptr(), rows: 1, depth, row: 0, step: 1 };
    let (b, start) = (Right { at: weights.as_ptr(), row: columns }, Start { at: bias.as_ptr(), row: 0 });
    // SAFETY: `weights` has `depth` rows of `columns` and `input` `depth` elements, both by the quotient; `bias` and `output` have
    // as many as are taken, no more than `columns`. `output` is borrowed alone.
    unsafe { sums(isa.narrow(), a, b, start, output.as_mut_ptr(), columns, columns.min(bias.len())) };
}

#[inline(always)]
pub fn product<I: Isa>(isa: I, a: &[f32], b: &[f32], bias: &[f32], c: &mut [f32]) {
    let columns = bias.len();
    let depth = rows(b, columns);
    let samples = rows(a, depth).min(rows(c, columns));
    let a = Left { at: a.as_ptr(), rows: samples, depth, row: depth, step: 1 };
    let (b, start) = (Right { at: b.as_ptr(), row: columns }, Start { at: bias.as_ptr(), row: 0 });
    // SAFETY: by the quotients `a` has `samples` rows of `depth`, `b` `depth` rows of `columns`, and `c` `samples` rows of
    // `columns`, as many as `bias` has elements. `c` is borrowed alone.
    unsafe { sums(isa, a, b, start, c.as_mut_ptr(), columns, columns) };
}

#[inline(always)]
pub fn transposed_product<I: Isa>(isa: I, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    let [inputs, columns] = [rows(a, samples), rows(b, samples)];
    let a = Left { at: a.as_ptr(), rows: inputs.min(rows(c, columns)), depth: samples, row: 1, step: inputs };
    // One pointer for what is read and what is written: a second borrow would end the first.
    let c = c.as_mut_ptr();
    let (b, start) = (Right { at: b.as_ptr(), row: columns }, Start { at: c, row: columns });
    // SAFETY: by the quotients `a` has `samples` rows of `inputs`, `b` `samples` rows of `columns`, and `c` a row of `columns` for
    // each of the inputs that are taken. `c` is borrowed alone; the sums start from what it holds.
    unsafe { sums(isa, a, b, start, c, columns, columns) };
}

/// Each row by an input that is 1, the same for all of them.
#[inline(always)]
pub fn add_each<I: Isa>(isa: I, matrix: &[f32], sum: &mut [f32]) {
    let (columns, sum) = (sum.len(), sum.as_mut_ptr());
    let a = Left { at: &raw const ONE, rows: 1, depth: rows(matrix, columns), row: 0, step: 0 };
    let (b, start) = (Right { at: matrix.as_ptr(), row: columns }, Start { at: sum, row: 0 });
    // SAFETY: by the quotient `matrix` has `depth` rows of `columns`; of A there is one element, which every step stays on. `sum` has
    // `columns` elements and is borrowed alone; the sums start from what it holds.
    unsafe { sums(isa, a, b, start, sum, columns, columns) };
}

/// Returns whether it was done: not where there are too few rows for a register.
#[inline(always)]
pub fn matvec_transposed<I: Isa>(isa: I, weights: &[f32], deltas: &[f32], output: &mut [f32]) -> bool {
    let rows = Rows { at: weights.as_ptr(), count: rows(weights, deltas.len()).min(output.len()), columns: deltas.len() };
    if rows.count < I::WIDTH {
        return false;
    }
    // SAFETY: `weights` has `count` rows of `deltas.len()` and `output` `count` elements, both by the quotient, and `count` is not
    // less than `WIDTH`. `output` is borrowed alone.
    unsafe { dot_rows::one(isa, rows, deltas.as_ptr(), output.as_mut_ptr()) };
    true
}

/// Returns whether it was done: not where there are too few rows for a register, or too long ones for laying them out.
#[inline(always)]
pub fn product_transposed<I: Isa>(isa: I, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) -> bool {
    let [columns, inputs] = [rows(a, samples), rows(c, samples)];
    let rows = Rows { at: b.as_ptr(), count: inputs, columns };
    if inputs < I::WIDTH || columns > dot_rows::LONGEST || self::rows(b, columns) < inputs {
        return false;
    }
    // SAFETY: by the quotients `b` has `inputs` rows of `columns`, `a` `samples` rows of `columns` and `c` `samples` rows of
    // `inputs`, which is not less than `WIDTH`. `c` is borrowed alone.
    unsafe { dot_rows::many(isa, samples, rows, a.as_ptr(), c.as_mut_ptr()) };
    true
}
