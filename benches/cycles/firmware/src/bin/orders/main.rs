//! Compares the kernels that have a body in assembly with plain loops in the documented order of additions, bit for bit, on
//! the processor that the assembly is for: every small size, a few larger ones, slices that begin at an odd element or do not
//! fit together, infinities, NaN, subnormals and both zeros. What lies before and behind an output must stay as it was.
//!
//! `cargo run --release --bin orders` in benches/cycles/firmware; a difference is printed and makes it fail.
#![no_std]
#![no_main]

mod reference;

use core::panic::PanicInfo;
use cortex_m as _; // the critical section that printing needs
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use static_cell::ConstStaticCell;

/// Every size up to this in every dimension.
const SIZES: usize = 21;
/// Larger ones: inputs and outputs.
const LARGE: [(usize, usize); 8] = [(64, 32), (32, 10), (33, 70), (70, 33), (64, 1), (1, 64), (7, 129), (130, 5)];
/// How many elements a matrix has too many, or too few.
const MISFITS: [isize; 3] = [0, -1, 5];
/// What follows an output, and must stay as it was.
const BEHIND: usize = 8;
/// Room for an output.
const ROOM: usize = 2_400;
/// Helium takes subnormals for zero, and is asked for none: neither as a value nor as a product with the smallest others, 2⁻²³.
const SUBNORMAL: [f32; 3] = if cfg!(feature = "helium") { [1e-30; 3] } else { [1e-40, -1e-45, f32::MIN_POSITIVE] };
const SPECIAL: [f32; 12] = [
    f32::NAN,
    f32::INFINITY,
    f32::NEG_INFINITY,
    -0.0,
    0.0,
    SUBNORMAL[0],
    SUBNORMAL[1],
    f32::MAX,
    f32::MIN,
    SUBNORMAL[2],
    1.0,
    -1.0,
];
/// One value of a pool in this many is special; 0 for none.
const RARITIES: [u32; 3] = [0, 50, 3];

type Pools = [[f32; 8_192]; RARITIES.len()];

static POOLS: ConstStaticCell<Pools> = ConstStaticCell::new([[0.0; 8_192]; RARITIES.len()]);
static OUTPUTS: ConstStaticCell<Outputs> =
    ConstStaticCell::new(Outputs { got: [0.0; ROOM], want: [0.0; ROOM], cases: 0, failures: 0 });

/// What is compared; all data comes from a pool, from `start` on.
#[derive(Clone, Copy, Debug)]
struct Case {
    inputs: usize,
    outputs: usize,
    samples: usize,
    misfit: isize,
    pool: usize,
    start: usize,
}

struct Outputs {
    got: [f32; ROOM],
    want: [f32; ROOM],
    cases: usize,
    failures: usize,
}

impl Outputs {
    /// Runs a kernel and its reference on copies of `old`, all but the elements before `start` and the last [`BEHIND`].
    fn compare(&mut self, name: &str, case: Case, old: &[f32], kernel: impl Fn(&mut [f32]), reference: impl Fn(&mut [f32])) {
        let (got, want) = (&mut self.got[..old.len()], &mut self.want[..old.len()]);
        got.copy_from_slice(old);
        want.copy_from_slice(old);
        let output = case.start..old.len() - BEHIND;
        kernel(&mut got[output.clone()]);
        reference(&mut want[output]);
        self.cases += 1;
        if let Some(at) = (0..old.len()).find(|i| bits(got[*i]) != bits(want[*i])) {
            self.failures += 1;
            if self.failures <= 20 {
                hprintln!("{}, {:?}: element {} is {:e}, not {:e}", name, case, at - case.start, got[at], want[at]);
            }
        }
    }
}

/// With one NaN for all: which NaN an operation returns is the processor's choice.
fn bits(x: f32) -> u32 {
    if x.is_nan() { f32::NAN.to_bits() } else { x.to_bits() }
}

fn fill(pools: &mut Pools) {
    let mut random = Xoshiro128PlusPlus::seed_from_u64(3);
    for (pool, rarity) in pools.iter_mut().zip(RARITIES) {
        for value in pool {
            let bits = random.next_u32();
            let special = rarity > 0 && bits.is_multiple_of(rarity);
            let ordinary = (bits >> 8) as f32 / 8_388_608.0 - 1.0;
            *value = if special { SPECIAL[(bits >> 8) as usize % SPECIAL.len()] } else { ordinary };
        }
    }
}

/// A layer's three passes over one sample.
fn passes(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let from = |at: usize, length: usize| &pools[case.pool][at + case.start..][..length];
    let old = |length: usize| &pools[case.pool][5_600..][..case.start + length + BEHIND];
    let matrix = (case.inputs * case.outputs).saturating_add_signed(case.misfit);
    let (w, x, d) = (from(0, matrix), from(2_500, case.inputs), from(3_500, case.outputs));
    let bias = from(4_500, case.outputs.saturating_add_signed(case.misfit));
    let alpha = from(5_000, 1)[0];
    outputs.compare("matvec", case, old(case.outputs), |y| kernel::matvec(w, x, bias, y), |y| reference::matvec(w, x, bias, y));
    outputs.compare(
        "matvec_transposed",
        case,
        old(case.inputs),
        |x| kernel::matvec_transposed(w, d, x),
        |x| reference::matvec_transposed(w, d, x),
    );
    outputs.compare("rank_one", case, old(matrix), |w| kernel::rank_one(alpha, x, d, w), |w| reference::rank_one(alpha, x, d, w));
}

