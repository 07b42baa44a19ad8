//! The kernels as obvious loops in their documented order of additions.

use kilograd_simd::kernel::{AdamStep, MomentumStep};
use kilograd_simd::math::{exp, multiply_add};

/// Four lanes, element i in lane i mod 4, each from +0; then (l₀ + l₂) + (l₁ + l₃).
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0; 4];
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        lanes[i % 4] = multiply_add(*a, *b, lanes[i % 4]);
    }
    (lanes[0] + lanes[2]) + (lanes[1] + lanes[3])
}

/// The lanes of a dot product.
pub fn sum_of_magnitudes(x: &[f32]) -> f32 {
    let mut lanes = [0.0; 4];
    for (i, x) in x.iter().enumerate() {
        lanes[i % 4] += x.abs();
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
    rank_ones(1.0, samples, a, b, c);
}

/// `rank_one` for every sample, in natural order.
pub fn rank_ones(alpha: f32, samples: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    for s in 0..samples {
        let row = |x: &[f32]| s * (x.len() / samples)..(s + 1) * (x.len() / samples);
        rank_one(alpha, &a[row(a)], &b[row(b)], c);
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

/// `v ← μ·v + γ·g`, then `w ← w − η·v`, or with Nesterov's look-ahead `w ← w − η·(g + μ·v)`.
pub fn momentum(step: &MomentumStep, input: &[f32], deltas: &[f32], weights: &mut [f32], velocity: &mut [f32]) {
    let columns = deltas.len().max(1);
    for (x, (w, v)) in input.iter().zip(weights.chunks_exact_mut(columns).zip(velocity.chunks_exact_mut(columns))) {
        for (d, (w, v)) in deltas.iter().zip(w.iter_mut().zip(v)) {
            let g = x * d;
            *v = multiply_add(step.gain, g, step.momentum * *v);
            let ahead = if step.nesterov { multiply_add(step.momentum, *v, g) } else { *v };
            *w = multiply_add(-step.learning_rate, ahead, *w);
        }
    }
}

/// `m ← β₁·m + (1 − β₁)·g`, `v ← β₂·v + (1 − β₂)·g²`, `w ← w − rate·(m / (√v·c + ε))`.
pub fn adam(step: &AdamStep, input: &[f32], deltas: &[f32], [weights, m, v]: [&mut [f32]; 3]) {
    let columns = deltas.len().max(1);
    let rows = weights.chunks_exact_mut(columns).zip(m.chunks_exact_mut(columns)).zip(v.chunks_exact_mut(columns));
    for (x, ((w, m), v)) in input.iter().zip(rows) {
        for (d, ((w, m), v)) in deltas.iter().zip(w.iter_mut().zip(m).zip(v)) {
            *w = multiply_add(-step.rate, step.direction(x * d, m, v), *w);
        }
    }
}

/// NaN stays, and −0 becomes 0.
pub fn relu(x: &mut [f32]) {
    for x in x {
        *x = if *x > 0.0 || x.is_nan() { *x } else { 0.0 };
    }
}

/// Zero where the unit was off.
pub fn relu_backward(y: &[f32], d: &mut [f32]) {
    for (y, d) in y.iter().zip(d) {
        *d = if *y > 0.0 { *d } else { 0.0 };
    }
}

/// Over as many as there are of both; the sum is that of a dot product with ones.
pub fn softmax(x: &[f32], y: &mut [f32]) {
    let largest = x.iter().fold(f32::NEG_INFINITY, |largest, x| if *x > largest { *x } else { largest });
    for (x, y) in x.iter().zip(y.iter_mut()) {
        *y = exp(*x - largest);
    }
    let mut lanes = [0.0; 4];
    for (i, y) in y.iter().enumerate() {
        lanes[i % 4] += *y;
    }
    let sum = (lanes[0] + lanes[2]) + (lanes[1] + lanes[3]);
    for y in y {
        *y /= sum;
    }
}
