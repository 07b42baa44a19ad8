//! One pass over slices, element by element.

use super::isa::Isa;

/// What happens to elements of the slices that are written, given those of the slices that are read. (A closure would not be inlined
/// into the function that has the target features.)
pub trait Operation<const R: usize, const W: usize> {
    fn of<I: Isa>(&self, isa: I, read: [I::V; R], written: [I::V; W]) -> [I::V; W];
}

/// An operation that depends on the row of the matrices that are written.
pub trait ByRow<const W: usize>: Operation<1, W> + Copy {
    /// That of a row whose input is `x`.
    fn at(self, x: f32) -> Self;
}

/// `written ← operation(read, written)`, for as many elements as all slices have.
#[inline(always)]
pub fn sweep<I: Isa, const R: usize, const W: usize>(
    isa: I,
    read: [&[f32]; R],
    written: [&mut [f32]; W],
    operation: impl Operation<R, W>,
) {
    let mut length = usize::MAX;
    for x in &read {
        length = length.min(x.len());
    }
    for y in &written {
        length = length.min(y.len());
    }
    let (read, written) = (read.map(<[f32]>::as_ptr), written.map(<[f32]>::as_mut_ptr));
    // SAFETY: no slice falls short of `length`; the written ones are borrowed alone.
    unsafe { row(isa, read, written, length, operation) };
}

/// [`sweep`] over every row of matrices as wide as `deltas`, for as many rows as there are inputs and rows of all of them.
///
/// Rows of one, two, four or eight whole vectors find the deltas in registers and look at no length.
#[inline(always)]
pub fn sweep_rows<I: Isa, const W: usize>(
    isa: I,
    input: &[f32],
    deltas: &[f32],
    written: [&mut [f32]; W],
    operation: impl ByRow<W>,
) {
    let columns = deltas.len();
    let mut rows = input.len();
    for y in &written {
        rows = rows.min(y.len().checked_div(columns).unwrap_or(0));
    }
    let input = input.get(..rows).unwrap_or_default();
    let (deltas, mut written) = (deltas.as_ptr(), written.map(<[f32]>::as_mut_ptr));
    // SAFETY: every matrix has `rows` rows of `columns`, by the quotient; they are borrowed alone.
    unsafe {
        if columns == I::WIDTH {
            whole_rows::<I, W, 1>(isa, input, deltas, written, operation);
        } else if columns == 2 * I::WIDTH {
            whole_rows::<I, W, 2>(isa, input, deltas, written, operation);
        } else if columns == 4 * I::WIDTH {
            whole_rows::<I, W, 4>(isa, input, deltas, written, operation);
        } else if columns == 8 * I::WIDTH {
            whole_rows::<I, W, 8>(isa, input, deltas, written, operation);
        } else {
            for x in input {
                row(isa, [deltas], written, columns, operation.at(*x));
                for at in &mut written {
                    *at = at.wrapping_add(columns);
                }
            }
        }
    }
}

/// Rows of `N` vectors, one for each input.
///
/// # Safety
/// `deltas` must be readable for a row, and `written` for as many as there are inputs, and writable.
#[inline(always)]
unsafe fn whole_rows<I: Isa, const W: usize, const N: usize>(
    isa: I,
    input: &[f32],
    deltas: *const f32,
    mut written: [*mut f32; W],
    operation: impl ByRow<W>,
) {
    let mut d = [isa.splat(0.0); N];
    for (n, d) in d.iter_mut().enumerate() {
        // SAFETY: the caller's.
        *d = unsafe { isa.load(deltas.add(n * I::WIDTH)) };
    }
    for x in input {
        let operation = operation.at(*x);
        for (n, d) in d.into_iter().enumerate() {
            let mut y = [isa.splat(0.0); W];
            // SAFETY: the caller's: `written` is at the row of `x`, which has `N` vectors.
            unsafe {
                for (y, at) in y.iter_mut().zip(written) {
                    *y = isa.load(at.add(n * I::WIDTH));
                }
                for (y, at) in operation.of(isa, [d], y).into_iter().zip(written) {
                    isa.store(y, at.add(n * I::WIDTH));
                }
            }
        }
        for at in &mut written {
            *at = at.wrapping_add(N * I::WIDTH);
        }
    }
}

