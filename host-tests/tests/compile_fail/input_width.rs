//! Three values for a network that takes two.

use kilograd::prelude::*;

fn main() {
    let mut memory = Memory::<network![2 => 1], Sgd>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, 0.1).unwrap();
    let _ = trainer.step(&Vector::new([1.0, 2.0, 3.0]), &Vector::new([1.0]));
}
