//! Gradients of nothing, of next to nothing and of the most that a trainer lets through.

use crate::path::Path;
use kilograd::layer::GRADIENT_LIMIT;
use kilograd::optim::schedule::LEARNING_RATE_LIMIT;
use kilograd::optim::*;

/// One parameter each; the last changes its sign.
const GRADIENTS: [f32; 8] = [0.0, -0.0, f32::from_bits(1), 1e-30, 1e-20, -GRADIENT_LIMIT, GRADIENT_LIMIT, 1e18];

/// Many steps with these gradients at this rate, also with gradients that come and go.
fn check<R: Rule + Copy>(name: &str, rule: R, rate: f32) {
    let mut path = Path::from(rule, [1.0; 8]);
    for step in 0..300_u16 {
        let mut gradient = GRADIENTS;
        gradient[7] *= if step % 2 == 0 { 1.0 } else { -1.0 };
        path.step(rate, if step % 50 < 25 { gradient } else { [0.0; 8] });
        assert!(path.at().iter().all(|w| w.is_finite()), "{name} at {rate:e}, step {step}: {:?}", path.at());
    }
    let [zero, negative_zero, ..] = path.at();
    assert!(zero == negative_zero, "{name} at {rate:e}: {zero} and {negative_zero}");
}

#[test]
fn no_gradient_makes_a_weight_infinite() {
    for rate in [0.0, f32::from_bits(1), 1e-30, 0.1, 1.0] {
        check("adabelief", AdaBelief::DEFAULT, rate);
        check("adadelta", AdaDelta::DEFAULT, rate);
        check("adagrad", AdaGrad::DEFAULT, rate);
        check("adamax", AdaMax::DEFAULT, rate);
        check("amsgrad", AmsGrad::DEFAULT, rate);
        check("asgd", Asgd { start: 3, ..Asgd::DEFAULT }, rate);
        check("centered rmsprop", CenteredRmsProp::DEFAULT, rate);
        check("lion", Lion::DEFAULT, rate);
        check("nadam", NAdam::DEFAULT, rate);
        check("radam", RAdam::DEFAULT, rate);
        check("rmsprop", RmsProp::DEFAULT, rate);
        check("rmsprop, momentum", Then(RmsProp::DEFAULT, Momentum::DEFAULT), rate);
        check("rprop", Rprop::DEFAULT, rate);
        check("scheduled momentum", ScheduledMomentum { schedule: 0.9, nesterov: true }, rate);
        check("sign_sgd", SignSgd, rate);
        check("yogi", Yogi::DEFAULT, rate);
        check("book nesterov", book::Nesterov::DEFAULT, rate);
        check("book rmsprop", book::RmsProp::DEFAULT, rate);
        check("book rmsprop, nesterov", book::RmsPropNesterov::new(0.9, 0.7), rate);
    }
    for rate in [1.0, LEARNING_RATE_LIMIT] {
        check("lion", Lion::DEFAULT, rate);
        check("sign_sgd", SignSgd, rate);
        check("rprop", Rprop::DEFAULT, rate);
    }
}

#[test]
fn the_smallest_settings_do_no_harm_to_parameters_without_gradient() {
    fn check<R: Rule>(rule: R) {
        let mut path = Path::from(rule, [1.0]);
        (0..100).for_each(|_| path.step(1.0, [0.0]));
        assert_eq!(path.at(), [1.0]);
    }
    let epsilon = f32::from_bits(1);
    check(AdaBelief { epsilon, ..AdaBelief::DEFAULT });
    check(AdaDelta { epsilon, ..AdaDelta::DEFAULT });
    check(AdaGrad { epsilon, ..AdaGrad::DEFAULT });
    check(AdaMax { epsilon, ..AdaMax::DEFAULT });
    check(AmsGrad { epsilon, ..AmsGrad::DEFAULT });
    check(CenteredRmsProp { epsilon, ..CenteredRmsProp::DEFAULT });
    check(NAdam { epsilon, ..NAdam::DEFAULT });
    check(RAdam { epsilon, ..RAdam::DEFAULT });
    check(RmsProp { epsilon, ..RmsProp::DEFAULT });
    check(Yogi { epsilon, initial: 0.0, ..Yogi::DEFAULT });
    check(book::RmsProp { delta: epsilon, ..book::RmsProp::DEFAULT });
}
