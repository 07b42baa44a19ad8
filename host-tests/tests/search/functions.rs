//! Objectives that the tests share.

use kilograd::Error;
use kilograd::init::Distribution;
use kilograd::solver::{Function, Objective};
use kilograd::tensor::Vector;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// The parameters of a 2-8-1 network.
pub const N: usize = 33;

pub fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

pub fn normal<const M: usize>(seed: u64) -> Vector<M> {
    let source = &mut rng(seed);
    Vector::from_fn(|_| Distribution::Normal { deviation: 1.0 }.sample(source))
}

/// `½·Σ cᵢ·xᵢ²` with c from 1/2 to 2.
pub fn bowl() -> impl Objective<N> {
    let curvature = |i: usize| 0.5 + 1.5 * i as f32 / (N - 1) as f32;
    let value = move |x: &[f32; N]| x.iter().enumerate().map(|(i, x)| 0.5 * curvature(i) * x * x).sum();
    Function { value, gradient: move |x: &[f32; N]| std::array::from_fn(|i| curvature(i) * x[i]) }
}

/// `(1 − x)² + 100·(y − x²)²`.
pub fn rosenbrock() -> impl Objective<2> {
    let value = |[x, y]: &[f32; 2]| (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x);
    let gradient = |[x, y]: &[f32; 2]| [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)];
    Function { value, gradient }
}

/// Answers so many times with `value`, then with `after`.
pub struct Answers {
    pub value: f32,
    pub times: u32,
    pub after: Result<f32, Error>,
}

impl<const M: usize> Objective<M> for Answers {
    fn value(&mut self, _: &Vector<M>) -> Result<f32, Error> {
        match self.times.checked_sub(1) {
            Some(left) => {
                self.times = left;
                Ok(self.value)
            }
            None => self.after,
        }
    }

    fn gradient(&mut self, point: &Vector<M>, gradient: &mut Vector<M>) -> Result<f32, Error> {
        *gradient = point.clone();
        self.value(point)
    }
}
