//! What a worker's answer costs: the delta of a 64-32-10 network, written in bytes or in bits.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::prelude::*;
use kilograd::train::parallel::{Codec, Int8, Sign, Worker};
use static_cell::ConstStaticCell;

type Net = network![64 => 32 => Relu => 10];

static TRAINED: ConstStaticCell<Net> = ConstStaticCell::new(Net::ZERO);
static START: ConstStaticCell<Net> = ConstStaticCell::new(Net::ZERO);
static WORKER: ConstStaticCell<Worker<Net>> = ConstStaticCell::new(Worker::ZERO);

pub fn run() {
    let (mut source, start, trained, worker) = (Source::new(), START.take(), TRAINED.take(), WORKER.take());
    trained.visit_mut(&mut |group| group.iter_mut().for_each(|weight| [*weight] = source.array()));
    answer("delta, int8", worker, start, trained, &Int8);
    answer("delta, sign", worker, start, trained, &Sign);
}

/// The second of two rounds that start at zeros, so that something was left unsaid.
fn answer(name: &str, worker: &mut Worker<Net>, start: &Net, trained: &Net, codec: &impl Codec) {
    let mut sum = 0_u8;
    let put = &mut |bytes: &[u8]| {
        sum = bytes.iter().fold(sum, |sum, byte| sum ^ byte);
        Ok::<(), Error>(())
    };
    let ready = worker.begin(black_box(start)).answer(trained, codec, put);
    let begun = worker.begin(black_box(start));
    let answered = measure(name, Net::COUNT, || begun.answer(black_box(trained), codec, put));
    assert!(ready.is_ok() && answered.is_ok());
    black_box(sum);
}
