//! Solvers and searches over objectives that may be anything: steep, not finite, inconsistent, or not to be evaluated.

use super::Draw;
use kilograd::Error;
use kilograd::prelude::*;
use kilograd::solver::line::{Backtracking, StrongWolfe};
use kilograd::solver::{
    AlongCoordinate, Bfgs, BlockDescent, BlockMemory, Blurred, Conjugacy, ConjugateGradient, CoordinateDescent, Curvature,
    DampedNewton, Descent, DescentMemory, Lbfgs, LinearConjugateGradient, Newton, Objective, OnePlusOne, SaddleFreeNewton,
    ScaledConjugateGradient, Search, SeparableEs, SimulatedAnnealing, Solver, Spsa, SpsaGains, Stop, Stopping, Workspace,
};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const N: usize = 3;
/// Iterations of one run, at most.
const ITERATIONS: u32 = 24;
/// More evaluations than any iteration has a use for.
const PATIENCE: u32 = 400;

/// `½·xᵀAx + bᵀx + c·Σxᵢ⁴`, or what is none of a gradient's business.
#[derive(Clone, Debug)]
struct Anything {
    shape: u8,
    quadratic: [[f32; N]; N],
    linear: [f32; N],
    quartic: f32,
    /// The evaluation that fails.
    fails_at: u32,
    evaluations: u32,
}

impl Anything {
    fn draw(draw: &mut Draw<'_>) -> Self {
        let shape = draw.below(4);
        let fails_at = if draw.once_in(4) { u32::from(draw.byte()) } else { u32::MAX };
        let number = if shape == 0 { Draw::ordinary } else { Draw::number };
        let any: [[f32; N]; N] = draw.array(|draw| draw.array(number));
        let quadratic = std::array::from_fn(|i| std::array::from_fn(|j| any[i.min(j)][i.max(j)]));
        let quartic = number(draw).abs();
        Self { shape, quadratic, linear: draw.array(number), quartic, fails_at, evaluations: 0 }
    }

    /// Whether the gradient is that of the value.
    fn is_honest(&self) -> bool {
        self.shape < 2
    }

    fn count(&mut self) -> Result<(), Error> {
        self.evaluations += 1;
        if self.evaluations == self.fails_at { Err(Error::SampleUnreadable { index: 7 }) } else { Ok(()) }
    }
}

impl Objective<N> for Anything {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        self.gradient(point, &mut Vector::default())
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        self.count()?;
        let x = point.as_array();
        let mut value = 0.0;
        for i in 0..N {
            let row: f32 = (0..N).map(|j| self.quadratic[i][j] * x[j]).sum();
            value += x[i] * (0.5 * row + self.linear[i]) + self.quartic * x[i].powi(4);
            gradient.as_mut_array()[i] = row + self.linear[i] + 4.0 * self.quartic * x[i].powi(3);
        }
        Ok(match self.shape {
            // A value that has nothing to do with the gradient, and one that depends on the time of day.
            2 => self.linear[0] - value,
            3 => self.quadratic[0][self.evaluations as usize % N],
            _ => value,
        })
    }
}

/// Draws an objective, a start and a solver.
pub fn solvers(bytes: &[u8]) {
    let draw = &mut Draw::new(bytes);
    let mut objective = Anything::draw(draw);
    let mut point = Vector::new(draw.array(if objective.shape == 0 { Draw::ordinary } else { Draw::number }));
    let on = (&mut objective, &mut point);
    match draw.below(20) {
        0 => {
            solve(&ConjugateGradient { conjugacy: Conjugacy::FletcherReeves, reset: draw.count(), search: wolfe(draw) }, on, true)
        }
        1 => solve(
            &ConjugateGradient { conjugacy: Conjugacy::PolakRibiere, reset: draw.count(), search: backtracking(draw) },
            on,
            true,
        ),
        2 => solve(&LinearConjugateGradient, on, false),
        3 => solve(&ScaledConjugateGradient, on, true),
        4 => solve(&Bfgs { search: wolfe(draw) }, on, true),
        5 => solve(&Bfgs { search: backtracking(draw) }, on, true),
        6 => solve(&Lbfgs::<2, _> { search: wolfe(draw) }, on, true),
        7 => solve(&Lbfgs::<2, _> { search: backtracking(draw) }, on, true),
        8 => solve(&Newton, on, false),
        9 => solve(&DampedNewton { damping: draw.setting(1.0) }, on, true),
        10 => solve(&SaddleFreeNewton { search: backtracking(draw) }, on, true),
        _ => search_any(on, draw),
    }
}

fn wolfe(draw: &mut Draw<'_>) -> StrongWolfe {
    StrongWolfe { sufficient_decrease: draw.setting(0.3), curvature: draw.setting(0.99) }
}

fn backtracking(draw: &mut Draw<'_>) -> Backtracking {
    Backtracking { sufficient_decrease: draw.setting(0.9) }
}

type On<'o> = (&'o mut Anything, &'o mut Vector<N>);

