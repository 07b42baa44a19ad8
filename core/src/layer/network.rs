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
