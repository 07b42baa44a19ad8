//! Fixed-size tensors over plain arrays: [`Vector`] and [`Matrix`], row-major, no heap.
//!
//! Sizes are types, so operands that do not fit do not compile. Results are written in place, into a tensor that the caller
//! owns, so nothing large travels over the stack but what is made with `new` or `from_fn`. No operation panics; what can be out of range returns an `Option`.

pub mod linear;
mod matrix;
mod parameters;
mod vector;

pub use matrix::Matrix;
pub use parameters::{Parameters, Zero};
pub use vector::Vector;

use kilograd_simd::{kernel, math};

/// A fixed number of `f32`, and what can be done to them one by one or taken together.
///
/// ```
/// use kilograd::tensor::{Tensor, Vector};
///
/// let mut v = Vector::new([3.0, -4.0]);
/// assert_eq!((v.norm(), v.norm_l1(), v.norm_max()), (5.0, 7.0, 4.0));
/// v.scale(2.0);
/// v.add(&Vector::new([1.0, 1.0]));
/// assert_eq!(v, Vector::new([7.0, -7.0]));
/// ```
pub trait Tensor: Parameters {
    /// One number for each row of a matrix; none for a vector, which has no rows to sum over.
    type PerRow: Tensor;
    /// One number for each column of a matrix, or for each element of a vector.
    type PerColumn: Tensor;
    /// One number for each pair of a matrix's rows; none for a vector.
    type RowPairs: Tensor;
    /// One number for each pair of a matrix's columns; none for a vector.
    type ColumnPairs: Tensor;

    /// All elements, row after row.
    fn as_slice(&self) -> &[f32];

    /// All elements, row after row, to be written to.
    fn as_mut_slice(&mut self) -> &mut [f32];

    /// Sets every element to `value`.
    fn fill(&mut self, value: f32) {
        self.as_mut_slice().fill(value);
    }

    /// Replaces every element x by `f(x)`.
    fn map(&mut self, mut f: impl FnMut(f32) -> f32) {
        self.as_mut_slice().iter_mut().for_each(|x| *x = f(*x));
    }

    /// Multiplies every element by `factor`.
    fn scale(&mut self, factor: f32) {
        kernel::scale(factor, self.as_mut_slice());
    }

    /// Adds `other`, element by element.
    fn add(&mut self, other: &Self) {
        kernel::add(other.as_slice(), self.as_mut_slice());
    }

    /// Adds `factor · other`, element by element.
    fn add_scaled(&mut self, factor: f32, other: &Self) {
        kernel::axpy(factor, other.as_slice(), self.as_mut_slice());
    }

    /// Subtracts `other`, element by element.
    fn subtract(&mut self, other: &Self) {
        kernel::axpy(-1.0, other.as_slice(), self.as_mut_slice());
    }

    /// Multiplies by `other`, element by element (Hadamard's product).
    fn multiply(&mut self, other: &Self) {
        for (x, y) in self.as_mut_slice().iter_mut().zip(other.as_slice()) {
            *x *= y;
        }
    }

    /// The sum of all elements, in four lanes ([`kernel::sum`]).
    fn sum(&self) -> f32 {
        kernel::sum(self.as_slice())
    }

    /// The Euclidean norm; squares neither overflow nor underflow on the way.
    fn norm(&self) -> f32 {
        norm(self.as_slice())
    }

    /// The sum of magnitudes, in four lanes ([`kernel::sum_of_magnitudes`]).
    fn norm_l1(&self) -> f32 {
        kernel::sum_of_magnitudes(self.as_slice())
    }

    /// The largest magnitude; NaN if an element is NaN, 0 for a tensor without elements.
    fn norm_max(&self) -> f32 {
        kernel::max_abs(self.as_slice())
    }

    /// Whether no element is infinite or NaN.
    fn is_finite(&self) -> bool {
        self.norm_max().is_finite()
    }
}

/// The Euclidean norm; squares neither overflow nor underflow on the way.
pub(crate) fn norm(x: &[f32]) -> f32 {
    let largest = kernel::max_abs(x);
    if largest == 0.0 || !largest.is_finite() {
        return largest;
    }
    let (scale, unscale) = norm_scale(largest);
    unscale * math::sqrt(kernel::sum_of_squares(x, scale))
}

/// Takes the first `count` elements off `rest`; nothing if there are fewer.
pub(crate) fn take<'r>(rest: &mut &'r [f32], count: usize) -> &'r [f32] {
    let Some((first, others)) = rest.split_at_checked(count) else { return &[] };
    *rest = others;
    first
}

/// The same, to be written to.
pub(crate) fn take_mut<'r>(rest: &mut &'r mut [f32], count: usize) -> &'r mut [f32] {
    let Some((first, others)) = core::mem::take(rest).split_at_mut_checked(count) else { return &mut [] };
    *rest = others;
    first
}

/// A tensor that a matrix can hold as a row: one sample of a batch.
pub trait Row: Tensor {
    /// `B` of them, one a row.
    type Rows<const B: usize>: Tensor;
}

/// A power of two that brings `largest` near one, and its inverse: scaling by it is exact, and keeps squares in range.
pub(crate) fn norm_scale(largest: f32) -> (f32, f32) {
    let exponent = ((largest.to_bits() >> 23) & 0xFF).clamp(1, 253);
    (f32::from_bits((254 - exponent) << 23), f32::from_bits(exponent << 23))
}

/// A number of things as the nearest `f32`.
pub(crate) fn count(things: usize) -> f32 {
    to_f32(u32::try_from(things).unwrap_or(u32::MAX))
}

/// `count` as the nearest `f32`.
pub(crate) fn to_f32(count: u32) -> f32 {
    let [b0, b1, b2, b3] = count.to_le_bytes();
    f32::from(u16::from_le_bytes([b2, b3])) * 65_536.0 + f32::from(u16::from_le_bytes([b0, b1]))
}