/// Every step ends at a finite point, after a bounded number of evaluations; a step that fails stays where it was, and one
/// that descends does not climb.
fn solve<S: Solver<N>>(solver: &S, (objective, point): On<'_>, descends: bool) {
    let until = Stopping { gradient: 1e-4, iterations: ITERATIONS };
    let mut workspace = Workspace::<N, S>::ZERO;
    let mut value = f32::INFINITY;
    for step in 0.. {
        assert!(step <= ITERATIONS, "more steps than were asked for");
        let (before, evaluations) = (point.clone(), objective.evaluations);
        let result = solver.step(objective, point, &mut workspace, &until);
        assert!(objective.evaluations - evaluations <= PATIENCE);
        if result.is_err() {
            return super::assert_same(point.as_slice(), before.as_slice());
        }
        let now = workspace.iterate().value();
        let finite = now.is_finite() && workspace.iterate().gradient().is_finite();
        assert!(point.is_finite() && (finite || result == Ok(Some(Stop::NotFinite))), "{point:?} {now} {result:?}");
        let slack = 1e-5 * value.abs().max(now.abs());
        assert!(!(descends && objective.is_honest()) || now <= value + slack, "{value} to {now}: {objective:?}");
        value = now;
        if result != Ok(None) {
            return;
        }
    }
}

fn search_any((objective, point): On<'_>, draw: &mut Draw<'_>) {
    let rng = Xoshiro128PlusPlus::seed_from_u64(draw.seed());
    let (mut all, mut blocks) = (DescentMemory::ZERO, BlockMemory::<Adam, N, 2>::ZERO);
    let mut deviations = Vector::ZERO;
    use Range::{Kept, Trusted};
    match draw.below(8) {
        0 => search(OnePlusOne::new(draw.setting(1.0), rng), Kept, objective, point, draw),
        1 => search(Spsa::new(gains(draw), rng), Kept, objective, point, draw),
        2 => search(SeparableEs::<_, N, 6>::new(&mut deviations, draw.setting(1.0), rng), Kept, objective, point, draw),
        3 => search(SimulatedAnnealing::new(draw.setting(1.0), draw.setting(1.0), rng), Kept, objective, point, draw),
        4 => search(CoordinateDescent::new(along(draw)), Kept, objective, point, draw),
        5 => search(Descent::new(&mut all, Momentum::DEFAULT, draw.setting(0.1)), Trusted, objective, point, draw),
        6 => {
            let descent = BlockDescent::new(&mut blocks, Adam::DEFAULT, draw.setting(0.1), draw.count());
            search(descent, Trusted, objective, point, draw);
        }
        _ => look_around(objective, point, draw, rng),
    }
}

fn gains(draw: &mut Draw<'_>) -> SpsaGains {
    let (stability, step_exponent, probe_exponent) = (draw.count(), draw.setting(1.0), draw.setting(0.5));
    SpsaGains { step: draw.setting(1.0), probe: draw.setting(1.0), stability, step_exponent, probe_exponent }
}

fn along(draw: &mut Draw<'_>) -> AlongCoordinate {
    match draw.below(2) {
        0 => AlongCoordinate::Newton { difference: draw.setting(0.1) },
        _ => AlongCoordinate::GoldenSection { radius: draw.setting(2.0), evaluations: draw.count().min(PATIENCE / 8) },
    }
}

/// Whether a search may leave the finite numbers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    /// It knows where it tries: never.
    Kept,
    /// It steps as far as its rule and rate say: with settings that only lead there.
    Trusted,
}

/// No search ends at a point that is not finite unless it began at one; one that only steps may, with settings that lead there.
fn search(search: Result<impl Search<N>, Error>, range: Range, objective: &mut Anything, point: &mut Vector<N>, draw: &Draw<'_>) {
    let Ok(mut search) = search else { return };
    let start = point.is_finite() && (range == Range::Kept || !draw.wild);
    for _ in 0..ITERATIONS {
        let evaluations = objective.evaluations;
        let result = search.step(objective, point);
        assert!(objective.evaluations - evaluations <= PATIENCE);
        assert!(!start || point.is_finite(), "{point:?} {result:?}: {objective:?}");
        if result.is_err() {
            return;
        }
    }
}

/// Blurred objectives and probes of the curvature leave the point alone.
fn look_around(objective: &mut Anything, point: &mut Vector<N>, draw: &mut Draw<'_>, mut rng: Xoshiro128PlusPlus) {
    let (before, mut probe) = (point.clone(), Curvature::ZERO);
    let _ = probe.along_gradient(objective, point, draw.setting(0.1)).map(|along| along.largest_rate());
    super::assert_same(point.as_slice(), before.as_slice());
    let _ = probe.extremes(objective, point, draw.setting(0.1), u32::from(draw.below(9)), &mut rng);
    super::assert_same(point.as_slice(), before.as_slice());
    let mut room = [Vector::ZERO, Vector::ZERO];
    if let Ok(mut blurred) = Blurred::new(objective, &mut room, draw.setting(1.0), u32::from(draw.below(9)), rng) {
        let mut memory = DescentMemory::ZERO;
        search_blurred(Descent::new(&mut memory, Sgd, draw.setting(0.1)), &mut blurred, point);
    }
}

fn search_blurred(search: Result<impl Search<N>, Error>, objective: &mut impl Objective<N>, point: &mut Vector<N>) {
    let _ = search.and_then(|mut search| search.minimize(objective, point, ITERATIONS));
}
