//! Every kernel against a plain loop in its documented order of additions, bit for bit: every length up to 70 (all blocks
//! and tails), slices that do not fit together, and special values.

mod offsets;
mod outer;
mod updates;

use kilograd_simd::backend::{Level, force};
use kilograd_simd::kernel;
use kilograd_simd::math::{exp, ln, sigmoid, tanh};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use std::sync::{Mutex, PoisonError};

/// What no kernel may write to.
const UNTOUCHED: f32 = 1234.5;
const SPECIAL: [f32; 12] =
    [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, -0.0, 0.0, 1e-40, -1e-45, f32::MAX, f32::MIN, f32::MIN_POSITIVE, 1.0, -1.0];

/// All blocks and tails; of them an interpreter takes a few, with registers that are full, in pairs and cut.
fn lengths() -> impl Iterator<Item = usize> {
    (0..=70).filter(|n| !cfg!(miri) || [0, 1, 4, 10, 16, 43].contains(n))
}

struct Source {
    random: Xoshiro128PlusPlus,
    /// One value in this many is special; 0 for none.
    special: u32,
}

impl Source {
    fn new(seed: u64, special: u32) -> Self {
        Self { random: Xoshiro128PlusPlus::seed_from_u64(seed), special }
    }

    fn value(&mut self) -> f32 {
        let bits = self.random.next_u32();
        if self.special > 0 && bits.is_multiple_of(self.special) {
            return SPECIAL[(bits >> 8) as usize % SPECIAL.len()];
        }
        (bits >> 8) as f32 / 8_388_608.0 - 1.0
    }

    fn below(&mut self, bound: usize) -> usize {
        self.random.next_u32() as usize % bound
    }

    fn vector(&mut self, length: usize) -> Vec<f32> {
        (0..length).map(|_| self.value()).collect()
    }
}

/// Runs a test on every level that this processor has, without special values, with few, and with many.
fn for_sources(test: impl Fn(&mut Source)) {
    on_every_level(|| {
        for (seed, special) in [(3, 3), (2, 50), (1, 0)].into_iter().take(if cfg!(miri) { 1 } else { 3 }) {
            test(&mut Source::new(seed, special));
        }
    });
}

/// One test at a time: the level is the whole program's.
fn on_every_level(mut test: impl FnMut()) {
    static ONE: Mutex<()> = Mutex::new(());
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    for level in Level::ALL {
        if force(level) == level {
            test();
        }
    }
}

/// The bits, with one NaN for all: which NaN an operation returns is the processor's choice.
fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() }).collect()
}

#[track_caller]
fn same(got: &[f32], want: &[f32], what: &str) {
    assert_eq!(bits(got), bits(want), "{what}");
}

/// `a·b + c`, with one rounding under the feature `fused`: by std, which shares nothing with the kernels.
fn multiply_add(a: f32, b: f32, c: f32) -> f32 {
    if cfg!(feature = "fused") { a.mul_add(b, c) } else { a * b + c }
}

fn product(sum: f32, a: f32, b: f32) -> f32 {
    multiply_add(a, b, sum)
}

/// What `add` makes of aᵢ and bᵢ in `LANES` lanes, of which the upper half is added to the lower until one is left.
fn reduce<const LANES: usize>(a: &[f32], b: &[f32], add: impl Fn(f32, f32, f32) -> f32) -> f32 {
    let mut lanes = [0.0; LANES];
    for (i, (a, b)) in a.iter().zip(b).enumerate() {
        lanes[i % LANES] = add(lanes[i % LANES], *a, *b);
    }
    let mut half = LANES / 2;
    while half > 0 {
        (0..half).for_each(|l| lanes[l] += lanes[l + half]);
        half /= 2;
    }
    lanes[0] + 0.0
}

fn dot(a: &[f32], b: &[f32], add: impl Fn(f32, f32, f32) -> f32) -> f32 {
    reduce::<32>(a, b, add)
}

fn matvec(weights: &[f32], input: &[f32], bias: &[f32], output: &mut [f32]) {
    let columns = output.len();
    for j in 0..columns.min(bias.len()) {
        output[j] = bias[j];
        for (x, row) in input.iter().zip(weights.chunks_exact(columns)) {
            output[j] = multiply_add(*x, row[j], output[j]);
        }
    }
}

fn matvec_transposed(weights: &[f32], deltas: &[f32], output: &mut [f32]) {
    if deltas.is_empty() {
        return; // a matrix without columns has no rows
    }
    for (x, row) in output.iter_mut().zip(weights.chunks_exact(deltas.len())) {
        *x = reduce::<4>(row, deltas, product);
    }
}

