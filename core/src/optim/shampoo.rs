//! Shampoo.

use super::{Rule, Tensorwise};
use crate::error::{Error, Setting};
use crate::tensor::linear::{Rotation, diagonalise};
use crate::tensor::{Parameters, Tensor, to_f32};
use kilograd_simd::kernel;
use kilograd_simd::math::sqrt;

/// Preconditions each matrix from both sides: `L ← L + G·Gᵀ`, `R ← R + Gᵀ·G`, then `(L + ε)^(−¼) · G · (R + ε)^(−¼)`; of a
/// vector the elements, `s ← s + g²`, then `g / √(s + ε)`. *State:* (2·(in² + out²) + in + out) × f32 a dense layer's
/// matrix, 1 × f32 an element of its bias; needs a stored gradient.
///
/// L and R are kept in the basis of their eigenvectors, in which a power of them is one number a row: no root of a matrix is
/// ever formed, and Jacobi's method, which brings the basis up to date, needs no memory of its own. It does so every
/// `every` steps, exactly; in between what L and R gain off the diagonal is remembered, but not yet looked at.
///
/// Source: V. Gupta, T. Koren and Y. Singer, *Shampoo: preconditioned stochastic tensor optimization* (2018); N. Vyas et al.,
/// *SOAP* (2024), for the eigenbasis.
///
/// ```
/// use kilograd::optim::Shampoo;
/// use kilograd::prelude::*;
///
/// type Net = network![2 => 8 => Tanh => 2];
/// let bytes = |rows: usize, columns: usize| 4 * (2 * (rows * rows + columns * columns) + rows + columns);
/// assert_eq!(Memory::<Net, Shampoo, Accumulated>::STATE_BYTES, bytes(2, 8) + 4 * 8 + bytes(8, 2) + 4 * 2);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Shampoo {
    /// ε, what L and R start from times the identity, above 0.
    pub epsilon: f32,
    /// How many steps a basis lasts, at least 1.
    pub every: u32,
}

/// What a step of [`Shampoo`] does beside preconditioning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShampooPlan {
    first: bool,
    refresh: bool,
}

/// One side of a matrix: L or R in the basis of `vectors`, which are its rows, and room for a row or a column.
struct Side<'s> {
    sums: &'s mut [f32],
    vectors: &'s mut [f32],
    room: &'s mut [f32],
}

impl Side<'_> {
    fn size(&self) -> usize {
        self.room.len()
    }

    /// The basis of the start.
    fn start(&mut self) {
        for i in 0..self.size() {
            if let Some(x) = self.vectors.get_mut(i * self.room.len() + i) {
                *x = 1.0;
            }
        }
    }

    /// Takes a line of the gradient, whose elements lie `stride` apart from `first` on, into the basis.
    fn turn_in(&mut self, gradient: &mut [f32], first: usize, stride: usize) {
        for (i, x) in self.room.iter_mut().enumerate() {
            *x = gradient.get(first + i * stride).copied().unwrap_or_default();
        }
        let mut rest = &*self.vectors;
        for i in 0..self.room.len() {
            let Some((vector, after)) = rest.split_at_checked(self.room.len()) else { return };
            if let Some(g) = gradient.get_mut(first + i * stride) {
                *g = kernel::dot(vector, self.room);
            }
            rest = after;
        }
    }

    /// Takes it out again.
    fn turn_out(&mut self, gradient: &mut [f32], first: usize, stride: usize) {
        self.room.fill(0.0);
        let mut rest = &*self.vectors;
        for i in 0..self.room.len() {
            let Some((vector, after)) = rest.split_at_checked(self.room.len()) else { return };
            kernel::axpy(gradient.get(first + i * stride).copied().unwrap_or_default(), vector, self.room);
            rest = after;
        }
        for (i, x) in self.room.iter().enumerate() {
            if let Some(g) = gradient.get_mut(first + i * stride) {
                *g = *x;
            }
        }
    }

    /// `(λ + ε)^(−¼)` of element `i`.
    fn inverse_root(&self, i: usize, epsilon: f32) -> f32 {
        let eigenvalue = self.sums.get(i * self.size() + i).copied().unwrap_or_default();
        // Rounding may leave an eigenvalue of zero a little below it.
        1.0 / sqrt(sqrt(if eigenvalue > 0.0 { eigenvalue } else { 0.0 } + epsilon))
    }

    /// Adds the products of every two rows of the gradient.
    fn gain_rows(&mut self, gradient: &[f32], columns: usize) {
        let size = self.size();
        let row = |i: usize| gradient.get(i * columns..).and_then(|rest| rest.get(..columns)).unwrap_or_default();
        for i in 0..size {
            for k in 0..size {
                if let Some(sum) = self.sums.get_mut(i * size + k) {
                    *sum += kernel::dot(row(i), row(k));
                }
            }
        }
    }

    /// Adds the products of every two columns.
    fn gain_columns(&mut self, gradient: &[f32]) {
        let mut rest = gradient;
        while let Some((row, below)) = rest.split_at_checked(self.size()) {
            if row.is_empty() {
                return;
            }
            kernel::rank_one(1.0, row, row, self.sums);
            rest = below;
        }
    }
}

