//! From a network for batches to one for single samples.

use super::{BatchNorm, Batched, Chain, Layer, Meets, Residual, RunningNorm};
use crate::tensor::Row;

/// A layer for batches that has a counterpart for single samples: what a batch trained, to infer with or to train on online.
///
/// ```
/// use kilograd::layer::PerSample;
/// use kilograd::prelude::*;
/// use kilograd::{batch_network, network};
///
/// type Net = batch_network![8; 64 => 32 => Relu => 10];
/// let trained = Net::default();
/// let mut network = <network![64 => 32 => Relu => 10]>::default();
/// trained.write_single(&mut network);
/// ```
pub trait PerSample: Layer {
    /// The counterpart.
    type Single: Layer;

    /// Copies parameters and running statistics to the counterpart; settings, such as a slope, are its own.
    fn write_single(&self, single: &mut Self::Single);
}

impl<L: Layer, const B: usize> PerSample for Batched<L, B>
where
    L::Input: Row,
    L::Output: Row,
{
    type Single = L;

    fn write_single(&self, single: &mut L) {
        single.copy_from(&self.layer);
    }
}

impl<const B: usize, const N: usize> PerSample for BatchNorm<B, N> {
    type Single = RunningNorm<N>;

    fn write_single(&self, single: &mut RunningNorm<N>) {
        single.take_over(self);
    }
}

impl<A: PerSample, B: PerSample> PerSample for Chain<A, B>
where
    A::Output: Meets<B::Input>,
    <A::Single as Layer>::Output: Meets<<B::Single as Layer>::Input>,
{
    type Single = Chain<A::Single, B::Single>;

    fn write_single(&self, single: &mut Self::Single) {
        self.first.write_single(&mut single.first);
        self.second.write_single(&mut single.second);
    }
}

impl<L: PerSample> PerSample for Residual<L>
where
    L::Output: Meets<L::Input>,
    <L::Single as Layer>::Output: Meets<<L::Single as Layer>::Input>,
{
    type Single = Residual<L::Single>;

    fn write_single(&self, single: &mut Self::Single) {
        self.layer.write_single(&mut single.layer);
    }
}
