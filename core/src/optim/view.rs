//! Optimizer state seen as slices.

/// State of some parameters as slices, from which the part that belongs to the next few parameters can be taken.
pub trait View {
    /// Takes off the part of the first `count` parameters (or of all, if fewer are left).
    fn take(&mut self, count: usize) -> Self;
}

impl View for () {
    fn take(&mut self, _: usize) -> Self {}
}

impl View for &mut [f32] {
    fn take(&mut self, count: usize) -> Self {
        let all = core::mem::take(self);
        let count = count.min(all.len());
        let Some((first, rest)) = all.split_at_mut_checked(count) else { return &mut [] };
        *self = rest;
        first
    }
}

impl<A: View, B: View> View for (A, B) {
    fn take(&mut self, count: usize) -> Self {
        (self.0.take(count), self.1.take(count))
    }
}

impl<V: View, const N: usize> View for [V; N] {
    fn take(&mut self, count: usize) -> Self {
        self.each_mut().map(|view| view.take(count))
    }
}
