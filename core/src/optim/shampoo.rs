//! Shampoo.

use super::eigen::{diagonalise, rotate_columns, rotate_rows};
use super::{Rule, Tensorwise};
use crate::error::{Error, Setting};
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

    /// Takes a line of the gradient, whose elements lie `stride` apart from `first` on, into the basis, or out of it.
    fn turn(&mut self, gradient: &mut [f32], first: usize, stride: usize, into: bool) {
        let size = self.size();
        let places = || (0..size).map(|i| first + i * stride);
        let along = |to: usize, from: usize| if into { to * size + from } else { from * size + to };
        for (to, sum) in self.room.iter_mut().enumerate() {
            *sum = 0.0;
            for (from, place) in places().enumerate() {
                let (g, v) = (gradient.get(place), self.vectors.get(along(to, from)));
                *sum += g.copied().unwrap_or_default() * v.copied().unwrap_or_default();
            }
        }
        for (place, turned) in places().zip(self.room.iter()) {
            if let Some(g) = gradient.get_mut(place) {
                *g = *turned;
            }
        }
    }

    /// `(λ + ε)^(−¼)` of element `i`.
    fn inverse_root(&self, i: usize, epsilon: f32) -> f32 {
        let eigenvalue = self.sums.get(i * self.size() + i).copied().unwrap_or_default();
        // Rounding may leave an eigenvalue of zero a little below it.
        1.0 / sqrt(sqrt(if eigenvalue > 0.0 { eigenvalue } else { 0.0 } + epsilon))
    }

    /// Adds the products of every two lines; `line(i)` says where line i starts, its elements lie `stride` apart.
    fn gain(&mut self, gradient: &[f32], line: impl Fn(usize) -> usize, stride: usize, length: usize) {
        let size = self.size();
        let at = |place: usize| gradient.get(place).copied().unwrap_or_default();
        for i in 0..size {
            for k in 0..=i {
                let product: f32 = (0..length).map(|j| at(line(i) + j * stride) * at(line(k) + j * stride)).sum();
                for place in [i * size + k, k * size + i].into_iter().take(if i == k { 1 } else { 2 }) {
                    if let Some(sum) = self.sums.get_mut(place) {
                        *sum += product;
                    }
                }
            }
        }
    }
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
        (0..rows).for_each(|i| right.turn(gradient, i * columns, 1, true));
        (0..columns).for_each(|j| left.turn(gradient, j, columns, true));
        left.gain(gradient, |i| i * columns, 1, columns);
        right.gain(gradient, |j| j, columns, rows);
        if plan.refresh {
            let Side { sums, vectors, .. } = &mut left;
            diagonalise(sums, rows, |p, q, turn| {
                rotate_rows(vectors, rows, p, q, turn);
                rotate_rows(gradient, columns, p, q, turn);
            });
            let Side { sums, vectors, .. } = &mut right;
            diagonalise(sums, columns, |p, q, turn| {
                rotate_rows(vectors, columns, p, q, turn);
                rotate_columns(gradient, rows, columns, p, q, turn);
            });
        }
        let mut rest = &mut *gradient;
        for i in 0..rows {
            let Some((row, below)) = rest.split_at_mut_checked(columns) else { return };
            kernel::scale(left.inverse_root(i, self.epsilon), row);
            row.iter_mut().enumerate().for_each(|(j, g)| *g *= right.inverse_root(j, self.epsilon));
            rest = below;
        }
        (0..columns).for_each(|j| left.turn(gradient, j, columns, false));
        (0..rows).for_each(|i| right.turn(gradient, i * columns, 1, false));
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
