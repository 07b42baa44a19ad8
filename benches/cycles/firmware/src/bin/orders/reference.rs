//! The kernels as obvious loops in their documented order of additions.

use kilograd_simd::math::multiply_add;

/// Four lanes, element i in lane i mod 4, each from +0; then (l₀ + l₂) + (l₁ + l₃).
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; 4];
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        lanes[i % 4] = multiply_add(*a, *b, lanes[i % 4]);
    }
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// From the bias, over the inputs in natural order.
pub fn matvec(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) {
    let columns = output.len();
    for j in 0..columns.min(bias.len()) {
        output[j] = bias[j];
        for (x, row) in input.iter().zip(weights.chunks_exact(columns)) {
            output[j] = multiply_add(*x, row[j], output[j]);
        }
    }
}

/// A dot product for each row.
pub fn matvec_transposed(weights: &[f32], deltas: &[f32], output: &mut [f32]) {
    for (x, row) in output.iter_mut().zip(weights.chunks_exact(deltas.len().max(1))) {
        if !deltas.is_empty() {
            *x = dot(row, deltas);
        }
    }
}

pub fn rank_one(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    for (x, row) in input.iter().zip(weights.chunks_exact_mut(deltas.len().max(1))) {
        for (w, d) in row.iter_mut().zip(deltas) {
            *w = multiply_add(*x, alpha * d, *w);
        }
    }
}

/// `matvec` for every row of A.
pub fn product(a: &[f32], b: &[f32], bias: &[f32], c: &mut [f32]) {
    let (inputs, outputs) = (b.len().checked_div(bias.len()).unwrap_or(0), bias.len());
    if inputs == 0 {
        return;
    }
    for (a, c) in a.chunks_exact(inputs).zip(c.chunks_exact_mut(outputs)) {
        matvec(b, a, bias, c);
    }
}

/// From the old value, over the samples in natural order.
pub fn transposed_product(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    for s in 0..samples {
        let row = |x: &[f32]| s * (x.len() / samples)..(s + 1) * (x.len() / samples);
        rank_one(1.0, &a[row(a)], &b[row(b)], c);
    }
}

/// `matvec_transposed` for every row of A.
pub fn product_transposed(samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    for s in 0..samples {
        let row = |x: &[f32]| s * (x.len() / samples)..(s + 1) * (x.len() / samples);
        let of_c = row(c);
        matvec_transposed(b, &a[row(a)], &mut c[of_c]);
    }
}
