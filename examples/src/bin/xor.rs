//! XOR: the smallest problem that needs a hidden layer, in less than half a kilobyte of RAM.

use kilograd::prelude::*;
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

type Net = network![2 => 4 => Tanh => 1];
type Ram = Memory<Net, Adam>;

// A budget is a line that the compiler checks; a network that outgrows it does not build.
budget!(Ram, 512);

const TABLE: [([f32; 2], f32); 4] = [([0.0, 0.0], 0.0), ([0.0, 1.0], 1.0), ([1.0, 0.0], 1.0), ([1.0, 1.0], 0.0)];

fn main() -> Result<(), Error> {
    let mut memory = Ram::ZERO;
    // Equal weights would stay equal for ever, so they start at random; the seed makes every run the same.
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
    // One output is enough for two classes: a logit, whose sigmoid is the probability of true.
    let mut trainer = Trainer::new(&mut memory, BinaryCrossEntropy::default(), Adam::DEFAULT, 0.05)?;
    let mut loss = 0.0;
    for _ in 0..250 {
        loss = 0.0;
        for (input, target) in TABLE {
            loss += trainer.step(&input.into(), &[target].into())? / TABLE.len() as f32;
        }
    }

    println!("a  b | a XOR b | the network says");
    for (input, target) in TABLE {
        let logit = trainer.predict(&input.into()).as_array()[0];
        let probability = 1.0 / (1.0 + (-logit).exp());
        let [a, b] = input;
        println!("{a}  {b} |    {target}    | {:.0} (probability of 1: {:.1} %)", probability.round(), 100.0 * probability);
    }
    println!("\nLoss {loss:.4} after {} steps", trainer.steps());
    println!("{} parameters, {} bytes of RAM to train them", Ram::PARAMETERS, Ram::RAM_BYTES);
    Ok(())
}
