//! Searches over an objective, and probes of its curvature.

use core::hint::black_box;
use kilograd::optim::schedule::ExponentialDecay;
use kilograd::prelude::*;
use kilograd::solver::{
    AlongCoordinate, Block, BlockDescent, BlockMemory, Blurred, CoordinateDescent, Curvature, Descent, DescentMemory, Function,
    Objective, OnePlusOne, Search, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains,
};
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Net = network![2 => 3 => Tanh => 1];

pub fn run() {
    let value = |[x, y, z]: &[f32; 3]| x * x * y + y * y * z + z * z * x;
    let gradient = |[x, y, z]: &[f32; 3]| [2.0 * x * y + z * z, x * x + 2.0 * y * z, y * y + 2.0 * z * x];
    let mut cubic = Function { value, gradient };
    let mut point = black_box(Vector::new([1.0, 2.0, 3.0]));
    let rng = SplitMix64::seed_from_u64(black_box(1));
    without_gradient(&mut cubic, &mut point, &rng);
    by_coordinates(&mut cubic, &mut point);
    by_gradient(&mut cubic, &mut point);
    curvature(&mut cubic, &point, rng.clone());
    blurred(&mut cubic, &mut point, rng);
    black_box(block()).ok();
    black_box(&point);
}

fn search<O: Objective<3>>(search: Result<impl Search<3>, Error>, objective: &mut O, point: &mut Vector<3>) {
    black_box(search.and_then(|mut search| search.minimize(objective, point, black_box(9)))).ok();
}

fn without_gradient<O: Objective<3>>(objective: &mut O, point: &mut Vector<3>, rng: &SplitMix64) {
    let mut deviations = Vector::ZERO;
    search(OnePlusOne::new(black_box(0.1), rng.clone()), objective, point);
    search(Spsa::new(black_box(SpsaGains::new(0.1, 0.1)), rng.clone()), objective, point);
    search(SeparableEs::<_, 3, 6>::new(&mut deviations, black_box(0.1), rng.clone()), objective, point);
    let temperature = black_box(ExponentialDecay { initial: 1.0, factor: 0.9 });
    search(SimulatedAnnealing::new(black_box(0.1), temperature, rng.clone()), objective, point);
    black_box(OnePlusOne::new(black_box(0.1), rng.clone()).map(|search| search.deviation())).ok();
    black_box(SimulatedAnnealing::new(black_box(0.1), temperature, rng.clone()).map(|search| search.temperature())).ok();
}

fn by_coordinates<O: Objective<3>>(objective: &mut O, point: &mut Vector<3>) {
    let along = [AlongCoordinate::Newton { difference: 0.1 }, AlongCoordinate::GoldenSection { radius: 1.0, evaluations: 9 }];
    for along in black_box(along) {
        search(CoordinateDescent::new(along), objective, point);
    }
}

fn by_gradient<O: Objective<3>>(objective: &mut O, point: &mut Vector<3>) {
    let (mut all, mut blocks) = (DescentMemory::ZERO, BlockMemory::<_, 3, 2>::ZERO);
    search(Descent::new(&mut all, black_box(Adam::DEFAULT), black_box(0.1)), objective, point);
    search(BlockDescent::new(&mut blocks, black_box(Adam::DEFAULT), black_box(0.1), black_box(3)), objective, point);
    black_box(all.direction());
}

fn curvature<O: Objective<3>>(objective: &mut O, point: &Vector<3>, mut rng: SplitMix64) {
    let mut probe = Curvature::ZERO;
    let along = probe.along_gradient(objective, point, black_box(0.01)).map(|along| along.largest_rate());
    black_box(along).ok();
    black_box(probe.extremes(objective, point, black_box(0.01), black_box(9), &mut rng)).ok();
}

fn blurred<O: Objective<3>>(objective: &mut O, point: &mut Vector<3>, rng: SplitMix64) {
    let (mut room, mut memory) = ([Vector::ZERO, Vector::ZERO], DescentMemory::ZERO);
    let Ok(mut blurred) = Blurred::new(objective, &mut room, black_box(1.0), black_box(4), rng) else { return };
    search(Descent::new(&mut memory, Sgd, black_box(0.1)), &mut blurred, point);
    black_box(blurred.set_deviation(black_box(0.5))).ok();
    black_box(blurred.value(point)).ok();
    black_box(blurred.deviation());
}

fn block() -> Result<(), Error> {
    let (mut net, mut gradient) = (black_box(Net::ZERO), black_box(<Net as Layer>::Gradient::ZERO));
    let mut block = Block::<Momentum, 9>::ZERO;
    block.step(&black_box(Momentum::DEFAULT), black_box(0.1), black_box(2..11), &mut net, &mut gradient)?;
    block.clear();
    black_box(&net);
    Ok(())
}
