//! Slices that do not fit together: no kernel panics, each works on the rows and elements that all of its slices have, to
//! the bits of a call with just those, and leaves the rest alone.

use crate::draw::numbers;
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use proptest::prelude::*;

/// Slices of lengths that have nothing to do with each other.
fn slices<const N: usize>() -> impl Strategy<Value = [Vec<f32>; N]> {
    prop::array::uniform(prop_oneof![numbers(0..=40), numbers(0..=6)])
}

/// How many elements both have.
fn common(a: &[f32], b: &[f32]) -> usize {
    a.len().min(b.len())
}

/// How many whole rows of `columns` there are, at most one for each of `values`.
fn rows(matrix: &[f32], columns: usize, values: &[f32]) -> usize {
    matrix.len().checked_div(columns).unwrap_or(0).min(values.len())
}

/// Whether `got` begins with `want` and goes on as `old`: to the bit.
fn replaced(got: &[f32], want: &[f32], old: &[f32]) -> bool {
    let bits = |x: &f32| x.to_bits();
    got.iter().map(bits).eq(want.iter().chain(&old[want.len()..]).map(bits))
}

/// A copy that a kernel may write to.
fn changed(x: &[f32], change: impl FnOnce(&mut [f32])) -> Vec<f32> {
    let mut x = x.to_vec();
    change(&mut x);
    x
}

