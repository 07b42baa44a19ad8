//! What biases start from.

/// The biases of every layer at the start. An output layer may know better: [`fit_marginals`](super::fit_marginals).
/// Source: *Deep Learning*, section 8.4.
///
/// ```
/// use kilograd::init::Bias;
///
/// let mut bias = [1.0; 2];
/// Bias::Zero.fill(&mut bias);
/// assert_eq!(bias, [0.0; 2]);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
pub enum Bias {
    /// Zero: fits most layers.
    #[default]
    Zero,
    /// This value.
    Constant(f32),
}

impl Bias {
    /// 0.1: rectified units are not off at the start.
    pub const RECTIFIED: Self = Self::Constant(0.1);
    /// 1: a gate, such as the forget gate of an LSTM, is open at the start (R. Jozefowicz et al., 2015).
    pub const OPEN_GATE: Self = Self::Constant(1.0);
    /// 1: a unit that says a precision (one over a variance) starts from that of standardised targets.
    pub const PRECISION: Self = Self::Constant(1.0);

    /// Sets every element of `bias`.
    pub fn fill(self, bias: &mut [f32]) {
        bias.fill(match self {
            Self::Zero => 0.0,
            Self::Constant(value) => value,
        });
    }
}
