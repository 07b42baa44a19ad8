//! Objectives that solvers are tried on, in `f32`, as a board would compute them.

use kilograd::Error;
use kilograd::solver::Objective;
use kilograd::tensor::{Matrix, Tensor, Vector};

/// Rosenbrock's function, `Σ 100·(xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)²`, with its Hessian.
#[derive(Clone, Copy, Debug)]
pub struct Rosenbrock;

impl<const N: usize> Objective<N> for Rosenbrock {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        let term = |pair: &[f32]| 100.0 * (pair[1] - pair[0] * pair[0]).powi(2) + (1.0 - pair[0]).powi(2);
        Ok(point.as_slice().windows(2).map(term).sum())
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        gradient.fill(0.0);
        let g = gradient.as_mut_slice();
        for (i, pair) in point.as_slice().windows(2).enumerate() {
            let difference = pair[1] - pair[0] * pair[0];
            g[i] += -400.0 * pair[0] * difference - 2.0 * (1.0 - pair[0]);
            g[i + 1] += 200.0 * difference;
        }
        self.value(point)
    }

    fn hessian(&mut self, point: &mut Vector<N>, _: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        hessian.fill(0.0);
        let h = hessian.as_mut_slice();
        for (i, pair) in point.as_slice().windows(2).enumerate() {
            h[i * N + i] += 1200.0 * pair[0] * pair[0] - 400.0 * pair[1] + 2.0;
            h[i * N + i + 1] -= 400.0 * pair[0];
            h[(i + 1) * N + i] -= 400.0 * pair[0];
            h[(i + 1) * N + i + 1] += 200.0;
        }
        Ok(0)
    }
}

/// `½·xᵀAx − bᵀx`, A symmetric, with its Hessian and the product.
#[derive(Clone, Debug)]
pub struct Quadratic<const N: usize> {
    /// A.
    pub matrix: Matrix<N, N>,
    /// b.
    pub linear: Vector<N>,
}

impl<const N: usize> Objective<N> for Quadratic<N> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        let mut product = Vector::from([0.0; N]);
        self.matrix.product(point, &mut product);
        Ok(0.5 * point.dot(&product) - self.linear.dot(point))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        self.matrix.product(point, gradient);
        let value = 0.5 * point.dot(gradient) - self.linear.dot(point);
        gradient.subtract(&self.linear);
        Ok(value)
    }

    fn hessian(&mut self, _: &mut Vector<N>, _: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        *hessian = self.matrix.clone();
        Ok(0)
    }

    fn hessian_product(
        &mut self,
        _: &Vector<N>,
        _: &Vector<N>,
        direction: &Vector<N>,
        _: &mut Vector<N>,
        product: &mut Vector<N>,
    ) -> Result<u32, Error> {
        self.matrix.product(direction, product);
        Ok(0)
    }
}

/// Multinomial logistic regression, `P = CLASSES·FEATURES` weights by class: mean cross-entropy of `softmax(W·x)` and
/// `λ/2·‖W‖²`. The Hessian is left to differences.
#[derive(Clone, Debug)]
pub struct LogisticRegression<const FEATURES: usize, const CLASSES: usize> {
    /// Samples and their classes.
    pub samples: Vec<([f32; FEATURES], usize)>,
    /// λ.
    pub decay: f32,
}

impl<const FEATURES: usize, const CLASSES: usize, const P: usize> Objective<P> for LogisticRegression<FEATURES, CLASSES> {
    fn value(&mut self, point: &Vector<P>) -> Result<f32, Error> {
        self.gradient(point, &mut Vector::from([0.0; P]))
    }

    fn gradient(&mut self, point: &Vector<P>, gradient: &mut Vector<P>) -> Result<f32, Error> {
        let (weights, count) = (point.as_slice().as_chunks::<FEATURES>().0, self.samples.len() as f32);
        gradient.fill(0.0);
        let mut loss = 0.0;
        for (features, class) in &self.samples {
            let logits: Vec<f32> = weights.iter().map(|w| w.iter().zip(features).map(|(w, x)| w * x).sum()).collect();
            let mut deltas = [0.0; CLASSES];
            loss += kilograd::loss::CrossEntropy::default().evaluate_slice(&logits, *class, &mut deltas)?;
            for (row, delta) in gradient.as_mut_slice().chunks_mut(FEATURES).zip(deltas) {
                row.iter_mut().zip(features).for_each(|(g, x)| *g += delta * x);
            }
        }
        gradient.scale(1.0 / count);
        gradient.add_scaled(self.decay, point);
        Ok(loss / count + 0.5 * self.decay * point.dot(point))
    }
}
