//! Iris flowers in mini-batches: the gradients of 16 samples are summed before a step, so that their norm can be clipped,
//! and the learning rate rises and falls.

use kilograd::optim::schedule::WarmupCosine;
use kilograd::prelude::*;
use kilograd::train::ConfusionMatrix;
use kilograd_examples::table;
use kilograd_tasks::iris::{self, CITATION, CLASSES, Net, SPECIES, TRAINING};
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

const BATCH: usize = 16;
const EPOCHS: u32 = 60;
const STEPS: u32 = EPOCHS * TRAINING.div_ceil(BATCH) as u32;

/// Clipping stands first: it has to measure the gradient before AdamW has changed any of it.
type Rule = Then<ClipNorm, AdamW>;
/// `Accumulated` keeps a gradient. Without it this rule does not compile, for a fused step never has the whole gradient.
type Ram = Memory<Net, Rule, Accumulated>;

/// Slow while Adam's averages are still of few gradients, fast, then slower and slower, to settle.
const RATE: WarmupCosine = WarmupCosine { initial: 0.001, peak: 0.03, last: 0.0, warmup: STEPS / 10, total: STEPS };

fn main() -> Result<(), Error> {
    let samples = iris::load();
    let (training, test) = samples.split_at(TRAINING);
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(1);
    let mut memory = Ram::ZERO;
    memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
    let rule = Then(ClipNorm::new(1.0), AdamW::new(0.01));
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, RATE)?;
    for epoch in 1..=EPOCHS {
        let rate = trainer.learning_rate();
        // Another order every epoch, or the same samples would always share a batch.
        let loss = trainer.epoch(training, Shuffle::new(TRAINING, &mut rng), BATCH)?;
        if epoch % 10 == 0 || epoch == 1 {
            println!("epoch {epoch:2}: learning rate {rate:.4}, loss {loss:.3}");
        }
    }

    let mut confusion = ConfusionMatrix::<CLASSES>::new();
    for (input, species) in test {
        confusion.record_output(*species, trainer.predict(input))?;
    }
    println!("\nTest accuracy: {:.1} % ({} of {})", 100.0 * confusion.accuracy(), confusion.correct(), confusion.total());
    println!("{}", table::confusion(&confusion, &SPECIES));
    println!("{} parameters, {} bytes of RAM to train them", Ram::PARAMETERS, Ram::RAM_BYTES);
    println!("Data: {CITATION}");
    Ok(())
}
