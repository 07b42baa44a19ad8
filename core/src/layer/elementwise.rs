//! What all activations share: no parameters, the same function for every element.

/// Implements `Layer` for `$name<N>`, which has `forward(&self, x, y)` and `backward(&self, x, y, dy, dx)` over slices.
macro_rules! elementwise_layer {
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

        impl<const N: usize> crate::layer::Layer for $name<N> {
            type Input = crate::tensor::Vector<N>;
            type Output = crate::tensor::Vector<N>;
            type Tape = ();
            type Gradient = ();
            type State<R: crate::optim::Rule> = ();

            fn forward(&self, input: &Self::Input, output: &mut Self::Output, (): &mut ()) {
                self.forward_slice(input.as_array(), output.as_mut_array());
            }

            fn backward(
                &self,
                input: &Self::Input,
                output: &Self::Output,
                (): &mut (),
                d_output: &Self::Output,
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

            fn accumulate(&self, _: &Self::Input, (): &(), _: &Self::Output, (): &mut ()) {}

            fn update<R: crate::optim::Elementwise>(
                &mut self,
                _: &Self::Input,
                (): &(),
                _: &Self::Output,
                (): &mut (),
                _: &crate::optim::Step<'_, R>,
            ) {
            }

            fn apply<R: crate::optim::Rule>(&mut self, (): &mut (), (): &mut (), _: &crate::optim::Step<'_, R>) {}

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
                d_outputs: &[f32],
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

pub(super) use elementwise_layer;
