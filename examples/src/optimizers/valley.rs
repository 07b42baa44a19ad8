//! A descent into Rosenbrock's valley.

use kilograd::optim::Step;
use kilograd::prelude::*;

/// Where every descent begins.
pub const START: [f32; 2] = [-1.2, 1.0];
/// Where the lowest point is.
pub const MINIMUM: [f32; 2] = [1.0, 1.0];
/// The value at which a descent has arrived.
pub const ARRIVED: f32 = 1e-3;
/// The most steps that a descent may take.
pub const STEPS: u32 = 20_000;

/// The way of one optimizer.
#[derive(Clone, Debug)]
pub struct Descent {
    /// Every point, the start first.
    pub path: Vec<[f32; 2]>,
    /// The step after which the value was first low enough.
    pub arrival: Option<u32>,
}

/// `(1 − x)² + 100·(y − x²)²`.
pub fn value([x, y]: [f32; 2]) -> f32 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

/// Its gradient.
fn gradient([x, y]: [f32; 2]) -> [f32; 2] {
    [-2.0 * (1.0 - x) - 400.0 * x * (y - x * x), 200.0 * (y - x * x)]
}

impl Descent {
    /// From the start, until arrival or out of breath.
    pub fn by<R: Rule>(rule: &R, rate: f32) -> Self {
        let (mut point, mut state) = (Vector::new(START), R::State::<Vector<2>>::ZERO);
        let mut descent = Self { path: vec![START], arrival: None };
        for step in 1..=STEPS {
            let mut slope = Vector::new(gradient(*point.as_array()));
            let next = Step::new(rule, step, rate, Some(&slope));
            next.descend(&mut point, &mut slope, &mut state);
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
}
