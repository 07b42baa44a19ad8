//! How far a pass has come, and how far it may go.

/// Where a pass stands, and how much it may still do before it must return.
///
/// ```
/// use kilograd::layer::Slice;
///
/// let mut slice = Slice::new(3, 100);
/// // Of up to eight pieces that cost 30 each, three fit.
/// assert_eq!((slice.take(8, 30), slice.at()), (3, 6));
/// assert_eq!(slice.take(8, 30), 0);
/// // The first piece of a slice runs whatever it costs: every slice gets on.
/// assert_eq!(Slice::new(0, 1).take(8, 30), 1);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slice {
    at: usize,
    left: usize,
    has_run: bool,
}

impl Slice {
    /// A slice of a pass that stands at piece `at`, counted from 0, with a budget in multiply-accumulates.
    pub const fn new(at: usize, budget: usize) -> Self {
        Self { at, left: budget, has_run: false }
    }

    /// The piece that comes next.
    pub const fn at(&self) -> usize {
        self.at
    }

    /// Takes as many of the next `most` pieces, which cost `cost` each, as the budget allows, and says how many the caller must
    /// now run.
    pub fn take(&mut self, most: usize, cost: usize) -> usize {
        let fitting = self.left.checked_div(cost).unwrap_or(most);
        let least = usize::from(!self.has_run);
        let count = fitting.max(least).min(most);
        self.left = self.left.saturating_sub(count.saturating_mul(cost));
        self.has_run |= count > 0;
        self.at = self.at.saturating_add(count);
        count
    }

    /// Passes over `count` pieces that have nothing to do.
    pub fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// Runs a pass within the pass whose pieces are the `count` ones from `first` on; does nothing if it does not stand there.
    pub fn within<T>(&mut self, first: usize, count: usize, run: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let at = self.at.checked_sub(first).filter(|at| *at < count)?;
        self.at = at;
        let result = run(self);
        self.at = self.at.saturating_add(first);
        Some(result)
    }

    /// Goes on at the first piece of the next pass.
    pub(crate) fn next_pass(&mut self) {
        self.at = 0;
    }
}
