//! Data-parallel training: several boards train on their own samples, and their changes are averaged.
//!
//! A round (federated averaging, H. B. McMahan et al., *Communication-efficient learning of deep networks from decentralized
//! data*, 2017) is: the server sends its weights ([`send`], [`receive`]); each [`Worker`] trains for a while on its [`Shard`] of
//! the samples and answers with what that changed, in the words of a [`Codec`]; the [`Round`] adds the mean of the answers to
//! the weights, worker 0 first, whatever the order of their arrival, so that the same answers make the same bits.
//!
//! | codec | bytes for n numbers of one tensor | what is lost |
//! |---|---|---|
//! | [`Float`] | 4·n | nothing |
//! | [`Int8`] | n + 4 for each 64 | up to 1/254 of the largest of the 64, said in the next round |
//! | [`Sign`] | n / 8 + 4 | all but sign and mean magnitude, said in the next rounds |
//!
//! Nothing here reads or writes a line: messages leave through a closure, a few bytes at a time, and come as slices. A message
//! has no header; whoever frames it says whose it is and guards it by a checksum. Numbers stand in the order of
//! [`Parameters::visit`], little-endian.
//!
//! ```
//! use kilograd::tensor::{Vector, Zero};
//! use kilograd::train::parallel::{Int8, Round, Worker};
//! # fn main() -> Result<(), kilograd::Error> {
//! let mut global = Vector::new([1.0, 1.0]);
//!
//! // On each board: train from the global weights, then say what changed.
//! let mut message = [0; 6];
//! let mut worker = Worker::<Vector<2>>::ZERO;
//! let begun = worker.begin(&global);
//! let trained = Vector::new([2.27, 0.73]);
//! let mut written = 0;
//! begun.answer(&trained, &Int8, &mut |bytes| {
//!     message[written..written + bytes.len()].copy_from_slice(bytes);
//!     written += bytes.len();
//!     Ok::<(), kilograd::Error>(())
//! })?;
//!
//! // On the server: the mean of two boards' answers, which happen to agree; board 1 was quicker.
//! let mut round = Round::<_, _, 2>::new(&mut global, Int8);
//! round.accept(1, 50, &message)?;
//! round.accept(0, 50, &message)?;
//! assert_eq!(round.finish()?, 2);
//! assert!((global.as_array()[0] - 2.27).abs() < 1e-6 && (global.as_array()[1] - 0.73).abs() < 1e-6);
//! # Ok(())
//! # }
//! ```

mod codec;
mod float;
mod int8;
mod round;
mod shard;
mod sign;
mod weights;
mod worker;

pub use codec::{Codec, message_bytes};
pub use float::Float;
pub use int8::Int8;
pub use round::Round;
pub use shard::Shard;
pub use sign::Sign;
pub use weights::{receive, send};
pub use worker::{Begun, Worker};

#[cfg(doc)]
use crate::tensor::Parameters;
