//! Products of matrices and vectors.

use crate::draw::{all_near, number, numbers};
use kilograd_host_tests::numeric::Sum;
use kilograd_simd::kernel;
use proptest::prelude::*;

/// Rows and columns of a matrix, long in one direction or the other: all tails of both, without 200 × 200 cells.
fn shape() -> impl Strategy<Value = (usize, usize)> {
    prop_oneof![(0..=200_usize, 0..=9_usize), (0..=9_usize, 0..=200_usize), (0..=40_usize, 0..=40_usize)]
}

/// A matrix of some shape, a number for each of its rows, two for each of its columns.
fn layer() -> impl Strategy<Value = (Vec<f32>, Vec<f32>, Vec<f32>, Vec<f32>)> {
    shape().prop_flat_map(|(rows, columns)| (numbers(rows * columns), numbers(rows), numbers(columns), numbers(columns)))
}

/// Three dimensions of a product of matrices.
fn sizes() -> impl Strategy<Value = (usize, usize, usize)> {
    (1..=9_usize, 1..=20_usize, 1..=40_usize)
}

/// Column `j` of a matrix.
fn column(matrix: &[f32], columns: usize, j: usize) -> impl Iterator<Item = f32> {
    matrix.iter().copied().skip(j).step_by(columns)
}

/// Row `i` of a matrix.
fn row(matrix: &[f32], columns: usize, i: usize) -> impl Iterator<Item = f32> {
    matrix.iter().copied().skip(i * columns).take(columns)
}

/// Every pair of an index below `rows` and one below `columns`, row after row.
fn cells(rows: usize, columns: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |i| (0..columns).map(move |j| (i, j)))
}

/// `start + Σ aᵢ·bᵢ`.
fn dot_from(start: f32, a: impl Iterator<Item = f32>, b: impl Iterator<Item = f32>) -> Sum {
    Sum::of([f64::from(start)].into_iter().chain(a.zip(b).map(|(a, b)| f64::from(a) * f64::from(b))))
}

proptest! {
    #[test]
    fn matvec((weights, input, bias, mut output) in layer()) {
        kernel::matvec(&weights, &input, &bias, &mut output);
        let columns = bias.len();
        let want = |j: usize| dot_from(bias[j], input.iter().copied(), column(&weights, columns, j));
        all_near(&output, (0..columns).map(want))?;
    }

    #[test]
    fn matvec_transposed((weights, mut output, deltas, _) in layer()) {
        // A matrix without columns says nothing of how many rows it has.
        prop_assume!(!deltas.is_empty());
        kernel::matvec_transposed(&weights, &deltas, &mut output);
        let want = |i: usize| Sum::dot(row(&weights, deltas.len(), i), deltas.iter().copied());
        all_near(&output, (0..output.len()).map(want))?;
    }

    #[test]
    fn rank_one(alpha in number(), (mut weights, input, deltas, _) in layer()) {
        let product = |(i, j): (usize, usize)| f64::from(input[i]) * f64::from(alpha) * f64::from(deltas[j]);
        let cells = cells(input.len(), deltas.len()).zip(&weights);
        let want: Vec<Sum> = cells.map(|(cell, old)| Sum::of([f64::from(*old), product(cell)])).collect();
        kernel::rank_one(alpha, &input, &deltas, &mut weights);
        all_near(&weights, want)?;
    }

    #[test]
    fn product((samples, a, b, bias) in sizes().prop_flat_map(|(samples, inputs, outputs)| {
        (Just(samples), numbers(samples * inputs), numbers(inputs * outputs), numbers(outputs))
    })) {
        let (inputs, outputs) = (a.len() / samples, bias.len());
        let mut c = vec![9.0; samples * outputs];
        kernel::product(&a, &b, &bias, &mut c);
        let want = |(s, j)| dot_from(bias[j], row(&a, inputs, s), column(&b, outputs, j));
        all_near(&c, cells(samples, outputs).map(want))?;
    }

    #[test]
    fn transposed_product((samples, a, b, mut c) in sizes().prop_flat_map(|(samples, inputs, outputs)| {
        (Just(samples), numbers(samples * inputs), numbers(samples * outputs), numbers(inputs * outputs))
    })) {
        let (inputs, outputs) = (a.len() / samples, b.len() / samples);
        let want = |((i, j), old): ((usize, usize), &f32)| dot_from(*old, column(&a, inputs, i), column(&b, outputs, j));
        let want: Vec<Sum> = cells(inputs, outputs).zip(&c).map(want).collect();
        kernel::transposed_product(samples, &a, &b, &mut c);
        all_near(&c, want)?;
    }

    #[test]
    fn product_transposed((samples, a, b) in sizes().prop_flat_map(|(samples, inputs, outputs)| {
        (Just(samples), numbers(samples * outputs), numbers(inputs * outputs))
    })) {
        let outputs = a.len() / samples;
        let inputs = b.len() / outputs;
        let mut c = vec![9.0; samples * inputs];
        kernel::product_transposed(samples, &a, &b, &mut c);
        let want = |(s, i)| Sum::dot(row(&a, outputs, s), row(&b, outputs, i));
        all_near(&c, cells(samples, inputs).map(want))?;
    }
}
