//! A network that holds every layer, trained for a while: what a board computes of it must be the desktop's bits.

use kilograd::init::Distribution;
use kilograd::layer::{Chain, Dense, Maxout, Recurrent};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

type Smooth = network![6 => LayerNorm => Elu => 5 => Gelu => GeluTanh => RmsNorm => 7 => Silu => Softplus => Dropout => 5];
type Bounded = network![5 => Relu => LeakyRelu => 5 => Sigmoid => Tanh => 6 => HardSigmoid => HardSwish => 5 => Softmax => LogSoftmax => Identity];
type First = Chain<Recurrent<3, 4, 8, 6>, Maxout<4, 6, 3>>;

/// The network.
pub type Net = Chain<First, Chain<Smooth, Chain<Bounded, Dense<5, 3>>>>;

/// Trains for so many steps on random samples; returns the weights' fingerprint.
///
/// # Errors
/// None that a right build could return.
pub fn train(memory: &mut Memory<Net, Adam>, steps: u32) -> Result<u64, Error> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
    memory.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng);
    let mut trainer = Trainer::new(memory, Huber::default(), Adam::DEFAULT, 0.01)?;
    let mut input = Matrix::ZERO;
    for _ in 0..steps {
        input.map(|_| Distribution::Normal { deviation: 1.0 }.sample(&mut rng));
        let target = Vector::from_fn(|_| Distribution::Normal { deviation: 1.0 }.sample(&mut rng));
        trainer.step(&input, &target)?;
    }
    Ok(fingerprint(trainer.network()))
}
