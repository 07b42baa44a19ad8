//! Trains an epoch of digits in an embassy task, a slice at a time, while another task has as many turns.
#![no_std]
#![no_main]

use core::sync::atomic::{AtomicU32, Ordering::Relaxed};
use embassy_executor::{SpawnError, Spawner};
use embassy_futures::yield_now;
use kilograd::prelude::*;
use kilograd::train::{Progress, SlicedTrainer, fingerprint};
use kilograd_tasks::digits::{self, Digits, Net, SGD_RATE};
use static_cell::ConstStaticCell;

/// Multiply-accumulates of a slice: about 9,000 cycles of an M4 at most.
const BUDGET: usize = 1_024;

static MEMORY: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);
/// Slices in a row, at most: the executor runs each task that is awake once a round, but not always in the same order.
const MOST_IN_A_ROW: u32 = 2;
/// Turns that the other task has had.
static TURNS: AtomicU32 = AtomicU32::new(0);

/// Why training did not come to its end.
#[derive(defmt::Format)]
enum Stopped {
    NoTask,
    Training(Error),
    /// The other task had no turn for too long, as it was found after so many slices.
    Alone(u32),
}

impl From<SpawnError> for Stopped {
    fn from(_: SpawnError) -> Self {
        Self::NoTask
    }
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Training(error)
    }
}

#[embassy_executor::main]
async fn main(spawner: Spawner) {
    match run(spawner).await {
        Ok(slices) => {
            defmt::info!("slices: {}", slices);
            defmt::info!("turns of another task: {}", TURNS.load(Relaxed));
        }
        Err(error) => {
            defmt::error!("training stopped: {}", error);
            kilograd_firmware::end(false)
        }
    }
    kilograd_firmware::end(true)
}

/// Whatever else there is to do.
#[embassy_executor::task]
async fn other() {
    loop {
        TURNS.store(TURNS.load(Relaxed).wrapping_add(1), Relaxed);
        yield_now().await;
    }
}

/// Trains, and returns in how many slices.
async fn run(spawner: Spawner) -> Result<u32, Stopped> {
    spawner.spawn(other()?);
    let memory = MEMORY.take();
    let mut rng = digits::initialize(&mut memory.network, 1);
    let mut trainer = SlicedTrainer::new(Trainer::new(memory, CrossEntropy::default(), Sgd, SGD_RATE)?);
    let (training, mut input) = (Digits::training(), Vector::ZERO);
    let (mut slices, mut in_a_row) = (0_u32, 0_u32);
    for index in Shuffle::new(training.len(), &mut rng) {
        let label = training.load(index, &mut input)?;
        trainer.begin(&input, label)?;
        let mut progress = Progress::More;
        while progress == Progress::More {
            progress = trainer.advance(BUDGET)?;
            slices += 1;
            let turns = TURNS.load(Relaxed);
            yield_now().await;
            in_a_row = if TURNS.load(Relaxed) == turns { in_a_row + 1 } else { 0 };
            if in_a_row == MOST_IN_A_ROW {
                return Err(Stopped::Alone(slices));
            }
        }
    }
    defmt::info!("weights {=u64:016x}", fingerprint(trainer.network()?));
    Ok(slices)
}
