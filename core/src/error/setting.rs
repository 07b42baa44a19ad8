//! Every setting that can be refused: its name and its range, a line each.

use super::Error;
use core::fmt;

/// Defines [`Setting`] from a table: what the variant means, its name in a message, and what it must be.
macro_rules! settings {
    ($($(#[doc = $doc:literal])* $variant:ident: $name:literal, $range:literal;)*) => {
        /// A setting of a loss, an optimizer, a schedule or a batch.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[cfg_attr(feature = "defmt", derive(defmt::Format))]
        #[non_exhaustive]
        pub enum Setting {
            $($(#[doc = $doc])* $variant,)*
        }

        impl Setting {
            /// What the setting must be, to follow "it".
            pub(super) fn range(self) -> &'static str {
                match self {
                    $(Self::$variant => $range,)*
                }
            }
        }

        impl fmt::Display for Setting {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$variant => $name,)*
                })
            }
        }
    };
}

settings! {
    /// The share of the velocity that is kept, in [0, 1).
    Momentum: "momentum", "goes from 0 to just below 1";
    /// The share of a gradient that is left out of the velocity, in [0, 1).
    Dampening: "dampening", "goes from 0 to just below 1";
    /// The decay of the first moment, in [0, 1).
    Beta1: "beta1", "goes from 0 to just below 1";
    /// The decay of the second moment, in [0, 1).
    Beta2: "beta2", "goes from 0 to just below 1";
    /// The decay of a running mean of squares, in [0, 1).
    Rho: "rho", "goes from 0 to just below 1";
    /// The small number added to a denominator, above 0.
    Epsilon: "epsilon", "is a finite number above 0";
    /// What a running sum or mean starts from, 0 or more.
    InitialValue: "the initial value", "is a finite number of 0 or more";
    /// The factor of a step size: above 0 and below 1 where it shrinks, above 1 where it grows.
    StepFactor: "the factor of a step size", "lies between 0 and 1 to shrink a step and above 1 to make it grow";
    /// The smallest or largest step size, above 0, in this order, and at most a million.
    StepSize: "the step size", "is above 0, the smallest no more than the largest, and at most a million";
    /// The weight decay, 0 or more.
    WeightDecay: "weight_decay", "is a finite number of 0 or more";
    /// The bound to clip at, above 0.
    ClipBound: "the bound to clip at", "is a finite number above 0";
    /// The share of a label's probability spread over all classes, in [0, 1].
    LabelSmoothing: "label_smoothing", "goes from 0 to 1";
    /// The weight of a class or of positive targets, 0 or more (and not 0 for all classes).
    ClassWeight: "the class weight", "is a finite number of 0 or more, and not 0 for all classes";
    /// The factor of a schedule, 0 or more.
    DecayFactor: "the decay factor", "is a finite number of 0 or more (below 1 on a plateau)";
    /// The number of steps of a schedule, at least 1 (and more than its warm-up).
    Steps: "the number of steps", "is at least 1, and more than the warm-up";
    /// The batch size, at least 1.
    BatchSize: "the batch size", "is at least 1";
    /// How many times longer a period or larger a batch becomes, at least 1.
    Growth: "the growth", "is a finite number of 1 or more";
    /// The power of a schedule, above 0.
    Power: "the power", "is a finite number above 0";
    /// The standard deviation to scale to, above 0.
    Deviation: "the standard deviation", "is a finite number above 0 (of a blur: 0 or more)";
    /// The share of an average of networks that is kept, in [0, 1).
    AverageDecay: "the average's decay", "goes from 0 to just below 1";
    /// What older values count in a mean when a new one comes, in [0, 1].
    FadingFactor: "the fading factor", "goes from 0 to 1";
    /// The number of parameters of a block, from 1 to the room for them, and none past the last.
    BlockSize: "the block size", "goes from 1 to the room for a block, and not past the last parameter";
    /// How far a probe lies from the point, above 0.
    Displacement: "the distance of a probe", "is a finite number above 0";
    /// The exponent of a gain, 0 or more.
    Exponent: "the exponent", "is a finite number of 0 or more";
    /// The share of the linear decrease that a line search asks for, in (0, 1).
    SufficientDecrease: "sufficient_decrease", "lies between 0 and 1";
    /// The share of the slope that a line search may leave, above that of the decrease and below 1.
    Curvature: "curvature", "lies between the sufficient decrease and 1";
    /// What a solver adds to the Hessian's diagonal, 0 or more.
    Damping: "damping", "is a finite number of 0 or more";
    /// The gradient at which a solver has converged, 0 or more.
    GradientTolerance: "the gradient to converge at", "is a finite number of 0 or more";
    /// How much better a metric must be, 0 or more.
    Improvement: "the improvement asked for", "is a finite number of 0 or more";
    /// How long a step may be in weights, above 0.
    TrustCoefficient: "the trust coefficient", "is a finite number above 0";
    /// The error from which a loss is linear, or the number from which a stream has drifted, above 0.
    Threshold: "the threshold", "is a finite number above 0 (of a drift: no less than that of a warning)";
    /// By how much the right class must lead, above 0.
    Margin: "the margin", "is a finite number above 0";
    /// The share of values that dropout sets to zero, in [0, 1).
    DropoutRate: "the dropout rate", "goes from 0 to just below 1";

    /// The weight of a loss beside another, 0 or more.
    LossWeight: "the weight of the loss", "is a finite number of 0 or more";
    /// How many times its running mean a loss or gradient may be, at least 1.
    ExplosionFactor: "the factor of an explosion", "is a finite number of 1 or more";
    /// What a running mean counts for at least, 0 or more.
    Floor: "the floor of a running mean", "is a finite number of 0 or more";
    /// By how much a value may exceed a mean without counting, 0 or more.
    Tolerance: "the tolerance", "is a finite number of 0 or more";
    /// What a learning rate is multiplied with when it backs off, above 0 and below 1.
    BackOff: "the back-off", "lies between 0 and 1";
    /// The number of steps between two looks at the network, at least 1.
    Interval: "the interval", "is at least 1";
}

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

    /// Requires a finite `value` of 1 or more.
    pub(crate) fn require_from_one(self, value: f32) -> Result<(), Error> {
        self.require(value, value >= 1.0 && value.is_finite())
    }
}
