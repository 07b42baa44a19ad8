//! Training a classifier, watched as it goes.

use kilograd::prelude::*;
use kilograd::train::ConfusionMatrix;
use rand_xoshiro::Xoshiro128PlusPlus;

/// Samples a step.
pub const BATCH: usize = 16;
/// Steps from one look at the test samples to the next.
const LOOK_EVERY: usize = 10;

/// A classifier's task, the same for every rule.
pub struct Task<'t, D: ?Sized> {
    /// What trains.
    pub training: &'t D,
    /// What tests.
    pub test: &'t D,
    /// How often to go through the training samples.
    pub epochs: u32,
    /// The test accuracy whose first sight counts as arrival.
    pub target: f32,
}

/// How one training went.
#[derive(Clone, Copy, Debug)]
pub struct Training {
    /// The share of test samples read right at the end.
    pub accuracy: f32,
    /// The step at which that share first reached the target.
    pub arrival: Option<u32>,
}

impl<D, const IN: usize> Task<'_, D>
where
    D: Dataset<Input = Vector<IN>, Target = usize> + ?Sized,
{
    /// Trains the network that `initialize` fills, whose generator goes on to shuffle the epochs.
    ///
    /// # Errors
    /// What the library refuses.
    pub fn train<N, R, const CLASSES: usize>(
        &self,
        rule: R,
        rate: f32,
        initialize: impl FnOnce(&mut N) -> Xoshiro128PlusPlus,
    ) -> Result<Training, Error>
    where
        N: Layer<Input = Vector<IN>, Output = Vector<CLASSES>>,
        R: Rule,
    {
        let mut memory = Box::new(Memory::<N, R, Accumulated>::ZERO);
        let mut rng = initialize(&mut memory.network);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), rule, rate)?;
        let mut arrival = None;
        for _ in 0..self.epochs {
            let mut order = Shuffle::new(self.training.len(), &mut rng);
            while order.len() > 0 {
                trainer.epoch(self.training, order.by_ref().take(LOOK_EVERY * BATCH), BATCH)?;
                if arrival.is_none() && self.accuracy(&mut trainer)? >= self.target {
                    arrival = Some(trainer.steps());
                }
            }
        }
        Ok(Training { accuracy: self.accuracy(&mut trainer)?, arrival })
    }

    fn accuracy<N, R, const CLASSES: usize>(
        &self,
        trainer: &mut Trainer<'_, N, CrossEntropy, R, f32, Accumulated>,
    ) -> Result<f32, Error>
    where
        N: Layer<Input = Vector<IN>, Output = Vector<CLASSES>>,
        R: Rule,
    {
        let mut confusion = ConfusionMatrix::<CLASSES>::new();
        trainer.evaluate_all(self.test, 0..self.test.len(), |label, output| confusion.record_output(*label, output))?;
        Ok(confusion.accuracy())
    }
}
