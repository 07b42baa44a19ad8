//! Eigenvectors of a symmetric matrix.

use kilograd_simd::kernel::max_abs;
use kilograd_simd::math::sqrt;

/// Sweeps over all pairs; starting near the eigenvectors, one or two do.
const SWEEPS: u32 = 10;

/// What an element off the diagonal may be in shares of the geometric mean of the two on it: a few roundings …
const SMALL: f32 = 1e-6;
/// … and in shares of the matrix's largest element, whose roundings are everywhere.
const NOISE: f32 = 1e-8;

/// The rotation of two rows and columns that brings the element between `pp` and `qq` to zero, as cosine and sine.
fn rotation(pp: f32, pq: f32, qq: f32) -> (f32, f32) {
    let theta = (qq - pp) / (2.0 * pq);
    let root = if theta.abs() < 1e9 { sqrt(theta * theta + 1.0) } else { theta.abs() };
    let tangent = if theta < 0.0 { -1.0 } else { 1.0 } / (theta.abs() + root);
    let cosine = 1.0 / sqrt(tangent * tangent + 1.0);
    (cosine, tangent * cosine)
}

/// Two elements replaced by `(c·a − s·b, s·a + c·b)`.
fn rotate_at(x: &mut [f32], a: usize, b: usize, (cosine, sine): (f32, f32)) {
    let (Some(u), Some(v)) = (x.get(a).copied(), x.get(b).copied()) else { return };
    if let Some(x) = x.get_mut(a) {
        *x = cosine * u - sine * v;
    }
    if let Some(x) = x.get_mut(b) {
        *x = sine * u + cosine * v;
    }
}

/// Rotates rows `p` and `q` of a matrix with `columns` of them.
pub(super) fn rotate_rows(x: &mut [f32], columns: usize, p: usize, q: usize, turn: (f32, f32)) {
    (0..columns).for_each(|i| rotate_at(x, p * columns + i, q * columns + i, turn));
}

/// Rotates columns `p` and `q` of a matrix of `rows` by `columns`.
pub(super) fn rotate_columns(x: &mut [f32], rows: usize, columns: usize, p: usize, q: usize, turn: (f32, f32)) {
    (0..rows).for_each(|i| rotate_at(x, i * columns + p, i * columns + q, turn));
}

/// Makes the symmetric `matrix` of `size` rows diagonal, in place, by Jacobi's cyclic method; every rotation of a pair of
/// rows (and columns) is passed on to `rotated`. A matrix that is not finite is left as it is.
///
/// Source: G. Golub and C. Van Loan, *Matrix computations*, section 8.5.
pub(super) fn diagonalise(matrix: &mut [f32], size: usize, mut rotated: impl FnMut(usize, usize, (f32, f32))) {
    let largest = max_abs(matrix);
    if !largest.is_finite() {
        return;
    }
    for _ in 0..SWEEPS {
        let mut still = true;
        for p in 0..size {
            for q in p + 1..size {
                let at = |row: usize, column: usize| matrix.get(row * size + column).copied().unwrap_or_default();
                let (pp, pq, qq) = (at(p, p), at(p, q), at(q, q));
                let small = pq.abs() <= SMALL * (sqrt(pp.abs()) * sqrt(qq.abs())) || pq.abs() <= NOISE * largest;
                if small {
                    continue;
                }
                let turn = rotation(pp, pq, qq);
                rotate_rows(matrix, size, p, q, turn);
                rotate_columns(matrix, size, size, p, q, turn);
                rotated(p, q, turn);
                still = false;
            }
        }
        if still {
            break;
        }
    }
}

#[cfg(test)]
#[allow(clippy::as_conversions, clippy::indexing_slicing, clippy::integer_division)]
mod tests {
    use super::{diagonalise, rotate_rows};
    use std::vec::Vec;

    /// Eight roundings a rotation of numbers of the largest eigenvalue's size.
    const TOLERANCE: f64 = 3e-6;

    #[test]
    fn the_rotations_rebuild_the_matrix() {
        const N: usize = 9;
        // Gram matrices of full and of deficient rank, with eigenvalues far apart.
        for rank in [1, 4, N, 30] {
            let column = |k: usize, i: usize| f64::sin((1 + k * k + 3 * i * k + i) as f64) / (1 + k * k) as f64;
            let gram = |i: usize, j: usize| (0..rank).map(|k| column(k, i) * column(k, j)).sum::<f64>();
            let mut matrix: Vec<f32> = (0..N * N).map(|at| gram(at / N, at % N) as f32).collect();
            let mut vectors: Vec<f32> = (0..N * N).map(|at| if at / N == at % N { 1.0 } else { 0.0 }).collect();
            diagonalise(&mut matrix, N, |p, q, turn| rotate_rows(&mut vectors, N, p, q, turn));
            let of = |x: &[f32], i: usize, j: usize| f64::from(x[i * N + j]);
            let scale = (0..N).map(|i| of(&matrix, i, i)).fold(0.0, f64::max);
            for (i, j) in (0..N).flat_map(|i| (0..N).map(move |j| (i, j))) {
                let rebuilt: f64 = (0..N).map(|k| of(&vectors, k, i) * of(&matrix, k, k) * of(&vectors, k, j)).sum();
                assert!((rebuilt - gram(i, j)).abs() < TOLERANCE * scale, "rank {rank}: {rebuilt}, not {}", gram(i, j));
                assert!(i == j || of(&matrix, i, j).abs() < TOLERANCE * scale);
            }
        }
    }
}
