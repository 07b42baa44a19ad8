//! Dense linear algebra for small symmetric matrices, in place, over row-major slices.

mod cholesky;
mod eigen;
mod ldl;

pub use cholesky::{NotPositiveDefinite, cholesky, cholesky_solve};
pub use eigen::symmetric_eigen;
pub(crate) use eigen::{Rotation, diagonalise};
pub use ldl::{Singular, ldl, ldl_solve};

/// Row `index` of a matrix of `order` columns; `None` if it is not all there.
fn row(matrix: &[f32], order: usize, index: usize) -> Option<&[f32]> {
    matrix.get(index.checked_mul(order)?..)?.get(..order)
}

/// The element in row `i` and column `j` of a matrix of `order` columns, or zero outside.
fn at(matrix: &[f32], order: usize, i: usize, j: usize) -> f32 {
    row(matrix, order, i).and_then(|row| row.get(j)).copied().unwrap_or(0.0)
}

/// Rows `upper` and `lower` of a matrix of `order` columns, both to be written to; `upper < lower`.
fn row_pair(matrix: &mut [f32], order: usize, upper: usize, lower: usize) -> Option<(&mut [f32], &mut [f32])> {
    let (above, below) = matrix.split_at_mut_checked(lower.checked_mul(order)?)?;
    Some((above.get_mut(upper.checked_mul(order)?..)?.get_mut(..order)?, below.get_mut(..order)?))
}
