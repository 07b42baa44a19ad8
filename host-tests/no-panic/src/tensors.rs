//! Tensors, and what fills them.

use core::hint::black_box;
use kilograd::init::{Distribution, LecunNormal, Scheme};
use kilograd::prelude::*;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

pub fn run() {
    let rng = &mut SplitMix64::seed_from_u64(black_box(1));
    let mut a = Matrix::<5, 7>::ZERO;
    LecunNormal.fill(a.as_mut_slice(), black_box(5), black_box(7), rng);
    Distribution::Uniform { bound: 1.0 }.fill(a.as_mut_slice(), black_box(9), black_box(9), rng);
    let (mut product, mut gram, mut flipped) = (Vector::<5>::ZERO, Matrix::<7, 7>::ZERO, Matrix::<7, 5>::ZERO);
    a.product(&black_box(Vector::ZERO), &mut product);
    a.transposed_matrix_product(&a, &mut gram);
    a.transpose(&mut flipped);
    product.outer(&black_box(Vector::ZERO), &mut a);
    let corner = a.get(black_box(9), black_box(9)).unwrap_or_default();
    elementwise(&mut a, &product);
    let mut square = Matrix::<5, 5>::from_fn(|i, j| if i == j { 1.0 } else { 0.0 });
    a.matrix_product(&flipped, &mut square);
    a.matrix_product_transposed(&a, &mut square);
    black_box(&square);
    black_box(corner + gram.norm() + flipped.norm_l1() + product.argmax().map_or(0.0, |_| product.norm_max()));
}

fn elementwise(a: &mut Matrix<5, 7>, y: &Vector<5>) {
    let (other, mut across) = (black_box(Matrix::new([[1.0; 7]; 5])), Vector::<7>::from_fn(|_| 1.0));
    a.add(&other);
    a.add_scaled(black_box(0.5), &other);
    a.subtract(&other);
    a.multiply(&other);
    a.scale(black_box(2.0));
    a.map(|x| x + 1.0);
    a.product_transposed(y, &mut across);
    across.as_mut_array().fill(black_box(1.0));
    if let Some(row) = a.row_mut(black_box(9)) {
        *row = *across.as_array();
    }
    if let Some(element) = across.get_mut(black_box(9)) {
        *element = 1.0;
    }
    if let Some(element) = a.get_mut(black_box(9), black_box(9)) {
        *element = 1.0;
    }
    black_box((a.sum(), a.is_finite(), a.as_slice(), a.as_rows(), a.row(black_box(9)), y.dot(y), y.get(black_box(9))));
}
