//! How kernels walk over slices: in groups of neighbouring columns and row by row, without a bounds check that could panic.

use crate::lanes::Lanes;

/// The longest row that is looked at (256 MB of it on a 32-bit processor): a bound that no row reaches spares every step over
/// a few rows its checks for overflow.
pub const LONGEST: usize = usize::MAX >> 6;

/// The rows of a row-major matrix, `columns` wide; a last, incomplete row is left out.
#[inline(always)]
pub fn rows(matrix: &[f32], columns: usize) -> impl Iterator<Item = &[f32]> {
    let mut rest = matrix;
    core::iter::from_fn(move || {
        let (row, after) = rest.split_at_checked(columns)?;
        rest = after;
        (columns > 0).then_some(row)
    })
}

/// [`rows`], to be written to.
#[inline(always)]
pub fn rows_mut(matrix: &mut [f32], columns: usize) -> impl Iterator<Item = &mut [f32]> {
    let mut rest = matrix;
    core::iter::from_fn(move || {
        let (row, after) = core::mem::take(&mut rest).split_at_mut_checked(columns)?;
        rest = after;
        (columns > 0).then_some(row)
    })
}

/// Four rows, and what follows them.
#[inline(always)]
pub fn split_four(matrix: &[f32], columns: usize) -> Option<([&[f32]; 4], &[f32])> {
    let (r0, rest) = matrix.split_at_checked(columns)?;
    let (r1, rest) = rest.split_at_checked(columns)?;
    let (r2, rest) = rest.split_at_checked(columns)?;
    let (r3, rest) = rest.split_at_checked(columns)?;
    (columns > 0).then_some(([r0, r1, r2, r3], rest))
}

/// A matrix without an incomplete last row, and one value for each of its rows: as many of both as there are of either.
#[inline(always)]
pub fn common_rows<'a>(matrix: &'a [f32], columns: usize, values: &'a [f32]) -> (&'a [f32], &'a [f32]) {
    let rows = matrix.len().checked_div(columns).unwrap_or(0).min(values.len());
    (matrix.get(..rows * columns).unwrap_or_default(), values.get(..rows).unwrap_or_default())
}

/// What begins `rows` further down; nothing if there is not as much.
#[inline(always)]
pub fn below(matrix: &[f32], rows: usize, columns: usize) -> &[f32] {
    matrix.get(rows * columns.min(LONGEST)..).unwrap_or_default()
}

/// The first columns of four rows.
#[inline(always)]
pub fn four_rows<L: Lanes>(matrix: &[f32], columns: usize) -> Option<[L; 4]> {
    let columns = columns.min(LONGEST);
    let (rows, _) = matrix.split_at_checked(3 * columns + L::WIDTH)?;
    let r0 = L::load(rows)?;
    let r1 = L::load_at(rows, columns)?;
    let r2 = L::load_at(rows, 2 * columns)?;
    let r3 = L::load_at(rows, 3 * columns)?;
    Some([r0, r1, r2, r3])
}

/// Writes the first columns of four rows.
#[inline(always)]
pub fn store_four_rows<L: Lanes>([r0, r1, r2, r3]: [L; 4], matrix: &mut [f32], columns: usize) {
    r0.store(matrix);
    r1.store_at(matrix, columns);
    r2.store_at(matrix, 2 * columns);
    r3.store_at(matrix, 3 * columns);
}