proptest! {
    #[test]
    fn reductions([a, b] in slices()) {
        let n = common(&a, &b);
        prop_assert_eq!(kernel::dot(&a, &b).to_bits(), kernel::dot(&a[..n], &b[..n]).to_bits());
    }

    #[test]
    fn one_pass_over_slices([x, y, z] in slices()) {
        let n = common(&x, &y);
        let axpy = |x: &[f32], y: &[f32]| changed(y, |y| kernel::axpy(0.5, x, y));
        prop_assert!(replaced(&axpy(&x, &y), &axpy(&x[..n], &y[..n]), &y));
        let add = |x: &[f32], y: &[f32]| changed(y, |y| kernel::add(x, y));
        prop_assert!(replaced(&add(&x, &y), &add(&x[..n], &y[..n]), &y));
        let n = common(&x, &z);
        let backward = |x: &[f32], z: &[f32]| changed(z, |z| kernel::relu_backward(x, z));
        prop_assert!(replaced(&backward(&x, &z), &backward(&x[..n], &z[..n]), &z));
    }

    #[test]
    fn softmax([x, y] in slices()) {
        let n = common(&x, &y);
        let softmax = |x: &[f32], y: &[f32]| changed(y, |y| { kernel::softmax(x, y); });
        prop_assert!(replaced(&softmax(&x, &y), &softmax(&x[..n], &y[..n]), &y));
    }

    #[test]
    fn matvec([weights, input, bias, output] in slices()) {
        let matvec = |w: &[f32], x: &[f32], b: &[f32], y: &[f32]| changed(y, |y| kernel::matvec(w, x, b, y));
        let n = common(&bias, &output);
        let r = rows(&weights, output.len(), &input);
        // Rows keep their stride, the outputs' length; a bias that is longer is the way to call it with fewer outputs.
        let mut padded = bias[..n].to_vec();
        padded.resize(output.len(), 0.0);
        let want = matvec(&weights[..r * output.len()], &input[..r], &padded, &output);
        prop_assert!(replaced(&matvec(&weights, &input, &bias, &output), &want[..n], &output));
    }

    #[test]
    fn matvec_transposed([weights, deltas, output] in slices()) {
        let product = |w: &[f32], d: &[f32], x: &[f32]| changed(x, |x| kernel::matvec_transposed(w, d, x));
        let r = rows(&weights, deltas.len(), &output);
        let want = product(&weights[..r * deltas.len()], &deltas, &output[..r]);
        prop_assert!(replaced(&product(&weights, &deltas, &output), &want, &output));
    }

    #[test]
    fn rank_one([input, deltas, weights] in slices()) {
        let rank_one = |x: &[f32], w: &[f32]| changed(w, |w| kernel::rank_one(0.5, x, &deltas, w));
        let r = rows(&weights, deltas.len(), &input);
        let want = rank_one(&input[..r], &weights[..r * deltas.len()]);
        prop_assert!(replaced(&rank_one(&input, &weights), &want, &weights));
    }

    #[test]
    fn product([a, b, bias, c] in slices()) {
        let product = changed(&c, |c| kernel::product(&a, &b, &bias, c));
        let inputs = b.len().checked_div(bias.len()).unwrap_or(0);
        let r = rows(&a, inputs, &c).min(c.len().checked_div(bias.len()).unwrap_or(0));
        let want = changed(&c[..r * bias.len()], |c| kernel::product(&a[..r * inputs], &b[..inputs * bias.len()], &bias, c));
        prop_assert!(replaced(&product, &want, &c));
    }

    #[test]
    fn transposed_product(samples in 0..=9_usize, [a, b, c] in slices()) {
        let [inputs, outputs] = [&a, &b].map(|x| x.len().checked_div(samples).unwrap_or(0));
        let product = |a: &[f32], b: &[f32], c: &[f32]| changed(c, |c| kernel::transposed_product(samples, a, b, c));
        let r = rows(&c, outputs, &a).min(inputs);
        let want = product(&a[..samples * inputs], &b[..samples * outputs], &c);
        prop_assert!(replaced(&product(&a, &b, &c), &want[..r * outputs], &c), "{} samples", samples);
    }

    #[test]
    fn product_transposed(samples in 0..=9_usize, [a, b, c] in slices()) {
        let [outputs, inputs] = [&a, &c].map(|x| x.len().checked_div(samples).unwrap_or(0));
        let product = |a: &[f32], b: &[f32], c: &[f32]| changed(c, |c| kernel::product_transposed(samples, a, b, c));
        let want = product(&a[..samples * outputs], &b, &c[..samples * inputs]);
        prop_assert!(replaced(&product(&a, &b, &c), &want, &c), "{} samples", samples);
    }

    #[test]
    fn momentum([weights, gradient, velocity] in slices(), nesterov in any::<bool>()) {
        let step = MomentumStep { learning_rate: 0.5, momentum: 0.5, gain: 1.0, nesterov };
        let n = common(&weights, &gradient).min(velocity.len());
        let run = |n: [usize; 3]| {
            let (mut w, mut v) = (weights[..n[0]].to_vec(), velocity[..n[2]].to_vec());
            kernel::momentum(&step, &mut w, &gradient[..n[1]], &mut v);
            (w, v)
        };
        let (got, want) = (run([weights.len(), gradient.len(), velocity.len()]), run([n; 3]));
        prop_assert!(replaced(&got.0, &want.0, &weights) && replaced(&got.1, &want.1, &velocity));
    }

    #[test]
    fn momentum_outer([input, deltas, weights, velocity] in slices(), nesterov in any::<bool>()) {
        let step = MomentumStep { learning_rate: 0.5, momentum: 0.5, gain: 1.0, nesterov };
        let r = rows(&weights, deltas.len(), &input).min(rows(&velocity, deltas.len(), &input));
        let run = |rows: usize, n: [usize; 2]| {
            let (mut w, mut v) = (weights[..n[0]].to_vec(), velocity[..n[1]].to_vec());
            kernel::momentum_outer(&step, &input[..rows], &deltas, &mut w, &mut v);
            (w, v)
        };
        let (got, want) = (run(input.len(), [weights.len(), velocity.len()]), run(r, [r * deltas.len(); 2]));
        prop_assert!(replaced(&got.0, &want.0, &weights) && replaced(&got.1, &want.1, &velocity));
    }

    #[test]
    fn adam([weights, gradient, m, v] in slices()) {
        let n = common(&weights, &gradient).min(common(&m, &v));
        let run = |n: [usize; 4]| {
            let [mut w, mut m, mut v] = [weights[..n[0]].to_vec(), m[..n[2]].to_vec(), v[..n[3]].to_vec()];
            kernel::adam(&ADAM, &mut w, &gradient[..n[1]], &mut m, &mut v);
            [w, m, v]
        };
        let (got, want) = (run([weights.len(), gradient.len(), m.len(), v.len()]), run([n; 4]));
        prop_assert!([&weights, &m, &v].into_iter().zip(got.iter().zip(&want)).all(|(old, (got, want))| replaced(got, want, old)));
    }

    #[test]
    fn adam_outer([input, deltas, weights, m, v] in slices()) {
        let all = [&weights, &m, &v];
        let r = all.into_iter().map(|x| rows(x, deltas.len(), &input)).min().unwrap_or(0);
        let run = |rows: usize, n: [usize; 3]| {
            let [mut w, mut m, mut v] = [weights[..n[0]].to_vec(), m[..n[1]].to_vec(), v[..n[2]].to_vec()];
            kernel::adam_outer(&ADAM, &input[..rows], &deltas, &mut w, &mut m, &mut v);
            [w, m, v]
        };
        let (got, want) = (run(input.len(), all.map(Vec::len)), run(r, [r * deltas.len(); 3]));
        prop_assert!(all.into_iter().zip(got.iter().zip(&want)).all(|(old, (got, want))| replaced(got, want, old)));
    }
}

const ADAM: AdamStep =
    AdamStep { rate: 0.1, beta1: 0.9, gain1: 0.1, beta2: 0.99, gain2: 0.01, root_correction: 3.0, epsilon: 1e-3 };
