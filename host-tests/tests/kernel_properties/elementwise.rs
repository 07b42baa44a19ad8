//! Slices to slices, one element at a time: one or two roundings each, so most are exact to the bit.

use crate::draw::{About, LENGTHS, all_near, number, numbers, pair};
use kilograd_host_tests::numeric::Sum;
use kilograd_simd::kernel;
use proptest::prelude::*;

proptest! {
    #[test]
    fn axpy(alpha in number(), (x, mut y) in pair()) {
        let product = |x: &f32| f64::from(alpha) * f64::from(*x);
        let want: Vec<Sum> = x.iter().zip(&y).map(|(x, y)| Sum::of([f64::from(*y), product(x)])).collect();
        kernel::axpy(alpha, &x, &mut y);
        all_near(&y, want)?;
    }

    #[test]
    fn add((x, mut y) in pair()) {
        let want: Vec<f32> = x.iter().zip(&y).map(|(x, y)| x + y).collect();
        kernel::add(&x, &mut y);
        prop_assert_eq!(y, want);
    }

    #[test]
    fn scale(alpha in number(), mut x in numbers(LENGTHS)) {
        let want: Vec<f32> = x.iter().map(|x| alpha * x).collect();
        kernel::scale(alpha, &mut x);
        prop_assert_eq!(x, want);
    }

    #[test]
    fn relu(x in numbers(LENGTHS)) {
        let mut y = x.clone();
        kernel::relu(&mut y);
        all_near(&y, x.iter().map(|x| About { value: f64::from(*x).max(0.0), error: 0.0 }))?;
        prop_assert!(y.iter().all(|y| y.is_sign_positive()));
    }

    #[test]
    fn relu_backward((y, dy) in pair()) {
        let mut dx = dy.clone();
        kernel::relu_backward(&y, &mut dx);
        let want: Vec<f32> = y.iter().zip(&dy).map(|(y, dy)| if *y > 0.0 { *dy } else { 0.0 }).collect();
        prop_assert_eq!(dx, want);
    }
}

#[test]
fn relu_lets_nan_through() {
    let mut y = [f32::NAN; 5];
    kernel::relu(&mut y);
    assert!(y.iter().all(|y| y.is_nan()));
}
