//! Regression that stops by itself: some training samples are held out, and once the loss on them no longer falls, the
//! network goes back to where it was lowest.

use kilograd::prelude::*;
use kilograd::train::Verdict;
use kilograd_tasks::friedman1::{self, Net, TRAINING};
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

/// How many of the training samples are held out. The test samples must not decide when to stop: what they are asked
/// afterwards would no longer be a test.
const HELD_OUT: usize = 70;
const FITTED: usize = TRAINING - HELD_OUT;
/// How many epochs to wait for a lower loss.
const PATIENCE: u32 = 20;
const MOST_EPOCHS: u32 = 1_000;

type Ram = Memory<Net, Adam>;

fn main() -> Result<(), Error> {
    let samples = friedman1::load();
    let (training, test) = samples.split_at(TRAINING);
    let (fitted, held_out) = training.split_at(FITTED);
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
    let mut memory = Ram::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Adam::DEFAULT, 0.002)?;
    // Costs as much RAM as the parameters: the best network is kept beside the one in training.
    let mut stopping = EarlyStopping::<Net>::ZERO;
    let (mut epochs, mut best_epoch) = (0, 0);
    while epochs < MOST_EPOCHS {
        trainer.epoch(fitted, Shuffle::new(FITTED, &mut rng))?;
        epochs += 1;
        let loss = trainer.evaluate_all(held_out, 0..HELD_OUT, |_, _| Ok(()))?;
        match stopping.observe(loss, trainer.network(), PATIENCE) {
            Verdict::Improved => best_epoch = epochs,
            Verdict::Wait => {}
            Verdict::Stop => break,
        }
    }
    stopping.restore(trainer.network_mut());
    println!(
        "Stopped after epoch {epochs}: held-out loss was lowest, {:.3}, after epoch {best_epoch}",
        stopping.best_loss().unwrap_or(f32::NAN)
    );
    // The share of the targets' variance that the network explains: 1 is all of it, 0 is no better than their mean.
    let r_squared = 1.0 - trainer.evaluate_all(test, 0..test.len(), |_, _| Ok(()))? / variance(test);
    println!("R² on {} test samples: {r_squared:.3}", test.len());
    println!(
        "{} parameters, {} bytes of RAM to train them, {} to keep the best",
        Ram::PARAMETERS,
        Ram::RAM_BYTES,
        size_of_val(&stopping)
    );
    Ok(())
}

/// The variance of the targets: the mean squared error of always saying their mean.
fn variance(samples: &[(Vector<10>, Vector<1>)]) -> f32 {
    let targets = || samples.iter().map(|(_, target)| target.as_array()[0]);
    let mean = targets().sum::<f32>() / samples.len() as f32;
    targets().map(|target| (target - mean).powi(2)).sum::<f32>() / samples.len() as f32
}
