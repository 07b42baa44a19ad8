//! Sums of products, `C ← start + A·B`, one running sum per element: a tile of C stays in registers over the whole depth.
//!
//! Forward, for one sample or a batch, and the gradient to the weights differ only in how A lies in memory and where the sums
//! start.

use super::isa::Isa;

/// Of B, how many rows are gone through before the next rows of C: 32 columns of them stay in the first-level cache.
const DEPTH: usize = 256;

/// A matrix A to be read as `rows` × `depth`, whichever way it lies.
#[derive(Clone, Copy)]
pub struct Left {
    pub at: *const f32,
    pub rows: usize,
    pub depth: usize,
    /// From a row to the next.
    pub row: usize,
    /// From a column to the next.
    pub step: usize,
}

/// Where the sums start: a row for each row of C, `row` apart, or the same for all (`row` = 0).
#[derive(Clone, Copy)]
pub struct Start {
    pub at: *const f32,
    pub row: usize,
}

/// A matrix B, row-major.
#[derive(Clone, Copy)]
pub struct Right {
    pub at: *const f32,
    /// From a row to the next.
    pub row: usize,
}

/// `Cᵢⱼ ← startᵢⱼ + Σₖ Aᵢₖ·Bₖⱼ` for the rows of A and `columns` columns; C's rows are `row` apart.
///
/// *Order:* from the start, over k in natural order.
///
/// # Safety
/// `a` must be readable as it says, `b` for `a.depth` rows of `columns` numbers, `start` and `c` for `a.rows`, and `c` writable;
/// `c` may overlap with `start`, if they are the same, and with nothing else.
#[inline(always)]
pub unsafe fn sums<I: Isa>(isa: I, a: Left, b: Right, start: Start, c: *mut f32, row: usize, columns: usize) {
    let mut from = 0;
    // Without rows there is nothing of C to point into.
    while a.rows > 0 && from < columns {
        let left = columns - from;
        // SAFETY: `from` + the columns of the block ≤ `columns`.
        unsafe {
            // Wrapping: where the depth is 0 there is nothing of B either.
            let (b, c) = (Right { at: b.at.wrapping_add(from), ..b }, c.add(from));
            let start = Start { at: start.at.add(from), ..start };
            if a.rows == 1 && left >= 8 * I::WIDTH {
                block::<I, 8, false>(isa, a, b, start, c, row, I::WIDTH);
                from += 8 * I::WIDTH;
            } else if a.rows == 1 && left >= 4 * I::WIDTH {
                block::<I, 4, false>(isa, a, b, start, c, row, I::WIDTH);
                from += 4 * I::WIDTH;
            } else if left >= 2 * I::WIDTH {
                block::<I, 2, false>(isa, a, b, start, c, row, I::WIDTH);
                from += 2 * I::WIDTH;
            } else if left > I::WIDTH {
                block::<I, 2, true>(isa, a, b, start, c, row, left - I::WIDTH);
                return;
            } else if left == I::WIDTH {
                block::<I, 1, false>(isa, a, b, start, c, row, I::WIDTH);
                return;
            } else {
                block::<I, 1, true>(isa, a, b, start, c, row, left);
                return;
            }
        }
    }
}

/// `N` vectors' worth of columns, of which the last has only `last`, if `CUT`; all rows.
///
/// # Safety
/// As for [`sums`], with the columns named.
#[inline(always)]
unsafe fn block<I: Isa, const N: usize, const CUT: bool>(
    isa: I,
    a: Left,
    b: Right,
    start: Start,
    c: *mut f32,
    row: usize,
    last: usize,
) {
    let part = isa.first(last);
    let (mut start, mut from) = (start, 0);
    loop {
        let depth = (a.depth - from).min(DEPTH);
        // SAFETY: `from` + `depth` ≤ `a.depth`.
        unsafe {
            let a = Left { at: a.at.add(from * a.step), depth, ..a };
            let b = Right { at: b.at.add(from * b.row), ..b };
            groups::<I, N, CUT>(isa, a, b, start, c, row, part);
        }
        from += depth;
        if from >= a.depth {
            return;
        }
        start = Start { at: c, row };
    }
}

