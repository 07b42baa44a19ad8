//! The kernels, one family a file.
//!
//! Matrices are row-major slices. A layer's weights are **input-major**: row i holds the weights that leave input i, one
//! for each output, so that the products of a forward pass, alone or in a batch, add over the inputs in their natural
//! order with one running sum per output.
//!
//! | kernel | computes | order of additions |
//! |---|---|---|
//! | [`sum`], [`sum_of_magnitudes`] | Σ xᵢ, Σ \|xᵢ\| | four lanes: element i goes to lane i mod 4; then (l₀ + l₂) + (l₁ + l₃) |
//! | [`dot`], [`sum_of_squares`] | Σ aᵢ·bᵢ, Σ (xᵢ·s)² | 32 lanes: element i goes to lane i mod 32; then the upper half is added to the lower, until one is left |
//! | [`max_abs`] | max \|xᵢ\| | none: exact in any |
//! | [`axpy`], [`scale`], [`add`], [`clear`] | y ← y + α·x, … | none |
//! | [`matvec`] | y ← b + Wᵀx, W input-major | from bⱼ, over the inputs in natural order |
//! | [`matvec_transposed`] | x ← W·d | four lanes: element j goes to lane j mod 4; then (l₀ + l₂) + (l₁ + l₃) |
//! | [`rank_one`], [`rank_one_sparse`] | W ← W + x ⊗ (α·d) | none |
//! | [`product`] | C ← 1 ⊗ b + A·B | from bⱼ, over the inner index in natural order: [`matvec`] for every row of A |
//! | [`rank_ones`] | C ← C + Aᵀ·(α·B) | [`rank_one`] for every row of A and B |
//! | [`transposed_product`] | C ← C + Aᵀ·B | from cᵢⱼ, over the rows of A in natural order: [`rank_one`] for every row |
//! | [`product_transposed`] | C ← A·Bᵀ | [`matvec_transposed`] for every row of A |
//! | [`add_each`] | y + Σᵢ rowᵢ | from yⱼ, over the rows in natural order |
//! | [`relu`], [`relu_backward`] | max(x, 0) and its gradient | none |
//! | [`exp`], [`tanh`], [`sigmoid`] | of every element | none |
//! | [`softmax`], [`softmax_rows`] | eˣⁱ⁻ᵐ / Σ eˣʲ⁻ᵐ | a [`sum`] |
//! | [`momentum`], [`momentum_outer`] | heavy-ball step | none |
//! | [`adam`], [`adam_outer`] | Adam's step | none |
//!
//! A product that is added to something is rounded before it is added, or with the feature `fused` not at all
//! ([`multiply_add`](crate::math::multiply_add)), in the same order of additions:
//!
//! | kernel | rounded once with `fused` |
//! |---|---|
//! | [`dot`], [`matvec_transposed`], [`product_transposed`] | lane + aᵢ·bᵢ |
//! | [`sum_of_squares`] | lane + s·s with s = xᵢ·scale |
//! | [`axpy`] | y + α·x |
//! | [`matvec`], [`product`] | sum + xᵢ·Wᵢⱼ |
//! | [`rank_one`], [`transposed_product`] | W + xᵢ·s with s = α·dⱼ |
//! | [`momentum`], [`momentum_outer`] | v = γ·g + (μ·v); w + (−η)·v; ahead, g + μ·v |
//! | [`adam`], [`adam_outer`] | m = (1 − β₁)·g + (β₁·m); v = (1 − β₂)·(g²) + (β₂·v); √v·c + ε; w + (−rate)·(m / …) |
//!
//! What stands in parentheses and every gradient `xᵢ·dⱼ` are rounded by themselves, so that a gradient that is stored and one that
//! is not lead to the same bits. The other kernels and the functions of [`math`](crate::math) multiply and add apart in both modes.

mod adam;
mod batch;
mod dot;
mod elementary;
mod elementwise;
mod matvec;
mod momentum;
mod rank_one;
mod relu;
mod softmax;
mod transposed;

pub use adam::{AdamStep, adam, adam_outer};
pub use batch::{product, product_transposed, rank_ones, transposed_product};
pub use dot::{dot, max_abs, sum, sum_of_magnitudes, sum_of_squares};
pub use elementary::{exp, sigmoid, tanh};
pub use elementwise::{add, add_each, axpy, clear, scale};
pub use matvec::matvec;
pub use momentum::{MomentumStep, momentum, momentum_outer};
pub use rank_one::{rank_one, rank_one_sparse};
pub use relu::{relu, relu_backward};
pub use softmax::{softmax, softmax_rows};
pub use transposed::matvec_transposed;
