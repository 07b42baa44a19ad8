//! What can go wrong, and what to do about it.

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

/// A setting of a loss, an optimizer, a schedule or a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[non_exhaustive]
pub enum Setting {
    /// The share of the velocity that is kept, in [0, 1).
    Momentum,
    /// The share of a gradient that is left out of the velocity, in [0, 1).
    Dampening,
    /// The decay of the first moment, in [0, 1).
    Beta1,
    /// The decay of the second moment, in [0, 1).
    Beta2,
    /// The small number added to a denominator, above 0.
    Epsilon,
    /// The weight decay, 0 or more.
    WeightDecay,
    /// The bound to clip at, above 0.
    ClipBound,
    /// The share of a label's probability spread over all classes, in [0, 1].
    LabelSmoothing,
    /// The weight of a class or of positive targets, 0 or more (and not 0 for all classes).
    ClassWeight,
    /// The factor of a schedule, 0 or more.
    DecayFactor,
    /// The number of steps of a schedule, at least 1 (and more than its warm-up).
    Steps,
    /// The batch size, at least 1.
    BatchSize,
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
            Self::SampleOutOfRange { index, samples } => {
                write!(f, "sample {index} does not exist: the data set has {samples}, counted from 0")
            }
            Self::SampleUnreadable { index } => write!(f, "sample {index} could not be read: check the sensor or the bus"),
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

impl Setting {
    /// Fails with this setting's error unless `holds`.
    pub(crate) fn require(self, value: f32, holds: bool) -> Result<(), Error> {
        if holds { Ok(()) } else { Err(Error::Setting(self, value)) }
    }

    /// Requires 0 ≤ `value` < 1.
    pub(crate) fn require_decay(self, value: f32) -> Result<(), Error> {
        self.require(value, (0.0..1.0).contains(&value))
    }

    /// Requires a finite `value` of 0 or more.
    pub(crate) fn require_not_negative(self, value: f32) -> Result<(), Error> {
        self.require(value, value >= 0.0 && value.is_finite())
    }

    /// Requires a finite `value` above 0.
    pub(crate) fn require_positive(self, value: f32) -> Result<(), Error> {
        self.require(value, value > 0.0 && value.is_finite())
    }

    fn range(self) -> &'static str {
        match self {
            Self::Momentum | Self::Dampening | Self::Beta1 | Self::Beta2 => "goes from 0 to just below 1",
            Self::LabelSmoothing => "goes from 0 to 1",
            Self::Epsilon | Self::ClipBound => "is a finite number above 0",
            Self::WeightDecay | Self::DecayFactor => "is a finite number of 0 or more",
            Self::ClassWeight => "is a finite number of 0 or more, and not 0 for all classes",
            Self::Steps => "is at least 1, and more than the warm-up",
            Self::BatchSize => "is at least 1",
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Momentum => "momentum",
            Self::Dampening => "dampening",
            Self::Beta1 => "beta1",
            Self::Beta2 => "beta2",
            Self::Epsilon => "epsilon",
            Self::WeightDecay => "weight_decay",
            Self::ClipBound => "the bound to clip at",
            Self::LabelSmoothing => "label_smoothing",
            Self::ClassWeight => "the class weight",
            Self::DecayFactor => "the decay factor",
            Self::Steps => "the number of steps",
            Self::BatchSize => "the batch size",
        })
    }
}
