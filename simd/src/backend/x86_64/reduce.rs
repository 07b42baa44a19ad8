//! Reductions of slices to one number, in 32 lanes.

use super::isa::Isa;

#[inline(always)]
pub fn dot<I: Isa>(isa: I, a: &[f32], b: &[f32]) -> f32 {
    reduce(isa, a, b, |sum, a, b| isa.add_product(sum, a, b))
}

#[inline(always)]
pub fn sum_of_squares<I: Isa>(isa: I, x: &[f32], scale: f32) -> f32 {
    let scale = isa.splat(scale);
    reduce(isa, x, x, |sum, x, _| {
        let scaled = isa.by(x, scale);
        isa.add_product(sum, scaled, scaled)
    })
}

/// The largest number but NaN; −∞ if there is none. (Never −0.)
#[inline(always)]
pub fn largest<I: Isa>(isa: I, x: &[f32]) -> f32 {
    extreme::<I, false>(isa, x, f32::NEG_INFINITY) + 0.0
}

/// The largest magnitude, or NaN if there is one.
#[inline(always)]
pub fn max_abs<I: Isa>(isa: I, x: &[f32]) -> f32 {
    extreme::<I, true>(isa, x, 0.0)
}

/// Four vectors of the largest so far, of the bits of magnitudes if `BITS`, else of numbers; `lowest` stands for what is not there.
#[inline(always)]
fn extreme<I: Isa, const BITS: bool>(isa: I, x: &[f32], lowest: f32) -> f32 {
    let (at, length, lowest) = (x.as_ptr(), x.len(), isa.splat(lowest));
    let (mut most, mut from) = ([lowest; 4], 0);
    while length - from >= 4 * I::WIDTH {
        for (k, most) in most.iter_mut().enumerate() {
            // SAFETY: `from` + four vectors ≤ `length`.
            *most = larger::<I, BITS>(isa, unsafe { isa.load(at.add(from + k * I::WIDTH)) }, *most);
        }
        from += 4 * I::WIDTH;
    }
    let [a, b, c, d] = most;
    let mut most = larger::<I, BITS>(isa, larger::<I, BITS>(isa, a, b), larger::<I, BITS>(isa, c, d));
    while from < length {
        let count = (length - from).min(I::WIDTH);
        let part = isa.first(count);
        // SAFETY: `from + count` ≤ `length`.
        let x = unsafe { isa.load_part(at.add(from), part) };
        most = larger::<I, BITS>(isa, isa.only(x, lowest, part), most);
        from += count;
    }
    isa.largest::<BITS>(most)
}

#[inline(always)]
fn larger<I: Isa, const BITS: bool>(isa: I, x: I::V, most: I::V) -> I::V {
    if BITS { isa.larger_bits(isa.magnitude(x), most) } else { isa.larger(x, most) }
}

#[inline(always)]
fn reduce<I: Isa>(isa: I, a: &[f32], b: &[f32], add: impl Fn(I::V, I::V, I::V) -> I::V) -> f32 {
    match I::WIDTH {
        16 => reduce_in::<I, 2>(isa, a, b, add),
        _ => reduce_in::<I, 4>(isa, a, b, add),
    }
}

/// What `add` makes of aᵢ and bᵢ: element i goes to lane i mod 32, `K` vectors hold the lanes.
///
/// *Order:* every lane from +0; then lane l takes lane l + 16, then l + 8, and so on down to the first. (Zeros past the end change
/// nothing: no lane holds −0, because it began with +0.)
#[inline(always)]
fn reduce_in<I: Isa, const K: usize>(isa: I, a: &[f32], b: &[f32], add: impl Fn(I::V, I::V, I::V) -> I::V) -> f32 {
    let length = a.len().min(b.len());
    let (a, b) = (a.as_ptr(), b.as_ptr());
    let (mut sums, mut from) = ([isa.splat(0.0); K], 0);
    while length - from >= K * I::WIDTH {
        for (k, sum) in sums.iter_mut().enumerate() {
            let at = from + k * I::WIDTH;
            // SAFETY: `at + WIDTH` ≤ `length`, which neither slice falls short of.
            *sum = unsafe { add(*sum, isa.load(a.add(at)), isa.load(b.add(at))) };
        }
        from += K * I::WIDTH;
    }
    for sum in &mut sums {
        let count = (length - from).min(I::WIDTH);
        if count == 0 {
            break;
        }
        let part = isa.first(count);
        // SAFETY: `from + count` ≤ `length`, which neither slice falls short of.
        let last = unsafe { add(*sum, isa.load_part(a.add(from), part), isa.load_part(b.add(from), part)) };
        *sum = isa.only(last, *sum, part);
        from += count;
    }
    let mut half = K;
    while half > 1 {
        half /= 2;
        let (low, high) = sums.split_at_mut(half);
        for (low, high) in low.iter_mut().zip(high) {
            *low = isa.plus(*low, *high);
        }
    }
    let [sum, ..] = sums.as_slice() else { return 0.0 };
    isa.fold(*sum)
}
