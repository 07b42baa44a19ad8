//! Gradients that arrive late, and rounds of several workers.

use core::hint::black_box;
use kilograd::optim::Delayed;
use kilograd::prelude::*;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Shard, Sign, Worker, message_bytes, receive, send};

type Net = network![7 => 70 => Tanh => 3];

/// Holds any message about the network, and more than that.
type Line = ([u8; 4096], usize);

pub fn run() {
    let samples = black_box([const { (Vector::<7>::ZERO, 1) }; 5]);
    let mut memory = Memory::<Net, Then<Delayed<3>, Adam>>::ZERO;
    let _ = black_box(late(&mut memory, &samples));
    let _ = black_box(round(&mut memory.network, &samples, &black_box(Float)));
    let _ = black_box(round(&mut memory.network, &samples, &black_box(Int8)));
    let _ = black_box(round(&mut memory.network, &samples, &black_box(Sign)));
}

fn late(memory: &mut Memory<Net, Then<Delayed<3>, Adam>>, samples: &[(Vector<7>, usize); 5]) -> Result<f32, Error> {
    let shard = Shard::new(samples, black_box(1), black_box(2))?;
    let rule = black_box(Then(Delayed::<3>, Adam::DEFAULT));
    let fused = Trainer::new(memory, CrossEntropy::default(), rule, 0.1)?.epoch(&shard, 0..shard.len())?;
    let mut memory = Memory::<Net, Then<ClipNorm, Then<Delayed<0>, Sgd>>, Accumulated>::ZERO;
    let rule = Then(ClipNorm::new(1.0), Then(Delayed::<0>, Sgd));
    Ok(fused + Trainer::new(&mut memory, CrossEntropy::default(), rule, 0.1)?.epoch(&shard, 0..black_box(9), black_box(2))?)
}

fn round<C: Codec + Copy>(network: &mut Net, samples: &[(Vector<7>, usize); 5], codec: &C) -> Result<usize, Error> {
    let (mut first, mut second): (Line, Line) = (([0; 4096], 0), ([0; 4096], 0));
    let mut memory = Memory::<Net, Sgd>::ZERO;
    let mut worker = Worker::<Net>::ZERO;
    send(network, &mut |bytes| put(&mut first, bytes))?;
    let weights = first.0.get(..black_box(first.1)).unwrap_or_default();
    receive(&mut memory.network, black_box(0), weights)?;
    first.1 = 0;
    for line in [&mut first, &mut second] {
        let begun = worker.begin(&memory.network);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.1)?;
        trainer.epoch(&Shard::new(samples, black_box(0), 2)?, 0..2)?;
        begun.answer(trainer.network(), codec, &mut |bytes| put(line, bytes))?;
    }
    let (bytes, first, second) = (message_bytes(network, codec), black_box(&first), black_box(&second));
    let mut round = Round::<_, _, 2>::new(network, *codec);
    round.accept(black_box(1), 3, first.0.get(..first.1).unwrap_or_default())?;
    round.accept(black_box(0), 2, second.0.get(..black_box(bytes)).unwrap_or_default())?;
    black_box(round.answered());
    round.finish()
}

fn put((line, written): &mut Line, bytes: &[u8]) -> Result<(), Error> {
    let place = line.get_mut(*written..).filter(|rest| rest.len() >= bytes.len());
    let place = place.ok_or(Error::MessageLength { bytes: *written, expected: 4096 })?;
    place.iter_mut().zip(bytes).for_each(|(place, byte)| *place = *byte);
    *written += bytes.len();
    Ok(())
}
