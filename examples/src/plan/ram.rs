//! The formulas that the types of `kilograd` follow, with numbers that are known only now.

use super::{Optimizer, Shape, Way};

/// Bytes of an `f32`.
pub const NUMBER: u64 = 4;
/// Steps, and the weight and the loss of the samples in the gradient.
const PROGRESS: u64 = 3 * NUMBER;

/// `Memory::RAM_BYTES` of the network: parameters, state, gradient, tape and outputs, counters.
pub fn ram_bytes(shape: &Shape, optimizer: Optimizer, way: Way) -> u64 {
    let gradient = u64::from(way != Way::Sample);
    // Every value that passes on, and the loss's gradient with respect to it.
    let flowing = 2 * way.samples_in_ram() * (shape.hidden() + shape.outputs());
    NUMBER * ((1 + optimizer.state() + gradient) * shape.parameters() + flowing) + PROGRESS
}

#[cfg(test)]
mod tests {
    use super::*;
    use kilograd::prelude::*;

    /// Compares the formula with the types of one shape, for every optimizer and way.
    macro_rules! agree {
        ($([$($width:literal),+] $network:ty, $batch:literal $batched:ty;)+) => {$(
            let shape = Shape::new(vec![$($width),+]);
            let of = |optimizer, way| usize::try_from(ram_bytes(&shape, optimizer, way)).unwrap();
            assert_eq!(shape.parameters(), <$network>::PARAMETERS as u64);
            agree!(of, Sgd, Sgd, $network, $batch, $batched);
            agree!(of, Momentum, Momentum, $network, $batch, $batched);
            agree!(of, Nesterov, Momentum, $network, $batch, $batched);
            agree!(of, Adam, Adam, $network, $batch, $batched);
        )+};
        ($of:ident, $optimizer:ident, $rule:ty, $network:ty, $batch:literal, $batched:ty) => {
            assert_eq!($of(Optimizer::$optimizer, Way::Sample), Memory::<$network, $rule>::RAM_BYTES);
            let one_by_one = Memory::<$network, $rule, Accumulated>::RAM_BYTES;
            assert_eq!($of(Optimizer::$optimizer, Way::MiniBatch($batch)), one_by_one);
            assert_eq!($of(Optimizer::$optimizer, Way::Batch($batch)), Memory::<$batched, $rule, Accumulated>::RAM_BYTES);
        };
    }

    #[test]
    fn the_formula_is_what_the_types_say() {
        agree! {
            [1, 1] network![1 => 1], 2 batch_network![2; 1 => 1];
            [1, 9] network![1 => 9], 3 batch_network![3; 1 => 9];
            [300, 2] network![300 => 2], 16 batch_network![16; 300 => 2];
            [64, 32, 10] network![64 => 32 => Relu => 10], 8 batch_network![8; 64 => 32 => Relu => 10];
            [4, 1, 3] network![4 => 1 => Relu => 3], 5 batch_network![5; 4 => 1 => Relu => 3];
            [7, 70, 1] network![7 => 70 => Relu => 1], 2 batch_network![2; 7 => 70 => Relu => 1];
            [2, 3, 5, 7] network![2 => 3 => Relu => 5 => Relu => 7], 4 batch_network![4; 2 => 3 => Relu => 5 => Relu => 7];
            [16, 128, 128, 6] network![16 => 128 => Relu => 128 => Relu => 6],
                32 batch_network![32; 16 => 128 => Relu => 128 => Relu => 6];
            [9, 8, 7, 6, 5] network![9 => 8 => Relu => 7 => Relu => 6 => Relu => 5],
                6 batch_network![6; 9 => 8 => Relu => 7 => Relu => 6 => Relu => 5];
            [1, 2, 1, 2, 1, 2] network![1 => 2 => Relu => 1 => Relu => 2 => Relu => 1 => Relu => 2],
                7 batch_network![7; 1 => 2 => Relu => 1 => Relu => 2 => Relu => 1 => Relu => 2];
        }
    }
}
