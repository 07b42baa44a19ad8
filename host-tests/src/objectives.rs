//! Objectives that solvers are tried on, in `f32`, as a board would compute them.

use kilograd::Error;
use kilograd::loss::CrossEntropy;
use kilograd::solver::Objective;
use kilograd::tensor::{Matrix, Tensor, Vector};

/// A function of as many numbers as its slices hold, and its derivatives.
pub trait Problem {
    /// How many numbers it is a function of.
    fn len(&self) -> usize;

    /// Whether it is a function of none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Writes the gradient and returns the value.
    fn gradient(&self, x: &[f32], gradient: &mut [f32]) -> f32;

    /// Hands all parts of the Hessian to `add`, each with its row and its column.
    fn hessian(&self, x: &[f32], add: &mut dyn FnMut(usize, usize, f32));
}

/// A [`Problem`] as an objective of at least as many numbers, which does not depend on the rest of them. It knows its Hessian.
#[derive(Clone, Copy, Debug)]
pub struct Padded<P>(pub P);

impl<const N: usize, P: Problem> Objective<N> for Padded<P> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        Ok(self.0.gradient(&point.as_slice()[..self.0.len()], &mut vec![0.0; self.0.len()]))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        gradient.fill(0.0);
        let n = self.0.len();
        Ok(self.0.gradient(&point.as_slice()[..n], &mut gradient.as_mut_slice()[..n]))
    }

    fn hessian(&mut self, point: &mut Vector<N>, _: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        let n = self.0.len();
        hessian.fill(0.0);
        let h = hessian.as_mut_slice();
        self.0.hessian(&point.as_slice()[..n], &mut |i, j, part| h[i * N + j] += part);
        // Whatever a direction does not depend on has some curvature, so that there are factors.
        (n..N).for_each(|i| h[i * N + i] = 1.0);
        Ok(0)
    }

    fn hessian_product(
        &mut self,
        point: &Vector<N>,
        _: &Vector<N>,
        direction: &Vector<N>,
        _: &mut Vector<N>,
        product: &mut Vector<N>,
    ) -> Result<u32, Error> {
        product.fill(0.0);
        let (d, out) = (direction.as_slice(), product.as_mut_slice());
        self.0.hessian(&point.as_slice()[..self.0.len()], &mut |i, j, part| out[i] += part * d[j]);
        Ok(0)
    }
}

impl<P: Problem + ?Sized> Problem for &P {
    fn len(&self) -> usize {
        P::len(self)
    }

    fn gradient(&self, x: &[f32], gradient: &mut [f32]) -> f32 {
        P::gradient(self, x, gradient)
    }

    fn hessian(&self, x: &[f32], add: &mut dyn FnMut(usize, usize, f32)) {
        P::hessian(self, x, add);
    }
}

/// Rosenbrock's function of so many numbers, `Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`.
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock(pub usize);

impl Problem for Rosenbrock {
    fn len(&self) -> usize {
        self.0
    }

    fn gradient(&self, x: &[f32], gradient: &mut [f32]) -> f32 {
        gradient.fill(0.0);
        let mut value = 0.0;
        for (i, pair) in x.windows(2).enumerate() {
            let (difference, rest) = (pair[1] - pair[0] * pair[0], 1.0 - pair[0]);
            value += 100.0 * difference * difference + rest * rest;
            gradient[i] += -400.0 * pair[0] * difference - 2.0 * rest;
            gradient[i + 1] += 200.0 * difference;
        }
        value
    }

    fn hessian(&self, x: &[f32], add: &mut dyn FnMut(usize, usize, f32)) {
        for (i, pair) in x.windows(2).enumerate() {
            add(i, i, 1200.0 * pair[0] * pair[0] - 400.0 * pair[1] + 2.0);
            add(i, i + 1, -400.0 * pair[0]);
            add(i + 1, i, -400.0 * pair[0]);
            add(i + 1, i + 1, 200.0);
        }
    }
}

