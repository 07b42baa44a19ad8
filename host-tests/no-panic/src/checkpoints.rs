//! Saving and loading, in a flash that fails when it is told to.

use core::hint::black_box;
use kilograd::checkpoint::{self, Error, Label, Progress, Save, Slots, Weights};
use kilograd::embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use kilograd::layer::{BatchNorm, Batched, Chain, Dense};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::FadingMean;
use kilograd::train::averaging::Average;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![5 => 7 => Relu => Dropout => 3];
type Rows = Chain<Batched<Dense<5, 4>, 2>, BatchNorm<2, 4>>;

/// Flash in RAM.
struct Flash([u8; 8192]);

impl ErrorType for Flash {
    type Error = NorFlashErrorKind;
}

impl Flash {
    fn part(&mut self, at: u32, length: usize) -> Result<&mut [u8], NorFlashErrorKind> {
        let part = usize::try_from(at).ok().and_then(|at| self.0.get_mut(at..)).and_then(|rest| rest.get_mut(..length));
        part.ok_or(NorFlashErrorKind::OutOfBounds)
    }
}

impl ReadNorFlash for Flash {
    const READ_SIZE: usize = 1;

    fn read(&mut self, at: u32, bytes: &mut [u8]) -> Result<(), NorFlashErrorKind> {
        let part = self.part(at, bytes.len())?;
        bytes.iter_mut().zip(part).for_each(|(to, from)| *to = *from);
        Ok(())
    }

    fn capacity(&self) -> usize {
        self.0.len()
    }
}

impl NorFlash for Flash {
    const WRITE_SIZE: usize = 8;
    const ERASE_SIZE: usize = 512;

    fn erase(&mut self, from: u32, to: u32) -> Result<(), NorFlashErrorKind> {
        let length = to.checked_sub(from).and_then(|length| usize::try_from(length).ok());
        self.part(from, length.ok_or(NorFlashErrorKind::OutOfBounds)?).map(|part| part.fill(0xFF))
    }

    fn write(&mut self, at: u32, bytes: &[u8]) -> Result<(), NorFlashErrorKind> {
        let part = self.part(at, bytes.len())?;
        part.iter_mut().zip(bytes).for_each(|(to, from)| *to = *from);
        Ok(())
    }
}

pub fn run() {
    black_box(&(flash(), bytes()));
}

fn flash() -> Result<u32, Error<NorFlashErrorKind>> {
    let mut slots = Slots::open(Flash(black_box([0xFF; 8192])), black_box(0)..black_box(8192))?;
    let mut fused = Memory::<Net, Momentum>::ZERO;
    let mut rng = SplitMix64::seed_from_u64(black_box(1));
    let mut order = Shuffle::new(black_box(9), &mut rng);
    let mut plateau = Plateau::new(PlateauDecay::new(black_box(0.1)));
    let (mut stopping, mut average, mut error) = (EarlyStopping::<Net>::ZERO, Average::<Net>::ZERO, FadingMean::DEFAULT);
    let mut state = (
        (Label(black_box(7)), &mut fused, &mut order, &mut rng, &mut plateau, black_box(3_u32)),
        (&mut stopping, &mut average, &mut error, black_box(0.5)),
    );
    slots.load(&mut state)?;
    slots.save(&state)?;
    let mut saving = slots.begin(&state)?;
    while saving.advance(black_box(16))? == Progress::Going {}
    let copy = black_box(Memory::<Net, Momentum>::ZERO);
    state.0.1.copy_from(&copy);
    let shape = state.shape();
    slots.save(&Weights(&mut fused.network))?;
    Ok(slots.sequence().unwrap_or_default() ^ u32::from(shape == black_box(1)) ^ u32::from(slots.release().0[0]))
}

fn bytes() -> Result<usize, Error> {
    let mut batches = Memory::<Rows, Adam, Accumulated>::ZERO;
    let mut bytes = [0; checkpoint::size::<Memory<Rows, Adam, Accumulated>>()];
    let mut length = checkpoint::to_bytes(&batches, black_box(1), &mut bytes)?;
    checkpoint::from_bytes(&mut batches, black_box(&bytes[..]))?;
    checkpoint::inspect(black_box(&bytes[..]), |kind, words| {
        length += words.len() + kind.map_or(0, |kind| usize::from(kind.number()));
    })?;
    Ok(length)
}
