//! A norm of the whole gradient, in the way to step that never has it: the message names the rule that needs it.

use kilograd::prelude::*;

type Clipped = Then<ClipNorm, Adam>;

fn main() {
    let mut memory = Memory::<network![2 => 1], Clipped>::ZERO;
    let rule = Then(ClipNorm::new(1.0), Adam::DEFAULT);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, rule, 0.1).unwrap();
    let _ = trainer.step(&Vector::new([1.0, 2.0]), &Vector::new([1.0]));
}
