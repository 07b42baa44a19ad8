//! A model of a step's cycles: every kernel that the step calls, as it was measured on the digits' network.

use super::{Optimizer, Shape, Way};
use crate::measured::region;

/// Columns of a kernel's widest block.
const BLOCK: u64 = 16;

/// Cycles of a Cortex-M4F for a step, without wait states.
///
/// # Errors
/// If a figure is missing in `benches/README.md`.
pub fn step(shape: &Shape, optimizer: Optimizer, way: Way) -> anyhow::Result<f64> {
    let samples = way.samples() as f64;
    let elements = samples * elementwise(shape)?;
    Ok(match way {
        Way::Sample => elements + passes(shape, "matvec", "matvec_transposed")? + fused_update(shape, optimizer)?,
        Way::MiniBatch(_) => {
            let gradient = matrices(shape, "rank_one")? + biases(shape) * unit("add 64")?;
            elements + samples * (passes(shape, "matvec", "matvec_transposed")? + gradient) + update(shape, optimizer)?
        }
        Way::Batch(_) => {
            let gradient = matrices(shape, "transposed_product 8x")? + biases(shape) * unit("add 64")?;
            elements + samples * (passes(shape, "product 8x", "product_transposed 8x")? + gradient) + update(shape, optimizer)?
        }
    })
}

/// Forward through every layer, and back through all but the first.
fn passes(shape: &Shape, forward: &str, backward: &str) -> anyhow::Result<f64> {
    let back: anyhow::Result<f64> = shape.layers().skip(1).map(|layer| matrix(backward, layer)).sum();
    Ok(matrices(shape, forward)? + back?)
}

/// What a sample takes beside the matrices: activations, softmax, and the bound of each gradient.
fn elementwise(shape: &Shape) -> anyhow::Result<f64> {
    let bounded: u64 = shape.layers().map(|(inputs, outputs)| inputs + outputs).sum();
    let (hidden, outputs) = (shape.hidden() as f64, shape.outputs() as f64);
    Ok(hidden * (unit("relu 32")? + unit("relu_backward 32")?)
        + outputs * unit("softmax 10")?
        + bounded as f64 * unit("sum_of_magnitudes 64")?)
}

/// The update with a gradient that is never stored.
fn fused_update(shape: &Shape, optimizer: Optimizer) -> anyhow::Result<f64> {
    match optimizer.fused_region() {
        Some(region) => Ok(shape.parameters() as f64 * unit(region)?),
        // A bias is a row whose input is one.
        None => shape.layers().map(|(inputs, outputs)| matrix("rank_one", (inputs + 1, outputs))).sum(),
    }
}

/// The update with a stored gradient: to its mean, and along it.
fn update(shape: &Shape, optimizer: Optimizer) -> anyhow::Result<f64> {
    Ok(shape.parameters() as f64 * (unit("scale 64")? + unit(optimizer.region())?))
}

fn biases(shape: &Shape) -> f64 {
    shape.layers().map(|(_, outputs)| outputs as f64).sum()
}

fn matrices(shape: &Shape, kernel: &str) -> anyhow::Result<f64> {
    shape.layers().map(|layer| matrix(kernel, layer)).sum()
}

/// A kernel over the weights of one layer: in whole blocks of columns as it was measured with 64 × 32, in the others as with
/// 32 × 10.
fn matrix(kernel: &str, (inputs, outputs): (u64, u64)) -> anyhow::Result<f64> {
    let separator = if kernel.ends_with('x') { "" } else { " " };
    let cycles = |size: &str| unit(&format!("{kernel}{separator}{size}"));
    let rest = outputs % BLOCK;
    Ok(inputs as f64 * ((outputs - rest) as f64 * cycles("64x32")? + rest as f64 * cycles("32x10")?))
}

/// Cycles for a unit of a region's work.
fn unit(name: &str) -> anyhow::Result<f64> {
    region(name).map(|(cycles, work)| cycles / work)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How far an estimate may be from what was measured: the loop around the kernels, and clearing a gradient.
    const TOLERANCE: f64 = 0.05;

    #[test]
    fn the_model_meets_the_steps_that_were_measured() {
        let digits = Shape::new(vec![64, 32, 10]);
        let steps = [
            ("step, SGD, 1 sample", Optimizer::Sgd, Way::Sample),
            ("step, momentum, 1 sample", Optimizer::Momentum, Way::Sample),
            ("step, Adam, 1 sample", Optimizer::Adam, Way::Sample),
            ("step, SGD, 8 samples", Optimizer::Sgd, Way::MiniBatch(8)),
            ("step, Adam, 8 samples", Optimizer::Adam, Way::MiniBatch(8)),
        ];
        for (name, optimizer, way) in steps {
            let (measured, estimate) = (region(name).unwrap().0, step(&digits, optimizer, way).unwrap());
            assert!((estimate / measured - 1.0).abs() < TOLERANCE, "{name}: {estimate}, not {measured}");
        }
    }
}
