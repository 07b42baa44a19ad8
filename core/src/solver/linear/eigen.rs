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
/// use kilograd::solver::linear::symmetric_eigen;
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
    let largest = kernel::max_abs(matrix);
    if !largest.is_finite() {
        return false;
    }
    let negligible = 0.25 * f32::EPSILON * largest;
    (0..SWEEPS).any(|_| !sweep(matrix, vectors, order, negligible))
}

/// One rotation for every element above the diagonal that is not negligible; returns whether there was any.
fn sweep(matrix: &mut [f32], vectors: &mut [f32], order: usize, negligible: f32) -> bool {
    let mut rotated = false;
    for q in 1..order {
        for p in 0..q {
            let element = at(matrix, order, p, q);
            if element.abs() <= negligible {
                continue;
            }
            let rotation = Rotation::annihilating(at(matrix, order, p, p), element, at(matrix, order, q, q));
            rotation.apply_columns(matrix, order, p, q);
            rotation.apply_rows(matrix, order, p, q);
            rotation.apply_rows(vectors, order, p, q);
            rotated = true;
        }
    }
    rotated
}

/// A rotation of a plane, cosine and sine.
struct Rotation {
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

    fn apply_rows(&self, matrix: &mut [f32], order: usize, p: usize, q: usize) {
        if let Some((upper, lower)) = row_pair(matrix, order, p, q) {
            upper.iter_mut().zip(lower).for_each(|(x, y)| self.rotate(x, y));
        }
    }

    fn apply_columns(&self, matrix: &mut [f32], order: usize, p: usize, q: usize) {
        let mut rest = matrix;
        while let Some((row, after)) = core::mem::take(&mut rest).split_at_mut_checked(order) {
            rest = after;
            if let Some((left, right)) = row.split_at_mut_checked(q)
                && let (Some(x), Some(y)) = (left.get_mut(p), right.first_mut())
            {
                self.rotate(x, y);
            }
        }
    }
}
