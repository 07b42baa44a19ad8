//! Products: of vectors, of a matrix and a vector, of matrices, transposed or not.

use crate::draw::{matrix, stale, vector};
use kilograd::tensor::{Matrix, Tensor, Vector};
use kilograd_host_tests::numeric::Sum;
use proptest::prelude::*;

/// Column `j`.
fn column<const R: usize, const C: usize>(a: &Matrix<R, C>, j: usize) -> impl Iterator<Item = f32> {
    a.as_rows().iter().map(move |row| row[j])
}

/// Row `i`.
fn row<const R: usize, const C: usize>(a: &Matrix<R, C>, i: usize) -> impl Iterator<Item = f32> {
    a.as_rows()[i].iter().copied()
}

fn elements<const N: usize>(x: &Vector<N>) -> impl Iterator<Item = f32> {
    x.as_array().iter().copied()
}

fn vector_near<const N: usize>(got: &Vector<N>, want: impl Fn(usize) -> Sum) -> Result<(), TestCaseError> {
    for (i, got) in got.as_array().iter().enumerate() {
        prop_assert!(want(i).is_near(*got), "element {}: {:e}, not {:?}", i, got, want(i));
    }
    Ok(())
}

fn matrix_near<const R: usize, const C: usize>(
    got: &Matrix<R, C>,
    want: impl Fn(usize, usize) -> Sum,
) -> Result<(), TestCaseError> {
    for (i, got) in got.as_rows().iter().enumerate() {
        vector_near(&Vector::new(*got), |j| want(i, j))?;
    }
    Ok(())
}

fn vector_products<const R: usize, const C: usize>(a: &Matrix<R, C>, x: &Vector<C>, y: &Vector<R>) -> Result<(), TestCaseError> {
    prop_assert!(Sum::dot(elements(x), row(a, 0)).is_near(x.dot(&Vector::new(a.as_rows()[0]))));

    let mut product = stale();
    a.product(x, &mut product);
    vector_near(&product, |i| Sum::dot(row(a, i), elements(x)))?;

    let mut product = stale();
    a.product_transposed(y, &mut product);
    vector_near(&product, |j| Sum::dot(column(a, j), elements(y)))?;

    let mut outer: Matrix<R, C> = stale();
    y.outer(x, &mut outer);
    let exact = Matrix::from_fn(|i, j| y.as_array()[i] * x.as_array()[j]);
    prop_assert_eq!(outer, exact);
    Ok(())
}

fn matrix_products<const R: usize, const C: usize, const N: usize>(
    a: &Matrix<R, C>,
    b: &Matrix<C, N>,
) -> Result<(), TestCaseError> {
    let mut product: Matrix<R, N> = stale();
    a.matrix_product(b, &mut product);
    matrix_near(&product, |i, j| Sum::dot(row(a, i), column(b, j)))?;

    let (mut a_transposed, mut b_transposed) = (stale(), stale());
    a.transpose(&mut a_transposed);
    b.transpose(&mut b_transposed);
    prop_assert_eq!(&a_transposed, &Matrix::from_fn(|j, i| a.as_rows()[i][j]));

    let mut same: Matrix<R, N> = stale();
    a_transposed.transposed_matrix_product(b, &mut same);
    matrix_near(&same, |i, j| Sum::dot(row(a, i), column(b, j)))?;
    let mut same: Matrix<R, N> = stale();
    a.matrix_product_transposed(&b_transposed, &mut same);
    matrix_near(&same, |i, j| Sum::dot(row(a, i), column(b, j)))
}

/// Tests the vector products of one shape, and the matrix products of that shape and another one.
macro_rules! shapes {
    ($($name:ident: $rows:literal $columns:literal $inner:literal;)+) => {
        mod of_vectors {
            use super::*;
            proptest! {
                #![proptest_config(ProptestConfig::with_cases(64))]
                $(#[test]
                fn $name(a in matrix::<$rows, $columns>(), x in vector(), y in vector()) {
                    vector_products(&a, &x, &y)?;
                })+
            }
        }
        mod of_matrices {
            use super::*;
            proptest! {
                #![proptest_config(ProptestConfig::with_cases(64))]
                $(#[test]
                fn $name(a in matrix::<$rows, $columns>(), b in matrix::<$columns, $inner>()) {
                    matrix_products(&a, &b)?;
                })+
            }
        }
    };
}

shapes! {
    smallest: 1 1 1;
    a_row: 1 7 3;
    a_column: 9 1 5;
    fours: 4 4 4;
    tails: 3 5 7;
    many_columns: 2 37 33;
    many_rows: 37 6 2;
    a_layer: 16 10 8;
}

#[test]
fn the_outer_product_of_a_zero_is_a_positive_zero() {
    let mut out = stale::<Matrix<1, 1>>();
    Vector::new([-0.0]).outer(&Vector::new([3.0]), &mut out);
    assert_eq!(out.as_slice()[0].to_bits(), 0);
}
