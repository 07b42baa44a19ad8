//! An iteration of each search on a quadratic function of 33 parameters (a 2-8-1 network's), its evaluations included.

use crate::measure::{Source, measure};
use core::hint::black_box;
use kilograd::optim::schedule::ExponentialDecay;
use kilograd::prelude::*;
use kilograd::solver::{
    AlongCoordinate, BlockDescent, BlockMemory, Blurred, CoordinateDescent, Curvature, Descent, DescentMemory, Objective,
    OnePlusOne, Search, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains,
};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

const N: usize = 33;

/// `½·Σ cᵢ·xᵢ²`.
struct Quadratic {
    curvatures: Vector<N>,
    scaled: Vector<N>,
}

impl Objective<N> for Quadratic {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        self.scaled.copy_from(point);
        self.scaled.multiply(&self.curvatures);
        Ok(0.5 * self.scaled.dot(point))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        gradient.copy_from(point);
        gradient.multiply(&self.curvatures);
        Ok(0.5 * gradient.dot(point))
    }
}

pub fn run() {
    let mut source = Source::new();
    let mut curvatures = Vector::new(source.array());
    curvatures.map(f32::abs);
    let (point, mut quadratic) = (Vector::new(source.array()), Quadratic { curvatures, scaled: Vector::ZERO });
    let rng = Xoshiro128PlusPlus::seed_from_u64(1);
    let (mut deviations, mut sgd, mut adam) = (Vector::ZERO, DescentMemory::ZERO, DescentMemory::ZERO);
    let mut blocks = BlockMemory::<_, N, 11>::ZERO;
    let temperature = ExponentialDecay { initial: 1.0, factor: 0.99 };
    let mut region = Region { quadratic: &mut quadratic, point: &point };
    region.iteration("solver (1+1)-ES, 33 parameters", OnePlusOne::new(0.1, rng.clone()));
    region.iteration("solver spsa, 33 parameters", Spsa::new(SpsaGains::new(0.1, 0.1), rng.clone()));
    let separable = SeparableEs::<_, N, 14>::new(&mut deviations, 0.1, rng.clone());
    region.iteration("solver diagonal ES, 14 offspring, 33 parameters", separable);
    region.iteration("solver annealing, 33 parameters", SimulatedAnnealing::new(0.1, temperature, rng.clone()));
    let newton = CoordinateDescent::new(AlongCoordinate::Newton { difference: 0.1 });
    region.iteration("solver coordinate descent, 33 parameters", newton);
    let golden_section = AlongCoordinate::GoldenSection { radius: 1.0, evaluations: 12 };
    region.iteration("solver coordinate descent, golden section, 33 parameters", CoordinateDescent::new(golden_section));
    let block = BlockDescent::new(&mut blocks, Adam::DEFAULT, 0.1, 10);
    region.iteration("solver block descent, Adam, 11 of 33 parameters", block);
    region.iteration("solver descent, SGD, 33 parameters", Descent::new(&mut sgd, Sgd, 0.1));
    region.iteration("solver descent, Adam, 33 parameters", Descent::new(&mut adam, Adam::DEFAULT, 0.1));
    probes(&mut quadratic, &point, rng);
}

struct Region<'a> {
    quadratic: &'a mut Quadratic,
    point: &'a Vector<N>,
}

impl Region<'_> {
    /// The second of two iterations, so that the search stands somewhere.
    fn iteration(&mut self, name: &str, search: Result<impl Search<N>, Error>) {
        let Ok(mut search) = search else { panic!("{}", name) };
        let mut point = self.point.clone();
        let ready = search.step(self.quadratic, &mut point);
        let searched = measure(name, N, || search.step(black_box(&mut *self.quadratic), black_box(&mut point)));
        assert!(ready.is_ok() && searched.is_ok());
    }
}

/// What is no search: an evaluation of the function itself to compare with, a blurred one, and both probes of curvature.
fn probes(quadratic: &mut Quadratic, point: &Vector<N>, mut rng: Xoshiro128PlusPlus) {
    let (mut gradient, mut room, mut probe) = (Vector::ZERO, [Vector::ZERO, Vector::ZERO], Curvature::ZERO);
    let plain = measure("the quadratic's gradient, 33 parameters", N, || quadratic.gradient(black_box(point), &mut gradient));
    let Ok(mut blurred) = Blurred::new(&mut *quadratic, &mut room, 0.1, 4, rng.clone()) else { panic!("blur") };
    let smooth = measure("blurred gradient, 4 pairs, 33 parameters", N, || blurred.gradient(black_box(point), &mut gradient));
    let along =
        measure("curvature along the gradient, 33 parameters", N, || probe.along_gradient(quadratic, black_box(point), 0.01));
    let extremes = measure("extreme curvatures, 10 rounds, 33 parameters", N, || {
        probe.extremes(quadratic, black_box(point), 0.01, 10, &mut rng)
    });
    assert!(plain.is_ok() && smooth.is_ok() && along.is_ok() && extremes.is_ok());
}
