//! The rectified linear unit.
//!
//! Both kernels look at bits as integers: comparing floats costs an M4 a transfer of flags besides.

/// The bits of −∞. As signed integers, the bits of −0 and of every smaller number are at most these; a NaN's, of either
/// sign, are above.
const MINUS_INFINITY: i32 = f32::NEG_INFINITY.to_bits().cast_signed();
const INFINITY: u32 = f32::INFINITY.to_bits();

/// `yᵢ ← max(xᵢ, 0)`; NaN stays NaN, and −0 becomes 0.
///
/// ```
/// let mut y = [0.0; 3];
/// kilograd_simd::kernel::relu(&[-1.0, 0.0, 2.0], &mut y);
/// assert_eq!(y, [0.0, 0.0, 2.0]);
/// ```
pub fn relu(x: &[f32], y: &mut [f32]) {
    let length = x.len().min(y.len());
    let (Some(x), Some(y)) = (x.get(..length), y.get_mut(..length)) else { return };
    let ((x, x_tail), (y, y_tail)) = (x.as_chunks::<4>(), y.as_chunks_mut::<4>());
    for ([a, b, c, d], y) in x.iter().zip(y) {
        *y = [rectify(*a), rectify(*b), rectify(*c), rectify(*d)];
    }
    for (x, y) in x_tail.iter().zip(y_tail) {
        *y = rectify(*x);
    }
}

#[inline(always)]
fn rectify(x: f32) -> f32 {
    let bits = x.to_bits().cast_signed();
    f32::from_bits(if bits <= MINUS_INFINITY { 0 } else { bits }.cast_unsigned())
}

/// `dxᵢ ← dyᵢ` where the unit was on (`yᵢ > 0`), else 0.
///
/// ```
/// let mut dx = [9.0; 3];
/// kilograd_simd::kernel::relu_backward(&[0.0, 0.5, 2.0], &[1.0, 1.0, -1.0], &mut dx);
/// assert_eq!(dx, [0.0, 1.0, -1.0]);
/// ```
pub fn relu_backward(y: &[f32], dy: &[f32], dx: &mut [f32]) {
    let length = y.len().min(dy.len()).min(dx.len());
    let (Some(y), Some(dy), Some(dx)) = (y.get(..length), dy.get(..length), dx.get_mut(..length)) else { return };
    let ((y, y_tail), (dy, dy_tail), (dx, dx_tail)) = (y.as_chunks::<4>(), dy.as_chunks::<4>(), dx.as_chunks_mut::<4>());
    for (([y0, y1, y2, y3], [dy0, dy1, dy2, dy3]), dx) in y.iter().zip(dy).zip(dx) {
        *dx = [gate(*y0, *dy0), gate(*y1, *dy1), gate(*y2, *dy2), gate(*y3, *dy3)];
    }
    for ((y, dy), dx) in y_tail.iter().zip(dy_tail).zip(dx_tail) {
        *dx = gate(*y, *dy);
    }
}

/// `dy` if y > 0: y's bits are from 1 to those of infinity.
#[inline(always)]
fn gate(y: f32, dy: f32) -> f32 {
    f32::from_bits(if y.to_bits().wrapping_sub(1) < INFINITY { dy.to_bits() } else { 0 })
}
