//! Saving and loading, in a flash that fails when it is told to.

use core::hint::black_box;
use kilograd::checkpoint::{
    self, Error, HEADER, Header, Kind, Label, MAGIC, Progress, Restore, Save, Saving, Shape, Sink, Slots, Source, VERSION,
    Weights,
};
use kilograd::embedded_storage::nor_flash::{ErrorType, NorFlash, NorFlashErrorKind, ReadNorFlash};
use kilograd::layer::{BatchNorm, Batched, Chain, Dense};
use kilograd::optim::schedule::{Plateau, PlateauDecay};
use kilograd::prelude::*;
use kilograd::train::averaging::Average;
use kilograd::train::drift::{Ddm, DdmSettings, PageHinkley, PageHinkleySettings};
use kilograd::train::parallel::Worker;
use kilograd::train::{Curriculum, FadingMean, Guard, GuardedTrainer, Reservoir};
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
    black_box(&(flash(), bytes(), header(), best(), stream()));
}

/// What a program of its own saves.
struct Best {
    accuracy: f32,
    epoch: Option<u32>,
    weights: [f32; 4],
}

impl Save for Best {
    const WORDS: usize = 1 + 5 + 1 + 1;

    fn save(&self, to: &mut impl Sink) {
        to.label(black_box(5));
        to.section(Kind::Number, 5);
        to.reals(&[self.accuracy]);
        to.reals(&self.weights);
        if to.optional(Kind::Kept, 1, self.epoch.is_some()) {
            to.words(&[self.epoch.unwrap_or_default()]);
        }
    }
}

impl Restore for Best {
    fn restore(&mut self, from: &mut impl Source) {
        from.section();
        self.accuracy = from.real();
        from.reals(&mut self.weights);
        self.epoch = if from.optional(Kind::Kept) { Some(from.word()) } else { None };
    }
}

fn best() -> Result<u32, Error> {
    let mut best = black_box(Best { accuracy: 0.5, epoch: Some(3), weights: [0.0; 4] });
    let mut bytes = [0; HEADER + 4 * Best::WORDS];
    let length = checkpoint::to_bytes(&best, black_box(1), &mut bytes)?;
    let number = checkpoint::from_bytes(&mut best, bytes.get(..black_box(length)).unwrap_or_default())?;
    let mut shape = Shape::default();
    best.save(&mut shape);
    shape.group(black_box(3));
    Ok(number ^ u32::from(shape.finish() == black_box(7)))
}

fn header() -> Result<bool, Error> {
    let header = Header::decode(black_box(&[0; HEADER]))?;
    let bytes = black_box(header).encode();
    Ok(bytes.first_chunk() == Some(&MAGIC) && VERSION == black_box(1) && Kind::from_number(black_box(3)).is_some())
}

/// A save in slices of words.
fn saved<S: Save>(saving: &mut Saving<'_, Flash, S>) -> Result<(), Error<NorFlashErrorKind>> {
    while saving.advance(black_box(16))? == Progress::Going {}
    Ok(())
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
    saved(&mut saving)?;
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

/// A guarded training, what watches its stream, and what is kept of that.
fn stream() -> Result<u32, kilograd::Error> {
    let (mut memory, mut best) = (black_box(Memory::<Net, Momentum>::ZERO), black_box(Net::ZERO));
    let trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, black_box(0.1))?;
    let mut guarded = GuardedTrainer::new(trainer, &mut best, black_box(Guard::DEFAULT))?;
    let mut drift = (PageHinkley::new(PageHinkleySettings::DEFAULT)?, Ddm::new(DdmSettings::DEFAULT)?);
    let (mut kept, mut hard) = (black_box(Reservoir::<(Vector<5>, u32), 3, 2>::ZERO), black_box(Curriculum::<9>::ZERO));
    let (mut unsaid, mut rows) = (black_box(Worker::<Net>::ZERO), black_box(Matrix::<2, 3>::ZERO));
    let mut state = (&mut guarded, (&mut drift.0, &mut drift.1), (&mut kept, &mut hard), &mut unsaid, &mut rows);
    let mut bytes = [0; 4096];
    let written = checkpoint::to_bytes(&state, black_box(1), &mut bytes).unwrap_or_default();
    let read = checkpoint::from_bytes(&mut state, black_box(&bytes[..])).unwrap_or_default();
    let again = checkpoint::from_bytes(guarded.trainer(), black_box(&bytes[..])).unwrap_or_default();
    Ok(read ^ again ^ u32::from(written == black_box(3)))
}
