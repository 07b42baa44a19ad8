//! Layers each pass of which is one piece.

use super::{ELEMENT_COST, Sliced};
use crate::layer::{
    AuxiliaryHead, BatchNorm, Batched, Dropout, Elu, Flash, Frozen, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, Layer,
    LayerNorm, LeakyRelu, LogSoftmax, Maxout, Meets, Recurrent, Relu, Residual, RmsNorm, RunningNorm, Sigmoid, Silu, Softmax,
    Softplus, Stored, Tanh,
};
use crate::tensor::{Parameters, Row};

macro_rules! whole {
    ($($name:ident),* $(,)?) => {
        $(impl<const N: usize> Sliced for $name<N> {})*
    };
}

whole!(
    Dropout,
    Elu,
    Gelu,
    GeluTanh,
    HardSigmoid,
    HardSwish,
    Identity,
    LayerNorm,
    LeakyRelu,
    LogSoftmax,
    Relu,
    RmsNorm,
    RunningNorm,
    Sigmoid,
    Silu,
    Softmax,
    Softplus,
    Tanh,
);

impl<const IN: usize, const OUT: usize, const PIECES: usize> Sliced for Maxout<IN, OUT, PIECES> {
    // The gradient's bound for each piece.
    const COST: usize = Self::COUNT + PIECES * (IN + OUT);
}

impl<const IN: usize, const HIDDEN: usize, const LENGTH: usize, const BACK: usize> Sliced
    for Recurrent<IN, HIDDEN, LENGTH, BACK>
{
    const COST: usize = LENGTH * (Self::COUNT + ELEMENT_COST * HIDDEN);
}

impl<L: Sliced> Sliced for Residual<L>
where
    L::Output: Meets<L::Input>,
    Self: Layer<Input = L::Input, Output = L::Output>,
{
    const COST: usize = L::COST + L::Output::COUNT;
}

impl<A: Sliced, H: Sliced, B: Sliced> Sliced for AuxiliaryHead<A, H, B>
where
    A::Output: Meets<H::Input> + Meets<B::Input>,
    Self: Layer,
{
    const COST: usize = A::COST + H::COST + B::COST;
}

impl<L: Sliced> Sliced for Frozen<L> {
    const COST: usize = L::COST;
}

impl<S: Stored> Sliced for Flash<S>
where
    S::Layer: Sliced,
{
    const COST: usize = <S::Layer as Sliced>::COST;
}

impl<L: Sliced, const B: usize> Sliced for Batched<L, B>
where
    L::Input: Row,
    L::Output: Row,
{
    const COST: usize = B * L::COST;
}

impl<const B: usize, const N: usize> Sliced for BatchNorm<B, N> {}
