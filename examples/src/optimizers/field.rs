//! Who runs: every rule with its settings and rates. The rates of digits and iris are set by hand, as in the recorded runs of
//! `host-tests/oracle`; a new rule is a line.

use kilograd::prelude::*;

/// A rule and how it runs.
#[derive(Clone, Copy, Debug)]
pub struct Contestant<R> {
    /// What the table calls it.
    pub name: &'static str,
    /// It.
    pub rule: R,
    /// Its region in the table of cycles.
    pub region: &'static str,
    /// Learning rates for digits, iris and Rosenbrock.
    pub rates: [f32; 3],
}

/// What is done with every contestant: rules are types, so no list can hold them.
pub trait Race {
    /// Does it.
    ///
    /// # Errors
    /// Its own.
    fn run<R: Rule + Copy + Sync>(&mut self, contestant: &Contestant<R>) -> anyhow::Result<()>;
}

/// How many there are.
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
    race.run(&Contestant { name: "SGD", rule: Sgd, region: "axpy 256", rates: [0.2, 0.1, 0.001] })?;
    race.run(&Contestant { name: "momentum", rule: Momentum::DEFAULT, region: "momentum", rates: [0.03, 0.03, 0.0005] })?;
    race.run(&Contestant { name: "Nesterov", rule: Momentum::NESTEROV, region: "momentum, nesterov", rates: [0.03, 0.03, 0.0005] })?;
    race.run(&Contestant { name: "Adam", rule: Adam::DEFAULT, region: "adam", rates: [0.003, 0.01, 0.02] })?;
    race.run(&Contestant { name: "AdamW", rule: AdamW::new(0.01), region: "adam", rates: [0.003, 0.01, 0.02] })
}
