//! Training that is cut twice by a reset, between two saves and in the middle of one, and ends as if it had not been.
#![no_std]
#![no_main]

use cortex_m::peripheral::SCB;
use cortex_m_rt::entry;
use kilograd::checkpoint::{Error as Refused, Progress, Slots};
use kilograd::embedded_storage::nor_flash::{NorFlash, NorFlashErrorKind, ReadNorFlash};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd_firmware::RamFlash;
use kilograd_tasks::digits::{self, ADAM_RATE, Digits, Net, TRAINING};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use semihosting::process;
use static_cell::ConstStaticCell;

static MEMORY: ConstStaticCell<Memory<Net, Adam>> = ConstStaticCell::new(Memory::ZERO);

/// The page that counts starts; below it are the two slots.
const STARTS: u32 = RamFlash::BYTES - RamFlash::ERASE_SIZE as u32;
const EPOCHS: u32 = 3;
/// Samples from one save to the next: epochs are cut in the middle.
const BETWEEN_SAVES: usize = 500;
/// Words that a slice of a save may write.
const SLICE: usize = 64;

#[entry]
fn main() -> ! {
    match run(MEMORY.take()) {
        Ok(()) => process::exit(0),
        Err(error) => {
            defmt::error!("stopped: {}", error);
            process::exit(1)
        }
    }
}

#[derive(defmt::Format)]
enum Stopped {
    NoFlash,
    Training(Error),
    Saving(Refused<NorFlashErrorKind>),
}

impl From<Error> for Stopped {
    fn from(error: Error) -> Self {
        Self::Training(error)
    }
}

impl From<Refused<NorFlashErrorKind>> for Stopped {
    fn from(error: Refused<NorFlashErrorKind>) -> Self {
        Self::Saving(error)
    }
}

fn run(memory: &mut Memory<Net, Adam>) -> Result<(), Stopped> {
    let mut flash = RamFlash::take().ok_or(Stopped::NoFlash)?;
    let start = count_starts(&mut flash).map_err(Refused::Flash)?;
    let mut slots = Slots::open(flash, 0..STARTS)?;
    let (mut rng, mut epoch) = (Xoshiro128PlusPlus::seed_from_u64(0), 0);
    let mut order = Shuffle::new(0, &mut rng);
    match slots.load(&mut (&mut *memory, &mut order, &mut rng, &mut epoch)) {
        Ok(number) => defmt::info!("start {}: checkpoint {}, {} steps, epoch {}", start, number, memory.steps(), epoch),
        Err(error) => {
            defmt::info!("start {}: {}", start, error);
            rng = digits::initialize(&mut memory.network, 1);
        }
    }
    let training = Digits::training();
    loop {
        if order.len() == 0 {
            if epoch == EPOCHS {
                break;
            }
            epoch += 1;
            order = Shuffle::new(TRAINING, &mut rng);
        }
        let samples = order.by_ref().take(BETWEEN_SAVES);
        Trainer::new(memory, CrossEntropy::default(), Adam::DEFAULT, ADAM_RATE)?.epoch(&training, samples)?;
        if start == 1 && memory.steps() > 2_000 {
            defmt::info!("power goes after {} steps", memory.steps());
            SCB::sys_reset();
        }
        let state = (&*memory, &order, &rng, epoch);
        let mut saving = slots.begin(&state)?;
        let mut slices = 0_u32;
        while saving.advance(SLICE)? == Progress::Going {
            slices += 1;
            if start == 2 && memory.steps() > 3_000 && slices == 50 {
                defmt::info!("power goes in slice {} of a save", slices);
                SCB::sys_reset();
            }
        }
    }
    defmt::info!("weights {=u64:016x} after {} steps, {} starts", fingerprint(&memory.network), memory.steps(), start);
    Ok(())
}

/// How often the program has started, this time included, since the flash held something else.
fn count_starts(flash: &mut RamFlash) -> Result<u32, NorFlashErrorKind> {
    const MARK: u32 = 0xC0DE_0000;
    let mut word = [0; 4];
    flash.read(STARTS, &mut word)?;
    let before = u32::from_le_bytes(word);
    let starts = if before & 0xFFFF_0000 == MARK { (before & 0xFFFF) + 1 } else { 1 };
    flash.erase(STARTS, RamFlash::BYTES)?;
    flash.write(STARTS, &(MARK | starts).to_le_bytes())?;
    Ok(starts)
}