/// Sums of nothing but zeros: their sign tells what they began with. The products have either sign, then +, then −.
fn zeros(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let (mut d, mut w) = ([0.0_f32; SIZES], [0.0_f32; SIZES * SIZES]);
    let (d, w) = (&mut d[..case.outputs], &mut w[..case.inputs * case.outputs]);
    for (d, value) in d.iter_mut().zip(&pools[case.pool]) {
        *d = d.copysign(*value);
    }
    let old = &[1.0; 1 + SIZES + BEHIND][..case.start + case.inputs + BEHIND];
    for products in [0.0, 1.0, -1.0_f32] {
        for (at, (w, value)) in w.iter_mut().zip(&pools[case.pool][SIZES..]).enumerate() {
            *w = w.copysign(if products == 0.0 { *value } else { products * d[at % d.len()].signum() });
        }
        let (kernel, reference) = (kernel::matvec_transposed, reference::matvec_transposed);
        outputs.compare("matvec_transposed, zeros", case, old, |x| kernel(w, d, x), |x| reference(w, d, x));
    }
}

/// The step that passes over zeros, with some: finite factors, and weights that are not −0, as it asks for.
fn sparse(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let matrix = (case.inputs * case.outputs).saturating_add_signed(case.misfit);
    let length = case.start + matrix + BEHIND;
    let (mut factors, mut old) = ([0.0; 400], [0.0; ROOM]);
    let (x, rest) = factors.split_at_mut(case.inputs);
    let d = &mut rest[..case.outputs];
    let pool = &pools[case.pool][case.start..];
    for (at, factor) in x.iter_mut().chain(&mut *d).enumerate() {
        // Every third to every ninth is zero, of either sign; in the last case nearly all are.
        let value = pool[at];
        let blank = pool[700 + at].to_bits() % 9 < [0, 4, 8][case.pool];
        *factor = if blank || !value.is_finite() { 0.0_f32.copysign(value) } else { value };
    }
    for (old, value) in old[..length].iter_mut().zip(&pools[case.pool][5_600..]) {
        *old = if value.to_bits() == (-0.0_f32).to_bits() { 1.0 } else { *value };
    }
    let alpha = if pool[5_000].is_finite() { pool[5_000] } else { 0.5 };
    outputs.compare(
        "rank_one_sparse",
        case,
        &old[..length],
        |w| kernel::rank_one_sparse(alpha, x, d, w),
        |w| reference::rank_one(alpha, x, d, w),
    );
}

/// A layer's three passes over a batch.
fn batches(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let from = |at: usize, length: usize| &pools[case.pool][at + case.start..][..length];
    let old = |length: usize| &pools[case.pool][5_600..][..case.start + length + BEHIND];
    let fitted = |length: usize| length.saturating_add_signed(case.misfit);
    let n = case.samples;
    let (w, bias) = (from(0, fitted(case.inputs * case.outputs)), from(5_000, case.outputs));
    let (x, d) = (from(2_500, fitted(n * case.inputs)), from(3_700, fitted(n * case.outputs)));
    outputs.compare(
        "product",
        case,
        old(fitted(n * case.outputs)),
        |c| kernel::product(x, w, bias, c),
        |c| reference::product(x, w, bias, c),
    );
    outputs.compare(
        "transposed_product",
        case,
        old(w.len()),
        |c| kernel::transposed_product(n, x, d, c),
        |c| reference::transposed_product(n, x, d, c),
    );
    let alpha = from(5_300, 1)[0];
    outputs.compare(
        "rank_ones",
        case,
        old(w.len()),
        |c| kernel::rank_ones(alpha, n, x, d, c),
        |c| reference::rank_ones(alpha, n, x, d, c),
    );
    outputs.compare(
        "product_transposed",
        case,
        old(x.len()),
        |c| kernel::product_transposed(n, d, w, c),
        |c| reference::product_transposed(n, d, w, c),
    );
}

