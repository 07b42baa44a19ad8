//! Random shapes from 1 to 200, slices that begin anywhere, and special values: every level gives the bits of the portable body,
//! which the other tests hold against plain loops.

use super::{Source, bits, on_every_level};
use kilograd_simd::backend::{Level, force};
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};

/// How many shapes are tried.
const SHAPES: u64 = if cfg!(miri) { 2 } else { 60 };
/// How far into a cache line a slice may begin, and how much stands after it untouched.
const MARGIN: usize = 16;

/// A slice at a random place in memory, with what surrounds it.
struct Slice {
    all: Vec<f32>,
    from: usize,
    length: usize,
}

impl Slice {
    fn new(source: &mut Source, length: usize) -> Self {
        let from = source.below(MARGIN);
        Self { all: source.vector(from + length + MARGIN), from, length }
    }

    fn get(&self) -> &[f32] {
        &self.all[self.from..self.from + self.length]
    }

    fn get_mut(&mut self) -> &mut [f32] {
        &mut self.all[self.from..self.from + self.length]
    }
}

/// Runs every kernel on random shapes and slices; returns all that was written and all that surrounds it.
fn everything(seed: u64, special: u32) -> Vec<u32> {
    let mut source = Source::new(seed, special);
    let [samples, inputs, outputs] = (if cfg!(miri) { [5, 9, 9] } else { [40, 200, 200] }).map(|most| 1 + source.below(most));
    let mut slice = |length| Slice::new(&mut source, length);
    let (x, d, w) = (slice(inputs), slice(outputs), slice(inputs * outputs));
    let (batch, deltas, bias) = (slice(samples * inputs), slice(samples * outputs), slice(outputs));
    let mut out: Vec<Slice> = Vec::new();
    let mut write = |length: usize, kernel: &mut dyn FnMut(&mut [f32])| {
        let mut to = slice(length);
        kernel(to.get_mut());
        out.push(to);
    };
    let (x, d, w, batch, deltas, bias) = (x.get(), d.get(), w.get(), batch.get(), deltas.get(), bias.get());
    let momentum = MomentumStep { learning_rate: 0.1, momentum: 0.9, gain: 0.7, nesterov: seed.is_multiple_of(2) };
    let adam = AdamStep { rate: 0.1, beta1: 0.9, gain1: 0.1, beta2: 0.9, gain2: 0.1, root_correction: 1.1, epsilon: 1e-3 };

    write(1, &mut |y| y[0] = kernel::dot(w, batch));
    write(1, &mut |y| y[0] = kernel::sum(w));
    write(1, &mut |y| y[0] = kernel::sum_of_magnitudes(w));
    write(1, &mut |y| y[0] = kernel::sum_of_squares(w, 0.5));
    write(1, &mut |y| y[0] = kernel::max_abs(w));
    write(w.len(), &mut |y| kernel::axpy(0.3, w, y));
    write(w.len(), &mut |y| kernel::add(w, y));
    write(outputs, &mut |y| kernel::add_each(deltas, y));
    write(w.len(), &mut |y| kernel::scale(0.3, y));
    write(w.len(), &mut |y| kernel::relu(y));
    write(w.len(), &mut |y| kernel::relu_backward(w, y));
    write(w.len(), &mut |y| kernel::exp(y));
    write(w.len(), &mut |y| kernel::tanh(y));
    write(w.len(), &mut |y| kernel::sigmoid(y));
    write(outputs, &mut |y| _ = kernel::softmax(d, y));
    write(samples * outputs, &mut |y| kernel::softmax_rows(deltas, y, &mut vec![0.0; samples], &mut vec![0.0; samples]));
    write(outputs, &mut |y| kernel::matvec(w, x, bias, y));
    write(inputs, &mut |y| kernel::matvec_transposed(w, d, y));
    write(w.len(), &mut |y| kernel::rank_one(0.3, x, d, y));
    write(samples * outputs, &mut |y| kernel::product(batch, w, bias, y));
    write(samples * inputs, &mut |y| kernel::product_transposed(samples, deltas, w, y));
    write(w.len(), &mut |y| kernel::transposed_product(samples, batch, deltas, y));
    write(2 * w.len(), &mut |y| {
        let (w, v) = y.split_at_mut(inputs * outputs);
        kernel::momentum_outer(&momentum, x, d, w, v);
        kernel::momentum(&momentum, w, batch, v);
    });
    write(3 * w.len(), &mut |y| {
        let (w, moments) = y.split_at_mut(inputs * outputs);
        let (m, v) = moments.split_at_mut(inputs * outputs);
        kernel::adam_outer(&adam, x, d, w, m, v);
        kernel::adam(&adam, w, batch, m, v);
    });
    out.iter().flat_map(|slice| bits(&slice.all)).collect()
}

#[test]
fn every_level_gives_the_bits_of_the_portable_body() {
    for shape in 0..SHAPES {
        let special = [0, 1000, 20][shape as usize % 3];
        let mut want = None;
        on_every_level(|| {
            let got = everything(shape, special);
            let want = want.get_or_insert_with(|| got.clone());
            assert!(got == *want, "shape {shape}");
        });
    }
}

#[test]
fn a_level_that_the_processor_has_not_is_not_taken() {
    on_every_level(|| {
        for level in Level::ALL {
            assert_eq!(force(level), level.min(Level::highest()));
        }
    });
}
