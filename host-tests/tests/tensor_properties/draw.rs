//! What the properties are tried on.

use kilograd::tensor::{Matrix, Tensor, Vector};
use proptest::collection::vec;
use proptest::prelude::*;

/// A number of ordinary size; sometimes zero, either sign.
pub fn number() -> impl Strategy<Value = f32> + Clone {
    prop_oneof![8 => -10.0_f32..10.0, 1 => Just(0.0_f32), 1 => Just(-0.0_f32)]
}

/// Any number that is neither infinite nor NaN: huge, tiny, subnormal.
pub fn finite() -> impl Strategy<Value = f32> + Clone {
    use prop::num::f32;
    f32::POSITIVE | f32::NEGATIVE | f32::NORMAL | f32::SUBNORMAL | f32::ZERO
}

/// A tensor of such elements.
pub fn tensor<T: Tensor + std::fmt::Debug>(element: impl Strategy<Value = f32>) -> impl Strategy<Value = T> {
    vec(element, T::COUNT).prop_map(|elements| {
        let mut tensor = T::ZERO;
        tensor.as_mut_slice().copy_from_slice(&elements);
        tensor
    })
}

/// A vector of ordinary numbers.
pub fn vector<const N: usize>() -> impl Strategy<Value = Vector<N>> {
    tensor(number())
}

/// A matrix of ordinary numbers.
pub fn matrix<const ROWS: usize, const COLUMNS: usize>() -> impl Strategy<Value = Matrix<ROWS, COLUMNS>> {
    tensor(number())
}

/// A tensor that a result has to overwrite everywhere.
pub fn stale<T: Tensor>() -> T {
    let mut tensor = T::ZERO;
    tensor.fill(f32::NAN);
    tensor
}
