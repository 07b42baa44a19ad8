//! Sums of squares, and their Gauss-Newton matrix.

use super::Objective;
use crate::error::Error;
use crate::tensor::{Matrix, Tensor, Vector};
use kilograd_simd::kernel;

/// Functions of `N` numbers that should all become zero: what is left between a model and its data.
pub trait Residuals<const N: usize> {
    /// Shows each residual at `point` to `see`: its value, and its gradient if `gradients` asks for it (else anything).
    ///
    /// # Errors
    /// What keeps one from being evaluated: a sample that cannot be read.
    fn each(&mut self, point: &Vector<N>, gradients: bool, see: &mut impl FnMut(f32, &Vector<N>)) -> Result<(), Error>;
}

/// `f(x) = ½·Σ rᵢ(x)²` as an [`Objective`] whose Hessian is the Gauss-Newton matrix `JᵀJ`, added up one residual at a time; the
/// rows of J are never stored together. *Memory:* none of its own.
///
/// Over this, [`Newton`](super::Newton) is the Gauss-Newton method and [`DampedNewton`](super::DampedNewton) that of Levenberg and
/// Marquardt. JᵀJ leaves out the residuals' own curvature, which does not matter where they are small, and is never indefinite.
/// Source: *Deep Learning*, section 8.6.1; Nocedal and Wright, *Numerical Optimization*, chapter 10.
///
/// ```
/// use kilograd::prelude::*;
/// use kilograd::solver::{DampedNewton, LeastSquares, Residuals, Solver, Stop, Stopping, Workspace};
///
/// /// An exponential through three points: `a·eᵇᵗ`.
/// struct Decay([(f32, f32); 3]);
///
/// impl Residuals<2> for Decay {
///     fn each(&mut self, point: &Vector<2>, _: bool, see: &mut impl FnMut(f32, &Vector<2>)) -> Result<(), Error> {
///         let [a, b] = point.as_array();
///         for (t, y) in self.0 {
///             let power = (b * t).exp();
///             see(a * power - y, &Vector::new([power, a * t * power]));
///         }
///         Ok(())
///     }
/// }
///
/// let mut decay = LeastSquares(Decay([(0.0, 2.0), (1.0, 1.0), (2.0, 0.5)]));
/// let (mut workspace, mut point) = (Workspace::<2, DampedNewton>::ZERO, Vector::new([1.0, 0.0]));
/// let report = DampedNewton::DEFAULT.minimize(&mut decay, &mut point, &mut workspace, &Stopping::DEFAULT)?;
/// assert_eq!(report.stop, Stop::Converged);
/// assert!((point.as_array()[0] - 2.0).abs() < 1e-3 && (point.as_array()[1] + 0.6931).abs() < 1e-3);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LeastSquares<R>(pub R);

impl<const N: usize, R: Residuals<N>> Objective<N> for LeastSquares<R> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        let mut sum = 0.0;
        self.0.each(point, false, &mut |residual, _| sum += residual * residual)?;
        Ok(0.5 * sum)
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        gradient.fill(0.0);
        let mut sum = 0.0;
        self.0.each(point, true, &mut |residual, row| {
            sum += residual * residual;
            gradient.add_scaled(residual, row);
        })?;
        Ok(0.5 * sum)
    }

    fn hessian(&mut self, point: &mut Vector<N>, _: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        hessian.fill(0.0);
        self.0.each(point, true, &mut |_, row| kernel::rank_one(1.0, row.as_slice(), row.as_slice(), hessian.as_mut_slice()))?;
        Ok(1)
    }
}
