//! The forms of *Deep Learning* where they are not PyTorch's.
//!
//! | algorithm | here |
//! |---|---|
//! | 8.1 SGD, 8.2 momentum, 8.7 Adam | [`Sgd`](super::Sgd), [`Momentum`](super::Momentum), [`Adam`](super::Adam): the same |
//! | 8.3 SGD with Nesterov momentum | [`Nesterov`]; at a constant rate [`Momentum::NESTEROV`](super::Momentum::NESTEROV) |
//! | 8.4 AdaGrad | [`AdaGrad::BOOK`](super::AdaGrad::BOOK) |
//! | 8.5 RMSProp | [`RmsProp`] |
//! | 8.6 RMSProp with Nesterov momentum | [`RmsPropNesterov`] |

mod nesterov;
mod rmsprop;

pub use nesterov::{Nesterov, NesterovPlan, RmsPropNesterov};
pub use rmsprop::RmsProp;