/// All rows, as many at a time as registers allow.
///
/// # Safety
/// As for [`sums`], with `N` vectors' worth of columns, of which the last has only `part`, if `CUT`.
#[inline(always)]
unsafe fn groups<I: Isa, const N: usize, const CUT: bool>(
    isa: I,
    a: Left,
    b: Right,
    start: Start,
    c: *mut f32,
    row: usize,
    part: I::Part,
) {
    let mut done = 0;
    while done < a.rows {
        let left = a.rows - done;
        // SAFETY: `done` + the rows of the tile ≤ `a.rows`.
        unsafe {
            let a = Left { at: a.at.add(done * a.row), ..a };
            let start = Start { at: start.at.add(done * start.row), ..start };
            let c = c.add(done * row);
            // Four vectors and more are taken of a single row only.
            if N < 4 && left >= 8 && I::WIDTH == 16 {
                tile::<I, 8, N, CUT>(isa, a, b, start, c, row, part);
                done += 8;
            } else if N < 4 && left >= 4 {
                tile::<I, 4, N, CUT>(isa, a, b, start, c, row, part);
                done += 4;
            } else if N < 4 && left >= 2 {
                tile::<I, 2, N, CUT>(isa, a, b, start, c, row, part);
                done += 2;
            } else {
                tile::<I, 1, N, CUT>(isa, a, b, start, c, row, part);
                done += 1;
            }
        }
    }
}

/// A tile of `R` rows and `N` vectors.
///
/// # Safety
/// As for [`groups`], with `R` rows.
#[inline(always)]
unsafe fn tile<I: Isa, const R: usize, const N: usize, const CUT: bool>(
    isa: I,
    a: Left,
    b: Right,
    start: Start,
    c: *mut f32,
    row: usize,
    part: I::Part,
) {
    // SAFETY: every address is in a row and a column that the caller vouches for.
    unsafe {
        let mut sums = [[isa.splat(0.0); N]; R];
        for (r, sums) in sums.iter_mut().enumerate() {
            *sums = load_row::<I, N, CUT>(isa, start.at.add(r * start.row), part);
        }
        let (mut at, mut b_at) = (a.at, b.at);
        for _ in 0..a.depth {
            let weights = load_row::<I, N, CUT>(isa, b_at, part);
            for (r, sums) in sums.iter_mut().enumerate() {
                let x = isa.splat(*at.add(r * a.row));
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum = isa.add_product(*sum, x, weight);
                }
            }
            at = at.wrapping_add(a.step);
            b_at = b_at.wrapping_add(b.row);
        }
        for (r, sums) in sums.iter().enumerate() {
            store_row::<I, N, CUT>(isa, sums, c.add(r * row), part);
        }
    }
}

/// # Safety
/// As many numbers must be readable as `N`, `CUT` and `part` say.
#[inline(always)]
unsafe fn load_row<I: Isa, const N: usize, const CUT: bool>(isa: I, from: *const f32, part: I::Part) -> [I::V; N] {
    let mut row = [isa.splat(0.0); N];
    for (n, v) in row.iter_mut().enumerate() {
        // SAFETY: the caller's.
        *v = unsafe {
            let from = from.add(n * I::WIDTH);
            if CUT && n == N - 1 { isa.load_part(from, part) } else { isa.load(from) }
        };
    }
    row
}

/// # Safety
/// As many numbers must be writable as `N`, `CUT` and `part` say.
#[inline(always)]
unsafe fn store_row<I: Isa, const N: usize, const CUT: bool>(isa: I, row: &[I::V; N], to: *mut f32, part: I::Part) {
    for (n, v) in row.iter().enumerate() {
        // SAFETY: the caller's.
        unsafe {
            let to = to.add(n * I::WIDTH);
            if CUT && n == N - 1 { isa.store_part(*v, to, part) } else { isa.store(*v, to) }
        }
    }
}
