//! The rectified linear unit.

/// `yᵢ ← max(xᵢ, 0)`; NaN stays NaN, and −0 becomes 0.
///
/// ```
/// let mut y = [0.0; 3];
/// kilograd_simd::kernel::relu(&[-1.0, 0.0, 2.0], &mut y);
/// assert_eq!(y, [0.0, 0.0, 2.0]);
/// ```
pub fn relu(x: &[f32], y: &mut [f32]) {
    for (x, y) in x.iter().zip(y) {
        *y = if *x <= 0.0 { 0.0 } else { *x };
    }
}

/// `dxᵢ ← dyᵢ` where the unit was on (`yᵢ > 0`), else 0.
///
/// ```
/// let mut dx = [9.0; 3];
/// kilograd_simd::kernel::relu_backward(&[0.0, 0.5, 2.0], &[1.0, 1.0, -1.0], &mut dx);
/// assert_eq!(dx, [0.0, 1.0, -1.0]);
/// ```
pub fn relu_backward(y: &[f32], dy: &[f32], dx: &mut [f32]) {
    for ((y, dy), dx) in y.iter().zip(dy).zip(dx) {
        *dx = if *y > 0.0 { *dy } else { 0.0 };
    }
}
