//! Orthogonal matrices.

use super::{Distribution, Scheme};
use kilograd_simd::math::sqrt;
use rand_core::Rng;

/// A random orthogonal matrix times `gain`: `WᵀW = gain²·I` where there are at least as many inputs as outputs, else
/// `WWᵀ = gain²·I`. *Memory:* none but the weights; `4·in·out·min(in, out)` multiply-accumulates.
///
/// Weights that are not `fan_in` times `fan_out` are left as they are.
///
/// Normal draws are made orthogonal by Gram and Schmidt, modified and done twice, in place: every orthogonal matrix is as
/// likely. Source: A. Saxe, J. McClelland and S. Ganguli (2013); *Deep Learning*, section 8.4. A gain makes up for what an
/// activation takes away: PyTorch's `calculate_gain` says √2 for ReLU, 5/3 for tanh.
///
/// ```
/// use kilograd::init::Orthogonal;
/// use kilograd::prelude::*;
/// use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};
///
/// let mut layer = <network![5 => 2]>::ZERO;
/// layer.initialize(&Orthogonal { gain: 2.0 }, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
/// let mut gram = Matrix::<2, 2>::ZERO;
/// layer.weights.transposed_matrix_product(&layer.weights, &mut gram);
/// gram.subtract(&Matrix::new([[4.0, 0.0], [0.0, 4.0]]));
/// assert!(gram.norm_max() < 1e-5);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub struct Orthogonal {
    /// What every vector is as long as.
    pub gain: f32,
}

/// A vector whose length falls below this share of what was drawn has lost its digits to those before it.
const LEAST_REST: f32 = 1e-3;

/// A matrix's rows or its columns, whichever are longer.
struct Vectors<'w> {
    weights: &'w mut [f32],
    /// From the start of one vector to that of the next, and from one of its elements to the next.
    apart: usize,
    stride: usize,
    /// How many vectors there are, and how long they are.
    count: usize,
    length: usize,
}

impl Vectors<'_> {
    /// The places of a vector's elements.
    fn places(&self, vector: usize) -> impl Iterator<Item = usize> + use<> {
        let (first, stride) = (vector.saturating_mul(self.apart), self.stride);
        (0..self.length).map(move |i| first.saturating_add(i.saturating_mul(stride)))
    }

    fn at(&self, place: usize) -> f32 {
        self.weights.get(place).copied().unwrap_or_default()
    }

    fn dot(&self, a: usize, b: usize) -> f32 {
        self.places(a).zip(self.places(b)).map(|(a, b)| self.at(a) * self.at(b)).sum()
    }

    fn norm(&self, vector: usize) -> f32 {
        sqrt(self.dot(vector, vector))
    }

    /// Replaces every element x by `f(x)`.
    fn map(&mut self, vector: usize, mut f: impl FnMut(f32) -> f32) {
        for place in self.places(vector) {
            if let Some(x) = self.weights.get_mut(place) {
                *x = f(*x);
            }
        }
    }

    /// Takes off what points along the vectors before `vector`, which are of length one.
    fn project(&mut self, vector: usize) {
        for before in 0..vector {
            let along = self.dot(before, vector);
            for (from, to) in self.places(before).zip(self.places(vector)) {
                let off = along * self.at(from);
                if let Some(x) = self.weights.get_mut(to) {
                    *x -= off;
                }
            }
        }
    }

    /// Draws `vector`, at a right angle to those before it and of length one.
    fn draw(&mut self, vector: usize, rng: &mut impl Rng) {
        loop {
            self.map(vector, |_| Distribution::Normal { deviation: 1.0 }.sample(rng));
            let drawn = self.norm(vector);
            self.project(vector);
            // What rounding left along the others is as large as what was taken off; a second time takes it away.
            self.project(vector);
            let rest = self.norm(vector);
            if rest > LEAST_REST * drawn {
                return self.map(vector, |x| x / rest);
            }
        }
    }
}

impl Scheme for Orthogonal {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl Rng) {
        // Vectors that are not all there would have no length to be divided by.
        if fan_in.checked_mul(fan_out) != Some(weights.len()) {
            return;
        }
        let (count, length, apart, stride) =
            if fan_out <= fan_in { (fan_out, fan_in, 1, fan_out) } else { (fan_in, fan_out, fan_out, 1) };
        let mut vectors = Vectors { weights, apart, stride, count, length };
        for vector in 0..vectors.count {
            vectors.draw(vector, rng);
        }
        for vector in 0..vectors.count {
            vectors.map(vector, |x| x * self.gain);
        }
    }
}
