//! Factors and eigenvalues of small symmetric matrices.

use kilograd::tensor::linear::{NotPositiveDefinite, Singular, cholesky, cholesky_solve, ldl, ldl_solve, symmetric_eigen};
use kilograd_host_tests::numeric::wide;
use proptest::prelude::*;

/// The largest difference between `a` and `b`, as a share of the largest element of `b`.
fn distance(a: &[f64], b: &[f64]) -> f64 {
    let largest = |x: &mut dyn Iterator<Item = f64>| x.fold(0.0, f64::max);
    largest(&mut a.iter().zip(b).map(|(a, b)| (a - b).abs())) / largest(&mut b.iter().map(|b| b.abs())).max(1e-300)
}

/// `A·Bᵀ` of two square matrices.
fn product_transposed(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let element = |i: usize, j: usize| (0..n).map(|k| a[i * n + k] * b[j * n + k]).sum::<f64>();
    (0..n * n).map(|index| element(index / n, index % n)).collect()
}

/// A square matrix and its order.
fn square() -> impl Strategy<Value = (usize, Vec<f32>)> {
    (1..=24_usize).prop_flat_map(|n| (Just(n), prop::collection::vec(-1.0_f32..1.0, n * n)))
}

/// `B·Bᵀ + I`: symmetric, with eigenvalues of 1 and more.
fn positive((n, b): &(usize, Vec<f32>)) -> Vec<f32> {
    let b = wide(b);
    let gram = product_transposed(&b, &b, *n);
    (0..n * n).map(|index| (gram[index] + f64::from(u8::from(index / n == index % n))) as f32).collect()
}

/// The upper triangle of `a`, mirrored.
fn symmetric((n, a): &(usize, Vec<f32>)) -> Vec<f32> {
    (0..n * n).map(|index| a[(index / n).min(index % n) * n + (index / n).max(index % n)]).collect()
}

fn factor(a: &[f32], n: usize) -> Result<Vec<f32>, NotPositiveDefinite> {
    let mut factor = a.to_vec();
    cholesky(&mut factor, n).map(|()| factor)
}

proptest! {
    #[test]
    fn the_factor_times_its_transpose_is_the_matrix(drawn in square()) {
        let (n, a) = (drawn.0, positive(&drawn));
        let mut lower = factor(&a, n).unwrap();
        for (index, element) in lower.iter_mut().enumerate().filter(|(index, _)| index % n > index / n) {
            prop_assert_eq!(*element, a[index], "the upper triangle has changed");
            *element = 0.0;
        }
        let lower = wide(&lower);
        // Higham, theorem 10.3: within (n + 1)·ε/2 of the diagonal; the other half is for the f32 that a is rounded to.
        prop_assert!(distance(&product_transposed(&lower, &lower, n), &wide(&a)) <= (n as f64 + 1.0) * f64::from(f32::EPSILON));
    }

    #[test]
    fn solving_leaves_a_small_residual(drawn in square(), seed in 0..1000_u32) {
        let (n, a) = (drawn.0, positive(&drawn));
        let b: Vec<f32> = (0..n).map(|i| ((i as u32 * 37 + seed) % 19) as f32 - 9.0).collect();
        let mut x = b.clone();
        cholesky_solve(&factor(&a, n).unwrap(), &mut x);
        let (a, x) = (wide(&a), wide(&x));
        let (size, scale) = (x.iter().map(|x| x.abs()).sum::<f64>(), a.iter().map(|a| a.abs()).fold(0.0, f64::max));
        for (row, b) in a.chunks(n).zip(&b) {
            let residual = row.iter().zip(&x).map(|(a, x)| a * x).sum::<f64>() - f64::from(*b);
            prop_assert!(residual.abs() <= 4.0 * (n as f64 + 1.0) * f64::from(f32::EPSILON) * scale * size, "{residual:e}");
        }
    }

    #[test]
    fn eigenvectors_are_orthonormal_and_restore_the_matrix(drawn in square()) {
        let (n, a) = (drawn.0, symmetric(&drawn));
        let (mut values, mut vectors) = (a.clone(), vec![f32::NAN; n * n]);
        prop_assert!(symmetric_eigen(&mut values, &mut vectors, n));
        let vectors = wide(&vectors);
        let identity: Vec<f64> = (0..n * n).map(|index| f64::from(u8::from(index / n == index % n))).collect();
        prop_assert!(distance(&product_transposed(&vectors, &vectors, n), &identity) < 1e-5);
        // A = Vᵀ·D·V with the vectors in rows.
        let element = |i: usize, j: usize| {
            (0..n).map(|k| vectors[k * n + i] * f64::from(values[k * n + k]) * vectors[k * n + j]).sum::<f64>()
        };
        let restored: Vec<f64> = (0..n * n).map(|index| element(index / n, index % n)).collect();
        prop_assert!(distance(&restored, &wide(&a)) < 2e-5);
    }

    #[test]
    fn indefinite_factors_solve_and_count_negative_eigenvalues(drawn in square(), signs in 0..1_u32 << 24) {
        // A diagonal of either sign that outweighs its row: pivots stay away from zero without exchanging rows.
        let (n, mut a) = (drawn.0, symmetric(&drawn));
        let negative = |i: usize| signs >> i & 1 == 1;
        for i in 0..n {
            a[i * n + i] = if negative(i) { -(n as f32) - 1.0 } else { n as f32 + 1.0 };
        }
        let (mut factors, b) = (a.clone(), vec![1.0_f32; n]);
        prop_assert_eq!(ldl(&mut factors, n), Ok(()));
        let below = (0..n).filter(|i| factors[i * n + i] < 0.0).count();
        prop_assert_eq!(below, (0..n).filter(|i| negative(*i)).count(), "Sylvester's law of inertia");
        let mut x = b.clone();
        ldl_solve(&factors, &mut x);
        for (row, b) in wide(&a).chunks(n).zip(&b) {
            let residual = row.iter().zip(&wide(&x)).map(|(a, x)| a * x).sum::<f64>() - f64::from(*b);
            prop_assert!(residual.abs() < 1e-5, "{residual:e}");
        }
    }

    #[test]
    fn an_indefinite_matrix_has_no_factor(drawn in square(), at in 0..24_usize) {
        let (n, mut a) = (drawn.0, positive(&drawn));
        let at = at % n;
        // A negative diagonal element makes a direction of negative curvature, whatever the others are.
        a[at * n + at] = -1.0;
        prop_assert_eq!(factor(&a, n), Err(NotPositiveDefinite { pivot: at }));
    }
}

