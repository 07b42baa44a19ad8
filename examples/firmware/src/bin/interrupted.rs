//! Trains an epoch of digits in the SysTick interrupt, a slice a tick, while the main loop does something else.
#![no_std]
#![no_main]

use core::cell::RefCell;
use cortex_m::Peripherals;
use cortex_m::interrupt::{Mutex, free};
use cortex_m::peripheral::syst::SystClkSource;
use cortex_m_rt::{entry, exception};
use kilograd::prelude::*;
use kilograd::train::{Progress, SlicedTrainer, fingerprint};
use kilograd_tasks::digits::{self, Digits, Net, SGD_RATE};
use static_cell::ConstStaticCell;

/// Multiply-accumulates of a slice: about 9,000 cycles of an M4 at most.
const BUDGET: usize = 1_024;
/// Cycles of the processor between two slices.
const PERIOD: u32 = 20_000;

static MEMORY: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);
static TRAINING: Mutex<RefCell<Option<Training>>> = Mutex::new(RefCell::new(None));

/// What the interrupt owns.
struct Training {
    trainer: SlicedTrainer<'static, Net, CrossEntropy, Sgd, f32>,
    order: Shuffle,
    slices: u32,
    /// How it ended.
    end: Option<Result<(), Error>>,
}

impl Training {
    fn slice(&mut self) {
        if self.end.is_some() {
            return;
        }
        self.slices += 1;
        match self.trainer.advance(BUDGET) {
            Ok(Progress::More) => {}
            Ok(Progress::Done(_)) => self.end = self.begin().transpose(),
            Err(error) => self.end = Some(Err(error)),
        }
    }

    /// The next sample; `None` once one has begun.
    fn begin(&mut self) -> Result<Option<()>, Error> {
        let Some(index) = self.order.next() else { return Ok(Some(())) };
        let mut input = Vector::ZERO;
        let label = Digits::training().load(index, &mut input)?;
        self.trainer.begin(&input, label).map(|()| None)
    }
}

#[exception]
fn SysTick() {
    free(|token| {
        if let Some(training) = TRAINING.borrow(token).borrow_mut().as_mut() {
            training.slice();
        }
    });
}

#[entry]
fn main() -> ! {
    let Some(mut peripherals) = Peripherals::take() else { kilograd_firmware::end(false) };
    let memory = MEMORY.take();
    let mut rng = digits::initialize(&mut memory.network, 1);
    let Ok(trainer) = Trainer::new(memory, CrossEntropy::default(), Sgd, SGD_RATE) else { kilograd_firmware::end(false) };
    let order = Shuffle::new(digits::TRAINING, &mut rng);
    let mut training = Training { trainer: SlicedTrainer::new(trainer), order, slices: 0, end: None };
    training.end = training.begin().transpose();
    free(|token| TRAINING.borrow(token).replace(Some(training)));
    peripherals.SYST.set_clock_source(SystClkSource::Core);
    peripherals.SYST.set_reload(PERIOD - 1);
    peripherals.SYST.clear_current();
    peripherals.SYST.enable_counter();
    peripherals.SYST.enable_interrupt();
    let mut rounds = 0_u32;
    loop {
        rounds = rounds.saturating_add(1); // Whatever else there is to do.
        let end = free(|token| TRAINING.borrow(token).borrow().as_ref().and_then(report));
        if let Some(well) = end {
            defmt::info!("the main loop went round {} times", rounds);
            kilograd_firmware::end(well && rounds > 1_440);
        }
    }
}

/// Says how training ended, once it has, and whether well.
fn report(training: &Training) -> Option<bool> {
    match training.end? {
        Ok(()) => {
            let network = training.trainer.network().ok()?;
            defmt::info!("{} slices of {}", training.slices, BUDGET);
            defmt::info!("weights {=u64:016x}", fingerprint(network));
            Some(true)
        }
        Err(error) => {
            defmt::error!("training stopped: {}", error);
            Some(false)
        }
    }
}
