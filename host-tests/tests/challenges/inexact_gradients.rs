//! Section 8.2.6: gradients that are noisy or rounded to few bits still point the right way, and still train.

use crate::functions::rng;
use crate::network::MeanLoss;
use kilograd::init::Distribution;
use kilograd::prelude::*;
use kilograd::solver::{Descent, DescentMemory, Objective, Search};
use kilograd_tasks::iris;
use rand_xoshiro::Xoshiro128PlusPlus;

type Net = network![4 => 8 => Tanh => 3];
const P: usize = Net::COUNT;
type Exact<'d> = MeanLoss<'d, Net, CrossEntropy, P>;

/// What is done to a gradient before anyone sees it.
#[derive(Clone, Copy, Debug)]
enum Fault {
    None,
    /// Normal noise whose norm is this share of the gradient's.
    Noise(f32),
    /// Rounded to so many steps on either side of zero, the largest magnitude being the last: 32767 is Q15, 127 is int8.
    Rounded(f32),
}

struct Inexact<'d> {
    exact: Exact<'d>,
    fault: Fault,
    source: Xoshiro128PlusPlus,
    /// The smallest cosine to the exact gradient so far, and the sum of all.
    smallest: f32,
    sum: f32,
}

impl Inexact<'_> {
    fn spoil(&mut self, gradient: &mut Vector<P>) {
        match self.fault {
            Fault::None => {}
            Fault::Noise(share) => {
                let deviation = share * gradient.norm() / (P as f32).sqrt();
                gradient.map(|g| g + Distribution::Normal { deviation }.sample(&mut self.source));
            }
            Fault::Rounded(steps) => {
                let step = gradient.norm_max() / steps;
                gradient.map(|g| (g / step).round() * step);
            }
        }
    }
}

impl Objective<P> for Inexact<'_> {
    fn value(&mut self, point: &Vector<P>) -> Result<f32, Error> {
        self.exact.value(point)
    }

    fn gradient(&mut self, point: &Vector<P>, gradient: &mut Vector<P>) -> Result<f32, Error> {
        let value = self.exact.gradient(point, gradient)?;
        let exact = gradient.clone();
        self.spoil(gradient);
        let cosine = exact.dot(gradient) / (exact.norm() * gradient.norm());
        self.smallest = self.smallest.min(cosine);
        self.sum += cosine;
        Ok(value)
    }
}

#[test]
fn noisy_and_rounded_gradients_train_as_well() {
    const STEPS: u32 = 400;
    let data = iris::load();
    let train = |fault| {
        let exact = Exact::new(CrossEntropy::default(), &data);
        let mut inexact = Inexact { exact, fault, source: rng(9), smallest: 1.0, sum: 0.0 };
        let (mut point, mut memory) = (inexact.exact.start(1), DescentMemory::ZERO);
        Descent::new(&mut memory, Momentum::DEFAULT, 0.1).unwrap().minimize(&mut inexact, &mut point, STEPS).unwrap();
        let loss = inexact.value(&point).unwrap();
        let mean = inexact.sum / STEPS as f32;
        println!("{fault:?}: cosine {mean:.6} (smallest {:.6}), loss {loss:.4}", inexact.smallest);
        (mean, inexact.smallest, loss)
    };
    let (_, _, exact) = train(Fault::None);
    // The cosine is 1/√(1 + share²) for noise; roundings of half a step are far smaller than the gradient.
    for (fault, least_mean, least) in [
        (Fault::Rounded(32_767.0), 0.999_999, 0.999_99),
        (Fault::Rounded(127.0), 0.999, 0.99),
        (Fault::Rounded(7.0), 0.95, 0.8),
        (Fault::Noise(0.1), 0.99, 0.98),
        (Fault::Noise(1.0), 0.65, 0.4),
    ] {
        let (mean, smallest, loss) = train(fault);
        assert!(mean > least_mean && smallest > least, "{fault:?}");
        assert!(loss < exact + 0.03 && exact < 0.1, "{fault:?}: {loss} against {exact}");
    }
}