#[test]
fn eigenvalues_in_closed_form() {
    // The second difference of n points: 2 − 2·cos(kπ/(n + 1)), k from 1 to n.
    let n = 12_usize;
    let mut a: Vec<f32> = (0..n * n).map(|index| [2.0, -1.0, 0.0][(index / n).abs_diff(index % n).min(2)]).collect();
    let mut vectors = vec![0.0; n * n];
    assert!(symmetric_eigen(&mut a, &mut vectors, n));
    let mut values: Vec<f32> = (0..n).map(|i| a[i * n + i]).collect();
    values.sort_by(f32::total_cmp);
    for (k, value) in values.iter().enumerate() {
        let want = 2.0 - 2.0 * (std::f64::consts::PI * (k as f64 + 1.0) / (n as f64 + 1.0)).cos();
        // Weyl: by no more than the norm of the error, n·ε·‖A‖ with a norm of nearly 4.
        assert!(
            (f64::from(*value) - want).abs() < n as f64 * f64::from(f32::EPSILON) * 4.0,
            "eigenvalue {k}: {value} instead of {want}"
        );
    }
}

#[test]
fn slices_that_do_not_fit_and_numbers_that_are_none() {
    assert_eq!(cholesky(&mut [], 0), Ok(()));
    assert_eq!(cholesky(&mut [1.0, 0.0, 0.0], 2), Err(NotPositiveDefinite { pivot: 1 }));
    assert_eq!(cholesky(&mut [1.0; 4], usize::MAX), Err(NotPositiveDefinite { pivot: 0 }));
    assert_eq!(cholesky(&mut [f32::NAN], 1), Err(NotPositiveDefinite { pivot: 0 }));
    assert_eq!(cholesky(&mut [f32::INFINITY], 1), Err(NotPositiveDefinite { pivot: 0 }));
    // Singular: the second pivot is nothing but rounding.
    assert_eq!(cholesky(&mut [1.0, 1.0, 1.0, 1.0], 2), Err(NotPositiveDefinite { pivot: 1 }));
    let mut x = [2.0, 3.0];
    cholesky_solve(&[2.0], &mut x);
    ldl_solve(&[2.0], &mut x);
    assert_eq!(ldl(&mut [], 0), Ok(()));
    assert_eq!(ldl(&mut [1.0; 4], 2), Err(Singular { pivot: 1 }));
    assert_eq!(ldl(&mut [0.0, 1.0, 1.0, 0.0], 2), Err(Singular { pivot: 0 }));
    assert_eq!(ldl(&mut [f32::NAN], 1), Err(Singular { pivot: 0 }));
    assert_eq!(ldl(&mut [1.0; 3], 2), Err(Singular { pivot: 1 }));
    assert_eq!(ldl(&mut [1.0; 4], usize::MAX), Err(Singular { pivot: 0 }));
    assert!(symmetric_eigen(&mut [], &mut [], 0));
    assert!(!symmetric_eigen(&mut [1.0; 3], &mut [0.0; 4], 2));
    assert!(!symmetric_eigen(&mut [1.0; 4], &mut [0.0; 3], 2));
    assert!(!symmetric_eigen(&mut [f32::NAN, 0.0, 0.0, 1.0], &mut [0.0; 4], 2));
    assert!(!symmetric_eigen(&mut [1.0], &mut [0.0], usize::MAX));
    let (mut a, mut vectors) = ([0.0; 4], [0.0; 4]);
    assert!(symmetric_eigen(&mut a, &mut vectors, 2));
    assert_eq!((a, vectors), ([0.0; 4], [1.0, 0.0, 0.0, 1.0]));
}
