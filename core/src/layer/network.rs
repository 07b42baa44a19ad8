//! The type of a network, each width written once.

/// Spells the type of a network: the width of the input, then a width for each [`Dense`](crate::layer::Dense) layer and a
/// name for each layer that keeps the width. A width that is a constant stands in braces, `{HIDDEN}`: a bare name is a layer
/// of [`kilograd::layer`](crate::layer).
///
/// ```
/// use kilograd::layer::{Activated, Chain, Dense, Relu};
/// use kilograd::network;
///
/// type Small = network![4 => 3];
/// let _: Small = Dense::<4, 3>::default();
///
/// type Digits = network![64 => 32 => Relu => 10];
/// let _: Digits = Chain::<Activated<Dense<64, 32>, Relu<32>>, Dense<32, 10>>::default();
///
/// const HIDDEN: usize = 16;
/// type Deep = network![8 => {HIDDEN} => LeakyRelu => {HIDDEN} => Relu => 2];
/// # let _ = Deep::default();
/// ```
#[macro_export]
macro_rules! network {
    ($input:tt => $($layers:tt)+) => { $crate::__network!($input; $($layers)+) };
}

/// One layer of [`network!`] at a time.
#[doc(hidden)]
#[macro_export]
macro_rules! __network {
    ($width:tt; $layer:ident) => { $crate::layer::$layer<$width> };
    ($width:tt; $layer:ident => $($rest:tt)+) => {
        $crate::layer::Chain<$crate::layer::$layer<$width>, $crate::__network!($width; $($rest)+)>
    };
    // What works in place needs no place of its own.
    ($width:tt; $output:tt => Relu $($rest:tt)*) => { $crate::__network!(@ $width, $output, Relu $($rest)*) };
    ($width:tt; $output:tt => Sigmoid $($rest:tt)*) => { $crate::__network!(@ $width, $output, Sigmoid $($rest)*) };
    ($width:tt; $output:tt => Tanh $($rest:tt)*) => { $crate::__network!(@ $width, $output, Tanh $($rest)*) };
    (@ $width:tt, $output:tt, $activation:ident) => {
        $crate::layer::Activated<$crate::layer::Dense<$width, $output>, $crate::layer::$activation<$output>>
    };
    (@ $width:tt, $output:tt, $activation:ident => $($rest:tt)+) => {
        $crate::layer::Chain<$crate::__network!(@ $width, $output, $activation), $crate::__network!($output; $($rest)+)>
    };
    ($width:tt; $output:tt) => { $crate::layer::Dense<$width, $output> };
    ($width:tt; $output:tt => $($rest:tt)+) => {
        $crate::layer::Chain<$crate::layer::Dense<$width, $output>, $crate::__network!($output; $($rest)+)>
    };
}

/// Spells the type of a network for batches: the number of samples, then widths and layers as in [`network!`](crate::network),
/// each as a [`Batched`](crate::layer::Batched) layer, and [`BatchNorm`](crate::layer::BatchNorm) besides.
///
/// ```
/// use kilograd::batch_network;
/// use kilograd::prelude::*;
///
/// type Net = batch_network![4; 2 => 8 => BatchNorm => Tanh => 2];
/// let mut memory = Memory::<Net, Adam>::ZERO;
/// # memory.network.initialize(&GlorotUniform, Bias::Zero, &mut rand_xoshiro::Xoshiro128PlusPlus::from_seed([1; 16]));
/// # use rand_xoshiro::rand_core::SeedableRng;
/// let mut trainer = Trainer::new(&mut memory, BatchMean(CrossEntropy::default()), Adam::DEFAULT, 0.05)?;
/// let xor = Matrix::new([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]);
/// for _ in 0..100 {
///     trainer.step(&xor, &[0, 1, 1, 0])?;
/// }
/// assert!(trainer.step(&xor, &[0, 1, 1, 0])? < 0.1);
/// # Ok::<(), Error>(())
/// ```
#[macro_export]
macro_rules! batch_network {
    ($batch:tt; $input:tt => $($layers:tt)+) => { $crate::__batch_network!($batch; $input; $($layers)+) };
}

/// One layer of [`batch_network!`] at a time.
#[doc(hidden)]
#[macro_export]
macro_rules! __batch_network {
    ($batch:tt; $width:tt; BatchNorm) => { $crate::layer::BatchNorm<$batch, $width> };
    ($batch:tt; $width:tt; BatchNorm => $($rest:tt)+) => {
        $crate::layer::Chain<$crate::layer::BatchNorm<$batch, $width>, $crate::__batch_network!($batch; $width; $($rest)+)>
    };
    ($batch:tt; $width:tt; $layer:ident) => { $crate::layer::Batched<$crate::layer::$layer<$width>, $batch> };
    ($batch:tt; $width:tt; $layer:ident => $($rest:tt)+) => {
        $crate::layer::Chain<
            $crate::layer::Batched<$crate::layer::$layer<$width>, $batch>,
            $crate::__batch_network!($batch; $width; $($rest)+)
        >
    };
    ($batch:tt; $width:tt; $output:tt => Relu $($rest:tt)*) => {
        $crate::__batch_network!(@ $batch, $width, $output, Relu $($rest)*)
    };
    ($batch:tt; $width:tt; $output:tt => Sigmoid $($rest:tt)*) => {
        $crate::__batch_network!(@ $batch, $width, $output, Sigmoid $($rest)*)
    };
    ($batch:tt; $width:tt; $output:tt => Tanh $($rest:tt)*) => {
        $crate::__batch_network!(@ $batch, $width, $output, Tanh $($rest)*)
    };
    (@ $batch:tt, $width:tt, $output:tt, $activation:ident) => {
        $crate::layer::Batched<$crate::__network!(@ $width, $output, $activation), $batch>
    };
    (@ $batch:tt, $width:tt, $output:tt, $activation:ident => $($rest:tt)+) => {
        $crate::layer::Chain<
            $crate::__batch_network!(@ $batch, $width, $output, $activation),
            $crate::__batch_network!($batch; $output; $($rest)+)
        >
    };
    ($batch:tt; $width:tt; $output:tt) => { $crate::layer::Batched<$crate::layer::Dense<$width, $output>, $batch> };
    ($batch:tt; $width:tt; $output:tt => $($rest:tt)+) => {
        $crate::layer::Chain<
            $crate::layer::Batched<$crate::layer::Dense<$width, $output>, $batch>,
            $crate::__batch_network!($batch; $output; $($rest)+)
        >
    };
}
