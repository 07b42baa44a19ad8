//! Each search of [`kilograd::solver`] on Rosenbrock's function of four variables, from one seed: where it ends.

use kilograd::optim::schedule::ExponentialDecay;
use kilograd::prelude::*;
use kilograd::solver::{
    AlongCoordinate, BlockDescent, BlockMemory, Blurred, CoordinateDescent, Curvature, Descent, DescentMemory, Objective,
    OnePlusOne, Search, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains,
};
use kilograd::train::fingerprint;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Variables.
pub const N: usize = 4;
const ITERATIONS: u32 = 200;

/// `Σ (1 − xᵢ)² + 100·(xᵢ₊₁ − xᵢ²)²` over neighbours.
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock;

impl Objective<N> for Rosenbrock {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        let pairs = point.as_array().iter().zip(point.as_array().iter().skip(1));
        Ok(pairs.fold(0.0, |sum, (x, y)| sum + (1.0 - x) * (1.0 - x) + 100.0 * (y - x * x) * (y - x * x)))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        let x = point.as_array();
        *gradient.as_mut_array() = core::array::from_fn(|i| {
            let own = x.get(i + 1).map_or(0.0, |next| -2.0 * (1.0 - x[i]) - 400.0 * x[i] * (next - x[i] * x[i]));
            let before = i.checked_sub(1).map_or(0.0, |i| 200.0 * (x[i + 1] - x[i] * x[i]));
            own + before
        });
        self.value(point)
    }
}

/// Where a search ends, as the fingerprint of the point.
fn end<O: Objective<N>>(mut search: impl Search<N>, objective: &mut O) -> Result<u64, Error> {
    let mut point = Vector::new([-1.2, 1.0, -0.5, 0.25]);
    search.minimize(objective, &mut point, ITERATIONS)?;
    Ok(fingerprint(&point))
}

/// The name of each search, and where it ends.
///
/// # Errors
/// None, as long as the settings in here are valid.
pub fn run() -> Result<[(&'static str, u64); 9], Error> {
    let rng = || Xoshiro128PlusPlus::seed_from_u64(1);
    let cooling = ExponentialDecay { initial: 10.0, factor: 0.98 };
    let (mut deviations, mut adam, mut sgd) = (Vector::ZERO, DescentMemory::ZERO, DescentMemory::ZERO);
    let (mut block, mut room) = (BlockMemory::<_, N, 3>::ZERO, [Vector::ZERO, Vector::ZERO]);
    let mut blurred = Blurred::new(Rosenbrock, &mut room, 0.1, 4, rng())?;
    Ok([
        ("(1+1)-ES", end(OnePlusOne::new(0.3, rng())?, &mut Rosenbrock)?),
        ("annealing", end(SimulatedAnnealing::new(0.1, cooling, rng())?, &mut Rosenbrock)?),
        ("SPSA", end(Spsa::new(SpsaGains::new(1e-3, 0.05), rng())?, &mut Rosenbrock)?),
        ("diagonal ES", end(SeparableEs::<_, N, 8>::new(&mut deviations, 0.3, rng())?, &mut Rosenbrock)?),
        ("coordinates", end(CoordinateDescent::new(AlongCoordinate::Newton { difference: 0.02 })?, &mut Rosenbrock)?),
        ("descent", end(Descent::new(&mut adam, Adam::DEFAULT, 0.02)?, &mut Rosenbrock)?),
        ("blocks", end(BlockDescent::new(&mut block, Momentum::DEFAULT, 1e-3, 5)?, &mut Rosenbrock)?),
        ("blurred descent", end(Descent::new(&mut sgd, Sgd, 1e-3)?, &mut blurred)?),
        ("curvatures", curvatures(&mut rng())?),
    ])
}

/// The extreme curvatures at a point, as a fingerprint.
fn curvatures(rng: &mut Xoshiro128PlusPlus) -> Result<u64, Error> {
    let point = Vector::new([-1.2, 1.0, -0.5, 0.25]);
    let mut probe = Curvature::ZERO;
    let extremes = probe.extremes(&mut Rosenbrock, &point, 1e-3, 20, rng)?;
    Ok(fingerprint(&Vector::new([extremes.smallest, extremes.largest])))
}
