//! What is said names the value and what to do about it.

use kilograd::{Error, Setting};

#[test]
fn every_message_names_the_value_and_what_to_do() {
    let cases: [(Error, &[&str]); 16] = [
        (Error::InputNotFinite, &["sample", "infinity or NaN", "check the sensor"]),
        (Error::TargetInvalid, &["target", "check the data"]),
        (Error::LabelOutOfRange { label: 10, classes: 7 }, &["label 10", "7 classes", "start at 0"]),
        (Error::LossNotFinite, &["overflowed", "lower the learning rate", "saved weights"]),
        (Error::GradientTooLarge, &["gradient", "lower the learning rate or scale the inputs"]),
        (Error::EmptyBatch, &["at least one sample", "weight above zero"]),
        (Error::StepUnfinished, &["not finished", "advance"]),
        (Error::SampleOutOfRange { index: 99, samples: 12 }, &["sample 99", "12", "from 0"]),
        (Error::WorkerOutOfRange { worker: 9, workers: 3 }, &["worker 9", "3", "from 0"]),
        (Error::AnsweredTwice { worker: 2 }, &["worker 2", "already answered"]),
        (Error::MessageLength { bytes: 5, expected: 8 }, &["5 bytes", "8"]),
        (Error::MessageNotFinite, &["message", "NaN", "check the line"]),
        (Error::LearningRate(f32::NAN), &["learning rate NaN", "0 or more"]),
        (Error::LearningRate(-0.5), &["learning rate -0.5", "finite number of 0 or more"]),
        (Error::Setting(Setting::Beta1, 1.5), &["beta1 must not be 1.5", "from 0 to just below 1"]),
        (Error::Setting(Setting::BatchSize, 0.0), &["batch size must not be 0", "at least 1"]),
    ];
    for (error, parts) in cases {
        let text = error.to_string();
        assert!(parts.iter().all(|part| text.contains(part)), "{text:?} lacks one of {parts:?}");
    }
}

#[test]
fn every_setting_has_a_name_and_a_range() {
    let settings = [
        (Setting::Momentum, "momentum"),
        (Setting::Dampening, "dampening"),
        (Setting::Beta1, "beta1"),
        (Setting::Beta2, "beta2"),
        (Setting::Rho, "rho"),
        (Setting::Epsilon, "epsilon"),
        (Setting::InitialValue, "initial value"),
        (Setting::StepFactor, "factor of a step size"),
        (Setting::StepSize, "step size"),
        (Setting::WeightDecay, "weight_decay"),
        (Setting::ClipBound, "bound"),
        (Setting::LabelSmoothing, "label_smoothing"),
        (Setting::ClassWeight, "class weight"),
        (Setting::Threshold, "threshold"),
        (Setting::Margin, "margin"),
        (Setting::DropoutRate, "dropout rate"),
        (Setting::LossWeight, "weight of the loss"),
        (Setting::DecayFactor, "decay factor"),
        (Setting::Steps, "number of steps"),
        (Setting::BatchSize, "batch size"),
        (Setting::Growth, "growth"),
        (Setting::Power, "power"),
        (Setting::Improvement, "improvement"),
        (Setting::Deviation, "standard deviation"),
        (Setting::TrustCoefficient, "trust coefficient"),
        (Setting::AverageDecay, "average's decay"),
        (Setting::FadingFactor, "fading factor"),
        (Setting::ExplosionFactor, "factor of an explosion"),
        (Setting::Floor, "floor"),
        (Setting::Tolerance, "tolerance"),
        (Setting::BackOff, "back-off"),
        (Setting::Interval, "interval"),
        (Setting::BlockSize, "block size"),
        (Setting::Displacement, "distance of a probe"),
        (Setting::Exponent, "exponent"),
    ];
    for (setting, name) in settings {
        let text = Error::Setting(setting, -7.5).to_string();
        let (what, range) = text.split_once(" must not be -7.5: it ").expect("the value is named");
        assert!(what.contains(name) && !range.is_empty(), "{text}");
    }
}

#[test]
fn an_error_is_an_error() {
    let boxed: Box<dyn std::error::Error + Send + Sync> = Error::EmptyBatch.into();
    assert_eq!(boxed.to_string(), Error::EmptyBatch.to_string());
    // Small enough to be returned from everything.
    assert!(size_of::<Error>() <= 3 * size_of::<usize>());
}
