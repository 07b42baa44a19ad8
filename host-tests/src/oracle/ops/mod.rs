//! What each `op` of the schema means to the library.
//!
//! A new op is a function of the type [`Run`], in the file of its family or one of its own, and one line in [`TABLE`].

mod activation;
mod averaging;
mod batch_norm;
mod clip;
mod converged;
mod dense;
mod dropout;
mod init;
mod loss;
mod minimize;
mod mlp;
mod norm;
mod optimizer;
mod padding;
mod quadratic;
mod rule;
mod schedule;
pub mod tasks;
mod tensorwise;
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
    ("layer_norm", norm::layer_norm),
    ("rms_norm", norm::rms_norm),
    ("dropout", dropout::run),
    ("mlp2", mlp::run),
    ("batch_norm_1d", batch_norm::run),
    ("relu", activation::relu),
    ("leaky_relu", activation::leaky_relu),
    ("sigmoid", activation::sigmoid),
    ("tanh", activation::tanh),
    ("gelu_tanh", activation::gelu_tanh),
    ("elu", activation::elu),
    ("gelu", activation::gelu),
    ("silu", activation::silu),
    ("softplus", activation::softplus),
    ("hard_sigmoid", activation::hard_sigmoid),
    ("hard_swish", activation::hard_swish),
    ("softmax", activation::softmax),
    ("log_softmax", activation::log_softmax),
    ("mse", loss::mean_squared_error),
    ("bce_with_logits", loss::binary_cross_entropy),
    ("cross_entropy", loss::cross_entropy),
    ("mae", loss::mean_absolute_error),
    ("huber", loss::huber),
    ("smooth_l1", loss::smooth_l1),
    ("hinge", loss::hinge),
    ("squared_hinge", loss::squared_hinge),
    ("multi_margin", loss::multi_margin),
    ("soft_cross_entropy", loss::soft_cross_entropy),
    ("kl_div_logits", loss::kl_divergence),
    ("minimize", minimize::run),
    ("sgd", optimizer::run),
    ("momentum", optimizer::run),
    ("nesterov", optimizer::run),
    ("adagrad", optimizer::run),
    ("adadelta", optimizer::run),
    ("rmsprop", optimizer::run),
    ("adam", optimizer::run),
    ("amsgrad", optimizer::run),
    ("adamw", optimizer::run),
    ("adamax", optimizer::run),
    ("nadam", optimizer::run),
    ("radam", optimizer::run),
    ("rprop", optimizer::run),
    ("asgd", optimizer::run),
    ("lion", optimizer::run),
    ("sign_sgd", optimizer::run),
    ("adabelief", optimizer::run),
    ("yogi", optimizer::run),
    ("adafactor", tensorwise::adafactor),
    ("lamb", tensorwise::lamb),
    ("lars", tensorwise::lars),
    ("book_momentum", quadratic::book_momentum),
    ("book_nesterov", quadratic::book_nesterov),
    ("torch_nesterov_on_quadratic", quadratic::nesterov),
    ("book_adagrad", quadratic::book_adagrad),
    ("book_rmsprop", quadratic::book_rmsprop),
    ("book_rmsprop_nesterov", quadratic::book_rmsprop_nesterov),
    ("book_adam", quadratic::book_adam),
    ("averaging", averaging::run),
    ("clip_grad_norm", clip::norm),
    ("clip_grad_value", clip::value),
    ("constant", schedule::constant),
    ("step", schedule::step),
    ("exponential", schedule::exponential),
    ("book_linear", schedule::book_linear),
    ("warmup_cosine", schedule::warmup_cosine),
    ("cosine", schedule::cosine),
    ("cosine_restarts", schedule::cosine_restarts),
    ("cyclic_triangular", schedule::cyclic_triangular),
    ("inverse_sqrt", schedule::inverse_sqrt),
    ("inverse_time", schedule::inverse_time),
    ("multistep", schedule::multistep),
    ("one_cycle", schedule::one_cycle),
    ("polynomial", schedule::polynomial),
    ("reduce_on_plateau", schedule::reduce_on_plateau),
    ("xavier_uniform", init::xavier_uniform),
    ("xavier_normal", init::xavier_normal),
    ("he_uniform", init::he_uniform),
    ("he_normal", init::he_normal),
    ("lecun_uniform", init::lecun_uniform),
    ("lecun_normal", init::lecun_normal),
    ("lecun_trunc_normal", init::lecun_truncated_normal),
    ("book_1_over_sqrt_m", init::book_uniform),
    ("orthogonal", init::orthogonal),
    ("sparse", init::sparse),
    ("train_setup", train_setup::run),
    ("train", train::run),
    ("train_converged", converged::run),
];

/// How to run `op`, if the library implements it.
pub(super) fn find(op: &str) -> Option<Run> {
    TABLE.iter().find(|(name, _)| *name == op).map(|(_, run)| *run)
}

/// Every op that the library implements.
pub fn implemented() -> impl Iterator<Item = &'static str> {
    TABLE.iter().map(|(op, _)| *op)
}
