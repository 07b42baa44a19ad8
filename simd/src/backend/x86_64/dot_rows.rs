//! Dot products of neighbouring rows with vectors, each in four lanes: as many rows at a time as a register has numbers.
//!
//! Of a group of `WIDTH` rows, running sum k holds in its block b the four lanes of row 4·b + k. The last group overlaps the one
//! before where the rows are no multiple: the same numbers are written twice.

use super::isa::{Isa, join_fours};
use core::mem::MaybeUninit;

/// The longest rows that are laid out anew for a batch: a group of them takes 32 KB of stack.
pub const LONGEST: usize = 512;

/// A group of rows as [`many`] reads it: the numbers of a vector lie together.
#[repr(align(64))]
struct Packed([MaybeUninit<f32>; 16 * LONGEST]);

/// `count` rows of `columns`, one after the other.
#[derive(Clone, Copy)]
pub struct Rows {
    pub at: *const f32,
    pub count: usize,
    pub columns: usize,
}

/// `outputᵢ ← Σⱼ rowsᵢⱼ·deltasⱼ`.
///
/// # Safety
/// `rows` must be readable as it says and at least `WIDTH`, `deltas` readable for `rows.columns` numbers, and `output` writable for
/// `rows.count`.
#[inline(always)]
pub unsafe fn one<I: Isa>(isa: I, rows: Rows, deltas: *const f32, output: *mut f32) {
    let (whole, rest) = (rows.columns & !3, rows.columns & 3);
    let mut from = 0;
    while from < rows.count {
        from = from.min(rows.count - I::WIDTH);
        // SAFETY: `from` + `WIDTH` ≤ `rows.count`; columns from `j` on are there, four or the rest.
        unsafe {
            let group = rows.at.add(from * rows.columns);
            let mut sums = [isa.splat(0.0); 4];
            let mut j = 0;
            while j < whole {
                let d = isa.four(deltas.add(j));
                for (k, sum) in sums.iter_mut().enumerate() {
                    let w = isa.gather_fours(group.add(k * rows.columns + j), 4 * rows.columns, 4);
                    *sum = isa.add_product(*sum, w, d);
                }
                j += 4;
            }
            if rest > 0 {
                let d = isa.up_to_four(deltas.add(j), rest);
                for (k, sum) in sums.iter_mut().enumerate() {
                    let w = isa.gather_fours(group.add(k * rows.columns + j), 4 * rows.columns, rest);
                    *sum = isa.add_product(*sum, w, d);
                }
            }
            isa.store(join_fours(isa, sums), output.add(from));
        }
        from += I::WIDTH;
    }
}

/// [`one`] for `samples` vectors, one after the other in `deltas` and in `output`; every group of rows is laid out once for all.
///
/// # Safety
/// As for [`one`], for each sample; `rows.columns` must not be larger than [`LONGEST`].
#[inline(always)]
pub unsafe fn many<I: Isa>(isa: I, samples: usize, rows: Rows, deltas: *const f32, output: *mut f32) {
    let mut packed = Packed([MaybeUninit::uninit(); 16 * LONGEST]);
    let packed = packed.0.as_mut_ptr().cast::<f32>();
    let mut from = 0;
    while from < rows.count {
        from = from.min(rows.count - I::WIDTH);
        // SAFETY: `from` + `WIDTH` ≤ `rows.count`; a group takes `WIDTH` ≤ 16 numbers for each of at most `LONGEST` columns, a
        // multiple of four. `s` and the samples taken are ≤ `samples`.
        unsafe {
            pack(isa, rows.at.add(from * rows.columns), rows.columns, packed);
            let mut s = 0;
            while s < samples {
                let (deltas, output) = (deltas.add(s * rows.columns), output.add(s * rows.count + from));
                if I::WIDTH == 16 && s + 4 <= samples {
                    group::<I, 4>(isa, packed, deltas, rows.columns, output, rows.count);
                    s += 4;
                } else if s + 2 <= samples {
                    group::<I, 2>(isa, packed, deltas, rows.columns, output, rows.count);
                    s += 2;
                } else {
                    group::<I, 1>(isa, packed, deltas, rows.columns, output, rows.count);
                    s += 1;
                }
            }
        }
        from += I::WIDTH;
    }
}

/// Lays out `WIDTH` rows: for every four columns four vectors, zeros past the last column.
///
/// # Safety
/// `WIDTH` rows of `columns` numbers must be readable, and as many, with whole fours of columns, writable.
#[inline(always)]
unsafe fn pack<I: Isa>(isa: I, rows: *const f32, columns: usize, packed: *mut f32) {
    let (mut j, mut to) = (0, packed);
    while j < columns {
        for k in 0..4 {
            // SAFETY: the caller's; `j` + the columns taken ≤ `columns`.
            unsafe {
                let from = rows.add(k * columns + j);
                let v = if j + 4 <= columns {
                    isa.gather_fours(from, 4 * columns, 4)
                } else {
                    isa.gather_fours(from, 4 * columns, columns - j)
                };
                isa.store(v, to);
                to = to.add(I::WIDTH);
            }
        }
        j += 4;
    }
}

/// A group of rows for `S` samples.
///
/// # Safety
/// `packed` must have been written by [`pack`], `deltas` be readable for `S` rows of `columns`, and `output` writable for `WIDTH`
/// numbers at `S` places, `row` apart.
#[inline(always)]
unsafe fn group<I: Isa, const S: usize>(
    isa: I,
    packed: *const f32,
    deltas: *const f32,
    columns: usize,
    output: *mut f32,
    row: usize,
) {
    let (whole, rest) = (columns & !3, columns & 3);
    let (mut sums, mut weights, mut j) = ([[isa.splat(0.0); 4]; S], packed, 0);
    // SAFETY: the caller's; `j` + the columns taken ≤ `columns`.
    unsafe {
        while j < whole {
            let w = load_four(isa, weights);
            for (s, sums) in sums.iter_mut().enumerate() {
                let d = isa.four(deltas.add(s * columns + j));
                for (sum, w) in sums.iter_mut().zip(w) {
                    *sum = isa.add_product(*sum, w, d);
                }
            }
            weights = weights.add(4 * I::WIDTH);
            j += 4;
        }
        if rest > 0 {
            let w = load_four(isa, weights);
            for (s, sums) in sums.iter_mut().enumerate() {
                let d = isa.up_to_four(deltas.add(s * columns + j), rest);
                for (sum, w) in sums.iter_mut().zip(w) {
                    *sum = isa.add_product(*sum, w, d);
                }
            }
        }
        for (s, sums) in sums.into_iter().enumerate() {
            isa.store(join_fours(isa, sums), output.add(s * row));
        }
    }
}

/// # Safety
/// Four vectors must be readable.
#[inline(always)]
unsafe fn load_four<I: Isa>(isa: I, from: *const f32) -> [I::V; 4] {
    // SAFETY: the caller's.
    unsafe { [isa.load(from), isa.load(from.add(I::WIDTH)), isa.load(from.add(2 * I::WIDTH)), isa.load(from.add(3 * I::WIDTH))] }
}
