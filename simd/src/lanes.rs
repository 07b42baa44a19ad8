//! Neighbouring columns of a matrix that a kernel holds in registers.

use crate::math::{multiply_add, sqrt};
use core::sync::atomic::{Ordering, compiler_fence};
use wide::f32x4;

/// Keeps the loads that stand before it together, ahead of what stands after it. Left alone, the compiler saves registers that
/// are free, scatters the loads of a burst (one cycle each on an M4) and pays two for each. No instruction comes of it;
/// processors that reorder loads by themselves go without.
#[inline(always)]
pub fn load_first() {
    if cfg!(target_arch = "arm") {
        compiler_fence(Ordering::SeqCst);
    }
}

/// `WIDTH` numbers, one of each of a row's neighbouring columns.
///
/// Implemented without a loop, so that registers stay registers where the compiler unrolls nothing (`opt-level = "s"`).
pub trait Lanes: Copy {
    const WIDTH: usize;
    /// The first `WIDTH` of `values`, if there are as many.
    fn load(values: &[f32]) -> Option<Self>;
    /// Writes to the first `WIDTH` of `to`, or nothing if there are fewer.
    fn store(self, to: &mut [f32]);
    fn splat(value: f32) -> Self;
    fn plus(self, other: Self) -> Self;
    fn by(self, other: Self) -> Self;
    fn over(self, other: Self) -> Self;
    fn root(self) -> Self;
    /// `self + a·b`, element by element as [`multiply_add`] rounds it.
    fn add_product(self, a: Self, b: Self) -> Self;
    fn magnitude(self) -> Self;
    /// The sum of all: the upper half is added to the lower, until one is left.
    fn fold(self) -> f32;

    /// [`load`](Self::load) from the element `from` on.
    #[inline(always)]
    fn load_at(values: &[f32], from: usize) -> Option<Self> {
        let values = values.get(from..)?;
        Self::load(values)
    }
    /// [`store`](Self::store) from the element `from` on.
    #[inline(always)]
    fn store_at(self, to: &mut [f32], from: usize) {
        if let Some(to) = to.get_mut(from..) {
            self.store(to);
        }
    }
    /// [`add_product`](Self::add_product) of one factor for all.
    #[inline(always)]
    fn add_times(self, a: Self, factor: f32) -> Self {
        self.add_product(a, Self::splat(factor))
    }
    #[inline(always)]
    fn times(self, factor: f32) -> Self {
        self.by(Self::splat(factor))
    }
}

impl Lanes for f32 {
    const WIDTH: usize = 1;
    #[inline(always)]
    fn load(values: &[f32]) -> Option<Self> {
        values.first().copied()
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        if let Some(to) = to.first_mut() {
            *to = self;
        }
    }
    #[inline(always)]
    fn splat(value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn by(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        multiply_add(a, b, self)
    }
    #[inline(always)]
    fn root(self) -> Self {
        sqrt(self)
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn fold(self) -> f32 {
        self
    }
}

impl Lanes for f32x4 {
    const WIDTH: usize = 4;
    #[inline(always)]
    fn load(values: &[f32]) -> Option<Self> {
        let values = values.first_chunk()?;
        Some(Self::new(*values))
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        if let Some(to) = to.first_chunk_mut() {
            *to = self.to_array();
        }
    }
    #[inline(always)]
    fn splat(value: f32) -> Self {
        f32x4::splat(value)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }
    #[inline(always)]
    fn by(self, other: Self) -> Self {
        self * other
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self / other
    }
    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        if cfg!(feature = "fused") {
            let ([a0, a1, a2, a3], [b0, b1, b2, b3], [c0, c1, c2, c3]) = (a.to_array(), b.to_array(), self.to_array());
            Self::new([multiply_add(a0, b0, c0), multiply_add(a1, b1, c1), multiply_add(a2, b2, c2), multiply_add(a3, b3, c3)])
        } else {
            self + a * b
        }
    }
    #[inline(always)]
    fn root(self) -> Self {
        Self::new(self.to_array().map(sqrt))
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        self.abs()
    }
    #[inline(always)]
    fn fold(self) -> f32 {
        let [a, b, c, d] = self.to_array();
        (a + c) + (b + d)
    }
}

/// Four columns in four registers, for processors whose registers hold one number each.
///
/// `wide`'s vectors go through arrays, which the compiler fills and copies in loops at `opt-level = "s"`.
#[derive(Clone, Copy)]
pub struct Four(f32, f32, f32, f32);

impl Four {
    #[inline(always)]
    pub fn to_array(self) -> [f32; 4] {
        [self.0, self.1, self.2, self.3]
    }

