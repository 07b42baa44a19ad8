//! What can go wrong, and what to do about it.

mod setting;

pub use setting::Setting;

use core::fmt;

/// Why something was refused. What was refused has changed neither parameters nor optimizer state (of an epoch, the steps
/// before it have been taken).
#[derive(Clone, Copy, Debug, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Error {
    /// The sample holds an infinity or NaN.
    InputNotFinite,
    /// The target holds an infinity or NaN, or a probability outside [0, 1].
    TargetInvalid,
    /// The label names a class that the network has no output for.
    LabelOutOfRange {
        /// The label.
        label: usize,
        /// How many classes there are: labels go from 0 to `classes − 1`.
        classes: usize,
    },
    /// The network's outputs or its loss are infinite or NaN, though the sample is finite.
    LossNotFinite,
    /// A gradient exceeds [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT), or is NaN.
    GradientTooLarge,
    /// A step was asked for without a single sample, or with samples whose weights add up to zero.
    EmptyBatch,
    /// A step in slices is not finished yet: advance it.
    StepUnfinished,
    /// The data set has no sample of this index.
    SampleOutOfRange {
        /// The index.
        index: usize,
        /// How many samples there are.
        samples: usize,
    },
    /// The data set could not read the sample: a sensor or a bus failed.
    SampleUnreadable {
        /// Its index.
        index: usize,
    },
    /// A solver's starting point, or the objective or its gradient there, is infinite or NaN.
    StartNotFinite,
    /// A worker of this number does not exist.
    WorkerOutOfRange {
        /// The number.
        worker: usize,
        /// How many workers there are: they are numbered from 0 to `workers − 1`.
        workers: usize,
    },
    /// The worker has already answered in this round.
    AnsweredTwice {
        /// Its number.
        worker: usize,
    },
    /// A message is not as long as one about this network.
    MessageLength {
        /// How long it is.
        bytes: usize,
        /// How long it should be, or may be at most.
        expected: usize,
    },
    /// A message holds an infinity, NaN or a number above [`GRADIENT_LIMIT`](crate::layer::GRADIENT_LIMIT).
    MessageNotFinite,
    /// The learning rate is negative, NaN or above [`LEARNING_RATE_LIMIT`](crate::optim::schedule::LEARNING_RATE_LIMIT).
    LearningRate(f32),
    /// Another setting is outside its range.
    Setting(Setting, f32),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InputNotFinite => f.write_str("the sample holds an infinity or NaN: check the sensor or the scaling"),
            Self::TargetInvalid => f.write_str("the target is not a finite number in its range: check the data"),
            Self::LabelOutOfRange { label, classes } => {
                write!(f, "label {label} names none of the {classes} classes: labels start at 0")
            }
            Self::LossNotFinite => f.write_str(
                "the loss overflowed: check the target's scale, or lower the learning rate and start from saved weights",
            ),
            Self::GradientTooLarge => f.write_str("the gradient exploded: lower the learning rate or scale the inputs"),
            Self::EmptyBatch => f.write_str("a step needs at least one sample of a weight above zero"),
            Self::StepUnfinished => f.write_str("the step in slices is not finished: advance it until it is done"),
            Self::SampleOutOfRange { index, samples } => {
                write!(f, "sample {index} does not exist: the data set has {samples}, counted from 0")
            }
            Self::SampleUnreadable { index } => write!(f, "sample {index} could not be read: check the sensor or the bus"),
            Self::StartNotFinite => f.write_str("the objective is not finite where the solver starts: start elsewhere"),
            Self::WorkerOutOfRange { worker, workers } => {
                write!(f, "worker {worker} does not exist: there are {workers}, counted from 0")
            }
            Self::AnsweredTwice { worker } => write!(f, "worker {worker} has already answered in this round"),
            Self::MessageLength { bytes, expected } => {
                write!(f, "a message of {bytes} bytes is not about this network, for which it has {expected}")
            }
            Self::MessageNotFinite => f.write_str("a message holds an infinity, NaN or a number above 1e18: check the line"),
            Self::LearningRate(rate) => {
                write!(f, "learning rate {rate} is refused: it must be a finite number of 0 or more (1e18 at most)")
            }
            Self::Setting(setting, value) => write!(f, "{setting} must not be {value}: it {}", setting.range()),
        }
    }
}

impl core::error::Error for Error {}
