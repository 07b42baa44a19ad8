//! The one cosine of all schedules.

/// `(1 + cos(π·share)) / 2` for a share in [0, 1], to 3 · 10⁻⁷ and never below 0.
///
/// It is `sin²(π/2·(1 − share))`, and Taylor's series of the sine to the 13th power is exact to 7 · 10⁻¹⁰ on [0, π/2].
/// libm's cosine would compute in `f64`, in software on every Cortex-M but the M7.
pub(super) fn half_cosine(share: f32) -> f32 {
    let x = core::f32::consts::FRAC_PI_2 * (1.0 - share);
    let z = x * x;
    let mut p = 1.0 / 6_227_020_800.0;
    p = p * z - 1.0 / 39_916_800.0;
    p = p * z + 1.0 / 362_880.0;
    p = p * z - 1.0 / 5_040.0;
    p = p * z + 1.0 / 120.0;
    p = p * z - 1.0 / 6.0;
    let sine = x + x * z * p;
    sine * sine
}

#[cfg(test)]
mod tests {
    use super::half_cosine;

    #[test]
    fn half_cosine_is_one() {
        for i in 0..=1000_u16 {
            let share = f32::from(i) / 1000.0;
            let want = (1.0 + (std::f64::consts::PI * f64::from(share)).cos()) / 2.0;
            assert!((f64::from(half_cosine(share)) - want).abs() < 3e-7, "share {share}");
        }
    }
}
