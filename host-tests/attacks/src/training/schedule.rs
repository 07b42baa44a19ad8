//! Any schedule.

use crate::Draw;
use kilograd::Error;
use kilograd::optim::schedule::{
    Anneal, Better, CosineAnnealing, CosineRestarts, CyclicTriangular, ExponentialDecay, InverseSqrt, InverseTime, LinearDecay,
    MultiStepDecay, OneCycle, Plateau, PlateauDecay, PolynomialDecay, Schedule, StepDecay, Threshold, WarmupCosine,
};

type Constant = f32;
type MultiStep = MultiStepDecay<2>;

/// Defines [`AnySchedule`] from its variants.
macro_rules! schedules {
    ($($schedule:ident),*) => {
        #[derive(Clone, Debug)]
        pub enum AnySchedule {
            $($schedule($schedule),)*
        }

        impl Schedule for AnySchedule {
            fn learning_rate(&self, step: u32) -> f32 {
                match self {
                    $(Self::$schedule(schedule) => schedule.learning_rate(step),)*
                }
            }

            fn check(&self) -> Result<(), Error> {
                match self {
                    $(Self::$schedule(schedule) => schedule.check(),)*
                }
            }
        }
    };
}

schedules! {
    Constant, CosineAnnealing, CosineRestarts, CyclicTriangular, ExponentialDecay, InverseSqrt, InverseTime, LinearDecay,
    MultiStep, OneCycle, Plateau, PolynomialDecay, StepDecay, WarmupCosine
}

impl AnySchedule {
    pub fn draw(draw: &mut Draw<'_>) -> Self {
        let (initial, last) = (draw.setting(1.0), draw.setting(1.0));
        match draw.below(14) {
            0 => Self::CosineAnnealing(CosineAnnealing { initial, last, steps: draw.count() }),
            1 => Self::CosineRestarts(CosineRestarts { initial, last, steps: draw.count(), growth: draw.count() }),
            2 => Self::CyclicTriangular(CyclicTriangular { low: initial, high: last, steps: draw.count() }),
            3 => Self::ExponentialDecay(ExponentialDecay { initial, factor: draw.setting(1.0) }),
            4 => Self::InverseSqrt(InverseSqrt { initial, decay: draw.setting(1.0) }),
            5 => Self::InverseTime(InverseTime { initial, decay: draw.setting(1.0) }),
            6 => Self::LinearDecay(LinearDecay { initial, last, steps: draw.count() }),
            7 => Self::MultiStep(MultiStepDecay { initial, factor: draw.setting(1.0), milestones: draw.array(Draw::count) }),
            8 => Self::OneCycle(OneCycle {
                initial,
                peak: draw.setting(1.0),
                last,
                warmup: draw.count(),
                total: draw.count(),
                anneal: if draw.once_in(2) { Anneal::Linear } else { Anneal::Cosine },
                three_phase: draw.once_in(2),
            }),
            9 => Self::plateau(initial, last, draw),
            10 => Self::PolynomialDecay(PolynomialDecay { initial, steps: draw.count(), power: draw.setting(3.0) }),
            11 => Self::StepDecay(StepDecay { initial, factor: draw.setting(1.0), every: draw.count() }),
            12 => Self::WarmupCosine(WarmupCosine {
                initial,
                peak: draw.setting(1.0),
                last,
                warmup: draw.count(),
                total: draw.count(),
            }),
            _ => Self::Constant(initial),
        }
    }

    fn plateau(initial: f32, last: f32, draw: &mut Draw<'_>) -> Self {
        let threshold = draw.setting(0.1);
        let mut plateau = Plateau::new(PlateauDecay {
            initial,
            factor: draw.setting(1.0),
            patience: draw.count(),
            cooldown: draw.count(),
            last,
            better: if draw.once_in(2) { Better::Lower } else { Better::Higher },
            threshold: if draw.once_in(2) { Threshold::Absolute(threshold) } else { Threshold::Relative(threshold) },
        });
        for _ in 0..draw.below(16) {
            plateau.observe(draw.number());
        }
        Self::Plateau(plateau)
    }
}