    #[inline(always)]
    fn zip(self, other: Self, op: impl Fn(f32, f32) -> f32) -> Self {
        Self(op(self.0, other.0), op(self.1, other.1), op(self.2, other.2), op(self.3, other.3))
    }
}

impl Lanes for Four {
    const WIDTH: usize = 4;
    #[inline(always)]
    fn load(values: &[f32]) -> Option<Self> {
        let [a, b, c, d] = values.first_chunk()?;
        Some(Self(*a, *b, *c, *d))
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        if let Some(to) = to.first_chunk_mut() {
            *to = self.to_array();
        }
    }
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(value, value, value, value)
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.zip(other, |a, b| a + b)
    }
    #[inline(always)]
    fn by(self, other: Self) -> Self {
        self.zip(other, |a, b| a * b)
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        self.zip(other, |a, b| a / b)
    }
    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        Self(
            multiply_add(a.0, b.0, self.0),
            multiply_add(a.1, b.1, self.1),
            multiply_add(a.2, b.2, self.2),
            multiply_add(a.3, b.3, self.3),
        )
    }
    #[inline(always)]
    fn root(self) -> Self {
        Self(sqrt(self.0), sqrt(self.1), sqrt(self.2), sqrt(self.3))
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        Self(self.0.abs(), self.1.abs(), self.2.abs(), self.3.abs())
    }
    #[inline(always)]
    fn fold(self) -> f32 {
        (self.0 + self.2) + (self.1 + self.3)
    }
}

/// Twice as many columns.
#[derive(Clone, Copy)]
pub struct Twice<L>(pub L, pub L);

impl<L: Lanes> Lanes for Twice<L> {
    const WIDTH: usize = 2 * L::WIDTH;
    #[inline(always)]
    fn load(values: &[f32]) -> Option<Self> {
        let (low, high) = values.split_at_checked(L::WIDTH)?;
        let (Some(low), Some(high)) = (L::load(low), L::load(high)) else { return None };
        Some(Self(low, high))
    }
    #[inline(always)]
    fn store(self, to: &mut [f32]) {
        if let Some((low, high)) = to.split_at_mut_checked(L::WIDTH) {
            self.0.store(low);
            self.1.store(high);
        }
    }
    #[inline(always)]
    fn splat(value: f32) -> Self {
        Self(L::splat(value), L::splat(value))
    }
    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        Self(self.0.plus(other.0), self.1.plus(other.1))
    }
    #[inline(always)]
    fn by(self, other: Self) -> Self {
        Self(self.0.by(other.0), self.1.by(other.1))
    }
    #[inline(always)]
    fn over(self, other: Self) -> Self {
        Self(self.0.over(other.0), self.1.over(other.1))
    }
    #[inline(always)]
    fn add_product(self, a: Self, b: Self) -> Self {
        Self(self.0.add_product(a.0, b.0), self.1.add_product(a.1, b.1))
    }
    #[inline(always)]
    fn root(self) -> Self {
        Self(self.0.root(), self.1.root())
    }
    #[inline(always)]
    fn magnitude(self) -> Self {
        Self(self.0.magnitude(), self.1.magnitude())
    }
    #[inline(always)]
    fn fold(self) -> f32 {
        self.0.plus(self.1).fold()
    }
}
