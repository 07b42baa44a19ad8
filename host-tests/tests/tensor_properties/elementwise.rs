//! What is done to the elements of a tensor one by one.

use crate::draw::{number, tensor};
use kilograd::tensor::{Matrix, Tensor, Vector, Zero};
use proptest::prelude::*;

/// The elements of `a` and `b`, combined.
fn zip(a: &impl Tensor, b: &impl Tensor, f: impl Fn(f32, f32) -> f32) -> Vec<f32> {
    a.as_slice().iter().zip(b.as_slice()).map(|(a, b)| f(*a, *b)).collect()
}

/// `tensor` after `change`, as a list.
fn changed<T: Tensor>(tensor: &T, change: impl FnOnce(&mut T)) -> Vec<f32> {
    let mut copy = T::ZERO;
    copy.copy_from(tensor);
    change(&mut copy);
    copy.as_slice().to_vec()
}

/// One multiplication and one addition, or either: nothing may be rounded otherwise.
fn check<T: Tensor>(a: &T, b: &T, factor: f32) -> Result<(), TestCaseError> {
    prop_assert_eq!(changed(a, |a| a.add(b)), zip(a, b, |a, b| a + b));
    prop_assert_eq!(changed(a, |a| a.subtract(b)), zip(a, b, |a, b| a - b));
    prop_assert_eq!(changed(a, |a| a.multiply(b)), zip(a, b, |a, b| a * b));
    prop_assert_eq!(changed(a, |a| a.add_scaled(factor, b)), zip(a, b, |a, b| a + factor * b));
    prop_assert_eq!(changed(a, |a| a.scale(factor)), zip(a, b, |a, _| factor * a));
    prop_assert_eq!(changed(a, |a| a.map(|x| x * x - factor)), zip(a, b, |a, _| a * a - factor));
    prop_assert_eq!(changed(a, |a| a.fill(factor)), vec![factor; T::COUNT]);
    prop_assert_eq!(changed(a, |a| a.copy_from(b)), b.as_slice());
    Ok(())
}

proptest! {
    #[test]
    fn vectors(a in tensor::<Vector<11>>(number()), b in tensor(number()), factor in number()) {
        check(&a, &b, factor)?;
    }

    #[test]
    fn matrices(a in tensor::<Matrix<3, 7>>(number()), b in tensor(number()), factor in number()) {
        check(&a, &b, factor)?;
    }
}

#[test]
fn tensors_without_elements_are_left_alone() {
    check(&Vector::<0>::ZERO, &Vector::ZERO, 2.0).unwrap();
    check(&Matrix::<0, 3>::ZERO, &Matrix::ZERO, 2.0).unwrap();
    check(&Matrix::<3, 0>::ZERO, &Matrix::ZERO, 2.0).unwrap();
}
