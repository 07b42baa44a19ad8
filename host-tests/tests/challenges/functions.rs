//! Functions of few variables, each a challenge of its own; and what the tests do with them.

use kilograd::optim::Rule;
use kilograd::solver::{Descent, DescentMemory, Function, Objective, Search};
use kilograd::tensor::{Vector, Zero};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

pub fn rng(seed: u64) -> Xoshiro128PlusPlus {
    Xoshiro128PlusPlus::seed_from_u64(seed)
}

/// `(1 − x)² + 100·(y − x²)²`: a curved valley, its floor all but flat.
pub fn rosenbrock() -> impl Objective<2> {
    let value = |[x, y]: &[f32; 2]| (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x);
    let gradient = |[x, y]: &[f32; 2]| [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)];
    Function { value, gradient }
}

/// `x² − y²`.
pub fn saddle() -> impl Objective<2> {
    Function { value: |[x, y]: &[f32; 2]| x * x - y * y, gradient: |[x, y]: &[f32; 2]| [2.0 * x, -2.0 * y] }
}

/// `x³ − 3xy²`: three ways down and three up, and at the saddle no curvature at all.
pub fn monkey_saddle() -> impl Objective<2> {
    let value = |[x, y]: &[f32; 2]| x * x * x - 3.0 * x * y * y;
    Function { value, gradient: |[x, y]: &[f32; 2]| [3.0 * x * x - 3.0 * y * y, -6.0 * x * y] }
}

/// `Σ (1 − cos 3xᵢ + 0.05·xᵢ²)`: a bowl with ripples; the lowest minimum is at the origin, and zero.
pub fn ripples() -> impl Objective<2> {
    let value = |x: &[f32; 2]| x.iter().map(|x| 1.0 - (3.0 * x).cos() + 0.05 * x * x).sum();
    Function { value, gradient: |x: &[f32; 2]| x.map(|x| 3.0 * (3.0 * x).sin() + 0.1 * x) }
}

/// The steps of a rule until `arrived`, or `None` if `most` were not enough.
pub fn steps_until<R: Rule, const N: usize>(
    rule: R,
    rate: f32,
    objective: &mut impl Objective<N>,
    start: [f32; N],
    most: u32,
    arrived: impl Fn(f32, &Vector<N>) -> bool,
) -> Option<u32> {
    let (mut point, mut memory) = (Vector::new(start), DescentMemory::ZERO);
    let mut search = Descent::new(&mut memory, rule, rate).unwrap();
    (0..=most).find(|_| match objective.value(&point) {
        Ok(value) if arrived(value, &point) => true,
        _ => search.step(objective, &mut point).map(|_| false).unwrap_or(false),
    })
}

/// Where so many steps of plain gradient descent lead, and the value there.
pub fn descend<const N: usize>(objective: &mut impl Objective<N>, rate: f32, start: [f32; N], steps: u32) -> (Vector<N>, f32) {
    let (mut point, mut memory) = (Vector::new(start), DescentMemory::ZERO);
    let mut search = Descent::new(&mut memory, kilograd::optim::Sgd, rate).unwrap();
    search.minimize(objective, &mut point, steps).unwrap();
    let value = objective.value(&point).unwrap();
    (point, value)
}
