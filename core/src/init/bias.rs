//! What biases start from.

/// The biases of every layer at the start. Source: *Deep Learning*, section 8.4.
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
    /// This value: 0.1, say, keeps rectified units from being off at the start.
    Constant(f32),
}

impl Bias {
    /// Sets every element of `bias`.
    pub fn fill(self, bias: &mut [f32]) {
        bias.fill(match self {
            Self::Zero => 0.0,
            Self::Constant(value) => value,
        });
    }
}
