//! The update rules.

use super::{for_sources, multiply_add, same, shapes};
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use kilograd_simd::math::sqrt;

#[test]
fn momentum() {
    for_sources(|source| {
        for (n, m) in shapes() {
            for nesterov in [false, true] {
                let step =
                    MomentumStep { learning_rate: source.value(), momentum: source.value(), gain: source.value(), nesterov };
                let one = |w: &mut f32, g: f32, v: &mut f32| {
                    *v = multiply_add(step.gain, g, step.momentum * *v);
                    let ahead = if nesterov { multiply_add(step.momentum, *v, g) } else { *v };
                    *w = multiply_add(-step.learning_rate, ahead, *w);
                };
                let (w, v, g) = (source.vector(n + 2), source.vector(n + m % 3), source.vector(n));
                let (mut got, mut want) = ((w.clone(), v.clone()), (w, v));
                kernel::momentum(&step, &mut got.0, &g, &mut got.1);
                for ((w, g), v) in want.0.iter_mut().zip(&g).zip(&mut want.1) {
                    one(w, *g, v);
                }
                same(&[got.0, got.1].concat(), &[want.0, want.1].concat(), &format!("momentum {n}"));

                let (x, d) = (source.vector(n), source.vector(m));
                let (w, v) = (source.vector(n * m + 1), source.vector(n * m));
                let (mut got, mut want) = ((w.clone(), v.clone()), (w, v));
                kernel::momentum_outer(&step, &x, &d, &mut got.0, &mut got.1);
                for (k, (w, v)) in want.0.iter_mut().zip(&mut want.1).enumerate() {
                    one(w, x[k / m] * d[k % m], v);
                }
                same(&[got.0, got.1].concat(), &[want.0, want.1].concat(), &format!("momentum_outer {n} {m}"));
            }
        }
    });
}

#[test]
fn adam() {
    for_sources(|source| {
        for (n, m) in shapes() {
            let step = AdamStep {
                rate: source.value(),
                beta1: source.value(),
                gain1: source.value(),
                beta2: source.value(),
                gain2: source.value(),
                root_correction: source.value(),
                epsilon: source.value(),
            };
            let one = |w: &mut f32, g: f32, m: &mut f32, v: &mut f32| {
                *m = multiply_add(step.gain1, g, step.beta1 * *m);
                *v = multiply_add(step.gain2, g * g, step.beta2 * *v);
                let direction = *m / multiply_add(sqrt(*v), step.root_correction, step.epsilon);
                *w = multiply_add(-step.rate, direction, *w);
            };
            let (w, g) = (source.vector(n + 2), source.vector(n + m % 2));
            let (first, second) = (source.vector(n + 1), source.vector(n));
            let mut got = [w, first, second];
            let mut want = got.clone();
            let [w, first, second] = &mut got;
            kernel::adam(&step, w, &g, first, second);
            let [w, first, second] = &mut want;
            for (((w, g), m), v) in w.iter_mut().zip(&g).zip(first).zip(second) {
                one(w, *g, m, v);
            }
            same(&got.concat(), &want.concat(), &format!("adam {n}"));

            let (x, d) = (source.vector(n), source.vector(m));
            let mut got = [source.vector(n * m), source.vector(n * m + 1), source.vector(n * m + 3)];
            let mut want = got.clone();
            let [w, first, second] = &mut got;
            kernel::adam_outer(&step, &x, &d, w, first, second);
            let [w, first, second] = &mut want;
            for (k, ((w, first), second)) in w.iter_mut().zip(first).zip(second).enumerate() {
                one(w, x[k / m] * d[k % m], first, second);
            }
            same(&got.concat(), &want.concat(), &format!("adam_outer {n} {m}"));
        }
    });
}
