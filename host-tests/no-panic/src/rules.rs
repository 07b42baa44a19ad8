//! Every rule that treats each parameter by itself, in both ways to take a step.

use core::hint::black_box;
use kilograd::optim::schedule::LinearDecay;
use kilograd::optim::{
    AdaBelief, AdaDelta, AdaGrad, AdaMax, AmsGrad, Asgd, CenteredRmsProp, Elementwise, Lion, NAdam, RAdam, RmsProp, Rprop,
    ScheduledMomentum, SignSgd, Yogi, book,
};
use kilograd::prelude::*;

type Net = network![5 => 3 => Tanh => 2];

pub fn run() {
    let _ = black_box([
        train(AdaBelief::DEFAULT),
        train(AdaDelta::DEFAULT),
        train(AdaGrad::BOOK),
        train(AdaMax::DEFAULT),
        train(AmsGrad::DEFAULT),
        train(Asgd::DEFAULT),
        train(CenteredRmsProp::DEFAULT),
        train(Then(Lion::DEFAULT, WeightDecay { weight_decay: 0.1 })),
        train(NAdam::DEFAULT),
        train(RAdam::DEFAULT),
        train(Then(RmsProp::DEFAULT, Momentum::DEFAULT)),
        train(Rprop::DEFAULT),
        train(ScheduledMomentum { schedule: LinearDecay { initial: 0.5, last: 0.99, steps: black_box(100) }, nesterov: true }),
        train(SignSgd),
        train(Yogi::DEFAULT),
        train(book::RmsProp::DEFAULT),
        train(book::RmsPropNesterov::new(0.9, 0.7)),
    ]);
}

fn train<R: Elementwise + Copy>(rule: R) -> Result<f32, Error> {
    let rule = black_box(rule);
    let (input, target) = black_box((Vector::<5>::ZERO, Vector::<2>::ZERO));
    let mut fused = Memory::<Net, R>::ZERO;
    Trainer::new(&mut fused, MeanSquaredError, rule, black_box(0.1))?.step(&input, &target)?;
    let mut summed = Memory::<Net, R, Accumulated>::ZERO;
    let loss = Trainer::new(&mut summed, MeanSquaredError, rule, black_box(0.1))?.step([(&input, &target)])?;
    black_box((fused.state(), summed.state()));
    Ok(loss)
}