fn rank_one(alpha: f32, input: &[f32], deltas: &[f32], weights: &mut [f32]) {
    for (x, row) in input.iter().zip(weights.chunks_exact_mut(deltas.len().max(1))) {
        for (w, d) in row.iter_mut().zip(deltas) {
            *w = multiply_add(*x, alpha * d, *w);
        }
    }
}

#[test]
fn reductions() {
    for_sources(|source| {
        for n in lengths() {
            let (a, b, scale) = (source.vector(n), source.vector(n + n % 3), source.value());
            same(&[kernel::dot(&a, &b)], &[dot(&a, &b, product)], &format!("dot {n}"));
            same(&[kernel::dot(&b, &a)], &[dot(&b, &a, product)], &format!("dot, first longer {n}"));
            same(&[kernel::sum(&a)], &[reduce::<4>(&a, &a, |sum, a, _| sum + a)], &format!("sum {n}"));
            same(
                &[kernel::sum_of_magnitudes(&a)],
                &[reduce::<4>(&a, &a, |sum, a, _| sum + a.abs())],
                &format!("sum_of_magnitudes {n}"),
            );
            let squares = dot(&a, &a, |sum, a, _| multiply_add(a * scale, a * scale, sum));
            same(&[kernel::sum_of_squares(&a, scale)], &[squares], &format!("sum_of_squares {n}"));
            let largest = a.iter().fold(0.0_f32, |m, x| if m.is_nan() || x.is_nan() { f32::NAN } else { m.max(x.abs()) });
            same(&[kernel::max_abs(&a)], &[largest], &format!("max_abs {n}"));
        }
    });
}

/// What stands beside the last elements takes no part: a scale of ∞ would make NaN of zeros.
#[test]
fn an_infinite_scale_meets_no_zeros() {
    on_every_level(|| {
        for n in lengths().skip(1) {
            assert_eq!(kernel::sum_of_squares(&vec![1.0; n], f32::INFINITY), f32::INFINITY, "{n}");
        }
    });
}

/// Products that underflow leave lanes their sign where they are added with one rounding; a sum of zero is +0 all the same.
#[test]
fn signs_of_what_underflows() {
    for n in lengths() {
        let (a, b) = (vec![-1e-40; n], vec![1e-40; n]);
        same(&[kernel::dot(&a, &b)], &[dot(&a, &b, product)], &format!("dot {n}"));
        let (mut got, mut want) = ([UNTOUCHED; 5], [UNTOUCHED; 5]);
        kernel::matvec_transposed(&a.repeat(5), &b, &mut got);
        matvec_transposed(&a.repeat(5), &b, &mut want);
        same(&got, &want, &format!("matvec_transposed {n}"));
    }
}

#[test]
fn elementwise() {
    for_sources(|source| {
        for n in lengths() {
            for (x_length, y_length) in [(n, n), (n, n + 5), (n + 5, n)] {
                let (x, y, alpha) = (source.vector(x_length), source.vector(y_length), source.value());
                let expect = |op: &dyn Fn(f32, f32) -> f32| {
                    let mut y = y.clone();
                    y.iter_mut().zip(&x).for_each(|(y, x)| *y = op(*x, *y));
                    y
                };
                let run = |kernel: &dyn Fn(&[f32], &mut [f32])| {
                    let mut y = y.clone();
                    kernel(&x, &mut y);
                    y
                };
                same(&run(&|x, y| kernel::axpy(alpha, x, y)), &expect(&|x, y| multiply_add(alpha, x, y)), "axpy");
                same(&run(&kernel::add), &expect(&|x, y| y + x), "add");
                same(&run(&kernel::relu_backward), &expect(&|x, y| if x > 0.0 { y } else { 0.0 }), "relu_backward");
                let mut rectified = x.clone();
                kernel::relu(&mut rectified);
                same(&rectified, &x.iter().map(|x| if *x <= 0.0 { 0.0 } else { *x }).collect::<Vec<_>>(), "relu");
                type Function = (fn(&mut [f32]), fn(f32) -> f32);
                let functions: [Function; 3] = [(kernel::exp, exp), (kernel::tanh, tanh), (kernel::sigmoid, sigmoid)];
                for (kernel, function) in functions {
                    let mut got: Vec<f32> = x.iter().map(|x| 40.0 * x).collect();
                    let want: Vec<f32> = got.iter().map(|x| function(*x)).collect();
                    kernel(&mut got);
                    same(&got, &want, "exp, tanh or sigmoid");
                }
                let mut scaled = x.clone();
                kernel::scale(alpha, &mut scaled);
                same(&scaled, &x.iter().map(|x| alpha * x).collect::<Vec<_>>(), "scale");
            }
        }
    });
}

