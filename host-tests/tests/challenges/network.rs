//! A network's mean loss as an objective of its parameters, laid out flat.

use kilograd::layer::Layer;
use kilograd::prelude::*;
use kilograd::solver::Objective;

/// `P` is the number of the network's parameters.
pub struct MeanLoss<'d, N: Layer, L: Loss<N::Output>, const P: usize> {
    pub network: N,
    gradient: N::Gradient,
    tape: N::Tape,
    loss: L,
    data: &'d [(N::Input, L::Target)],
}

impl<'d, N: Layer, L: Loss<N::Output>, const P: usize> MeanLoss<'d, N, L, P> {
    pub fn new(loss: L, data: &'d [(N::Input, L::Target)]) -> Self {
        assert_eq!(N::COUNT, P);
        Self { network: N::ZERO, gradient: <N::Gradient as Zero>::ZERO, tape: N::Tape::ZERO, loss, data }
    }

    /// Parameters drawn from a seed.
    pub fn start(&mut self, seed: u64) -> Vector<P> {
        self.network.initialize(&GlorotUniform, Bias::Zero, &mut crate::functions::rng(seed));
        let mut point = Vector::ZERO;
        flatten(&self.network, &mut point);
        point
    }

    fn load(&mut self, point: &Vector<P>) {
        let mut rest = point.as_slice();
        self.network.visit_mut(&mut |group| {
            let (here, after) = rest.split_at(group.len());
            group.copy_from_slice(here);
            rest = after;
        });
    }

    /// The share of samples whose label is not the largest output.
    pub fn errors(&mut self, point: &Vector<P>, wrong: impl Fn(&N::Output, &L::Target) -> bool) -> f32 {
        self.load(point);
        let mut output = N::Output::ZERO;
        let mut count = 0;
        for (input, target) in self.data {
            self.network.forward(input, &mut output, &mut self.tape);
            count += usize::from(wrong(&output, target));
        }
        count as f32 / self.data.len() as f32
    }
}

fn flatten<const P: usize>(groups: &impl Parameters, flat: &mut Vector<P>) {
    let mut rest = flat.as_mut_slice();
    groups.visit(&mut |group| {
        let (here, after) = std::mem::take(&mut rest).split_at_mut(group.len());
        here.copy_from_slice(group);
        rest = after;
    });
}

impl<N: Layer, L: Loss<N::Output>, const P: usize> Objective<P> for MeanLoss<'_, N, L, P> {
    fn value(&mut self, point: &Vector<P>) -> Result<f32, Error> {
        self.load(point);
        let (mut output, mut delta, mut sum) = (N::Output::ZERO, N::Output::ZERO, 0.0);
        for (input, target) in self.data {
            self.network.forward(input, &mut output, &mut self.tape);
            sum += self.loss.evaluate(&output, target, &mut delta)?;
        }
        Ok(sum / self.data.len() as f32)
    }

    fn gradient(&mut self, point: &Vector<P>, gradient: &mut Vector<P>) -> Result<f32, Error> {
        self.load(point);
        self.gradient.visit_mut(&mut |group| group.fill(0.0));
        let (mut output, mut delta, mut sum) = (N::Output::ZERO, N::Output::ZERO, 0.0);
        for (input, target) in self.data {
            self.network.forward_training(input, &mut output, &mut self.tape);
            sum += self.loss.evaluate(&output, target, &mut delta)?;
            self.network.backward(input, &output, &mut self.tape, &mut delta, None)?;
            self.network.accumulate(input, &self.tape, &delta, &mut self.gradient);
        }
        flatten(&self.gradient, gradient);
        gradient.scale(1.0 / self.data.len() as f32);
        Ok(sum / self.data.len() as f32)
    }
}
