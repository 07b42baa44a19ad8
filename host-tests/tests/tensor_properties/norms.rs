//! Norms, at every magnitude that f32 has.

use crate::draw::{finite, number, tensor};
use kilograd::optim::Norm;
use kilograd::tensor::{Matrix, Tensor, Vector};
use kilograd_host_tests::numeric::{Sum, wide};
use proptest::prelude::*;

/// How many elements: a tail of three after four blocks of four.
const N: usize = 19;

/// The largest relative error of a Euclidean norm: N squares and sums, of which the root takes half, and the root's own.
const RELATIVE_ERROR: f64 = (N as f64 / 2.0 + 2.0) * f32::EPSILON as f64;

/// The Euclidean norm in f64, whose range has room for every f32's square.
fn euclidean(x: &[f32]) -> f64 {
    wide(x).iter().map(|x| x * x).sum::<f64>().sqrt()
}

/// Whether `got` is `want`, or infinite where f32 ends.
fn is_near(got: f32, want: f64) -> bool {
    let error = RELATIVE_ERROR * want + f64::from(f32::from_bits(1));
    let overflows = want * (1.0 + RELATIVE_ERROR) > f64::from(f32::MAX);
    (f64::from(got) - want).abs() <= error || (overflows && got == f32::INFINITY)
}

/// Numbers of nearly the same, any magnitude: 2ᵏ times ordinary ones.
fn scaled() -> impl Strategy<Value = Vector<N>> {
    (tensor::<Vector<N>>(number()), -150..125_i32).prop_map(|(x, exponent)| {
        let factor = 2.0_f64.powi(exponent);
        Vector::from_fn(|i| (f64::from(x.as_array()[i]) * factor) as f32)
    })
}

proptest! {
    #[test]
    fn euclidean_norms_neither_overflow_nor_vanish(x in prop_oneof![scaled(), tensor(finite())]) {
        let want = euclidean(x.as_slice());
        prop_assert!(is_near(x.norm(), want), "{:e}, not {:e}", x.norm(), want);
    }

    #[test]
    fn a_norm_over_groups_is_the_norm_of_all(x in scaled(), y in scaled()) {
        let groups = (x.clone(), (Vector::<0>::new([]), y.clone()));
        let both: Vec<f32> = [x.as_slice(), y.as_slice()].concat();
        // Twice the elements.
        let near = |got: f32, want: f64| is_near(got, want) || (f64::from(got) - want).abs() <= 2.0 * RELATIVE_ERROR * want;
        prop_assert!(near(Norm::L2.of(&groups), euclidean(&both)));
        prop_assert!(near(Norm::L1.of(&groups), Sum::of(wide(&both)).magnitude));
        prop_assert_eq!(Norm::Max.of(&groups), x.norm_max().max(y.norm_max()));
    }

    #[test]
    fn norms_of_magnitudes(x in tensor::<Matrix<4, 5>>(number())) {
        let sum = Sum::of(wide(x.as_slice()).into_iter().map(f64::abs));
        prop_assert!(sum.is_near(x.norm_l1()));
        prop_assert_eq!(x.norm_max(), x.as_slice().iter().fold(0.0, |largest: f32, x| largest.max(x.abs())));
        prop_assert!(Sum::of(wide(x.as_slice())).is_near(x.sum()));
    }

    #[test]
    fn what_is_not_finite_is_seen(x in tensor::<Vector<N>>(finite()), place in 0..N, odd in not_finite()) {
        prop_assert!(x.is_finite());
        let mut x = x;
        x.as_mut_array()[place] = odd;
        prop_assert!(!x.is_finite() && !x.norm().is_finite() && !x.norm_l1().is_finite());
        prop_assert_eq!([x.norm(), x.norm_l1(), x.norm_max()].map(f32::is_nan), [odd.is_nan(); 3]);
        prop_assert_eq!([Norm::L1, Norm::L2, Norm::Max].map(|norm| norm.of(&x).is_nan()), [odd.is_nan(); 3]);
    }
}

fn not_finite() -> impl Strategy<Value = f32> {
    prop_oneof![Just(f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)]
}

#[test]
fn the_norms_of_nothing_are_zero() {
    let nothing = Vector::<0>::new([]);
    assert_eq!([nothing.norm(), nothing.norm_l1(), nothing.norm_max(), nothing.sum()], [0.0; 4]);
    assert!(nothing.is_finite());
}
