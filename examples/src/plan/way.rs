//! Optimizers and ways to take a step.

use clap::ValueEnum;

/// Update rules whose cycles and flash are measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Optimizer {
    /// Stochastic gradient descent
    Sgd,
    /// Momentum
    Momentum,
    /// Momentum with Nesterov's look-ahead
    Nesterov,
    /// Adam
    Adam,
}

impl Optimizer {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Sgd, Self::Momentum, Self::Nesterov, Self::Adam];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sgd => "SGD",
            Self::Momentum => "momentum",
            Self::Nesterov => "Nesterov",
            Self::Adam => "Adam",
        }
    }

    /// Numbers that it remembers of a parameter.
    pub fn state(self) -> u64 {
        match self {
            Self::Sgd => 0,
            Self::Momentum | Self::Nesterov => 1,
            Self::Adam => 2,
        }
    }

    /// The region of its step with a stored gradient in the table of cycles.
    pub fn region(self) -> &'static str {
        match self {
            Self::Sgd => "axpy 256",
            Self::Momentum => "momentum",
            Self::Nesterov => "momentum, nesterov",
            Self::Adam => "adam",
        }
    }

    /// The region of its step with a gradient that is never stored; SGD has a kernel of the whole matrix.
    pub fn fused_region(self) -> Option<&'static str> {
        match self {
            Self::Sgd => None,
            Self::Momentum => Some("momentum_outer"),
            Self::Nesterov => Some("momentum_outer, nesterov"),
            Self::Adam => Some("adam_outer"),
        }
    }

    /// The firmware that was weighed with it, one sample a step.
    fn firmware(self) -> &'static str {
        match self {
            Self::Sgd => "sgd",
            Self::Momentum | Self::Nesterov => "momentum",
            Self::Adam => "adam",
        }
    }
}

/// How a step is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One sample a step, the gradient never stored.
    Sample,
    /// So many samples a step, one after another.
    MiniBatch(u64),
    /// So many samples a step, as one tensor.
    Batch(u64),
}

impl Way {
    /// All of them.
    pub fn all(batch: u64) -> [Self; 3] {
        [Self::Sample, Self::MiniBatch(batch), Self::Batch(batch)]
    }

    /// Its name.
    pub fn name(self) -> String {
        match self {
            Self::Sample => "one sample".into(),
            Self::MiniBatch(batch) => format!("{batch}, one by one"),
            Self::Batch(batch) => format!("{batch} at once"),
        }
    }

    /// How many samples a step takes.
    pub fn samples(self) -> u64 {
        match self {
            Self::Sample => 1,
            Self::MiniBatch(batch) | Self::Batch(batch) => batch,
        }
    }

    /// Samples that stand in RAM while a step goes on.
    pub fn samples_in_ram(self) -> u64 {
        match self {
            Self::Sample | Self::MiniBatch(_) => 1,
            Self::Batch(batch) => batch,
        }
    }

    /// The firmware that was weighed with it and `optimizer`.
    pub fn firmware(self, optimizer: Optimizer) -> String {
        let name = optimizer.firmware();
        match self {
            Self::Sample => name.into(),
            Self::MiniBatch(_) => format!("{name}-mini-batch"),
            Self::Batch(_) => format!("{name}-batch"),
        }
    }
}
