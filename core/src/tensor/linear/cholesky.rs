//! Cholesky's factors of a symmetric positive definite matrix.

use super::{row, row_pair};
use core::fmt;
use kilograd_simd::{kernel, math};

/// The matrix is not positive definite in single precision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct NotPositiveDefinite {
    /// The first row whose pivot is not above the rounding error of its diagonal element (or is missing, or NaN).
    pub pivot: usize,
}

impl fmt::Display for NotPositiveDefinite {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the matrix is not positive definite: pivot {} is not above zero", self.pivot)
    }
}

impl core::error::Error for NotPositiveDefinite {}

/// Factors a symmetric positive definite A of `order` rows into L·Lᵀ, in place: L takes the lower triangle, the only part
/// that is read. The upper triangle stays as it was, so that A can be had back with a copy of its diagonal alone.
///
/// `lᵢⱼ = (aᵢⱼ − Σₖ lᵢₖ·lⱼₖ) / lⱼⱼ` below the diagonal, `lᵢᵢ = √(aᵢᵢ − Σₖ lᵢₖ²)` on it, row by row; each sum is a
/// [`kernel::dot`]. *Memory:* none. Source: Golub and Van Loan, *Matrix Computations*, section 4.2.
///
/// ```
/// use kilograd::tensor::linear::{NotPositiveDefinite, cholesky, cholesky_solve};
///
/// let mut a = [4.0, 2.0, 2.0, 5.0];
/// cholesky(&mut a, 2)?;
/// assert_eq!(a, [2.0, 2.0, 1.0, 2.0]);
/// let mut x = [8.0, 12.0];
/// cholesky_solve(&a, &mut x);
/// assert_eq!(x, [1.0, 2.0]);
/// # Ok::<(), NotPositiveDefinite>(())
/// ```
///
/// # Errors
/// [`NotPositiveDefinite`] names the first pivot that fails. The rows before it hold their factors, those after it are as they
/// were.
pub fn cholesky(matrix: &mut [f32], order: usize) -> Result<(), NotPositiveDefinite> {
    (0..order).try_for_each(|pivot| factor_row(matrix, order, pivot).ok_or(NotPositiveDefinite { pivot }))
}

fn factor_row(matrix: &mut [f32], order: usize, index: usize) -> Option<()> {
    for column in 0..index {
        let (above, current) = row_pair(matrix, order, column, index)?;
        let sum = kernel::dot(current.get(..column)?, above.get(..column)?);
        let element = current.get_mut(column)?;
        *element = (*element - sum) / above.get(column)?;
    }
    let start = index.checked_mul(order)?;
    let current = matrix.get_mut(start..)?.get_mut(..order)?;
    let done = current.get(..index)?;
    let sum = kernel::dot(done, done);
    let diagonal = current.get_mut(index)?;
    let pivot = *diagonal - sum;
    if !(pivot > f32::EPSILON * *diagonal && pivot.is_finite()) {
        return None;
    }
    *diagonal = math::sqrt(pivot);
    Some(())
}

/// Solves `L·Lᵀ·x = b` in place, with L in the lower triangle of `factor` ([`cholesky`]) and as many rows as there are numbers
/// in `x`, which holds b and then the solution. *Memory:* none.
///
/// Of a factor that is too short, the rows that are there are used.
pub fn cholesky_solve(factor: &[f32], x: &mut [f32]) {
    let order = x.len();
    for index in 0..order {
        forward(factor, x, index);
    }
    for index in (0..order).rev() {
        backward(factor, x, index);
    }
}

/// `xᵢ ← (xᵢ − Σ lᵢⱼ·xⱼ) / lᵢᵢ` over the j before i.
fn forward(factor: &[f32], x: &mut [f32], index: usize) -> Option<()> {
    let row = row(factor, x.len(), index)?;
    let sum = kernel::dot(row.get(..index)?, x.get(..index)?);
    let element = x.get_mut(index)?;
    *element = (*element - sum) / row.get(index)?;
    Some(())
}

/// `xᵢ ← xᵢ / lᵢᵢ`, which is then taken out of all before it.
fn backward(factor: &[f32], x: &mut [f32], index: usize) -> Option<()> {
    let row = row(factor, x.len(), index)?;
    let (before, element) = x.get_mut(..=index)?.split_at_mut_checked(index)?;
    let element = element.first_mut()?;
    *element /= row.get(index)?;
    kernel::axpy(-*element, row.get(..index)?, before);
    Some(())
}
