//! A layer as someone outside of the library would write it, and three ways to get its gradient wrong.

use kilograd::Error;
use kilograd::init::{Bias, Scheme};
use kilograd::layer::Layer;
use kilograd::optim::{Elementwise, Rule, Step};
use kilograd::tensor::{Parameters, Tensor, Vector, Zero};
use rand_xoshiro::rand_core::Rng;

/// `yᵢ = a·xᵢ²`, with one parameter a.
pub struct Parabola {
    pub a: Vector<1>,
    pub mistake: Mistake,
}

/// What the gradient leaves out.
#[derive(Clone, Copy, PartialEq)]
pub enum Mistake {
    None,
    /// The 2 in `∂yᵢ/∂xᵢ = 2·a·xᵢ`.
    FactorTwo,
    /// Everything but the last sample element in `∂/∂a = Σ dᵢ·xᵢ²`.
    Sum,
    /// The parameter altogether.
    Parameter,
}

impl Parabola {
    fn d_a(&self, x: &Vector<4>, d: &Vector<4>) -> f32 {
        let mut terms = x.as_array().iter().zip(d.as_array()).map(|(x, d)| d * x * x);
        match self.mistake {
            Mistake::Parameter => 0.0,
            Mistake::Sum => terms.next_back().unwrap_or_default(),
            Mistake::None | Mistake::FactorTwo => terms.sum(),
        }
    }
}

impl Zero for Parabola {
    const ZERO: Self = Self { a: Vector::ZERO, mistake: Mistake::None };
}

impl Parameters for Parabola {
    const COUNT: usize = 1;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.a.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.a.visit_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.a.copy_from(&other.a);
    }
}

impl Layer for Parabola {
    type Input = Vector<4>;
    type Output = Vector<4>;
    type Tape = ();
    type Gradient = Vector<1>;
    type State<R: Rule> = R::State<Vector<1>>;

    fn forward(&self, x: &Vector<4>, y: &mut Vector<4>, (): &mut ()) {
        y.copy_from(x);
        y.multiply(x);
        y.scale(self.a.as_array()[0]);
    }

    fn backward(
        &self,
        x: &Vector<4>,
        _: &Vector<4>,
        (): &mut (),
        d: &mut Vector<4>,
        dx: Option<&mut Vector<4>>,
    ) -> Result<(), Error> {
        if let Some(dx) = dx {
            dx.copy_from(x);
            dx.multiply(d);
            dx.scale(self.a.as_array()[0] * if self.mistake == Mistake::FactorTwo { 1.0 } else { 2.0 });
        }
        Ok(())
    }

    fn accumulate(&self, x: &Vector<4>, (): &(), d: &Vector<4>, gradient: &mut Vector<1>) {
        gradient.add(&Vector::new([self.d_a(x, d)]));
    }

    fn update<R: Elementwise>(&mut self, x: &Vector<4>, (): &(), d: &Vector<4>, state: &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend_outer(&[1.0], &[self.d_a(x, d)], &mut self.a, state);
    }

    fn apply<R: Rule>(&mut self, gradient: &mut Vector<1>, state: &mut Self::State<R>, step: &Step<'_, R>) {
        step.descend(&mut self.a, gradient, state);
    }

    fn initialize(&mut self, weights: &impl Scheme, _: Bias, rng: &mut impl Rng) {
        weights.fill(self.a.as_mut_slice(), 1, 1, rng);
    }
}
