//! Tensors, and what fills them.

use core::hint::black_box;
use kilograd::init::{Distribution, LecunNormal, Scheme};
use kilograd::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

pub fn run() {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(black_box(1));
    let mut a = Matrix::<5, 7>::ZERO;
    LecunNormal.fill(a.as_mut_slice(), black_box(5), black_box(7), rng);
    Distribution::Uniform { bound: 1.0 }.fill(a.as_mut_slice(), black_box(9), black_box(9), rng);
    let (mut product, mut gram, mut flipped) = (Vector::<5>::ZERO, Matrix::<7, 7>::ZERO, Matrix::<7, 5>::ZERO);
    a.product(&black_box(Vector::ZERO), &mut product);
    a.transposed_matrix_product(&a, &mut gram);
    a.transpose(&mut flipped);
    product.outer(&black_box(Vector::ZERO), &mut a);
    let corner = a.get(black_box(9), black_box(9)).unwrap_or_default();
    black_box(corner + gram.norm() + flipped.norm_l1() + product.argmax().map_or(0.0, |_| product.norm_max()));
}
