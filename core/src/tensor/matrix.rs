//! A table of numbers.

use super::{Parameters, Tensor, Vector, Zero};
use core::fmt;
use kilograd_simd::kernel;

/// `ROWS` × `COLUMNS` numbers, row-major. *Memory:* 4·ROWS·COLUMNS bytes.
///
/// ```
/// use kilograd::tensor::{Matrix, Vector, Zero};
///
/// let a = Matrix::new([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]);
/// let mut y = Vector::ZERO;
/// a.product(&Vector::new([1.0, 0.0, 1.0]), &mut y);
/// assert_eq!(y, Vector::new([4.0, 10.0]));
///
/// let mut gram = Matrix::<2, 2>::ZERO;
/// a.matrix_product_transposed(&a, &mut gram);
/// assert_eq!(gram, Matrix::new([[14.0, 32.0], [32.0, 77.0]]));
/// assert_eq!((a.get(1, 2), a.get(2, 0)), (Some(6.0), None));
/// ```
#[derive(Clone, PartialEq)]
pub struct Matrix<const ROWS: usize, const COLUMNS: usize>([[f32; COLUMNS]; ROWS]);

impl<const ROWS: usize, const COLUMNS: usize> Matrix<ROWS, COLUMNS> {
    /// A matrix of these rows.
    pub const fn new(rows: [[f32; COLUMNS]; ROWS]) -> Self {
        Self(rows)
    }

    /// A matrix whose element in row i and column j is `element(i, j)`.
    pub fn from_fn(mut element: impl FnMut(usize, usize) -> f32) -> Self {
        Self(core::array::from_fn(|i| core::array::from_fn(|j| element(i, j))))
    }

    /// The element in `row` and `column`, or `None` outside.
    pub fn get(&self, row: usize, column: usize) -> Option<f32> {
        self.0.get(row)?.get(column).copied()
    }

    /// The element in `row` and `column` to be written to, or `None` outside.
    pub fn get_mut(&mut self, row: usize, column: usize) -> Option<&mut f32> {
        self.0.get_mut(row)?.get_mut(column)
    }

    /// Row `index`, or `None` past the end.
    pub fn row(&self, index: usize) -> Option<&[f32; COLUMNS]> {
        self.0.get(index)
    }

    /// Row `index` to be written to, or `None` past the end.
    pub fn row_mut(&mut self, index: usize) -> Option<&mut [f32; COLUMNS]> {
        self.0.get_mut(index)
    }

    /// The rows.
    pub const fn as_rows(&self) -> &[[f32; COLUMNS]; ROWS] {
        &self.0
    }

    /// Writes `out = self · x`; each element is a [`kernel::dot`].
    pub fn product(&self, x: &Vector<COLUMNS>, out: &mut Vector<ROWS>) {
        kernel::matvec_transposed(self.as_slice(), x.as_slice(), out.as_mut_slice());
    }

    /// Writes `out = selfᵀ · x`; each element is summed over the rows in natural order.
    pub fn product_transposed(&self, x: &Vector<ROWS>, out: &mut Vector<COLUMNS>) {
        kernel::matvec(self.as_slice(), x.as_slice(), Vector::<COLUMNS>::ZERO.as_slice(), out.as_mut_slice());
    }

    /// Writes `out = self · other`; each element is summed over the inner index in natural order.
    pub fn matrix_product<const N: usize>(&self, other: &Matrix<COLUMNS, N>, out: &mut Matrix<ROWS, N>) {
        kernel::product(self.as_slice(), other.as_slice(), Vector::<N>::ZERO.as_slice(), out.as_mut_slice());
    }

    /// Writes `out = selfᵀ · other`; each element is summed over the rows in natural order.
    pub fn transposed_matrix_product<const N: usize>(&self, other: &Matrix<ROWS, N>, out: &mut Matrix<COLUMNS, N>) {
        out.fill(0.0);
        kernel::transposed_product(ROWS, self.as_slice(), other.as_slice(), out.as_mut_slice());
    }

    /// Writes `out = self · otherᵀ`; each element is a [`kernel::dot`].
    pub fn matrix_product_transposed<const N: usize>(&self, other: &Matrix<N, COLUMNS>, out: &mut Matrix<ROWS, N>) {
        kernel::product_transposed(ROWS, self.as_slice(), other.as_slice(), out.as_mut_slice());
    }

    /// Writes the transpose, `outⱼᵢ = selfᵢⱼ`: from the `[out][in]` weights of PyTorch to input-major ones and back.
    pub fn transpose(&self, out: &mut Matrix<COLUMNS, ROWS>) {
        for (j, row) in out.0.iter_mut().enumerate() {
            for (i, element) in row.iter_mut().enumerate() {
                *element = self.get(i, j).unwrap_or_default();
            }
        }
    }
}

impl<const ROWS: usize, const COLUMNS: usize> From<[[f32; COLUMNS]; ROWS]> for Matrix<ROWS, COLUMNS> {
    fn from(rows: [[f32; COLUMNS]; ROWS]) -> Self {
        Self(rows)
    }
}

impl<const ROWS: usize, const COLUMNS: usize> Default for Matrix<ROWS, COLUMNS> {
    fn default() -> Self {
        Self::ZERO
    }
}

impl<const ROWS: usize, const COLUMNS: usize> Zero for Matrix<ROWS, COLUMNS> {
    const ZERO: Self = Self([[0.0; COLUMNS]; ROWS]);
}

impl<const ROWS: usize, const COLUMNS: usize> Parameters for Matrix<ROWS, COLUMNS> {
    const COUNT: usize = ROWS * COLUMNS;

    fn visit(&self, see: &mut impl FnMut(&[f32])) {
        see(self.as_slice());
    }

    fn visit_mut(&mut self, change: &mut impl FnMut(&mut [f32])) {
        change(self.as_mut_slice());
    }

    fn copy_from(&mut self, other: &Self) {
        // An assignment may go over the stack where nothing is optimised.
        // Not `copy_from_slice`, whose check of the lengths leaves a panic at level z.
        self.0.iter_mut().flatten().zip(other.0.iter().flatten()).for_each(|(to, from)| *to = *from);
    }
}

impl<const ROWS: usize, const COLUMNS: usize> Tensor for Matrix<ROWS, COLUMNS> {
    type PerRow = Vector<ROWS>;
    type PerColumn = Vector<COLUMNS>;
    type RowPairs = Matrix<ROWS, ROWS>;
    type ColumnPairs = Matrix<COLUMNS, COLUMNS>;

    fn as_slice(&self) -> &[f32] {
        self.0.as_flattened()
    }

    fn as_mut_slice(&mut self) -> &mut [f32] {
        self.0.as_flattened_mut()
    }
}

impl<const ROWS: usize, const COLUMNS: usize> fmt::Debug for Matrix<ROWS, COLUMNS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(feature = "defmt")]
impl<const ROWS: usize, const COLUMNS: usize> defmt::Format for Matrix<ROWS, COLUMNS> {
    fn format(&self, f: defmt::Formatter<'_>) {
        for row in &self.0 {
            defmt::write!(f, "{}\n", row);
        }
    }
}
