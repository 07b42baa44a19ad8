//! What each `op` of the schema means to the library.
//!
//! A new op is a function of the type [`Run`], in the file of its family or one of its own, and one line in [`TABLE`].

mod activation;
mod clip;
mod dense;
mod init;
mod loss;
mod minimize;
mod mlp;
mod optimizer;
mod padding;
mod quadratic;
mod rule;
mod schedule;
pub mod tasks;
mod train;
mod train_setup;

use super::Trouble;
use super::compare::Comparison;
use super::schema::{Case, Document};

/// Runs a case through the library and compares every output.
type Run = fn(&Case, &Document, &mut Comparison<'_>) -> Result<(), Trouble>;

/// The ops that the library implements.
const TABLE: &[(&str, Run)] = &[
    ("dense", dense::run),
    ("mlp2", mlp::run),
    ("relu", activation::relu),
    ("leaky_relu", activation::leaky_relu),
    ("sigmoid", activation::sigmoid),
    ("tanh", activation::tanh),
    ("gelu_tanh", activation::gelu_tanh),
    ("mse", loss::mean_squared_error),
    ("bce_with_logits", loss::binary_cross_entropy),
    ("cross_entropy", loss::cross_entropy),
    ("minimize", minimize::run),
    ("sgd", optimizer::run),
    ("momentum", optimizer::run),
    ("nesterov", optimizer::run),
    ("adam", optimizer::run),
    ("adamw", optimizer::run),
    ("book_momentum", quadratic::book_momentum),
    ("torch_nesterov_on_quadratic", quadratic::nesterov),
    ("book_adam", quadratic::book_adam),
    ("clip_grad_norm", clip::norm),
    ("clip_grad_value", clip::value),
    ("constant", schedule::constant),
    ("step", schedule::step),
    ("exponential", schedule::exponential),
    ("book_linear", schedule::book_linear),
    ("warmup_cosine", schedule::warmup_cosine),
    ("xavier_uniform", init::xavier_uniform),
    ("xavier_normal", init::xavier_normal),
    ("he_uniform", init::he_uniform),
    ("he_normal", init::he_normal),
    ("lecun_uniform", init::lecun_uniform),
    ("lecun_normal", init::lecun_normal),
    ("lecun_trunc_normal", init::lecun_truncated_normal),
    ("book_1_over_sqrt_m", init::book_uniform),
    ("train_setup", train_setup::run),
    ("train", train::run),
];

/// How to run `op`, if the library implements it.
pub(super) fn find(op: &str) -> Option<Run> {
    TABLE.iter().find(|(name, _)| *name == op).map(|(_, run)| *run)
}

/// Every op that the library implements.
pub fn implemented() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(op, _)| *op)
}
