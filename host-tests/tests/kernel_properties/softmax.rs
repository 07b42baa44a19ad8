//! Softmax, and the logarithm of its denominator.

use crate::draw::{About, all_near, numbers};
use kilograd_host_tests::numeric::{log_sum_exp, softmax, wide};
use kilograd_simd::kernel;
use proptest::prelude::*;

/// The largest relative error of a softmax of `n` logits that are up to `range` apart: a difference of logits is rounded (ε/2
/// of up to `range`, which an exponential turns into a relative error), each exponential is off by 1 ULP, the sum by n
/// roundings, the quotient by one.
fn relative_error(n: usize, range: f64) -> f64 {
    f64::from(f32::EPSILON) * (range + n as f64 + 4.0)
}

proptest! {
    #[test]
    fn softmax_and_its_denominator(x in numbers(1..=200), scale in prop_oneof![Just(1.0_f32), Just(1e-3), Just(30.0)]) {
        let x: Vec<f32> = x.iter().map(|x| x * scale).collect();
        let mut y = vec![9.0; x.len()];
        let (largest, log_sum) = kernel::softmax(&x, &mut y);
        let range = 2.0 * 10.0 * f64::from(scale);
        let relative = relative_error(x.len(), range);
        // Below the smallest normal number an exponential keeps fewer digits.
        let smallest = f64::from(f32::MIN_POSITIVE);
        all_near(&y, softmax(&wide(&x)).into_iter().map(|value| About { value, error: relative * value + smallest }))?;
        prop_assert_eq!(largest, x.iter().copied().fold(f32::NEG_INFINITY, f32::max));
        let value = log_sum_exp(&wide(&x)) - f64::from(largest);
        all_near(&[log_sum], [About { value, error: relative * (1.0 + value) }])?;
    }

    #[test]
    fn a_softmax_adds_up_to_one(x in numbers(1..=200)) {
        let mut y = vec![9.0; x.len()];
        kernel::softmax(&x, &mut y);
        let sum: f64 = wide(&y).into_iter().sum();
        prop_assert!((sum - 1.0).abs() <= relative_error(x.len(), 0.0), "{}", sum);
    }

    #[test]
    fn no_logits_overflow(x in prop::collection::vec(prop_oneof![Just(f32::MAX), Just(f32::MIN), Just(0.0)], 1..=200)) {
        let mut y = vec![9.0; x.len()];
        let (largest, log_sum) = kernel::softmax(&x, &mut y);
        prop_assert!(largest.is_finite() && log_sum.is_finite() && y.iter().all(|y| (0.0..=1.0).contains(y)));
    }
}

#[test]
fn the_softmax_of_nothing_is_nothing() {
    kernel::softmax(&[], &mut []);
}
