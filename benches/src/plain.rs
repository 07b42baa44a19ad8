//! What one would write without a library: fixed-size arrays and plain loops, left to the compiler; as the build's target has it,
//! and with AVX2.

// What has target features is safe where they are; who calls it from elsewhere says why they are there.
#![allow(clippy::missing_safety_doc)]

macro_rules! plain_loops {
    ($name:ident, $about:literal $(, #[$attribute:meta])?) => {
        #[doc = $about]
        pub mod $name {
            /// A dense layer's weights, input-major, and bias; or what belongs to each of them.
            #[derive(Clone)]
            struct Dense<const IN: usize, const OUT: usize> {
                weights: [[f32; OUT]; IN],
                bias: [f32; OUT],
            }

            impl<const IN: usize, const OUT: usize> Dense<IN, OUT> {
                const ZERO: Self = Self { weights: [[0.0; OUT]; IN], bias: [0.0; OUT] };

                $(#[$attribute])?
                fn forward<const B: usize>(&self, x: &[[f32; IN]; B], y: &mut [[f32; OUT]; B]) {
                    for (x, y) in x.iter().zip(y) {
                        *y = self.bias;
                        for (x, row) in x.iter().zip(&self.weights) {
                            for (y, w) in y.iter_mut().zip(row) {
                                *y += x * w;
                            }
                        }
                    }
                }

                $(#[$attribute])?
                fn accumulate<const B: usize>(&mut self, x: &[[f32; IN]; B], d: &[[f32; OUT]; B]) {
                    for (x, d) in x.iter().zip(d) {
                        for (x, row) in x.iter().zip(&mut self.weights) {
                            for (g, d) in row.iter_mut().zip(d) {
                                *g += x * d;
                            }
                        }
                        for (g, d) in self.bias.iter_mut().zip(d) {
                            *g += d;
                        }
                    }
                }
            }

            /// A network of two layers.
            pub struct Plain<const IN: usize, const HIDDEN: usize, const OUT: usize>(Box<(Dense<IN, HIDDEN>, Dense<HIDDEN, OUT>)>);

            /// What a step of a batch needs besides.
            pub struct State<const IN: usize, const HIDDEN: usize, const OUT: usize, const B: usize> {
                gradient: Plain<IN, HIDDEN, OUT>,
                m: Plain<IN, HIDDEN, OUT>,
                v: Plain<IN, HIDDEN, OUT>,
                hidden: Box<[[f32; HIDDEN]; B]>,
                output: Box<[[f32; OUT]; B]>,
            }

            impl<const IN: usize, const HIDDEN: usize, const OUT: usize, const B: usize> State<IN, HIDDEN, OUT, B> {
                /// Nothing remembered.
                #[allow(clippy::new_without_default)]
                pub fn new() -> Self {
                    let zero = || Plain(Box::new((Dense::ZERO, Dense::ZERO)));
                    let (hidden, output) = (Box::new([[0.0; HIDDEN]; B]), Box::new([[0.0; OUT]; B]));
                    Self { gradient: zero(), m: zero(), v: zero(), hidden, output }
                }
            }

            impl<const IN: usize, const HIDDEN: usize, const OUT: usize> Plain<IN, HIDDEN, OUT> {
                /// A network with these weights, each divided by eight, and no biases.
                pub fn new(first: &[f32], second: &[f32]) -> Self {
                    let mut network = Self(Box::new((Dense::ZERO, Dense::ZERO)));
                    network.0.0.weights.as_flattened_mut().iter_mut().zip(first).for_each(|(w, x)| *w = x / 8.0);
                    network.0.1.weights.as_flattened_mut().iter_mut().zip(second).for_each(|(w, x)| *w = x / 8.0);
                    network
                }

                /// One step with momentum 0.9, or with Adam; returns the loss.
                $(#[$attribute])?
                pub fn step<const B: usize>(
                    &mut self,
                    input: &[[f32; IN]; B],
                    labels: &[usize; B],
                    state: &mut State<IN, HIDDEN, OUT, B>,
                    rate: f32,
                    by_adam: bool,
                ) -> f32 {
                    let State { gradient, m, v, hidden, output } = state;
                    self.0.0.forward(input, hidden);
                    hidden.as_flattened_mut().iter_mut().for_each(|h| *h = if *h > 0.0 { *h } else { 0.0 });
                    self.0.1.forward(hidden, output);
                    let mut loss = 0.0;
                    for (y, label) in output.iter_mut().zip(labels) {
                        loss += cross_entropy(y, *label, 1.0 / B as f32);
                    }
                    *gradient.0 = (Dense::ZERO, Dense::ZERO);
                    gradient.0.1.accumulate(hidden, output);
                    for (h, d) in hidden.iter_mut().zip(output.iter()) {
                        for (h, row) in h.iter_mut().zip(&self.0.1.weights) {
                            let back: f32 = row.iter().zip(d).map(|(w, d)| w * d).sum();
                            *h = if *h > 0.0 { back } else { 0.0 };
                        }
                    }
                    gradient.0.0.accumulate(input, hidden);
                    for (((w, g), m), v) in self.groups().into_iter().zip(gradient.groups()).zip(m.groups()).zip(v.groups()) {
                        if by_adam { adam(w, g, m, v, rate) } else { momentum(w, g, v, rate) }
                    }
                    loss
                }

                fn groups(&mut self) -> [&mut [f32]; 4] {
                    let (first, second) = &mut *self.0;
                    [first.weights.as_flattened_mut(), &mut first.bias, second.weights.as_flattened_mut(), &mut second.bias]
                }
            }

            /// Turns logits into the gradient of their cross-entropy times `share`, and returns the cross-entropy.
            $(#[$attribute])?
            fn cross_entropy<const N: usize>(y: &mut [f32; N], label: usize, share: f32) -> f32 {
                let largest = y.iter().fold(f32::NEG_INFINITY, |m, x| m.max(*x));
                let logit = y[label];
                let mut sum = 0.0;
                for y in y.iter_mut() {
                    *y = (*y - largest).exp();
                    sum += *y;
                }
                y.iter_mut().for_each(|y| *y *= share / sum);
                y[label] -= share;
                (largest - logit) + sum.ln()
            }

            /// `v ← 0.9·v + g`, `w ← w − η·v`.
            $(#[$attribute])?
            pub fn momentum(weights: &mut [f32], gradient: &[f32], velocity: &mut [f32], rate: f32) {
                for ((w, g), v) in weights.iter_mut().zip(gradient).zip(velocity) {
                    *v = 0.9 * *v + g;
                    *w -= rate * *v;
                }
            }

            /// Adam's step without the bias corrections.
            $(#[$attribute])?
            pub fn adam(weights: &mut [f32], gradient: &[f32], m: &mut [f32], v: &mut [f32], rate: f32) {
                for (((w, g), m), v) in weights.iter_mut().zip(gradient).zip(m).zip(v) {
                    *m = 0.9 * *m + 0.1 * g;
                    *v = 0.999 * *v + 0.001 * (g * g);
                    *w -= rate * (*m / (v.sqrt() + 1e-8));
                }
            }
        }
    };
}

plain_loops!(portable, "With what every processor of the target has.");
#[cfg(target_arch = "x86_64")]
plain_loops!(avx2, "With what x86-64 has since AVX2.", #[target_feature(enable = "avx2,fma,bmi2")]);