#[test]
fn softmax() {
    for_sources(|source| {
        for n in lengths() {
            let x = source.vector(n);
            let mut y = vec![UNTOUCHED; n];
            let got = kernel::softmax(&x, &mut y);
            let largest = x.iter().fold(f32::NEG_INFINITY, |m, x| if *x > m { *x } else { m }) + 0.0;
            let mut want: Vec<f32> = x.iter().map(|x| exp(*x - largest)).collect();
            let denominator = reduce::<4>(&want, &want, |sum, a, _| sum + a);
            want.iter_mut().for_each(|y| *y /= denominator);
            same(&y, &want, &format!("softmax {n}"));
            same(&[got.0, got.1], &[largest, ln(denominator)], &format!("softmax's sum {n}"));
        }
    });
}

#[test]
fn rows_added() {
    for_sources(|source| {
        for (columns, rows) in shapes() {
            let rest = columns / 2; // of a row
            let (x, mut y) = (source.vector(rows * columns + rest), source.vector(columns));
            let mut want = y.clone();
            for row in 0..rows {
                want.iter_mut().zip(&x[row * columns..]).for_each(|(y, x)| *y += x);
            }
            kernel::add_each(&x, &mut y);
            same(&y, &want, &format!("{rows} rows of {columns} added"));
        }
    });
}

#[test]
fn softmax_of_rows() {
    for_sources(|source| {
        for (columns, rows) in shapes() {
            // Numbers that no row has any part of, too.
            let rest = rows.saturating_sub(1);
            let (x, mut y) = (source.vector(rows * columns + rest), vec![UNTOUCHED; rows * columns + rest]);
            let (mut largest, mut log_sums) = (vec![UNTOUCHED; rows], vec![UNTOUCHED; rows + 1]);
            kernel::softmax_rows(&x, &mut y, &mut largest, &mut log_sums);
            let (mut want, mut want_largest, mut want_sums) = (vec![UNTOUCHED; y.len()], vec![], vec![]);
            for row in 0..rows {
                let place = row * columns..(row + 1) * columns;
                let (largest, log_sum) = kernel::softmax(&x[place.clone()], &mut want[place]);
                want_largest.push(largest);
                want_sums.push(log_sum);
            }
            want_sums.push(UNTOUCHED);
            same(&y, &want, &format!("softmax of {rows} rows of {columns}"));
            same(&largest, &want_largest, &format!("largest of {rows} rows of {columns}"));
            same(&log_sums, &want_sums, &format!("sums of {rows} rows of {columns}"));
        }
    });
}

#[test]
fn softmax_takes_the_common_part() {
    let mut source = Source::new(5, 0);
    for (x_length, y_length) in [(3, 5), (9, 4), (0, 2)] {
        let x = source.vector(x_length);
        let n = x_length.min(y_length);
        let (mut y, mut want) = (vec![UNTOUCHED; y_length], vec![UNTOUCHED; n]);
        let got = kernel::softmax(&x, &mut y);
        assert_eq!(got, kernel::softmax(&x[..n], &mut want));
        want.resize(y_length, UNTOUCHED);
        same(&y, &want, "softmax");
    }
}

/// Widths and heights: all of one against a few of the other.
fn shapes() -> impl Iterator<Item = (usize, usize)> {
    let some = [0, 1, 2, 3, 4, 5, 8, 13];
    lengths()
        .flat_map(move |n| some.into_iter().filter(|m| !cfg!(miri) || [0, 2, 5].contains(m)).flat_map(move |m| [(n, m), (m, n)]))
}

/// What a matrix may lack or have too much.
const MISFITS: [isize; 4] = [0, -1, 3, -9];

fn lengthened(length: usize, by: isize) -> usize {
    length.saturating_add_signed(by)
}

#[test]
fn layer_passes() {
    for_sources(|source| {
        for (inputs, outputs) in shapes() {
            for misfit in MISFITS {
                let w = source.vector(lengthened(inputs * outputs, misfit));
                let (x, d) = (source.vector(inputs), source.vector(outputs));
                let (bias, alpha) = (source.vector(lengthened(outputs, misfit.min(0))), source.value());
                let what = format!("{inputs} inputs, {outputs} outputs, {misfit:+}");

                let (mut got, mut want) = (vec![UNTOUCHED; outputs], vec![UNTOUCHED; outputs]);
                kernel::matvec(&w, &x, &bias, &mut got);
                matvec(&w, &x, &bias, &mut want);
                same(&got, &want, &format!("matvec, {what}"));

                let (mut got, mut want) = (vec![UNTOUCHED; inputs], vec![UNTOUCHED; inputs]);
                kernel::matvec_transposed(&w, &d, &mut got);
                matvec_transposed(&w, &d, &mut want);
                same(&got, &want, &format!("matvec_transposed, {what}"));

                let (mut got, mut want) = (w.clone(), w);
                kernel::rank_one(alpha, &x, &d, &mut got);
                rank_one(alpha, &x, &d, &mut want);
                same(&got, &want, &format!("rank_one, {what}"));
            }
        }
    });
}

