//! A norm of a whole tensor, in the way to step that never has its gradient: the message names the rule that needs it.

use kilograd::optim::Lamb;
use kilograd::prelude::*;

fn main() {
    let mut memory = Memory::<network![2 => 1], Lamb>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Lamb::new(0.01), 0.1).unwrap();
    let _ = trainer.step(&Vector::new([1.0, 2.0]), &Vector::new([1.0]));
}
