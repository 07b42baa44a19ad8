//! Any loss.

use super::OUTPUTS;
use crate::Draw;
use kilograd::loss::{Hinge, KlDivergence, MultiMargin, SmoothL1, SoftCrossEntropy, SquaredHinge, WeightedCrossEntropy};
use kilograd::prelude::*;

type Output = Vector<OUTPUTS>;

/// A target for every loss.
#[derive(Clone, Debug)]
pub struct AnyTarget {
    label: usize,
    values: Output,
}

impl AnyTarget {
    pub fn draw(draw: &mut Draw<'_>) -> Self {
        let label = if draw.once_in(16) { draw.count() as usize } else { usize::from(draw.below(OUTPUTS as u8)) };
        let values = match draw.below(4) {
            0 => Vector::from_fn(|i| f32::from(u8::from(i == label))),
            1 => Vector::new(draw.array(|draw| if draw.once_in(2) { 1.0 } else { -1.0 })),
            2 => Vector::new(draw.array(|draw| f32::from(draw.byte()) / 255.0)),
            _ => Vector::new(draw.array(Draw::number)),
        };
        Self { label, values }
    }
}

/// Defines [`AnyLoss`] from its variants: the losses of values and those of labels.
macro_rules! losses {
    ($($of_values:ident),*; $($of_labels:ident($loss:ty)),*) => {
        #[derive(Clone, Debug)]
        pub enum AnyLoss {
            $($of_values($of_values),)*
            $($of_labels($loss),)*
        }

        impl Loss<Output> for AnyLoss {
            type Target = AnyTarget;

            fn evaluate_row(&self, output: &[f32], target: &AnyTarget, delta: &mut [f32]) -> Result<f32, Error> {
                match self {
                    $(Self::$of_values(loss) => Loss::<Output>::evaluate_row(loss, output, &target.values, delta),)*
                    $(Self::$of_labels(loss) => Loss::<Output>::evaluate_row(loss, output, &target.label, delta),)*
                }
            }

            fn weight(&self, target: &AnyTarget) -> f32 {
                match self {
                    $(Self::$of_values(loss) => Loss::<Output>::weight(loss, &target.values),)*
                    $(Self::$of_labels(loss) => Loss::<Output>::weight(loss, &target.label),)*
                }
            }

            fn check(&self) -> Result<(), Error> {
                match self {
                    $(Self::$of_values(loss) => Loss::<Output>::check(loss),)*
                    $(Self::$of_labels(loss) => Loss::<Output>::check(loss),)*
                }
            }
        }

        impl AnyLoss {
            /// Whether a step with this target may be taken at all.
            pub fn accepts(&self, target: &AnyTarget) -> bool {
                match self {
                    $(Self::$of_values(_) => target.values.is_finite(),)*
                    $(Self::$of_labels(_) => target.label < OUTPUTS,)*
                }
            }
        }
    };
}

losses! {
    BinaryCrossEntropy, Hinge, Huber, KlDivergence, MeanAbsoluteError, MeanSquaredError, SmoothL1, SoftCrossEntropy, SquaredHinge;
    CrossEntropy(CrossEntropy), MultiMargin(MultiMargin), Weighted(WeightedCrossEntropy<OUTPUTS>)
}

impl AnyLoss {
    pub fn draw(draw: &mut Draw<'_>) -> Self {
        match draw.below(12) {
            0 => Self::BinaryCrossEntropy(BinaryCrossEntropy { positive_weight: draw.setting(2.0) }),
            1 => Self::CrossEntropy(CrossEntropy { label_smoothing: draw.setting(1.0) }),
            2 => Self::Hinge(Hinge),
            3 => Self::Huber(Huber { delta: draw.setting(2.0) }),
            4 => Self::KlDivergence(KlDivergence),
            5 => Self::MeanAbsoluteError(MeanAbsoluteError),
            6 => Self::MultiMargin(MultiMargin { margin: draw.setting(2.0) }),
            7 => Self::SmoothL1(SmoothL1 { beta: draw.setting(2.0) }),
            8 => Self::SoftCrossEntropy(SoftCrossEntropy),
            9 => Self::SquaredHinge(SquaredHinge),
            10 => {
                let inner = CrossEntropy { label_smoothing: draw.setting(1.0) };
                Self::Weighted(WeightedCrossEntropy { inner, class_weights: Vector::new(draw.array(|draw| draw.setting(2.0))) })
            }
            _ => Self::MeanSquaredError(MeanSquaredError),
        }
    }
}
