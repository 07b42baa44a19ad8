//! ASGD's average, read from a trainer's memory.

use kilograd::optim::Asgd;
use kilograd::prelude::*;

#[test]
fn the_average_is_that_of_the_weights() {
    type Net = network![1 => 1];
    const START: u32 = 5;
    let mut memory = Memory::<Net, Asgd>::ZERO;
    let mut seen = Vec::new();
    for step in 0..40_u8 {
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Asgd { start: START, ..Asgd::DEFAULT }, 0.1).unwrap();
        // A target that jumps about 2.
        let target = if step % 2 == 0 { 1.0 } else { 3.0 };
        trainer.step(&[1.0].into(), &[target].into()).unwrap();
        seen.push(f64::from(memory.network.bias.as_array()[0]));
        // Until one step after the start the average is the weights; then each counts the same.
        let first = seen.len().saturating_sub(1).min(START as usize + 1);
        let mean = seen[first..].iter().sum::<f64>() / seen[first..].len() as f64;
        let average = f64::from(memory.state().1.as_array()[0]);
        assert!((average - mean).abs() < 1e-6, "step {step}: {average}, not {mean}");
    }
    let (last, average) = (seen.last().unwrap(), memory.state().1.as_array()[0] * 2.0);
    assert!((average - 2.0).abs() < 0.1 && (last * 2.0 - 2.0).abs() > 0.1, "{average}, {last}");
}
