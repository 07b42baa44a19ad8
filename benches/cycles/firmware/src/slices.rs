//! Steps of a 64-32-10 network in slices: the costliest slice, and all slices of a step together.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use kilograd::train::{Progress, SlicedTrainer};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use static_cell::ConstStaticCell;

type Net = network![64 => 32 => Relu => 10];

static SGD: ConstStaticCell<Memory<Net, Sgd>> = ConstStaticCell::new(Memory::ZERO);
static ADAM: ConstStaticCell<Memory<Net, Adam>> = ConstStaticCell::new(Memory::ZERO);

pub fn run() {
    let input = Vector::new(Source::new().array());
    let (sgd, adam) = (SGD.take(), ADAM.take());
    for (budget, slice, step) in [
        (256, "slice of 256, SGD", "step in slices of 256, SGD"),
        (1024, "slice of 1024, SGD", "step in slices of 1024, SGD"),
        (4096, "slice of 4096, SGD", "step in slices of 4096, SGD"),
    ] {
        slices(slice, step, sgd, Sgd, budget, &input);
    }
    for (budget, slice, step) in [
        (1024, "slice of 1024, Adam", "step in slices of 1024, Adam"),
        (4096, "slice of 4096, Adam", "step in slices of 4096, Adam"),
    ] {
        slices(slice, step, adam, Adam::DEFAULT, budget, &input);
    }
}

/// Every slice of a step is a region of the same name, of which the report shows the costliest; then a step is one region.
fn slices<R: Elementwise>(
    slice: &str,
    step: &str,
    memory: &mut Memory<Net, R>,
    rule: R,
    budget: usize,
    input: &Vector<64>,
) {
    memory.network.initialize(&HeUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(1));
    let Ok(trainer) = Trainer::new(memory, CrossEntropy::default(), rule, 0.01) else { panic!("{}", slice) };
    let mut trainer = SlicedTrainer::new(trainer);
    assert!(trainer.begin(input, 1).is_ok());
    while measure(slice, budget, || trainer.advance(black_box(budget))) == Ok(Progress::More) {}
    assert!(trainer.begin(input, 2).is_ok());
    let done = measure(step, Net::COUNT, || loop {
        match trainer.advance(black_box(budget)) {
            Ok(Progress::More) => {}
            result => break result,
        }
    });
    assert!(done.is_ok());
}
