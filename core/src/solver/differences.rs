//! Second derivatives from differences of gradients.

use super::Objective;
use crate::error::Error;
use crate::tensor::{Matrix, Parameters, Tensor, Vector};

/// The cube root of ε: where the error of a central difference, of order h², meets that of rounding, ε/h.
const CENTRAL: f32 = 5e-3;
/// The square root of ε: the same for a forward difference, whose error is of order h.
const FORWARD: f32 = 3.5e-4;

/// `hᵢⱼ ≈ (∇f(x + h·eᵢ) − ∇f(x − h·eᵢ))ⱼ / 2h`, made symmetric; h is `max(1, |xᵢ|)·5e-3`.
pub(super) fn hessian<const N: usize, O: Objective<N> + ?Sized>(
    objective: &mut O,
    point: &mut Vector<N>,
    scratch: &mut Vector<N>,
    hessian: &mut Matrix<N, N>,
) -> Result<u32, Error> {
    let mut gradients = 0;
    for index in 0..N {
        let (Some(x), Some(row)) = (point.get(index), hessian.row_mut(index)) else { break };
        let step = if x.abs() > 1.0 { CENTRAL * x.abs() } else { CENTRAL };
        let (above, below) = (x + step, x - step);
        gradient_with(objective, point, index, above, scratch)?;
        *row = *scratch.as_array();
        gradient_with(objective, point, index, below, scratch)?;
        let width = above - below;
        for (difference, lower) in row.iter_mut().zip(scratch.as_slice()) {
            *difference = (*difference - lower) / width;
        }
        gradients += 2;
    }
    symmetrize(hessian);
    Ok(gradients)
}

/// The gradient at `point` with `value` in place of element `index`, which comes back.
fn gradient_with<const N: usize, O: Objective<N> + ?Sized>(
    objective: &mut O,
    point: &mut Vector<N>,
    index: usize,
    value: f32,
    gradient: &mut Vector<N>,
) -> Result<(), Error> {
    let Some(element) = point.get_mut(index) else { return Ok(()) };
    let before = core::mem::replace(element, value);
    let result = objective.gradient(point, gradient);
    if let Some(element) = point.get_mut(index) {
        *element = before;
    }
    result.map(|_| ())
}

/// Replaces each element and its mirror image by their mean.
fn symmetrize<const N: usize>(matrix: &mut Matrix<N, N>) {
    for i in 0..N {
        for j in 0..i {
            let mean = 0.5 * matrix.get(i, j).unwrap_or_default() + 0.5 * matrix.get(j, i).unwrap_or_default();
            for (i, j) in [(i, j), (j, i)] {
                if let Some(element) = matrix.get_mut(i, j) {
                    *element = mean;
                }
            }
        }
    }
}

/// `H·d ≈ (∇f(x + h·d) − ∇f(x)) / h` with `h·‖d‖∞ = (1 + ‖x‖∞)·3.5e-4`; zero for a direction of zero length.
pub(super) fn hessian_product<const N: usize, O: Objective<N> + ?Sized>(
    objective: &mut O,
    point: &Vector<N>,
    gradient: &Vector<N>,
    direction: &Vector<N>,
    scratch: &mut Vector<N>,
    product: &mut Vector<N>,
) -> Result<u32, Error> {
    let length = direction.norm_max();
    let step = FORWARD * (1.0 + point.norm_max()) / length;
    if length == 0.0 || !step.is_finite() {
        product.fill(0.0);
        return Ok(0);
    }
    scratch.copy_from(point);
    scratch.add_scaled(step, direction);
    objective.gradient(scratch, product)?;
    product.subtract(gradient);
    product.scale(1.0 / step);
    Ok(1)
}
