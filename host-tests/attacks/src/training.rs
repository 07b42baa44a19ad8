//! Trainers with any settings on any data.

mod loss;
mod rule;
mod schedule;

use super::Draw;
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use loss::{AnyLoss, AnyTarget};
use schedule::AnySchedule;

const INPUTS: usize = 4;
const OUTPUTS: usize = 3;

type Squashed = network![4 => 5 => Tanh => 3];
type Rectified = network![4 => 5 => LeakyRelu => 4 => Relu => 3 => Softmax];
type Smooth = network![4 => LayerNorm => 5 => Gelu => RmsNorm => 4 => Softplus => 3 => LogSoftmax];
type Hard = network![4 => HardSigmoid => 5 => HardSwish => 4 => Silu => 3 => Sigmoid];

/// One sample of each operation.
struct Sample {
    input: Vector<INPUTS>,
    target: AnyTarget,
}

/// Draws a network, a loss, a rule and a schedule, and then steps and what else a trainer does.
pub fn training(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let (loss, schedule) = (AnyLoss::draw(&mut draw), AnySchedule::draw(&mut draw));
    match draw.below(8) {
        0 => fused::<Rectified, _>(Adam::DEFAULT, &loss, &schedule, &mut draw),
        1 => fused::<Smooth, _>(Momentum::DEFAULT, &loss, &schedule, &mut draw),
        2 => accumulated::<Hard, _>(Then(ClipNorm::new(1.0), Sgd), &loss, &schedule, &mut draw),
        _ => rule::with_any(&loss, &schedule, &mut draw),
    }
}

/// Operations on a trainer that never stores a gradient.
fn fused<N, R>(rule: R, loss: &AnyLoss, schedule: &AnySchedule, draw: &mut Draw<'_>)
where
    N: Layer<Input = Vector<INPUTS>, Output = Vector<OUTPUTS>>,
    R: Elementwise + Clone,
{
    let mut memory = Box::new(Memory::<N, R>::ZERO);
    fill(&mut memory.network, draw);
    while !draw.is_empty() {
        let before = remembered(&memory);
        let Ok(mut trainer) = Trainer::new(&mut memory, loss.clone(), rule.clone(), schedule.clone()) else { return };
        let sample = Sample::draw(draw);
        let stepped = match draw.below(8) {
            0 => look(&mut trainer, &sample),
            _ => Some(trainer.step(&sample.input, &sample.target)),
        };
        check(&memory, &before, loss, &sample, stepped, draw);
    }
}

/// Operations on a trainer that adds up gradients.
fn accumulated<N, R>(rule: R, loss: &AnyLoss, schedule: &AnySchedule, draw: &mut Draw<'_>)
where
    N: Layer<Input = Vector<INPUTS>, Output = Vector<OUTPUTS>>,
    R: Rule + Clone,
{
    let mut memory = Box::new(Memory::<N, R, Accumulated>::ZERO);
    fill(&mut memory.network, draw);
    while !draw.is_empty() {
        let before = remembered(&memory);
        let Ok(mut trainer) = Trainer::new(&mut memory, loss.clone(), rule.clone(), schedule.clone()) else { return };
        let sample = Sample::draw(draw);
        let stepped = match draw.below(8) {
            0 => look(&mut trainer, &sample),
            1 => gather(&mut trainer, &sample),
            2 => {
                // What cannot be loaded ends an epoch before its first step.
                let refused = trainer.epoch(&[(sample.input.clone(), sample.target.clone())][..], [0, 1], 2);
                assert!(refused.is_err());
                None
            }
            _ => {
                let samples = [&sample; 3].map(|sample| (&sample.input, &sample.target));
                Some(trainer.step(samples.into_iter().take(1 + usize::from(draw.below(3)))))
            }
        };
        check(&memory, &before, loss, &sample, stepped, draw);
    }
}

/// Gathers a gradient in two parts and forgets it: nothing may come of it.
fn gather<N, R>(trainer: &mut Trainer<'_, N, AnyLoss, R, AnySchedule, Accumulated>, sample: &Sample) -> Option<Result<f32, Error>>
where
    N: Layer<Input = Vector<INPUTS>, Output = Vector<OUTPUTS>>,
    R: Rule,
{
    let first = trainer.accumulate(&sample.input, &sample.target);
    let again = trainer.accumulate(&sample.input, &sample.target);
    assert_eq!(first.is_ok(), again.is_ok());
    trainer.clear();
    assert!(trainer.apply().is_err());
    None
}

/// Looks at a sample without training.
fn look<N, R, M>(trainer: &mut Trainer<'_, N, AnyLoss, R, AnySchedule, M>, sample: &Sample) -> Option<Result<f32, Error>>
where
    N: Layer<Input = Vector<INPUTS>, Output = Vector<OUTPUTS>>,
    R: Rule,
    M: kilograd::train::Mode,
{
    trainer.predict(&sample.input);
    if let Ok((loss, output)) = trainer.evaluate(&sample.input, &sample.target) {
        assert!(loss.is_finite() && output.is_finite() && sample.input.is_finite());
    }
    None
}

/// What a refused step must leave as it was, bit for bit, and what a step that is taken must leave finite.
fn check<N: Layer, R: Rule, M: kilograd::train::Mode>(
    memory: &Memory<N, R, M>,
    before: &Remembered,
    loss: &AnyLoss,
    sample: &Sample,
    stepped: Option<Result<f32, Error>>,
    draw: &Draw<'_>,
) {
    let after = remembered(memory);
    let Some(Ok(value)) = stepped else { return assert!(after == *before, "{stepped:?} has changed something") };
    assert!(value.is_finite() && sample.input.is_finite(), "a loss of {value}");
    assert!(loss.accepts(&sample.target), "{:?} is no target of {loss:?}", sample.target);
    assert!(after.steps <= before.steps.saturating_add(1));
    let finite = after.parameters.iter().all(|bits| f32::from_bits(*bits).is_finite());
    // Nobody promises that of any learning rate and weight decay.
    assert!(finite || draw.wild, "a step to {:?}", after.parameters.iter().map(|bits| f32::from_bits(*bits)).collect::<Vec<_>>());
}

/// Bits that training may change.
#[derive(PartialEq)]
struct Remembered {
    parameters: Vec<u32>,
    state: Vec<u32>,
    steps: u32,
}

fn remembered<N: Layer, R: Rule, M: kilograd::train::Mode>(memory: &Memory<N, R, M>) -> Remembered {
    Remembered { parameters: bits(&memory.network), state: bits(memory.state()), steps: memory.steps() }
}

fn bits(parameters: &impl Parameters) -> Vec<u32> {
    let mut all = Vec::new();
    parameters.visit(&mut |group| all.extend(group.iter().map(|x| x.to_bits())));
    parameters.visit_buffers(&mut |group| all.extend(group.iter().map(|x| x.to_bits())));
    all
}

/// Weights of an ordinary size, or once in a while any finite ones.
fn fill(network: &mut impl Parameters, draw: &mut Draw<'_>) {
    let (any, mut place) = (draw.once_in(8), 0_u8);
    let seed = draw.byte();
    network.visit_mut(&mut |group| {
        for weight in group {
            place = place.wrapping_mul(5).wrapping_add(seed | 1);
            *weight = if any { draw.finite() } else { f32::from(place as i8) / 128.0 };
        }
    });
}

impl Sample {
    fn draw(draw: &mut Draw<'_>) -> Self {
        Self { input: Vector::new(draw.array(Draw::number)), target: AnyTarget::draw(draw) }
    }
}
