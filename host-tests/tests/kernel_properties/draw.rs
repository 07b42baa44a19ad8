//! What the properties are tried on.

use kilograd_host_tests::numeric::Sum;
use proptest::collection::vec;
use proptest::prelude::*;
use std::ops::RangeInclusive;

/// Lengths with every tail of every block size (4, 8, 16, 32 columns) several times over.
pub const LENGTHS: RangeInclusive<usize> = 0..=200;

/// A number of ordinary size; sometimes zero, either sign, which some kernels skip.
pub fn number() -> impl Strategy<Value = f32> + Clone {
    prop_oneof![8 => -10.0_f32..10.0, 1 => Just(0.0_f32), 1 => Just(-0.0_f32)]
}

/// As many numbers as `length` says.
pub fn numbers(length: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<f32>> {
    vec(number(), length)
}

/// Two slices of one length.
pub fn pair() -> impl Strategy<Value = (Vec<f32>, Vec<f32>)> {
    LENGTHS.prop_flat_map(|n| (numbers(n), numbers(n)))
}

/// A number within `error` of another one.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub value: f64,
    pub error: f64,
}

impl From<Sum> for About {
    fn from(sum: Sum) -> Self {
        Self { value: sum.value, error: sum.error() }
    }
}

/// Checks every number against what it should be about.
pub fn all_near(got: &[f32], want: impl IntoIterator<Item = impl Into<About>>) -> Result<(), TestCaseError> {
    let want: Vec<About> = want.into_iter().map(Into::into).collect();
    prop_assert_eq!(got.len(), want.len());
    for (i, (got, want)) in got.iter().zip(want).enumerate() {
        let error = (f64::from(*got) - want.value).abs();
        prop_assert!(error <= want.error, "element {}: {:e}, not {:?}", i, got, want);
    }
    Ok(())
}