/// `½·xᵀAx − bᵀx`, A symmetric.
#[derive(Clone, Debug)]
pub struct Quadratic {
    /// A, row after row.
    pub matrix: Vec<f32>,
    /// b.
    pub linear: Vec<f32>,
}

impl Problem for Quadratic {
    fn len(&self) -> usize {
        self.linear.len()
    }

    fn gradient(&self, x: &[f32], gradient: &mut [f32]) -> f32 {
        let mut value = 0.0;
        for (i, row) in self.matrix.chunks(x.len()).enumerate() {
            let product: f32 = row.iter().zip(x).map(|(a, x)| a * x).sum();
            value += x[i] * (0.5 * product - self.linear[i]);
            gradient[i] = product - self.linear[i];
        }
        value
    }

    fn hessian(&self, x: &[f32], add: &mut dyn FnMut(usize, usize, f32)) {
        for (index, element) in self.matrix.iter().enumerate() {
            add(index / x.len(), index % x.len(), *element);
        }
    }
}

/// Multinomial logistic regression: mean cross-entropy of `softmax(W·x)` and `λ/2·‖W‖²`, W class after class.
#[derive(Clone, Debug)]
pub struct LogisticRegression {
    /// Features of all samples.
    pub features: Vec<f32>,
    /// Their classes.
    pub labels: Vec<usize>,
    /// How many classes there are.
    pub classes: usize,
    /// λ.
    pub decay: f32,
}

impl LogisticRegression {
    fn width(&self) -> usize {
        self.features.len() / self.labels.len()
    }

    /// Each sample's features, loss, and the loss's gradient with respect to the logits.
    fn samples(&self, weights: &[f32]) -> impl Iterator<Item = (&[f32], f32, Vec<f32>)> {
        let width = self.width();
        self.features.chunks(width).zip(&self.labels).map(move |(x, label)| {
            let logit = |w: &[f32]| w.iter().zip(x).map(|(w, x)| w * x).sum();
            let logits: Vec<f32> = weights.chunks(width).map(logit).collect();
            let mut deltas = vec![0.0; self.classes];
            let loss = CrossEntropy::default().evaluate_slice(&logits, *label, &mut deltas);
            (x, loss.unwrap_or(f32::NAN), deltas)
        })
    }
}

impl Problem for LogisticRegression {
    fn len(&self) -> usize {
        self.classes * self.width()
    }

    fn gradient(&self, x: &[f32], gradient: &mut [f32]) -> f32 {
        let (share, mut value) = (1.0 / self.labels.len() as f32, 0.0);
        gradient.fill(0.0);
        for (features, loss, deltas) in self.samples(x) {
            value += loss * share;
            for (row, delta) in gradient.chunks_mut(features.len()).zip(deltas) {
                row.iter_mut().zip(features).for_each(|(g, x)| *g += share * delta * x);
            }
        }
        gradient.iter_mut().zip(x).for_each(|(g, x)| *g += self.decay * x);
        value + 0.5 * self.decay * x.iter().map(|x| x * x).sum::<f32>()
    }

    fn hessian(&self, x: &[f32], add: &mut dyn FnMut(usize, usize, f32)) {
        let (share, width) = (1.0 / self.labels.len() as f32, self.width());
        for ((features, _, mut p), label) in self.samples(x).zip(&self.labels) {
            p[*label] += 1.0;
            for (a, c) in (0..self.classes).flat_map(|a| (0..self.classes).map(move |c| (a, c))) {
                let between = share * p[a] * (f32::from(u8::from(a == c)) - p[c]);
                for (i, j) in (0..width).flat_map(|i| (0..width).map(move |j| (i, j))) {
                    add(a * width + i, c * width + j, between * features[i] * features[j]);
                }
            }
        }
        (0..x.len()).for_each(|i| add(i, i, self.decay));
    }
}
