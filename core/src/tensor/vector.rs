//! A column of numbers.

use super::{Matrix, Parameters, Row, Tensor, Zero};
use core::fmt;
use kilograd_simd::kernel;

/// `N` numbers: a sample, a layer's output, a bias. *Memory:* 4·N bytes.
///
/// ```
/// use kilograd::tensor::{Tensor, Vector};
///
/// let v = Vector::from_fn(|i| i as f32);
/// let w = Vector::<3>::new([1.0, 1.0, 0.5]);
/// assert_eq!(v.dot(&w), 2.0);
/// assert_eq!((v.get(2), v.get(3)), (Some(2.0), None));
/// assert_eq!(v.argmax(), Some(2));
/// assert_eq!(format!("{v:?}"), "[0.0, 1.0, 2.0]");
/// ```
#[derive(Clone, PartialEq)]
pub struct Vector<const N: usize>([f32; N]);

impl<const N: usize> Vector<N> {
    /// A vector of these elements.
    pub const fn new(elements: [f32; N]) -> Self {
        Self(elements)
    }

    /// A vector whose element i is `element(i)`.
    pub fn from_fn(element: impl FnMut(usize) -> f32) -> Self {
        Self(core::array::from_fn(element))
    }

    /// Element `index`, or `None` past the end.
    pub fn get(&self, index: usize) -> Option<f32> {
        self.0.get(index).copied()
    }

    /// Element `index` to be written to, or `None` past the end.
    pub fn get_mut(&mut self, index: usize) -> Option<&mut f32> {
        self.0.get_mut(index)
    }

    /// The elements.
    pub const fn as_array(&self) -> &[f32; N] {
        &self.0
    }

    /// The elements, to be written to.
    pub const fn as_mut_array(&mut self) -> &mut [f32; N] {
        &mut self.0
    }

    /// The dot product `Σ selfᵢ·otherᵢ`, in four lanes ([`kernel::dot`]).
    pub fn dot(&self, other: &Self) -> f32 {
        kernel::dot(&self.0, &other.0)
    }

    /// Writes the outer product `outᵢⱼ = selfᵢ·otherⱼ`.
    pub fn outer<const COLUMNS: usize>(&self, other: &Vector<COLUMNS>, out: &mut Matrix<N, COLUMNS>) {
        out.fill(0.0);
        kernel::rank_one(1.0, &self.0, &other.0, out.as_mut_slice());
    }

    /// The index of the largest element (the first of equals): the class that a network's outputs name.
    /// `None` if an element is NaN or there is none.
    pub fn argmax(&self) -> Option<usize> {
        let mut best = None;
        for (index, value) in self.0.iter().enumerate() {
            match best {
                _ if value.is_nan() => return None,
                Some((_, largest)) if *value <= largest => {}
                _ => best = Some((index, *value)),
            }
        }
        best.map(|(index, _)| index)
    }
}

impl<const N: usize> From<[f32; N]> for Vector<N> {
    fn from(elements: [f32; N]) -> Self {
        Self(elements)
    }
}

impl<const N: usize> Default for Vector<N> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const N: usize> Zero for Vector<N> {
    const ZERO: Self = Self([0.0; N]);
}

impl<const N: usize> Parameters for Vector<N> {
    const COUNT: usize = N;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        see(&self.0);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        change(&mut self.0);
    }

    fn copy_from(&mut self, other: &Self) {
        // An assignment may go over the stack where nothing is optimised.
        // Not `copy_from_slice`, whose check of the lengths leaves a panic at level z.
        self.0.iter_mut().zip(&other.0).for_each(|(to, from)| *to = *from);
    }
}

impl<const N: usize> Tensor for Vector<N> {
    type PerRow = Vector<0>;
    type PerColumn = Self;
    type RowPairs = Vector<0>;
    type ColumnPairs = Vector<0>;

    fn as_slice(&self) -> &[f32] {
        &self.0
    }

    fn as_mut_slice(&mut self) -> &mut [f32] {
        &mut self.0
    }
}

impl<const N: usize> Row for Vector<N> {
    type Rows<const B: usize> = Matrix<B, N>;
}

impl<const N: usize> fmt::Debug for Vector<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl<const N: usize> defmt::Format for Vector<N> {
    fn format(&self, f: defmt::Formatter<'_>) {
        defmt::write!(f, "{}", &self.0);
    }
}
