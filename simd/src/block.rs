//! How kernels walk over slices: in blocks of lanes and row by row, without a bounds check that could panic.

use wide::f32x4;

/// Lanes of a vector register that every target's kernels agree on.
pub const LANES: usize = 4;

#[inline(always)]
pub fn load(values: &[f32; LANES]) -> f32x4 {
    f32x4::new(*values)
}

#[inline(always)]
pub fn store(values: f32x4, to: &mut [f32; LANES]) {
    *to = values.to_array();
}

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