/// `written ← operation(read, written)` for `length` elements.
///
/// What is left after whole vectors goes in eights, fours, twos and ones, each with loads and stores of its very size: a masked store
/// would hold up the next row's load, which the processor takes to overlap with it.
///
/// # Safety
/// They must be readable, and writable.
#[inline(always)]
unsafe fn row<I: Isa, const R: usize, const W: usize>(
    isa: I,
    read: [*const f32; R],
    written: [*mut f32; W],
    length: usize,
    operation: impl Operation<R, W>,
) {
    let mut from = 0;
    // SAFETY: the caller's: `from` + what is taken is never more than `length`.
    unsafe {
        if let (true, [first, ..]) = (length >= LONG, written.as_slice()) {
            // A vector that lies across two cache lines costs twice; of what is written it would be every one.
            let head = first.align_offset(64) & 15;
            from = few(isa, read, written, from, head, &operation);
        }
        while length - from >= I::WIDTH {
            take::<I, R, W, 16>(isa, read, written, from, &operation);
            from += I::WIDTH;
        }
        few(isa, read, written, from, length - from, &operation);
    }
}

/// So many elements are worth aligning.
const LONG: usize = 256;

/// `count` < 16 elements from `from` on; returns where they end.
///
/// # Safety
/// They must be readable, and writable.
#[inline(always)]
unsafe fn few<I: Isa, const R: usize, const W: usize>(
    isa: I,
    read: [*const f32; R],
    written: [*mut f32; W],
    from: usize,
    count: usize,
    operation: &impl Operation<R, W>,
) -> usize {
    let (isa, mut from) = (isa.narrow(), from);
    // SAFETY: the caller's: the parts of `count` add up to it.
    unsafe {
        if count & 8 > 0 {
            take::<_, R, W, 8>(isa, read, written, from, operation);
            from += 8;
        }
        if count & 4 > 0 {
            take::<_, R, W, 4>(isa, read, written, from, operation);
            from += 4;
        }
        if count & 2 > 0 {
            take::<_, R, W, 2>(isa, read, written, from, operation);
            from += 2;
        }
        if count & 1 > 0 {
            take::<_, R, W, 1>(isa, read, written, from, operation);
            from += 1;
        }
    }
    from
}

/// `COUNT` elements from `from` on, but no more than a vector has.
///
/// # Safety
/// They must be readable, and writable.
#[inline(always)]
unsafe fn take<I: Isa, const R: usize, const W: usize, const COUNT: usize>(
    isa: I,
    read: [*const f32; R],
    written: [*mut f32; W],
    from: usize,
    operation: &impl Operation<R, W>,
) {
    let (mut x, mut y) = ([isa.splat(0.0); R], [isa.splat(0.0); W]);
    // SAFETY: the caller's.
    unsafe {
        for (x, at) in x.iter_mut().zip(read) {
            *x = isa.load_few::<COUNT>(at.add(from));
        }
        for (y, at) in y.iter_mut().zip(written) {
            *y = isa.load_few::<COUNT>(at.add(from));
        }
        for (y, at) in operation.of(isa, x, y).into_iter().zip(written) {
            isa.store_few::<COUNT>(y, at.add(from));
        }
    }
}

struct Axpy(f32);

impl Operation<1, 1> for Axpy {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [x]: [I::V; 1], [y]: [I::V; 1]) -> [I::V; 1] {
        [isa.add_product(y, x, isa.splat(self.0))]
    }
}

#[inline(always)]
pub fn axpy<I: Isa>(isa: I, alpha: f32, x: &[f32], y: &mut [f32]) {
    sweep(isa, [x], [y], Axpy(alpha));
}

struct Add;

impl Operation<1, 1> for Add {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [x]: [I::V; 1], [y]: [I::V; 1]) -> [I::V; 1] {
        [isa.plus(y, x)]
    }
}

#[inline(always)]
pub fn add<I: Isa>(isa: I, x: &[f32], y: &mut [f32]) {
    sweep(isa, [x], [y], Add);
}

struct Scale(f32);

impl Operation<0, 1> for Scale {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        [isa.by(x, isa.splat(self.0))]
    }
}

#[inline(always)]
pub fn scale<I: Isa>(isa: I, alpha: f32, x: &mut [f32]) {
    sweep(isa, [], [x], Scale(alpha));
}

struct Relu;

impl Operation<0, 1> for Relu {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, []: [I::V; 0], [x]: [I::V; 1]) -> [I::V; 1] {
        [isa.rectified(x)]
    }
}

#[inline(always)]
pub fn relu<I: Isa>(isa: I, x: &mut [f32]) {
    sweep(isa, [], [x], Relu);
}

struct Gate;

impl Operation<1, 1> for Gate {
    #[inline(always)]
    fn of<I: Isa>(&self, isa: I, [y]: [I::V; 1], [d]: [I::V; 1]) -> [I::V; 1] {
        let zero = isa.splat(0.0);
        [isa.if_less(zero, y, d, zero)]
    }
}

#[inline(always)]
pub fn relu_backward<I: Isa>(isa: I, y: &[f32], d: &mut [f32]) {
    sweep(isa, [y], [d], Gate);
}
