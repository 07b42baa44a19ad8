//! Eigenvalues and eigenvectors of a symmetric matrix.

use super::{at, row_pair};
use kilograd_simd::{kernel, math};

/// Jacobi's iteration converges quadratically: matrices of order 64 take 5 to 8 sweeps.
const SWEEPS: usize = 30;

/// Diagonalises a symmetric A of `order` rows in place, by Jacobi's rotations: the eigenvalues end on the diagonal, in no
/// order, and row i of `vectors` becomes the unit eigenvector of eigenvalue i. Returns whether it converged, which it does for
/// every matrix that fills its slice and whose norm is finite.
///
/// Off the diagonal, what is left is below the rounding error of the largest element. *Memory:* none beyond the two matrices.
/// Source: Golub and Van Loan, *Matrix Computations*, section 8.5.
///
/// ```
/// use kilograd::tensor::linear::symmetric_eigen;
///
/// let (mut a, mut vectors) = ([0.0, 2.0, 2.0, 0.0], [0.0; 4]);
/// assert!(symmetric_eigen(&mut a, &mut vectors, 2));
/// let [first, .., second] = a;
/// assert!((first.abs() - 2.0).abs() < 1e-6 && (first + second).abs() < 1e-6);
/// ```
#[must_use]
pub fn symmetric_eigen(matrix: &mut [f32], vectors: &mut [f32], order: usize) -> bool {
    let Some(size) = order.checked_mul(order) else { return false };
    let (Some(matrix), Some(vectors)) = (matrix.get_mut(..size), vectors.get_mut(..size)) else { return false };
    vectors.fill(0.0);
    for index in 0..order {
        if let Some(one) = vectors.get_mut(index * order + index) {
            *one = 1.0;
        }
    }
    let negligible = 0.25 * f32::EPSILON * kernel::max_abs(matrix);
    let is_negligible = |_: f32, between: f32, _: f32| between.abs() <= negligible;
    diagonalise(matrix, order, is_negligible, |p, q, rotation| rotation.apply_rows(vectors, order, p, q))
}

/// Makes the symmetric `matrix` of `order` rows diagonal, in place, but for what `is_negligible`: the element between two on the
/// diagonal, which it is shown first and last. Every rotation of a pair of rows (and columns) is passed on to `rotated`. Returns
/// whether it converged; a matrix that is not finite is left as it is.
pub(crate) fn diagonalise(
    matrix: &mut [f32],
    order: usize,
    is_negligible: impl Fn(f32, f32, f32) -> bool,
    mut rotated: impl FnMut(usize, usize, &Rotation),
) -> bool {
    kernel::max_abs(matrix).is_finite() && (0..SWEEPS).any(|_| !sweep(matrix, order, &is_negligible, &mut rotated))
}

/// One rotation for every element above the diagonal that is not negligible; returns whether there was any.
fn sweep(
    matrix: &mut [f32],
    order: usize,
    is_negligible: &impl Fn(f32, f32, f32) -> bool,
    rotated: &mut impl FnMut(usize, usize, &Rotation),
) -> bool {
    let mut any = false;
    for q in 1..order {
        for p in 0..q {
            let (first, between, last) = (at(matrix, order, p, p), at(matrix, order, p, q), at(matrix, order, q, q));
            if is_negligible(first, between, last) {
                continue;
            }
            let rotation = Rotation::annihilating(first, between, last);
            rotation.apply_columns(matrix, order, p, q);
            rotation.apply_rows(matrix, order, p, q);
            rotated(p, q, &rotation);
            any = true;
        }
    }
    any
}

/// A rotation of a plane, cosine and sine.
pub(crate) struct Rotation {
    cosine: f32,
    sine: f32,
}

impl Rotation {
    /// The smaller of the two rotations that diagonalise `[[app, apq], [apq, aqq]]`.
    fn annihilating(app: f32, apq: f32, aqq: f32) -> Self {
        // Halves first: the difference of two finite numbers may not be one.
        let cotangent = (0.5 * aqq - 0.5 * app) / apq;
        let magnitude = cotangent.abs();
        // The square of a large cotangent overflows, and adding one to it does nothing.
        let root = if magnitude > 1e4 { magnitude } else { math::sqrt(magnitude * magnitude + 1.0) };
        let tangent = if cotangent < 0.0 { -1.0 } else { 1.0 } / (magnitude + root);
        let cosine = 1.0 / math::sqrt(tangent * tangent + 1.0);
        Self { cosine, sine: tangent * cosine }
    }

    fn rotate(&self, x: &mut f32, y: &mut f32) {
        (*x, *y) = (self.cosine * *x - self.sine * *y, self.sine * *x + self.cosine * *y);
    }

    /// Rotates rows p and q of a matrix of so many columns; p < q.
    pub fn apply_rows(&self, matrix: &mut [f32], columns: usize, p: usize, q: usize) {
        if let Some((upper, lower)) = row_pair(matrix, columns, p, q) {
            upper.iter_mut().zip(lower).for_each(|(x, y)| self.rotate(x, y));
        }
    }

    /// Rotates columns p and q of a matrix of so many columns; p < q.
    pub fn apply_columns(&self, matrix: &mut [f32], columns: usize, p: usize, q: usize) {
        let mut rest = matrix;
        while let Some((row, after)) = core::mem::take(&mut rest).split_at_mut_checked(columns) {
            rest = after;
            if let Some((left, right)) = row.split_at_mut_checked(q)
                && let (Some(x), Some(y)) = (left.get_mut(p), right.first_mut())
            {
                self.rotate(x, y);
            }
        }
    }
}