/// What an element off the diagonal may be in shares of the geometric mean of the two on it: a few roundings …
const SMALL: f32 = 1e-6;
/// … and in shares of the matrix's largest element, whose roundings are everywhere.
const NOISE: f32 = 1e-8;

/// Makes the sums diagonal; every rotation is passed on to `rotated`.
fn turn_to_eigenbasis(sums: &mut [f32], order: usize, rotated: impl FnMut(usize, usize, &Rotation)) {
    let noise = NOISE * kernel::max_abs(sums);
    let is_negligible = |first: f32, between: f32, last: f32| {
        between.abs() <= SMALL * (sqrt(first.abs()) * sqrt(last.abs())) || between.abs() <= noise
    };
    // What is not quite diagonal after so many sweeps is nearly so, and the next turn goes on from there.
    let _ = diagonalise(sums, order, is_negligible, rotated);
}

impl Shampoo {
    /// ε = 10⁻⁶, a new basis in every tenth step.
    pub const DEFAULT: Self = Self { epsilon: 1e-6, every: 10 };

    fn of_matrix(&self, plan: ShampooPlan, gradient: &mut [f32], mut left: Side<'_>, mut right: Side<'_>) {
        let (rows, columns) = (left.size(), right.size());
        if plan.first {
            left.start();
            right.start();
        }
        (0..rows).for_each(|i| right.turn_in(gradient, i * columns, 1));
        (0..columns).for_each(|j| left.turn_in(gradient, j, columns));
        left.gain_rows(gradient, columns);
        right.gain_columns(gradient);
        if plan.refresh {
            let Side { sums, vectors, .. } = &mut left;
            turn_to_eigenbasis(sums, rows, |p, q, rotation| {
                rotation.apply_rows(vectors, rows, p, q);
                rotation.apply_rows(gradient, columns, p, q);
            });
            let Side { sums, vectors, .. } = &mut right;
            turn_to_eigenbasis(sums, columns, |p, q, rotation| {
                rotation.apply_rows(vectors, columns, p, q);
                rotation.apply_columns(gradient, columns, p, q);
            });
        }
        for j in 0..columns {
            let root = right.inverse_root(j, self.epsilon);
            if let Some(room) = right.room.get_mut(j) {
                *room = root;
            }
        }
        let mut rest = &mut *gradient;
        for i in 0..rows {
            let Some((row, below)) = rest.split_at_mut_checked(columns) else { return };
            kernel::scale(left.inverse_root(i, self.epsilon), row);
            row.iter_mut().zip(right.room.iter()).for_each(|(g, root)| *g *= root);
            rest = below;
        }
        (0..columns).for_each(|j| left.turn_out(gradient, j, columns));
        (0..rows).for_each(|i| right.turn_out(gradient, i * columns, 1));
    }

    fn of_vector(&self, gradient: &mut [f32], sums: &mut [f32]) {
        for (g, sum) in gradient.iter_mut().zip(sums) {
            *sum += *g * *g;
            *g /= sqrt(*sum + self.epsilon);
        }
    }
}

impl Default for Shampoo {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// Sums and vectors of one side.
type SideState<T> = (T, T);

impl Rule for Shampoo {
    type State<T: Tensor> = ((SideState<T::RowPairs>, SideState<T::ColumnPairs>), (T::PerRow, T::PerColumn));
    type View<'s> = ((SideState<&'s mut [f32]>, SideState<&'s mut [f32]>), (&'s mut [f32], &'s mut [f32]));
    type Plan = ShampooPlan;

    fn view<T: Tensor>(((left, right), (rows, columns)): &mut Self::State<T>) -> Self::View<'_> {
        let left = (left.0.as_mut_slice(), left.1.as_mut_slice());
        let right = (right.0.as_mut_slice(), right.1.as_mut_slice());
        ((left, right), (rows.as_mut_slice(), columns.as_mut_slice()))
    }

    fn check(&self) -> Result<(), Error> {
        Setting::Epsilon.require_positive(self.epsilon)?;
        Setting::Steps.require(to_f32(self.every), self.every > 0)
    }

    fn plan<G: Parameters>(&self, step: u32, _: f32, _: Option<&G>) -> ShampooPlan {
        let since = step.saturating_sub(1).checked_rem(self.every).unwrap_or_default();
        ShampooPlan { first: step == 1, refresh: since == 0 }
    }

    fn transform(&self, plan: &ShampooPlan, _: &[f32], gradient: &mut [f32], state: Self::View<'_>) {
        let ((left, right), (rows, columns)) = state;
        if rows.is_empty() {
            return self.of_vector(gradient, columns);
        }
        let left = Side { sums: left.0, vectors: left.1, room: rows };
        let right = Side { sums: right.0, vectors: right.1, room: columns };
        self.of_matrix(*plan, gradient, left, right);
    }
}

#[diagnostic::do_not_recommend]
impl Tensorwise for Shampoo {}
