//! Descents into Rosenbrock's valley.

use kilograd::optim::Step;
use kilograd::prelude::*;
use kilograd::solver::{Function, Objective, Search, Solver, Stopping, Workspace};

/// Where every descent begins.
pub const START: [f32; 2] = [-1.2, 1.0];
/// Where the lowest point is.
pub const MINIMUM: [f32; 2] = [1.0, 1.0];
/// The value at which a descent has arrived.
pub const ARRIVED: f32 = 1e-3;
/// The most steps that a descent may take.
pub const STEPS: u32 = 20_000;

/// The rates that an update rule may choose from.
const RATES: [f32; 15] = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0];

/// The way of one optimizer.
#[derive(Clone, Debug)]
pub struct Descent {
    /// What the table calls it.
    pub name: &'static str,
    /// Every point, the start first.
    pub path: Vec<[f32; 2]>,
    /// The step after which the value was first low enough.
    pub arrival: Option<u32>,
    /// Values and gradients that this took.
    pub evaluations: u32,
}

/// Whoever went down without a classifier to train: solvers and searches.
#[derive(Debug, Default)]
pub struct Valley {
    /// Their ways.
    pub descents: Vec<Descent>,
}

/// `(1 − x)² + 100·(y − x²)²`.
pub fn value([x, y]: [f32; 2]) -> f32 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// Its gradient.
fn gradient([x, y]: [f32; 2]) -> [f32; 2] {
    [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)]
}

fn objective() -> impl Objective<2> {
    Function { value: |point: &[f32; 2]| value(*point), gradient: |point: &[f32; 2]| gradient(*point) }
}

impl Descent {
    fn new(name: &'static str) -> Self {
        Self { name, path: vec![START], arrival: None, evaluations: 0 }
    }

    /// By an update rule with a constant rate: the one of [`RATES`] that arrives first, or else gets lowest; and that rate.
    pub fn by_best_rate<R: Rule>(name: &'static str, rule: &R) -> (Self, f32) {
        let descents = RATES.into_iter().map(|rate| (Self::by_rule(name, rule, rate), rate));
        let key = |descent: &Self| (descent.arrival.unwrap_or(u32::MAX), descent.lowest());
        let better = |a: (Self, f32), b: (Self, f32)| if key(&b.0) < key(&a.0) { b } else { a };
        descents.reduce(better).unwrap_or((Self::new(name), 0.0))
    }

    fn by_rule<R: Rule>(name: &'static str, rule: &R, rate: f32) -> Self {
        let (mut point, mut state) = (Vector::new(START), R::State::<Vector<2>>::ZERO);
        let mut descent = Self::new(name);
        for step in 1..=STEPS {
            let mut slope = Vector::new(gradient(*point.as_array()));
            let next = Step::new(rule, step, rate, Some(&slope));
            next.descend(&mut point, &mut slope, &mut state);
            descent.evaluations += 1;
            if descent.visit(*point.as_array(), step) {
                break;
            }
        }
        descent
    }

    /// Notes a point; whether the descent ends there.
    fn visit(&mut self, point: [f32; 2], step: u32) -> bool {
        self.path.push(point);
        let value = value(point);
        if value < ARRIVED {
            self.arrival = Some(step);
        }
        value < ARRIVED || !value.is_finite()
    }

    fn lowest(&self) -> f32 {
        self.path.iter().map(|point| value(*point)).filter(|value| value.is_finite()).fold(f32::INFINITY, f32::min)
    }
}

impl Valley {
    /// Goes down by a solver.
    ///
    /// # Errors
    /// What the solver refuses.
    pub fn solve<S: Solver<2>>(&mut self, name: &'static str, solver: &S) -> Result<(), Error> {
        let (mut point, mut workspace, mut descent) = (Vector::new(START), Workspace::<2, S>::ZERO, Descent::new(name));
        let until = Stopping { gradient: 0.0, iterations: STEPS };
        for step in 1..=STEPS {
            let stop = solver.step(&mut objective(), &mut point, &mut workspace, &until)?;
            if descent.visit(*point.as_array(), step) || stop.is_some() {
                break;
            }
        }
        let evaluations = workspace.iterate().evaluations();
        descent.evaluations = evaluations.values + evaluations.gradients;
        self.descents.push(descent);
        Ok(())
    }

    /// Goes down by a search.
    ///
    /// # Errors
    /// What the search refuses.
    pub fn search(&mut self, name: &'static str, mut search: impl Search<2>) -> Result<(), Error> {
        let (mut point, mut descent) = (Vector::new(START), Descent::new(name));
        for step in 1..=STEPS {
            descent.evaluations = search.step(&mut objective(), &mut point)?.evaluations;
            if descent.visit(*point.as_array(), step) {
                break;
            }
        }
        self.descents.push(descent);
        Ok(())
    }
}
