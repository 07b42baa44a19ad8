//! All the RAM that training takes.

use crate::layer::Layer;
use crate::optim::Rule;
use crate::tensor::{Parameters, Zero};
use core::fmt;
use kilograd_simd::kernel;

/// How a step is taken, and what memory that takes.
pub trait Mode {
    /// What is kept of the gradient.
    type Gradient<N: Layer>: Parameters;
}

/// One sample a step; the gradient is never stored.
#[derive(Clone, Copy, Debug)]
pub enum Fused {}

/// The gradients of several samples are summed before a step.
#[derive(Clone, Copy, Debug)]
pub enum Accumulated {}

impl Mode for Fused {
    type Gradient<N: Layer> = ();
}

impl Mode for Accumulated {
    type Gradient<N: Layer> = N::Gradient;
}

/// A network and everything that training it remembers: the optimizer's state, the tape of a backward pass and, if
/// [`Accumulated`], the gradient. All of it is zero at the start, so a `static` of it takes no flash.
///
/// ```
/// use kilograd::prelude::*;
///
/// type Net = network![64 => 32 => Relu => 10];
/// assert_eq!(Memory::<Net, Sgd>::PARAMETERS, 2_410);
/// // Parameters 9,640; tape and outputs 336; three counters.
/// assert_eq!(Memory::<Net, Sgd>::RAM_BYTES, 9_640 + 336 + 12);
/// assert_eq!(Memory::<Net, Adam>::RAM_BYTES, 3 * 9_640 + 336 + 12);
/// assert_eq!(Memory::<Net, Sgd, Accumulated>::RAM_BYTES, 2 * 9_640 + 336 + 12);
/// ```
///
/// A budget is a line that the compiler checks:
///
/// ```compile_fail
/// # use kilograd::prelude::*;
/// # type Net = network![64 => 32 => Relu => 10];
/// const _: () = assert!(Memory::<Net, Adam>::RAM_BYTES <= 16 * 1024, "the network does not fit into 16 KB of RAM");
/// ```
pub struct Memory<N: Layer, R: Rule, M: Mode = Fused> {
    /// The network: initialise it, load it, read it.
    pub network: N,
    pub(crate) state: N::State<R>,
    pub(crate) gradient: M::Gradient<N>,
    pub(crate) tape: N::Tape,
    pub(super) output: N::Output,
    pub(super) d_output: N::Output,
    pub(crate) progress: Progress,
}

/// Where training stands.
#[derive(Clone, Copy)]
pub(crate) struct Progress {
    /// Steps taken.
    pub steps: u32,
    /// What the samples in the gradient weigh together, and their summed loss.
    pub weight: f32,
    pub loss: f32,
}

impl<N: Layer, R: Rule, M: Mode> Memory<N, R, M> {
    /// How many numbers training adjusts.
    pub const PARAMETERS: usize = N::COUNT;
    /// Bytes of the network's parameters.
    pub const PARAMETER_BYTES: usize = size_of::<N>();
    /// Bytes of what the optimizer remembers.
    pub const STATE_BYTES: usize = size_of::<N::State<R>>();
    /// Bytes of the stored gradient.
    pub const GRADIENT_BYTES: usize = size_of::<M::Gradient<N>>();
    /// Bytes of what a backward pass needs: what flows between the layers, outputs, and the gradients with respect to them.
    pub const TAPE_BYTES: usize = size_of::<N::Tape>() + 2 * size_of::<N::Output>();
    /// All bytes: everything that training needs but the stack and one sample.
    pub const RAM_BYTES: usize = size_of::<Self>();

    /// What the optimizer remembers, in the order of the network's parameters.
    pub fn state(&self) -> &N::State<R> {
        &self.state
    }

    /// How many steps have been taken.
    pub fn steps(&self) -> u32 {
        self.progress.steps
    }

    /// Takes over everything that `other` would go on with (not what flowed in its last pass), in place: to go on training here
    /// while `other` is being [saved](crate::checkpoint::Saving), for example.
    pub fn copy_from(&mut self, other: &Self) {
        self.network.copy_from(&other.network);
        self.state.copy_from(&other.state);
        self.gradient.copy_from(&other.gradient);
        self.progress = other.progress;
        let mut place = 0;
        self.network.visit_counters_mut(&mut self.tape, &mut |counter| {
            let mut here = 0;
            other.network.visit_counters(&other.tape, &mut |theirs| {
                if here == place {
                    *counter = theirs;
                }
                here += 1;
            });
            place += 1;
        });
    }

    /// Forgets, in place, everything but the network: what the optimizer remembers, the gradient and the steps.
    pub fn restart(&mut self) {
        self.state.visit_mut(&mut |group| group.fill(0.0));
        self.gradient.visit_mut(&mut |group| group.fill(0.0));
        self.progress = Progress { steps: 0, weight: 0.0, loss: 0.0 };
    }
}

impl<N: Layer, R: Rule> Memory<N, R, Accumulated> {
    /// Forgets what was accumulated.
    pub(super) fn clear(&mut self) {
        self.gradient.visit_mut(&mut |group| kernel::clear(group));
        self.progress.weight = 0.0;
        self.progress.loss = 0.0;
    }
}

impl<N: Layer, R: Rule, M: Mode> Zero for Memory<N, R, M> {
    const ZERO: Self = Self {
        network: N::ZERO,
        state: N::State::<R>::ZERO,
        gradient: M::Gradient::<N>::ZERO,
        tape: N::Tape::ZERO,
        output: N::Output::ZERO,
        d_output: N::Output::ZERO,
        progress: Progress { steps: 0, weight: 0.0, loss: 0.0 },
    };
}

/// Sizes and progress; the numbers would fill pages.
impl<N: Layer, R: Rule, M: Mode> fmt::Debug for Memory<N, R, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = f.debug_struct("Memory");
        fields.field("parameters", &Self::PARAMETERS).field("ram_bytes", &Self::RAM_BYTES);
        fields.field("steps", &self.steps()).finish_non_exhaustive()
    }
}
