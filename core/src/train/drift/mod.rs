//! Whether a stream still is what it was: tests on the running loss or error, with constant memory.
//!
//! A network that is trained as its samples come is tested on each before it learns from it; while the stream stays the same,
//! that prequential error falls or stays. A rise that chance does not explain is a *drift*: the relation between inputs and
//! targets has changed, and it is time to train (again).
//!
//! | test | watches | memory, bytes |
//! |---|---|---|
//! | [`PageHinkley`] | any number, a loss say: its mean rises | 24 |
//! | [`Ddm`] | right or wrong: the share of mistakes rises; warns first | 28 |
//!
//! Source: J. Gama, I. Žliobaitė, A. Bifet, M. Pechenizkiy and A. Bouchachia, *A survey on concept drift adaptation* (2014).

mod ddm;
mod page_hinkley;

pub use ddm::{Ddm, DdmSettings};
pub use page_hinkley::{PageHinkley, PageHinkleySettings};

/// What a test makes of the stream so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "defmt", derive(defmt::Format))]
#[must_use = "a drift asks for training"]
pub enum Signal {
    /// As it was.
    Stable,
    /// Perhaps no longer: keep the samples from here on.
    Warning,
    /// No longer. The test begins anew.
    Drift,
}
