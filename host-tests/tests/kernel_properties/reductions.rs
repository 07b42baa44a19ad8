//! Slices to one number.

use crate::draw::{LENGTHS, all_near, numbers, pair};
use kilograd_host_tests::numeric::Sum;
use kilograd_simd::kernel;
use proptest::prelude::*;

proptest! {
    #[test]
    fn dot((a, b) in pair()) {
        let want = Sum::dot(a.iter().copied(), b.iter().copied());
        all_near(&[kernel::dot(&a, &b)], [want])?;
    }

    #[test]
    fn dot_does_not_mind_the_order_of_its_operands((a, b) in pair()) {
        prop_assert_eq!(kernel::dot(&a, &b).to_bits(), kernel::dot(&b, &a).to_bits());
    }

    #[test]
    fn sum(x in numbers(LENGTHS)) {
        all_near(&[kernel::sum(&x)], [Sum::of(x.iter().copied().map(f64::from))])?;
    }

    #[test]
    fn sum_of_magnitudes(x in numbers(LENGTHS)) {
        all_near(&[kernel::sum_of_magnitudes(&x)], [Sum::of(x.iter().map(|x| f64::from(x.abs())))])?;
    }

    #[test]
    fn sum_of_squares(x in numbers(LENGTHS), scale in -3.0_f32..3.0) {
        let squares = x.iter().map(|x| (f64::from(*x) * f64::from(scale)).powi(2));
        all_near(&[kernel::sum_of_squares(&x, scale)], [Sum::of(squares)])?;
    }

    #[test]
    fn max_abs_is_exact(x in numbers(LENGTHS)) {
        let want = x.iter().fold(0.0, |largest: f32, x| largest.max(x.abs()));
        prop_assert_eq!(kernel::max_abs(&x).to_bits(), want.to_bits());
    }

    #[test]
    fn max_abs_is_finite_if_and_only_if_every_element_is(
        mut x in numbers(1..=200),
        place in any::<prop::sample::Index>(),
        odd in prop_oneof![Just(f32::NAN), Just(-f32::NAN), Just(f32::INFINITY), Just(f32::NEG_INFINITY)],
    ) {
        prop_assert!(kernel::max_abs(&x).is_finite());
        *place.get_mut(&mut x) = odd;
        let largest = kernel::max_abs(&x);
        prop_assert!(!largest.is_finite());
        prop_assert_eq!(largest.is_nan(), odd.is_nan());
    }
}