#[test]
fn batch_passes() {
    for_sources(|source| {
        for samples in [0, 1, 9, 2, 3, 4, 5, 7, 8, 12].into_iter().take(if cfg!(miri) { 3 } else { 10 }) {
            for (inputs, outputs) in shapes().filter(|(inputs, outputs)| (inputs + outputs).is_multiple_of(3)) {
                let (a, d) = (source.vector(samples * inputs), source.vector(samples * outputs));
                let (w, bias) = (source.vector(inputs * outputs), source.vector(outputs));
                let what = format!("{samples} samples, {inputs} inputs, {outputs} outputs");
                if inputs > 0 && outputs > 0 {
                    let (mut got, mut want) = (vec![UNTOUCHED; d.len()], vec![UNTOUCHED; d.len()]);
                    kernel::product(&a, &w, &bias, &mut got);
                    for (a, c) in a.chunks_exact(inputs).zip(want.chunks_exact_mut(outputs)) {
                        matvec(&w, a, &bias, c);
                    }
                    same(&got, &want, &format!("product, {what}"));

                    let (mut got, mut want) = (vec![UNTOUCHED; a.len()], vec![UNTOUCHED; a.len()]);
                    kernel::product_transposed(samples, &d, &w, &mut got);
                    for (d, c) in d.chunks_exact(outputs).zip(want.chunks_exact_mut(inputs)) {
                        matvec_transposed(&w, d, c);
                    }
                    same(&got, &want, &format!("product_transposed, {what}"));
                }
                let (mut got, mut want) = (w.clone(), w);
                kernel::transposed_product(samples, &a, &d, &mut got);
                for (a, d) in a.chunks_exact(inputs.max(1)).zip(d.chunks_exact(outputs.max(1))) {
                    rank_one(1.0, a, d, &mut want);
                }
                same(&got, &want, &format!("transposed_product, {what}"));
            }
        }
    });
}

#[test]
fn batches_that_do_not_fit() {
    let mut source = Source::new(6, 20);
    for (samples, inputs, outputs) in [(5, 6, 9), (8, 4, 4), (9, 7, 20), (4, 13, 3)] {
        for misfit in [-1, 2, -7, 11, -30] {
            let c_length = lengthened(samples * outputs, misfit);
            let (a, w) = (source.vector(samples * inputs), source.vector(inputs * outputs));
            let (d, bias) = (source.vector(samples * outputs), source.vector(outputs));
            let (mut got, mut want) = (vec![UNTOUCHED; c_length], vec![UNTOUCHED; c_length]);
            kernel::product(&a, &w, &bias, &mut got);
            for (a, c) in a.chunks_exact(inputs).zip(want.chunks_exact_mut(outputs)) {
                matvec(&w, a, &bias, c);
            }
            same(&got, &want, &format!("product {samples} {inputs} {outputs} {misfit:+}"));

            let w = source.vector(lengthened(inputs * outputs, misfit));
            let (mut got, mut want) = (w.clone(), w);
            kernel::transposed_product(samples, &a, &d, &mut got);
            for (a, d) in a.chunks_exact(inputs).zip(d.chunks_exact(outputs)) {
                rank_one(1.0, a, d, &mut want);
            }
            same(&got, &want, &format!("transposed_product {samples} {inputs} {outputs} {misfit:+}"));
        }
    }
}

/// Lengths that are no multiples of the samples: what is left over is no row.
#[test]
fn batches_with_leftovers() {
    let mut c = [UNTOUCHED; 5];
    kernel::product_transposed(4, &[0.0; 5], &[0.0], &mut c);
    assert_eq!(c, [0.0, 0.0, 0.0, 0.0, UNTOUCHED]);
    let mut c = [UNTOUCHED; 16];
    kernel::transposed_product(5, &[0.0; 24], &[f32::NAN; 24], &mut c);
    assert!(c.iter().all(|c| c.is_nan()), "all rows are there");
    let (mut a, mut b, mut c) = ([0.0; 24], [0.0; 24], [UNTOUCHED; 16]);
    a[20..].fill(1.0);
    b[20..].fill(1.0);
    kernel::transposed_product(5, &a, &b, &mut c);
    assert_eq!(c, [UNTOUCHED; 16]);
}
