//! Memory that is made of parameter groups: networks, gradients, optimizer state.

/// A value whose every number is zero, known at compile time: memory that a `static` can hold without taking flash.
pub trait Zero {
    /// All zeros.
    const ZERO: Self;
}

/// Groups of parameters, each seen as a flat slice.
///
/// A network, its gradient and the state of its optimizer have the same groups in the same order (for a dense layer the
/// weights, input-major, then the biases; from the first layer to the last), so that clipping, copying, hashing or saving
/// needs to know neither shapes nor layers.
///
/// ```
/// use kilograd::tensor::{Matrix, Parameters, Vector, Zero};
///
/// let groups = (Matrix::<2, 3>::ZERO, Vector::<3>::ZERO);
/// let mut lengths = (0, 0);
/// groups.visit(&mut |group| lengths = (lengths.1, group.len()));
/// assert_eq!(lengths, (6, 3));
/// assert_eq!(<(Matrix<2, 3>, Vector<3>)>::COUNT, 9);
///
/// let (mut sum, other) = (Vector::new([1.0, 2.0]), Vector::new([10.0, 20.0]));
/// sum.visit_mut_with(&other, &mut |a, b| a.iter_mut().zip(b).for_each(|(a, b)| *a += b));
/// assert_eq!(sum, Vector::new([11.0, 22.0]));
/// ```
pub trait Parameters: Zero {
    /// How many `f32` all groups hold together.
    const COUNT: usize;
    /// How many `f32` [`visit_buffers`](Parameters::visit_buffers) shows; what holds others adds theirs up.
    const BUFFERS: usize = 0;

    /// Shows each group to `see`, in order.
    fn visit(&self, see: &mut impl FnMut(&[f32]));

    /// Hands each group to `change`, in order.
    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32]));

    /// Shows what belongs to the parameters but is not trained, so that no gradient or optimizer state stands beside it: running
    /// statistics, frozen weights. Nothing in most cases; what holds others must pass this on to them.
    fn visit_buffers(&self, _: &mut impl FnMut(&[f32])) {}

    /// Hands to `change` what [`visit_buffers`](Parameters::visit_buffers) shows.
    fn visit_buffers_mut(&mut self, _: &mut impl FnMut(&mut [f32])) {}

    /// Takes over every parameter and buffer of `other`, in place.
    fn copy_from(&mut self, other: &Self);

    /// Shows each group together with the one in the same place of `other`: of a network and its gradient, say, whose types
    /// differ. Groups that only one of them has are not shown.
    fn visit_with(&self, other: &impl Parameters, see: &mut impl FnMut(&[f32], &[f32])) {
        let mut place = 0;
        self.visit(&mut |ours| {
            visit_one(other, place, &mut |theirs| see(ours, theirs));
            place += 1;
        });
    }

    /// The same, with the groups of `self` to be written to.
    fn visit_mut_with(&mut self, other: &impl Parameters, change: &mut impl FnMut(&mut [f32], &[f32])) {
        let mut place = 0;
        self.visit_mut(&mut |ours| {
            visit_one(other, place, &mut |theirs| change(ours, theirs));
            place += 1;
        });
    }
}

/// Shows the group in this `place`. A walk for each group of another network is cheap: there are two a layer.
fn visit_one(groups: &impl Parameters, place: u32, see: &mut impl FnMut(&[f32])) {
    let mut here = 0;
    groups.visit(&mut |group| {
        if here == place {
            see(group);
        }
        here += 1;
    });
}

impl Zero for () {
    const ZERO: Self = ();
}

impl Zero for f32 {
    const ZERO: Self = 0.0;
}

impl Zero for u32 {
    const ZERO: Self = 0;
}

impl Parameters for () {
    const COUNT: usize = 0;

    fn visit(&self, _: &mut impl FnMut(&[f32])) {}

    fn visit_mut(&mut self, _: &mut impl FnMut(&mut [f32])) {}

    fn copy_from(&mut self, (): &Self) {}
}

impl<A: Zero, B: Zero> Zero for (A, B) {
    const ZERO: Self = (A::ZERO, B::ZERO);
}

impl<A: Parameters, B: Parameters> Parameters for (A, B) {
    const COUNT: usize = A::COUNT + B::COUNT;
    const BUFFERS: usize = A::BUFFERS + B::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.0.visit(see);
        self.1.visit(see);
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.0.visit_mut(change);
        self.1.visit_mut(change);
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.0.visit_buffers(see);
        self.1.visit_buffers(see);
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.0.visit_buffers_mut(change);
        self.1.visit_buffers_mut(change);
    }

    fn copy_from(&mut self, other: &Self) {
        self.0.copy_from(&other.0);
        self.1.copy_from(&other.1);
    }
}

impl<T: Zero, const N: usize> Zero for [T; N] {
    const ZERO: Self = [const { T::ZERO }; N];
}

impl<T: Parameters, const N: usize> Parameters for [T; N] {
    const COUNT: usize = N * T::COUNT;
    const BUFFERS: usize = N * T::BUFFERS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        self.iter().for_each(|groups| groups.visit(see));
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.iter_mut().for_each(|groups| groups.visit_mut(change));
    }

    fn visit_buffers(&self, see: &mut impl FnMut(&[f32])) {
        self.iter().for_each(|groups| groups.visit_buffers(see));
    }

    fn visit_buffers_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        self.iter_mut().for_each(|groups| groups.visit_buffers_mut(change));
    }

    fn copy_from(&mut self, other: &Self) {
        self.iter_mut().zip(other).for_each(|(groups, others)| groups.copy_from(others));
    }
}
