//! What all activations share: no parameters, one function for a vector of any width.

/// Implements `Zero` and `Parameters` for `$name<N>`, which has none.
macro_rules! without_parameters {
    ($name:ident, $zero:expr) => {
        impl<const N: usize> crate::tensor::Zero for $name<N> {
            const ZERO: Self = $zero;
        }

        impl<const N: usize> crate::tensor::Parameters for $name<N> {
            const COUNT: usize = 0;

            fn visit(&self, _: &mut impl FnMut(&[f32])) {}

            fn visit_mut(&mut self, _: &mut impl FnMut(&mut [f32])) {}

            fn copy_from(&mut self, _: &Self) {}
        }
    };
}

/// What of `Layer` concerns the parameters, for one without.
macro_rules! without_updates {
    ($tape:ty) => {
        type Gradient = ();
        type State<R: crate::optim::Rule> = ();

        fn accumulate(&self, _: &Self::Input, _: &$tape, _: &Self::Output, (): &mut ()) {}

        fn update<R: crate::optim::Elementwise>(
            &mut self,
            _: &Self::Input,
            _: &$tape,
            _: &Self::Output,
            (): &mut (),
            _: &crate::optim::Step<'_, R>,
        ) {
        }

        fn apply<R: crate::optim::Rule>(&mut self, (): &mut (), (): &mut (), _: &crate::optim::Step<'_, R>) {}
    };
}

/// Implements `Layer` for `$name<N>`, which has `forward_slice(&self, x, y)` and `backward_slice(&self, x, y, dy, dx)`.
macro_rules! elementwise_layer {
    ($name:ident, $zero:expr) => {
        crate::layer::elementwise::without_parameters!($name, $zero);

        impl<const N: usize> crate::layer::Layer for $name<N> {
            type Input = crate::tensor::Vector<N>;
            type Output = crate::tensor::Vector<N>;
            type Tape = ();

            fn forward(&self, input: &Self::Input, output: &mut Self::Output, (): &mut ()) {
                self.forward_slice(input.as_array(), output.as_mut_array());
            }

            fn backward(
                &self,
                input: &Self::Input,
                output: &Self::Output,
                (): &mut (),
                d_output: &mut Self::Output,
                d_input: Option<&mut Self::Input>,
            ) -> Result<(), crate::error::Error> {
                let Some(d_input) = d_input else {
                    // The first layer is shown the sample itself; what saturates would hide an infinity from the loss.
                    return crate::layer::rows::require_finite(input.as_array());
                };
                let (x, y) = (input.as_array(), output.as_array());
                self.backward_slice(x, y, d_output.as_array(), d_input.as_mut_array());
                Ok(())
            }

            crate::layer::elementwise::without_updates!(());

            fn forward_rows(&self, inputs: &[f32], outputs: &mut [f32], _: &mut [()]) {
                self.forward_slice(inputs, outputs);
            }

            fn forward_training_rows(&self, inputs: &[f32], outputs: &mut [f32], _: &mut [()]) {
                self.forward_slice(inputs, outputs);
            }

            fn backward_rows(
                &self,
                inputs: &[f32],
                outputs: &[f32],
                _: &mut [()],
                d_outputs: &mut [f32],
                d_inputs: Option<&mut [f32]>,
            ) -> Result<(), crate::error::Error> {
                let Some(d_inputs) = d_inputs else {
                    return crate::layer::rows::require_finite(inputs);
                };
                self.backward_slice(inputs, outputs, d_outputs, d_inputs);
                Ok(())
            }

            fn initialize(&mut self, _: &impl crate::init::Scheme, _: crate::init::Bias, _: &mut impl rand_core::Rng) {}
        }
    };
}

/// Implements `Layer` and [`Activation`](super::Activation) for `$name<N>`, which has `activate_slice(&self, values)` and
/// `pull_back_slice(&self, y, deltas)` in place.
macro_rules! in_place_layer {
    ($name:ident, $zero:expr, $cost:expr) => {
        crate::layer::elementwise::elementwise_layer!($name, $zero);

        impl<const N: usize> crate::layer::Activation for $name<N> {
            const COST: usize = $cost;

            fn activate(&self, values: &mut [f32]) {
                self.activate_slice(values);
            }

            fn pull_back(&self, output: &[f32], deltas: &mut [f32]) {
                self.pull_back_slice(output, deltas);
            }
        }

        impl<const N: usize> $name<N> {
            fn forward_slice(&self, x: &[f32], y: &mut [f32]) {
                crate::layer::rows::copy(x, y);
                self.activate_slice(y);
            }

            fn backward_slice(&self, _: &[f32], y: &[f32], dy: &[f32], dx: &mut [f32]) {
                crate::layer::rows::copy(dy, dx);
                self.pull_back_slice(y, dx);
            }
        }
    };
}

pub(super) use {elementwise_layer, in_place_layer, without_parameters, without_updates};
