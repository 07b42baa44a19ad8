//! The steps of momentum and Adam.

use crate::draw::{About, all_near, number, numbers};
use kilograd_simd::kernel::{self, AdamStep, MomentumStep};
use proptest::prelude::*;

/// ε, twice the largest relative error of an operation.
const EPSILON: f64 = f32::EPSILON as f64;

/// An f32 computation in f64: what it should give and what it may be off.
impl About {
    fn exact(value: f32) -> Self {
        Self { value: f64::from(value), error: 0.0 }
    }

    fn rounded(value: f64, error: f64) -> Self {
        Self { value, error: error + EPSILON * value.abs() + f64::from(f32::MIN_POSITIVE) }
    }

    fn plus(self, other: Self) -> Self {
        Self::rounded(self.value + other.value, self.error + other.error)
    }

    fn times(self, other: Self) -> Self {
        let error = self.value.abs() * other.error + other.value.abs() * self.error + self.error * other.error;
        Self::rounded(self.value * other.value, error)
    }

    /// `self / other`, for an `other` whose error is much smaller than itself.
    fn over(self, other: Self) -> Self {
        let least = other.value - other.error;
        Self::rounded(self.value / other.value, (self.error + (self.value / other.value).abs() * other.error) / least)
    }

    fn root(self) -> Self {
        let error = self.value.sqrt() - (self.value - self.error).max(0.0).sqrt();
        Self::rounded(self.value.sqrt(), error)
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self { value: -other.value, ..other })
    }
}

fn momentum_reference(step: &MomentumStep, [w, g, v]: [About; 3]) -> [About; 2] {
    let [rate, momentum, gain] = [step.learning_rate, step.momentum, step.gain].map(About::exact);
    let v = momentum.times(v).plus(gain.times(g));
    let direction = if step.nesterov { g.plus(momentum.times(v)) } else { v };
    [w.minus(rate.times(direction)), v]
}

fn adam_reference(step: &AdamStep, [w, g, m, v]: [About; 4]) -> [About; 3] {
    let AdamStep { rate, beta1, gain1, beta2, gain2, root_correction, epsilon } = *step;
    let m = About::exact(beta1).times(m).plus(About::exact(gain1).times(g));
    let v = About::exact(beta2).times(v).plus(About::exact(gain2).times(g.times(g)));
    let divisor = v.root().times(About::exact(root_correction)).plus(About::exact(epsilon));
    [w.minus(About::exact(rate).times(m.over(divisor))), m, v]
}

fn momentum_step() -> impl Strategy<Value = MomentumStep> {
    (0.0_f32..2.0, 0.0_f32..1.0, 0.0_f32..=1.0, any::<bool>())
        .prop_map(|(learning_rate, momentum, gain, nesterov)| MomentumStep { learning_rate, momentum, gain, nesterov })
}

fn adam_step() -> impl Strategy<Value = AdamStep> {
    let decays = (0.0_f32..1.0, 0.0_f32..1.0);
    (0.0_f32..2.0, decays, 1.0_f32..30.0, 1e-3_f32..1.0).prop_map(|(rate, (beta1, beta2), root_correction, epsilon)| AdamStep {
        rate,
        beta1,
        gain1: 1.0 - beta1,
        beta2,
        gain2: 1.0 - beta2,
        root_correction,
        epsilon,
    })
}

/// Inputs, deltas, and for every weight: itself, a first and a (positive) second moment.
fn layer() -> impl Strategy<Value = (Vec<f32>, Vec<f32>, Vec<[f32; 3]>)> {
    let shape = prop_oneof![(1..=200_usize, 1..=5_usize), (1..=5_usize, 1..=200_usize)];
    let weight = || (number(), number(), 0.0_f32..10.0).prop_map(|(w, m, v)| [w, m, v]);
    shape.prop_flat_map(move |(rows, columns)| (numbers(rows), numbers(columns), prop::collection::vec(weight(), rows * columns)))
}

/// Column `k` of a table.
fn column<const N: usize>(table: &[[f32; N]], k: usize) -> Vec<f32> {
    table.iter().map(|row| row[k]).collect()
}

/// The gradient `gᵢⱼ = xᵢ·dⱼ`, rounded once.
fn outer(input: &[f32], deltas: &[f32]) -> Vec<f32> {
    input.iter().flat_map(|x| deltas.iter().map(move |d| x * d)).collect()
}

fn bits(x: &[f32]) -> Vec<u32> {
    x.iter().map(|x| x.to_bits()).collect()
}

proptest! {
    #[test]
    fn momentum(step in momentum_step(), (input, deltas, table) in layer()) {
        let gradient = outer(&input, &deltas);
        let (mut weights, mut velocity) = (column(&table, 0), column(&table, 1));
        kernel::momentum(&step, &mut weights, &gradient, &mut velocity);
        let reference = |([w, v, _], g): (&[f32; 3], &f32)| momentum_reference(&step, [*w, *g, *v].map(About::exact));
        let want: Vec<[About; 2]> = table.iter().zip(&gradient).map(reference).collect();
        all_near(&weights, want.iter().map(|row| row[0]))?;
        all_near(&velocity, want.iter().map(|row| row[1]))?;

        let (mut fused, mut fused_velocity) = (column(&table, 0), column(&table, 1));
        kernel::momentum_outer(&step, &input, &deltas, &mut fused, &mut fused_velocity);
        prop_assert_eq!((bits(&fused), bits(&fused_velocity)), (bits(&weights), bits(&velocity)));
    }

    #[test]
    fn adam(step in adam_step(), (input, deltas, table) in layer()) {
        let gradient = outer(&input, &deltas);
        let [mut weights, mut m, mut v] = [0, 1, 2].map(|k| column(&table, k));
        kernel::adam(&step, &mut weights, &gradient, &mut m, &mut v);
        let reference = |([w, m, v], g): (&[f32; 3], &f32)| adam_reference(&step, [*w, *g, *m, *v].map(About::exact));
        let want: Vec<[About; 3]> = table.iter().zip(&gradient).map(reference).collect();
        for (k, got) in [&weights, &m, &v].into_iter().enumerate() {
            all_near(got, want.iter().map(|row| row[k]))?;
        }

        let [mut fused, mut fused_m, mut fused_v] = [0, 1, 2].map(|k| column(&table, k));
        kernel::adam_outer(&step, &input, &deltas, &mut fused, &mut fused_m, &mut fused_v);
        prop_assert_eq!([fused, fused_m, fused_v].map(|x| bits(&x)), [weights, m, v].map(|x| bits(&x)));
    }
}
