//! What a solver minimises.

use super::differences;
use crate::error::Error;
use crate::tensor::{Matrix, Vector};

/// A differentiable function of `N` numbers. Solvers call it as often as they say, one point at a time.
///
/// ```
/// use kilograd::Error;
/// use kilograd::solver::Objective;
/// use kilograd::tensor::Vector;
///
/// /// `(x − 1)² + 10·y²`.
/// struct Bowl;
///
/// impl Objective<2> for Bowl {
///     fn value(&mut self, point: &Vector<2>) -> Result<f32, Error> {
///         let [x, y] = point.as_array();
///         Ok((x - 1.0) * (x - 1.0) + 10.0 * y * y)
///     }
///
///     fn gradient(&mut self, point: &Vector<2>, gradient: &mut Vector<2>) -> Result<f32, Error> {
///         let [x, y] = point.as_array();
///         *gradient.as_mut_array() = [2.0 * (x - 1.0), 20.0 * y];
///         self.value(point)
///     }
/// }
/// ```
pub trait Objective<const N: usize> {
    /// The value at `point`. Where the function is not defined it may be infinite or NaN: solvers take that for too high.
    ///
    /// # Errors
    /// What keeps it from being evaluated at all: a sample that cannot be read.
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error>;

    /// Writes the gradient at `point` and returns the value.
    ///
    /// # Errors
    /// As [`value`](Objective::value).
    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error>;

    /// Writes the Hessian at `point`, or what a method that needs one is to take for it, and returns how many gradients that
    /// took. Unless it is given, by central differences: 2·N gradients. `scratch` ends with anything, `point` as it was.
    ///
    /// # Errors
    /// As [`value`](Objective::value).
    fn hessian(&mut self, point: &mut Vector<N>, scratch: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        differences::hessian(self, point, scratch, hessian)
    }

    /// Writes the Hessian at `point`, where the gradient is `gradient`, times `direction`, and returns how many gradients that
    /// took. Unless it is given, by a forward difference: one gradient. `scratch` ends with anything.
    ///
    /// # Errors
    /// As [`value`](Objective::value).
    fn hessian_product(
        &mut self,
        point: &Vector<N>,
        gradient: &Vector<N>,
        direction: &Vector<N>,
        scratch: &mut Vector<N>,
        product: &mut Vector<N>,
    ) -> Result<u32, Error> {
        differences::hessian_product(self, point, gradient, direction, scratch, product)
    }
}

impl<const N: usize, O: Objective<N> + ?Sized> Objective<N> for &mut O {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        O::value(self, point)
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        O::gradient(self, point, gradient)
    }

    fn hessian(&mut self, point: &mut Vector<N>, scratch: &mut Vector<N>, hessian: &mut Matrix<N, N>) -> Result<u32, Error> {
        O::hessian(self, point, scratch, hessian)
    }

    fn hessian_product(
        &mut self,
        point: &Vector<N>,
        gradient: &Vector<N>,
        direction: &Vector<N>,
        scratch: &mut Vector<N>,
        product: &mut Vector<N>,
    ) -> Result<u32, Error> {
        O::hessian_product(self, point, gradient, direction, scratch, product)
    }
}

/// A function given as two closures over `[f32; N]`: the value at a point, and the gradient at a point.
///
/// ```
/// use kilograd::solver::{Function, Objective};
/// use kilograd::tensor::{Vector, Zero};
///
/// let mut parabola = Function { value: |[x]: &[f32; 1]| x * x, gradient: |[x]: &[f32; 1]| [2.0 * x] };
/// let mut gradient = Vector::ZERO;
/// assert_eq!(parabola.gradient(&Vector::new([3.0]), &mut gradient), Ok(9.0));
/// assert_eq!(gradient, Vector::new([6.0]));
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Function<V, G> {
    /// The value at a point.
    pub value: V,
    /// The gradient at a point.
    pub gradient: G,
}

impl<const N: usize, V: FnMut(&[f32; N]) -> f32, G: FnMut(&[f32; N]) -> [f32; N]> Objective<N> for Function<V, G> {
    fn value(&mut self, point: &Vector<N>) -> Result<f32, Error> {
        Ok((self.value)(point.as_array()))
    }

    fn gradient(&mut self, point: &Vector<N>, gradient: &mut Vector<N>) -> Result<f32, Error> {
        *gradient.as_mut_array() = (self.gradient)(point.as_array());
        self.value(point)
    }
}
