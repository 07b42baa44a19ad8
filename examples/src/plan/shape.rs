//! The widths of a network, and what follows from them.

/// Widths from the input to the output.
#[derive(Clone, Debug)]
pub struct Shape(Vec<u64>);

impl Shape {
    /// A network of these widths, at least two; rectified units between them.
    pub fn new(widths: Vec<u64>) -> Self {
        assert!(widths.len() >= 2, "a network has an input and an output");
        Self(widths)
    }

    /// Inputs and outputs of each layer.
    pub fn layers(&self) -> impl Iterator<Item = (u64, u64)> {
        self.0.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// How many numbers training adjusts.
    pub fn parameters(&self) -> u64 {
        self.layers().map(|(inputs, outputs)| (inputs + 1) * outputs).sum()
    }

    /// The width of the input.
    pub fn inputs(&self) -> u64 {
        self.0[0]
    }

    /// Values that pass from one layer to the next.
    pub fn hidden(&self) -> u64 {
        self.0[1..self.0.len() - 1].iter().sum()
    }

    /// The width of the output.
    pub fn outputs(&self) -> u64 {
        self.0[self.0.len() - 1]
    }

    /// As in `network!`.
    pub fn text(&self) -> String {
        self.0.iter().map(u64::to_string).collect::<Vec<_>>().join("-")
    }
}
