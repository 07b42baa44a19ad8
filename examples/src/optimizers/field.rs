//! Who runs: every rule with its settings and the rates of digits and iris, set by hand as in the recorded runs of
//! `host-tests/oracle`; every solver and search. A new one is a line.

use super::valley::Valley;
use kilograd::optim::schedule::ExponentialDecay;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, Adafactor, AmsGrad, Asgd, CenteredRmsProp, Lamb, Lars, Lion, NAdam, NaturalGradient,
    RAdam, RmsProp, Rprop, ScheduledMomentum, Shampoo, SignSgd, Yogi, book,
};
use kilograd::prelude::*;
use kilograd::solver::{
    AlongCoordinate, Bfgs, ConjugateGradient, CoordinateDescent, DampedNewton, Lbfgs, Newton, OnePlusOne, SaddleFreeNewton,
    ScaledConjugateGradient, SeparableEs, SimulatedAnnealing, Spsa, SpsaGains,
};
use rand_xoshiro::{Xoshiro128PlusPlus, rand_core::SeedableRng};

/// A rule and how it runs.
#[derive(Clone, Copy, Debug)]
pub struct Contestant<R> {
    /// What the table calls it.
    pub name: &'static str,
    /// It.
    pub rule: R,
    /// Its region in the table of cycles.
    pub region: &'static str,
    /// Learning rates for digits and iris.
    pub rates: [f32; 2],
}

/// What is done with every contestant: rules are types, so no list can hold them.
pub trait Race {
    /// Does it.
    ///
    /// # Errors
    /// Its own.
    fn run<R: Rule + Copy + Sync>(&mut self, contestant: &Contestant<R>) -> anyhow::Result<()>;
}

/// How many contestants there are.
///
/// # Errors
/// None.
pub fn count() -> anyhow::Result<u32> {
    struct Count(u32);
    impl Race for Count {
        fn run<R: Rule + Copy + Sync>(&mut self, _: &Contestant<R>) -> anyhow::Result<()> {
            self.0 += 1;
            Ok(())
        }
    }
    let mut count = Count(0);
    every(&mut count)?;
    Ok(count.0)
}

