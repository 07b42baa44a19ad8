//! What several rules compute, once a step or once a parameter.

use crate::layer::GRADIENT_LIMIT;

/// `1 − betaˢᵗᵉᵖˢ`, from a step counter alone: no running product has to be kept.
pub(super) fn correction(beta: f32, steps: u32) -> f32 {
    complement_of_power(1.0 - beta, steps)
}

/// `1 − (1 − gap)ˢᵗᵉᵖˢ`, by repeated squaring.
///
/// With c(n) = 1 − βⁿ, `c(m + n) = c(m) + c(n)·(1 − c(m))`: nothing cancels. Forming βⁿ first and subtracting it from one
/// would be off by up to 1.4 · 10⁻⁵ for β = 0.999, in the same direction in every step.
#[inline(never)] // called twice a step and more: 20 bytes of flash, 8 of stack
pub(super) fn complement_of_power(gap: f32, steps: u32) -> f32 {
    let (mut result, mut square, mut left) = (0.0, gap, steps);
    while left > 0 {
        if left & 1 == 1 {
            result += square * (1.0 - result);
        }
        square *= 2.0 - square;
        left >>= 1;
    }
    result
}

/// `1 / η`, for rules whose step is not a multiple of the learning rate; 0, so that nothing moves, for a rate below which
/// the quotient could overflow.
pub(super) fn inverse_rate(learning_rate: f32) -> f32 {
    if learning_rate < 1e-30 { 0.0 } else { 1.0 / learning_rate }
}

/// The size of weights that a step is in proportion to: no more than a gradient may be, or such steps would double weights
/// until they are infinite.
pub(super) fn counted_size(weights: f32) -> f32 {
    if weights > GRADIENT_LIMIT { GRADIENT_LIMIT } else { weights }
}

/// −1, 0 or 1 (`f32::signum` has no 0).
#[inline(always)]
pub(super) fn sign(x: f32) -> f32 {
    if x > 0.0 {
        1.0
    } else if x < 0.0 {
        -1.0
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::correction;

    /// Three roundings per squaring, of numbers that do not cancel: a few units in the last place.
    const TOLERANCE: f64 = 3e-7;

    #[test]
    fn corrections_keep_their_digits() {
        for beta in [0.0_f32, 0.5, 0.9, 0.99, 0.999, 0.999_999] {
            for steps in (1..2_000).chain([65_535, 1_000_000, u32::MAX]) {
                let want = 1.0 - f64::from(beta).powf(f64::from(steps));
                let got = f64::from(correction(beta, steps));
                assert!((got / want - 1.0).abs() < TOLERANCE, "beta {beta}, {steps} steps: {got}, not {want}");
            }
        }
    }
}
