//! exp, tanh, sigmoid and softmax over slices: the operations of `math`, in their order.

use super::isa::Isa;
use super::reduce;
use super::sweep::{Operation, sweep};
use crate::math::exp::{EXP, LN_2_HIGH, LN_2_LOW, OVERFLOW, ROUNDER, UNDERFLOW};
use crate::math::ln::ln_from_one;
use crate::math::tanh::{COEFFICIENTS, QUOTIENT};

/// [`crate::math::exp`].
#[inline(always)]
fn exp_of<I: Isa>(isa: I, x: I::V) -> I::V {
    exp_in_range(isa, isa.if_less(isa.splat(OVERFLOW), x, isa.splat(OVERFLOW + 1.0), x))
}

/// [`crate::math::exp::exp_in_range`].
#[inline(always)]
fn exp_in_range<I: Isa>(isa: I, x: I::V) -> I::V {
    let x = isa.if_less(x, isa.splat(UNDERFLOW), isa.splat(UNDERFLOW - 1.0), x);
    let biased = isa.plus(isa.by(x, isa.splat(core::f32::consts::LOG2_E)), isa.splat(ROUNDER));
    let n = isa.plus(biased, isa.splat(-ROUNDER));
    let r = isa.plus(x, isa.by(n, isa.splat(-LN_2_HIGH)));
    let r = isa.plus(r, isa.by(n, isa.splat(-LN_2_LOW)));
    let p = polynomial(isa, &EXP, r);
    let p = isa.plus(isa.plus(isa.by(p, isa.by(r, r)), r), isa.splat(1.0));
    isa.by_power(p, biased)
}

/// By Horner's rule, the highest coefficient first.
#[inline(always)]
fn polynomial<I: Isa, const N: usize>(isa: I, coefficients: &[f32; N], x: I::V) -> I::V {
    let mut p = isa.splat(0.0);
    for (i, c) in coefficients.iter().enumerate() {
        p = if i == 0 { isa.splat(*c) } else { isa.plus(isa.by(p, x), isa.splat(*c)) };
    }
    p
}

struct Exp;

impl Operation<0, 1> for Exp {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        [exp_of(isa, x)]
    }
}

struct Tanh;

impl Operation<0, 1> for Tanh {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        let (magnitude, one) = (isa.magnitude(x), isa.splat(1.0));
        let z = isa.by(x, x);
        let small = isa.plus(isa.by(isa.by(polynomial(isa, &COEFFICIENTS, z), z), x), x);
        let e = exp_of(isa, isa.plus(magnitude, magnitude));
        let large = isa.plus(one, isa.over(isa.splat(-2.0), isa.plus(e, one)));
        [isa.if_less(magnitude, isa.splat(QUOTIENT), small, isa.signed(large, x))]
    }
}

struct Sigmoid;

impl Operation<0, 1> for Sigmoid {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        let one = isa.splat(1.0);
        let e = exp_of(isa, isa.signed(x, isa.splat(-0.0)));
        [isa.over(isa.if_less(x, isa.splat(0.0), e, one), isa.plus(one, e))]
    }
}

#[inline(always)]
pub fn exp<I: Isa>(isa: I, x: &mut [f32]) {
    sweep(isa, [], [x], Exp);
}

#[inline(always)]
pub fn tanh<I: Isa>(isa: I, x: &mut [f32]) {
    sweep(isa, [], [x], Tanh);
}

#[inline(always)]
pub fn sigmoid<I: Isa>(isa: I, x: &mut [f32]) {
    sweep(isa, [], [x], Sigmoid);
}

struct ExpLess(f32);

impl Operation<1, 1> for ExpLess {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [x]: [I::V; 1], [_]: [I::V; 1]) -> [I::V; 1] {
        [exp_in_range(isa, isa.plus(x, isa.splat(-self.0)))]
    }
}

struct Divide(f32);

impl Operation<0, 1> for Divide {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        [isa.over(x, isa.splat(self.0))]
    }
}

