//! Plain references in `f64`, written to be read, not to be fast; and derivatives by differences.

/// A sum, and what an evaluation of it in `f32` may be off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sum {
    /// The sum.
    pub value: f64,
    /// The sum of the terms' magnitudes.
    pub magnitude: f64,
    /// How many terms there are.
    pub terms: usize,
}

impl Sum {
    /// The sum of `terms`.
    pub fn of(terms: impl IntoIterator<Item = f64>) -> Self {
        let start = Self { value: 0.0, magnitude: 0.0, terms: 0 };
        terms.into_iter().fold(start, |sum, term| Self {
            value: sum.value + term,
            magnitude: sum.magnitude + term.abs(),
            terms: sum.terms + 1,
        })
    }

    /// `Σ aᵢ·bᵢ`.
    pub fn dot(a: impl IntoIterator<Item = f32>, b: impl IntoIterator<Item = f32>) -> Self {
        Self::of(a.into_iter().zip(b).map(|(a, b)| f64::from(a) * f64::from(b)))
    }

    /// The largest error of an `f32` evaluation in any order: `(n + 2)·ε·Σ|terms|`.
    ///
    /// A term is rounded when its (at most three) factors are multiplied and in at most n additions: n + 2 roundings of ε/2
    /// each, so the bound has a factor of two to spare. Where products are subnormal, each may lose the smallest f32.
    pub fn error(&self) -> f64 {
        (self.terms as f64 + 2.0) * (f64::from(f32::EPSILON) * self.magnitude + f64::from(f32::MIN_POSITIVE))
    }

    /// Whether `got` is the sum but for the roundings of `f32`.
    pub fn is_near(&self, got: f32) -> bool {
        (f64::from(got) - self.value).abs() <= self.error()
    }
}

/// `∂f/∂xᵢ` for every i by central differences of step `h`; off by about `h²·f‴/6 + rounding(f)/h`.
pub fn gradient(mut f: impl FnMut(&[f64]) -> f64, at: &[f64], h: f64) -> Vec<f64> {
    let mut x = at.to_vec();
    let mut derivative = |i: usize| {
        x[i] = at[i] + h;
        let above = f(&x);
        x[i] = at[i] - h;
        let below = f(&x);
        x[i] = at[i];
        (above - below) / (2.0 * h)
    };
    (0..at.len()).map(&mut derivative).collect()
}

/// Numbers as `f64`.
pub fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().copied().map(f64::from).collect()
}

/// `yⱼ = bⱼ + Σᵢ xᵢ·Wᵢⱼ`, W input-major.
pub fn dense(weights: &[f64], bias: &[f64], x: &[f64]) -> Vec<f64> {
    let weight = |i: usize, j: usize| weights[i * bias.len() + j];
    let output = |j: usize| bias[j] + x.iter().enumerate().map(|(i, x)| x * weight(i, j)).sum::<f64>();
    (0..bias.len()).map(output).collect()
}

/// `max(x, 0)`.
pub fn relu(x: f64) -> f64 {
    x.max(0.0)
}

/// `1 / (1 + e⁻ˣ)`.
pub fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

/// `x·Φ(x)`, Φ the normal distribution's cumulative function.
pub fn gelu(x: f64) -> f64 {
    0.5 * x * libm::erfc(-x * std::f64::consts::FRAC_1_SQRT_2)
}

/// `x·σ(x)`.
pub fn silu(x: f64) -> f64 {
    x * sigmoid(x)
}

/// `x` above 0, `α·(eˣ − 1)` below.
pub fn elu(x: f64, alpha: f64) -> f64 {
    if x > 0.0 { x } else { alpha * x.exp_m1() }
}

/// `x/6 + 1/2` within 0 and 1.
pub fn hard_sigmoid(x: f64) -> f64 {
    (x / 6.0 + 0.5).clamp(0.0, 1.0)
}

/// `x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))`.
pub fn gelu_tanh(x: f64) -> f64 {
    0.5 * x * (1.0 + (std::f64::consts::FRAC_2_PI.sqrt() * (x + 0.044715 * x.powi(3))).tanh())
}

/// `ln(1 + eˣ)`.
pub fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// `eˣⁱ / Σⱼ eˣʲ`.
pub fn softmax(x: &[f64]) -> Vec<f64> {
    let log_sum = log_sum_exp(x);
    x.iter().map(|x| (x - log_sum).exp()).collect()
}

/// `ln Σ eˣʲ`.
pub fn log_sum_exp(x: &[f64]) -> f64 {
    let largest = x.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    largest + x.iter().map(|x| (x - largest).exp()).sum::<f64>().ln()
}

/// `−Σ qⱼ·ln softmax(y)ⱼ`, with q the label's indicator, of which the share `smoothing` is spread over all classes.
pub fn cross_entropy(y: &[f64], label: usize, smoothing: f64) -> f64 {
    let share = smoothing / y.len() as f64;
    let target = |j: usize| share + if j == label { 1.0 - smoothing } else { 0.0 };
    let log_sum = log_sum_exp(y);
    y.iter().enumerate().map(|(j, y)| target(j) * (log_sum - y)).sum()
}

/// `Σ (yᵢ − tᵢ)² / n`.
pub fn mean_squared_error(y: &[f64], t: &[f64]) -> f64 {
    y.iter().zip(t).map(|(y, t)| (y - t).powi(2)).sum::<f64>() / y.len() as f64
}

/// `−Σ (p·tᵢ·ln σ(yᵢ) + (1 − tᵢ)·ln (1 − σ(yᵢ))) / n`.
pub fn binary_cross_entropy(y: &[f64], t: &[f64], positive_weight: f64) -> f64 {
    let term = |(y, t): (&f64, &f64)| positive_weight * t * softplus(-y) + (1.0 - t) * softplus(*y);
    y.iter().zip(t).map(term).sum::<f64>() / y.len() as f64
}

/// `(xᵢ − m)/√(v + ε)`, m and v the mean and variance of x.
pub fn layer_norm(x: &[f64], epsilon: f64) -> Vec<f64> {
    let mean = x.iter().sum::<f64>() / x.len() as f64;
    rms_norm(&x.iter().map(|x| x - mean).collect::<Vec<_>>(), epsilon)
}

/// `xᵢ/√(Σ xⱼ²/n + ε)`.
pub fn rms_norm(x: &[f64], epsilon: f64) -> Vec<f64> {
    let mean_square = x.iter().map(|x| x * x).sum::<f64>() / x.len() as f64;
    x.iter().map(|x| x / (mean_square + epsilon).sqrt()).collect()
}