/// Does `race` with every contestant.
///
/// # Errors
/// The first of `race`.
#[rustfmt::skip] // A line each.
pub fn every(race: &mut impl Race) -> anyhow::Result<()> {
    race.run(&Contestant { name: "SGD", rule: Sgd, region: "rule sgd", rates: [0.2, 0.1] })?;
    race.run(&Contestant { name: "SGD, clipped", rule: Then(ClipNorm::new(1.0), Sgd), region: "rule sgd", rates: [0.2, 0.1] })?;
    race.run(&Contestant { name: "momentum", rule: Momentum::DEFAULT, region: "rule momentum", rates: [0.03, 0.03] })?;
    race.run(&Contestant { name: "momentum, scheduled", rule: ScheduledMomentum { schedule: 0.9, nesterov: false }, region: "rule momentum, scheduled", rates: [0.03, 0.03] })?;
    race.run(&Contestant { name: "Nesterov", rule: Momentum::NESTEROV, region: "rule momentum, nesterov", rates: [0.03, 0.03] })?;
    race.run(&Contestant { name: "Nesterov, the book's", rule: book::Nesterov::DEFAULT, region: "rule nesterov, the book's", rates: [0.03, 0.03] })?;
    race.run(&Contestant { name: "AdaGrad", rule: AdaGrad::DEFAULT, region: "rule adagrad", rates: [0.05, 0.1] })?;
    race.run(&Contestant { name: "AdaDelta", rule: AdaDelta::DEFAULT, region: "rule adadelta", rates: [1.0, 1.0] })?;
    race.run(&Contestant { name: "RMSProp", rule: RmsProp::DEFAULT, region: "rule rmsprop", rates: [0.002, 0.005] })?;
    race.run(&Contestant { name: "RMSProp, centered", rule: CenteredRmsProp::DEFAULT, region: "rule rmsprop, centered", rates: [0.002, 0.005] })?;
    race.run(&Contestant { name: "RMSProp + momentum", rule: Then(RmsProp::DEFAULT, Momentum::DEFAULT), region: "rule rmsprop, momentum", rates: [0.0003, 0.001] })?;
    race.run(&Contestant { name: "RMSProp + Nesterov", rule: book::RmsPropNesterov::new(0.99, 0.9), region: "rule rmsprop, the book's with nesterov", rates: [0.0003, 0.001] })?;
    race.run(&Contestant { name: "Adam", rule: Adam::DEFAULT, region: "rule adam", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "AdamW", rule: AdamW::new(0.01), region: "rule adamw", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "AMSGrad", rule: AmsGrad::DEFAULT, region: "rule amsgrad", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "AdaMax", rule: AdaMax::DEFAULT, region: "rule adamax", rates: [0.005, 0.01] })?;
    race.run(&Contestant { name: "NAdam", rule: NAdam::DEFAULT, region: "rule nadam", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "RAdam", rule: RAdam::DEFAULT, region: "rule radam", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "AdaBelief", rule: AdaBelief::DEFAULT, region: "rule adabelief", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "Yogi", rule: Yogi::DEFAULT, region: "rule yogi", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "Lion", rule: Lion::DEFAULT, region: "rule lion", rates: [0.0003, 0.001] })?;
    race.run(&Contestant { name: "sign-SGD", rule: SignSgd, region: "rule sign_sgd", rates: [0.0003, 0.001] })?;
    race.run(&Contestant { name: "Rprop (mini-batch)", rule: Rprop::DEFAULT, region: "rule rprop", rates: [0.001, 0.001] })?;
    race.run(&Contestant { name: "ASGD", rule: Asgd::DEFAULT, region: "rule asgd", rates: [0.2, 0.1] })?;
    race.run(&Contestant { name: "Adafactor", rule: Adafactor::DEFAULT, region: "rule adafactor", rates: [0.03, 0.03] })?;
    race.run(&Contestant { name: "LAMB", rule: Lamb::new(0.0), region: "rule lamb", rates: [0.003, 0.01] })?;
    race.run(&Contestant { name: "LARS", rule: Lars::new(0.1, 0.0, Momentum::DEFAULT), region: "rule lars", rates: [0.05, 0.05] })?;
    race.run(&Contestant { name: "natural gradient", rule: NaturalGradient { beta2: 0.99, epsilon: 0.001 }, region: "rule natural gradient", rates: [0.001, 0.001] })?;
    race.run(&Contestant { name: "Shampoo", rule: Shampoo::DEFAULT, region: "rule shampoo", rates: [0.1, 0.1] })
}

/// Sends every solver and search into the valley.
///
/// # Errors
/// What the library refuses.
pub fn every_solver(valley: &mut Valley) -> Result<(), Error> {
    let rng = || Xoshiro128PlusPlus::seed_from_u64(1);
    valley.solve("CG, Fletcher-Reeves", &ConjugateGradient::FLETCHER_REEVES)?;
    valley.solve("CG, Polak-Ribière+", &ConjugateGradient::POLAK_RIBIERE)?;
    valley.solve("scaled CG", &ScaledConjugateGradient)?;
    valley.solve("Newton", &Newton)?;
    valley.solve("damped Newton", &DampedNewton::DEFAULT)?;
    valley.solve("saddle-free Newton", &SaddleFreeNewton::DEFAULT)?;
    valley.solve("BFGS", &Bfgs::DEFAULT)?;
    valley.solve("L-BFGS, 5 pairs", &Lbfgs::<5>::DEFAULT)?;
    valley
        .search("coordinate descent", CoordinateDescent::new(AlongCoordinate::GoldenSection { radius: 0.5, evaluations: 20 })?)?;
    valley.search("(1+1)-ES", OnePlusOne::new(0.1, rng())?)?;
    valley.search("SPSA", Spsa::new(SpsaGains::new(0.0015, 0.01), rng())?)?;
    let mut deviations = Zero::ZERO;
    valley.search("diagonal ES", SeparableEs::<_, 2, 6>::new(&mut deviations, 0.3, rng())?)?;
    let temperature = ExponentialDecay { initial: 1.0, factor: 0.998 };
    valley.search("simulated annealing", SimulatedAnnealing::new(0.1, temperature, rng())?)
}