/// What goes over elements; the size of a matrix is their number.
fn elements(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let n = (case.inputs * case.outputs).saturating_add_signed(case.misfit);
    let (x, old) = (&pools[case.pool][case.start..][..n], &pools[case.pool][5_600..][..case.start + n + BEHIND]);
    outputs.compare("clear", case, old, kernel::clear, |y| y.fill(0.0));
    outputs.compare("relu", case, old, kernel::relu, reference::relu);
    outputs.compare("relu_backward", case, old, |d| kernel::relu_backward(x, d), |d| reference::relu_backward(x, d));
    outputs.compare(
        "sum_of_magnitudes",
        case,
        old,
        |y| y.fill(kernel::sum_of_magnitudes(x)),
        |y| y.fill(reference::sum_of_magnitudes(x)),
    );
    let softmax = |y: &mut [f32]| {
        kernel::softmax(x, y);
    };
    outputs.compare("softmax", case, old, softmax, |y| reference::softmax(x, y));
    // Wide apart, so that exponentials underflow.
    let mut apart = [0.0; ROOM];
    for (apart, x) in apart.iter_mut().zip(x) {
        *apart = 200.0 * x;
    }
    let softmax = |y: &mut [f32]| {
        kernel::softmax(&apart[..n], y);
    };
    outputs.compare("softmax, apart", case, old, softmax, |y| reference::softmax(&apart[..n], y));
}

/// What stands between two slices that a rule writes to, and must stay as it was.
const BETWEEN: usize = 3;

/// Three slices of an output, `length` long, with [`BETWEEN`] between them.
fn thirds(output: &mut [f32], length: usize) -> [&mut [f32]; 3] {
    let (first, rest) = output.split_at_mut(length + BETWEEN);
    let (second, third) = rest.split_at_mut(length + BETWEEN);
    [&mut first[..length], &mut second[..length], &mut third[..length]]
}

/// The rules with kernels of their own: a fused step, and one with a stored gradient.
fn rules(case: Case, pools: &Pools, outputs: &mut Outputs) {
    let n = (case.inputs * case.outputs).saturating_add_signed(case.misfit);
    let room = case.start + 3 * n + 2 * BETWEEN + BEHIND;
    if room > ROOM {
        return;
    }
    let from = |at: usize, length: usize| &pools[case.pool][at + case.start..][..length];
    let old = &pools[case.pool][5_600..][..room];
    let (g, x, d) = (from(0, n), from(2_500, case.inputs), from(3_500, case.outputs));
    let s = from(5_000, 8);
    let heavy = MomentumStep { learning_rate: s[0], momentum: s[1], gain: 1.0, nesterov: false };
    for step in [heavy, MomentumStep { gain: s[2], ..heavy }, MomentumStep { nesterov: true, ..heavy }] {
        let of = |output: &mut [f32], run: &dyn Fn(&mut [f32], &mut [f32])| {
            let [w, v, _] = thirds(output, n);
            run(w, v);
        };
        outputs.compare(
            "momentum",
            case,
            old,
            |o| of(o, &|w, v| kernel::momentum(&step, w, g, v)),
            |o| of(o, &|w, v| reference::momentum(&step, &[1.0], g, w, v)),
        );
        outputs.compare(
            "momentum_outer",
            case,
            old,
            |o| of(o, &|w, v| kernel::momentum_outer(&step, x, d, w, v)),
            |o| of(o, &|w, v| reference::momentum(&step, x, d, w, v)),
        );
    }
    let [rate, beta1, gain1, beta2, gain2, root_correction, epsilon, _] = *s else { return };
    let step = AdamStep { rate, beta1, gain1, beta2, gain2, root_correction, epsilon };
    outputs.compare(
        "adam",
        case,
        old,
        |o| {
            let [w, m, v] = thirds(o, n);
            kernel::adam(&step, w, g, m, v);
        },
        |o| reference::adam(&step, &[1.0], g, thirds(o, n)),
    );
    outputs.compare(
        "adam_outer",
        case,
        old,
        |o| {
            let [w, m, v] = thirds(o, n);
            kernel::adam_outer(&step, x, d, w, m, v);
        },
        |o| reference::adam(&step, x, d, thirds(o, n)),
    );
}

#[entry]
fn main() -> ! {
    let (pools, outputs) = (POOLS.take(), OUTPUTS.take());
    fill(pools);
    let small = (0..=SIZES).flat_map(|inputs| (0..=SIZES).map(move |outputs| (inputs, outputs)));
    for (shape, (inputs, width)) in small.chain(LARGE).enumerate() {
        for misfit in MISFITS {
            for pool in 0..RARITIES.len() {
                for start in [0, 1] {
                    let case = Case { inputs, outputs: width, samples: 1, misfit, pool, start };
                    passes(case, pools, outputs);
                    rules(case, pools, outputs);
                    sparse(case, pools, outputs);
                    if misfit == 0 && shape < (SIZES + 1) * (SIZES + 1) {
                        zeros(case, pools, outputs);
                    }
                    elements(case, pools, outputs);
                }
            }
            for samples in 0..=if shape < (SIZES + 1) * (SIZES + 1) { SIZES } else { 8 } {
                let turn = shape + samples;
                let (pool, start) = (turn % RARITIES.len(), turn / RARITIES.len() % 2);
                batches(Case { inputs, outputs: width, samples, misfit, pool, start }, pools, outputs);
            }
        }
    }
    hprintln!("{} comparisons, {} differ", outputs.cases, outputs.failures);
    loop {
        debug::exit(if outputs.failures == 0 { EXIT_SUCCESS } else { EXIT_FAILURE });
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}
