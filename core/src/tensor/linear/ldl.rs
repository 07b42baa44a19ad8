//! The factors of a symmetric matrix that need not be positive definite.

use super::{row, row_pair};

/// A pivot is zero within rounding: the matrix is singular, or would need its rows exchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Singular {
    /// The first row whose pivot that is.
    pub pivot: usize,
}

impl core::fmt::Display for Singular {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "the matrix is singular: pivot {} is zero", self.pivot)
    }
}

impl core::error::Error for Singular {}

/// Factors a symmetric A of `order` rows into L·D·Lᵀ, in place: L, whose diagonal is 1 and not stored, takes the lower triangle,
/// and D the diagonal. The upper triangle is neither read nor written. D has a negative element for each negative eigenvalue of A.
///
/// Rows are not exchanged, so pivots may be small and the factors inaccurate where A is indefinite;
/// [`cholesky`](super::cholesky()) is for matrices that are not. *Memory:* none. Source: Golub and Van Loan, *Matrix
/// Computations*, section 4.1.
///
/// ```
/// use kilograd::tensor::linear::{Singular, ldl, ldl_solve};
///
/// let mut a = [2.0, 4.0, 4.0, 2.0];
/// ldl(&mut a, 2)?;
/// assert_eq!(a, [2.0, 4.0, 2.0, -6.0]);
/// let mut x = [6.0, 6.0];
/// ldl_solve(&a, &mut x);
/// assert_eq!(x, [1.0, 1.0]);
/// # Ok::<(), Singular>(())
/// ```
///
/// # Errors
/// [`Singular`] names the first pivot that is within rounding of zero (or missing, or NaN).
pub fn ldl(matrix: &mut [f32], order: usize) -> Result<(), Singular> {
    (0..order).try_for_each(|pivot| factor_row(matrix, order, pivot).ok_or(Singular { pivot }))
}

fn factor_row(matrix: &mut [f32], order: usize, index: usize) -> Option<()> {
    // First the elements of L·D: what is left of each once the columns before it are taken out.
    for column in 0..index {
        let (above, current) = row_pair(matrix, order, column, index)?;
        let products = current.iter().zip(above.iter()).take(column);
        let sum: f32 = products.map(|(ld, l)| ld * l).sum();
        *current.get_mut(column)? -= sum;
    }
    let mut sum = 0.0;
    for column in 0..index {
        let (above, current) = row_pair(matrix, order, column, index)?;
        let (element, pivot) = (current.get_mut(column)?, above.get(column)?);
        let product = *element;
        *element /= pivot;
        sum += product * *element;
    }
    let diagonal = matrix.get_mut(index.checked_mul(order)?..)?.get_mut(..order)?.get_mut(index)?;
    let pivot = *diagonal - sum;
    let size = diagonal.abs() + sum.abs();
    *diagonal = pivot;
    (pivot.abs() > f32::EPSILON * size && pivot.is_finite()).then_some(())
}

/// Solves `L·D·Lᵀ·x = b` in place, with L and D in `factor` ([`ldl`]) and as many rows as there are numbers in `x`, which holds b
/// and then the solution. *Memory:* none.
///
/// Of a factor that is too short, the rows that are there are used.
pub fn ldl_solve(factor: &[f32], x: &mut [f32]) {
    let order = x.len();
    for index in 0..order {
        forward(factor, x, index);
    }
    for (index, x) in x.iter_mut().enumerate() {
        *x /= super::at(factor, order, index, index);
    }
    for index in (0..order).rev() {
        backward(factor, x, index);
    }
}

fn forward(factor: &[f32], x: &mut [f32], index: usize) -> Option<()> {
    let row = row(factor, x.len(), index)?;
    let sum = kilograd_simd::kernel::dot(row.get(..index)?, x.get(..index)?);
    *x.get_mut(index)? -= sum;
    Some(())
}

fn backward(factor: &[f32], x: &mut [f32], index: usize) -> Option<()> {
    let row = row(factor, x.len(), index)?;
    let (before, element) = x.get_mut(..=index)?.split_at_mut_checked(index)?;
    kilograd_simd::kernel::axpy(-*element.first()?, row.get(..index)?, before);
    Some(())
}
