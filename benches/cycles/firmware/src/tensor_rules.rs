//! A step of the rules that see a whole tensor, over the 2,048 weights of a 64-32 layer.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::optim::{Adafactor, Lamb, Lars, NaturalGradient, Shampoo, Step};
use kilograd::prelude::*;
use static_cell::ConstStaticCell;

type Weights = Matrix<64, 32>;
type State<R> = <R as Rule>::State<Weights>;

static WEIGHTS: ConstStaticCell<(Weights, Weights)> = ConstStaticCell::new((Weights::ZERO, Weights::ZERO));
static LARS: ConstStaticCell<State<Lars>> = ConstStaticCell::new(Zero::ZERO);
static LAMB: ConstStaticCell<State<Lamb>> = ConstStaticCell::new(Zero::ZERO);
static ADAFACTOR: ConstStaticCell<State<Adafactor>> = ConstStaticCell::new(Zero::ZERO);
static SHAMPOO: ConstStaticCell<State<Shampoo>> = ConstStaticCell::new(Zero::ZERO);
static NATURAL: ConstStaticCell<State<NaturalGradient>> = ConstStaticCell::new(Zero::ZERO);

pub fn run() {
    let mut source = Source::new();
    let (weights, gradient) = WEIGHTS.take();
    for row in 0..64 {
        for rows in [&mut *weights, &mut *gradient] {
            if let Some(row) = rows.row_mut(row) {
                *row = source.array();
            }
        }
    }
    let mut both = (weights, gradient);
    step("rule lars", Lars::new(0.001, 0.01, Momentum::DEFAULT), LARS.take(), 2, &mut both);
    step("rule lamb", Lamb::new(0.01), LAMB.take(), 2, &mut both);
    step("rule adafactor", Adafactor::DEFAULT, ADAFACTOR.take(), 2, &mut both);
    step("rule natural gradient", NaturalGradient { beta2: 0.99, epsilon: 0.001 }, NATURAL.take(), 2, &mut both);
    // In a basis that lasts, then with a new one: the gradient has since been turned by the first step.
    let shampoo = Shampoo { every: 3, ..Shampoo::DEFAULT };
    let state = SHAMPOO.take();
    step("rule shampoo", shampoo, state, 2, &mut both);
    step("rule shampoo, new basis", shampoo, state, 4, &mut both);
}

/// Step `number` of a rule that has taken the first one, so that it remembers something.
fn step<R: Rule>(name: &str, rule: R, state: &mut State<R>, number: u32, both: &mut (&mut Weights, &mut Weights)) {
    let (weights, gradient) = both;
    let take = |number: u32, weights: &mut Weights, gradient: &mut Weights, state: &mut State<R>| {
        Step::new(&rule, number, 0.001, Some(&*gradient)).descend(weights, gradient, state);
    };
    if number == 2 {
        take(1, weights, gradient, state);
    }
    measure(name, Weights::COUNT, || take(number, black_box(weights), black_box(gradient), black_box(state)));
}