/// `yᵢ ← exp(xᵢ − largest) / Σ`; returns the largest and the sum. What fits into one vector never leaves it.
#[inline(always)]
pub fn softmax<I: Isa>(isa: I, x: &[f32], y: &mut [f32]) -> (f32, f32) {
    let length = x.len().min(y.len());
    let lowest = isa.splat(f32::NEG_INFINITY);
    if length >= I::WIDTH {
        let (Some(x), Some(y)) = (x.get(..length), y.get_mut(..length)) else { return (f32::NEG_INFINITY, 0.0) };
        let largest = reduce::largest(isa, x);
        sweep(isa, [x], [y], ExpLess(largest));
        let sum = crate::kernel::sum(y);
        sweep(isa, [], [y], Divide(sum));
        return (largest, sum);
    }
    let part = isa.first(length);
    // SAFETY: `length` numbers are readable in `x` and writable in `y`, which is borrowed alone.
    unsafe {
        let x = isa.load_fresh(x.as_ptr(), length);
        let there = isa.only(x, lowest, part);
        let largest = isa.largest::<false>(isa.larger(there, lowest)) + 0.0;
        let e = isa.only(exp_in_range(isa, isa.plus(x, isa.splat(-largest))), isa.splat(0.0), part);
        let sum = isa.fold_in_four_lanes(e);
        isa.store_fresh(isa.over(e, isa.splat(sum)), y.as_mut_ptr(), length);
        (largest, sum)
    }
}

/// [`softmax`] of as many rows as there are places for their largest numbers and the logarithms of their sums; four rows that
/// each fit into a vector go side by side, because one by one they wait for their own results.
#[inline(always)]
pub fn softmax_rows<I: Isa>(isa: I, x: &[f32], y: &mut [f32], largest: &mut [f32], log_sums: &mut [f32]) {
    let rows = largest.len().min(log_sums.len());
    let columns = x.len().min(y.len()).checked_div(rows).unwrap_or(0);
    let (mut x, mut y, mut done) = (x, y, 0);
    for (largest, sums) in largest.as_chunks_mut::<4>().0.iter_mut().zip(log_sums.as_chunks_mut::<4>().0) {
        if columns == 0 || columns >= I::WIDTH || x.len().min(y.len()) < 3 * columns + I::WIDTH {
            break;
        }
        // SAFETY: the fourth row begins 3 · `columns` on, and a vector from there on is within `x` and `y`, as was just asked.
        unsafe { four_rows(isa, x.as_ptr(), y.as_mut_ptr(), columns, largest, sums) };
        (x, y) = (x.get(4 * columns..).unwrap_or_default(), y.get_mut(4 * columns..).unwrap_or_default());
        done += 4;
    }
    for (largest, sum) in largest.iter_mut().zip(&mut *log_sums).skip(done) {
        let (Some((row, below)), Some((y_row, y_below))) = (x.split_at_checked(columns), y.split_at_mut_checked(columns)) else {
            break;
        };
        (*largest, *sum) = softmax(isa, row, y_row);
        (x, y) = (below, y_below);
    }
    log_sums.iter_mut().for_each(|sum| *sum = ln_from_one(*sum));
}

/// [`softmax`] of four rows, which writes zeros after each, up to a vector's width.
///
/// # Safety
/// `WIDTH` > `columns` numbers must be readable at each of four places `columns` apart from `x` on, and writable from `y` on.
#[inline(always)]
unsafe fn four_rows<I: Isa>(isa: I, x: *const f32, y: *mut f32, columns: usize, largest: &mut [f32; 4], sums: &mut [f32; 4]) {
    let (part, lowest, zero) = (isa.first(columns), isa.splat(f32::NEG_INFINITY), isa.splat(0.0));
    let mut rows = [zero; 4];
    for (k, (row, largest)) in rows.iter_mut().zip(largest).enumerate() {
        // SAFETY: the caller's.
        *row = unsafe { isa.load(x.add(k * columns)) };
        *largest = isa.largest::<false>(isa.larger(isa.only(*row, lowest, part), lowest)) + 0.0;
        *row = isa.plus(*row, isa.splat(-*largest));
    }
    for row in &mut rows {
        *row = isa.only(exp_in_range(isa, *row), zero, part);
    }
    for (row, sum) in rows.iter().zip(sums.iter_mut()) {
        *sum = isa.fold_in_four_lanes(*row);
    }
    for (k, (row, sum)) in rows.into_iter().zip(sums).enumerate() {
        // SAFETY: the caller's. What is written past a row's end, the next one overwrites.
        unsafe { isa.store(isa.over(row, isa.splat(*sum)), y.add(k * columns)) };
    }
}
