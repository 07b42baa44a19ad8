//! Tensor operations in any order, on any numbers.

use super::{Draw, assert_same, same};
use kilograd::tensor::{Matrix, Parameters, Tensor, Vector, Zero};

const ROWS: usize = 3;
const COLUMNS: usize = 5;

/// What the operations work on.
struct Operands {
    a: Matrix<ROWS, COLUMNS>,
    b: Matrix<COLUMNS, ROWS>,
    square: Matrix<ROWS, ROWS>,
    x: Vector<COLUMNS>,
    y: Vector<ROWS>,
}

/// Does what the bytes say, and holds every result to another way of getting there.
pub fn tensors(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let mut on = Operands {
        a: Matrix::new(draw.array(|draw| draw.array(Draw::number))),
        b: Matrix::new(draw.array(|draw| draw.array(Draw::number))),
        square: Matrix::ZERO,
        x: Vector::new(draw.array(Draw::number)),
        y: Vector::new(draw.array(Draw::number)),
    };
    while !draw.is_empty() {
        operate(&mut on, &mut draw);
        measure(&on.a);
        measure(&on.x);
        measure(&on.square);
    }
}

fn operate(on: &mut Operands, draw: &mut Draw<'_>) {
    match draw.below(16) {
        0 => products(on),
        1 => matrix_products(on),
        2 => outer(on),
        3 => on.a.scale(draw.number()),
        4 => on.a.fill(draw.number()),
        5 => on.x.map(|x| 0.5 * x - 1.0),
        6 => on.x.add(&Vector::new(draw.array(Draw::number))),
        7 => add_and_subtract(&mut on.x, draw),
        8 => on.y.multiply(&Vector::new(draw.array(Draw::number))),
        9 => elements(on, draw),
        10 => on.a.transpose(&mut on.b),
        11 => on.b.transpose(&mut on.a),
        12 => argmax(&on.x),
        13 => flat(&mut on.square, draw.number()),
        14 => on.x.add_scaled(draw.number(), &on.x.clone()),
        _ => on.square.copy_from(&Matrix::from_fn(|i, j| if i == j { 1.0 } else { 0.0 })),
    }
}

/// `selfᵀ·y` is what the transpose does, and both sum over the rows in natural order.
fn products(on: &mut Operands) {
    let mut sums = Vector::ZERO;
    on.a.product(&on.x, &mut sums);
    for (i, row) in on.a.as_rows().iter().enumerate() {
        assert!(same(sums.as_array()[i], on.x.dot(&Vector::new(*row))));
    }
    let (mut across, mut as_matrix) = (Vector::ZERO, Matrix::<COLUMNS, 1>::ZERO);
    on.a.product_transposed(&on.y, &mut across);
    let y = Matrix::<ROWS, 1>::from_fn(|i, _| on.y.as_array()[i]);
    on.a.transposed_matrix_product(&y, &mut as_matrix);
    assert_same(across.as_slice(), as_matrix.as_slice());
    (on.x, on.y) = (across, sums);
}

/// A product by way of the transpose adds in the same order.
fn matrix_products(on: &mut Operands) {
    let (mut direct, mut transposed, mut by_transpose) = (Matrix::ZERO, Matrix::ZERO, Matrix::ZERO);
    on.a.matrix_product(&on.b, &mut direct);
    on.a.transpose(&mut transposed);
    transposed.transposed_matrix_product(&on.b, &mut by_transpose);
    assert_same(direct.as_slice(), by_transpose.as_slice());
    on.a.matrix_product_transposed(&on.a, &mut on.square);
    for (i, row) in on.a.as_rows().iter().enumerate() {
        for (j, other) in on.a.as_rows().iter().enumerate() {
            assert!(same(on.square.get(i, j).unwrap(), Vector::new(*row).dot(&Vector::new(*other))));
        }
    }
}

fn outer(on: &mut Operands) {
    on.y.outer(&on.x, &mut on.a);
    for (i, y) in on.y.as_array().iter().enumerate() {
        for (j, x) in on.x.as_array().iter().enumerate() {
            assert!(same(on.a.get(i, j).unwrap(), y * x));
        }
    }
}

fn add_and_subtract(x: &mut Vector<COLUMNS>, draw: &mut Draw<'_>) {
    let other = Vector::new(draw.array(Draw::number));
    let expected = Vector::<COLUMNS>::from_fn(|i| x.as_array()[i] - other.as_array()[i]);
    x.subtract(&other);
    assert_same(x.as_slice(), expected.as_slice());
}

/// Elements within the bounds are there, and no others.
fn elements(on: &mut Operands, draw: &mut Draw<'_>) {
    let (row, column) = (draw.count() as usize, draw.count() as usize);
    let inside = row < ROWS && column < COLUMNS;
    assert_eq!(on.a.get(row, column).is_some(), inside);
    assert_eq!(on.a.row(row).is_some(), row < ROWS);
    assert_eq!(on.a.row_mut(row).is_some(), row < ROWS);
    assert_eq!(on.x.get(column).is_some(), column < COLUMNS);
    if let Some(element) = on.x.get_mut(column) {
        *element = draw.number();
    }
    let number = draw.number();
    if let Some(element) = on.a.get_mut(row, column) {
        *element = number;
        assert!(same(on.a.get(row, column).unwrap(), number));
    }
}

fn argmax(x: &Vector<COLUMNS>) {
    match x.argmax() {
        Some(best) => assert!(x.as_array().iter().all(|other| *other <= x.as_array()[best])),
        None => assert!(x.as_array().iter().any(|x| x.is_nan())),
    }
}

/// What is seen as slices is what is there.
fn flat(square: &mut Matrix<ROWS, ROWS>, number: f32) {
    let other = square.clone();
    square.visit_mut_with(&other, &mut |ours, theirs| {
        assert_same(ours, theirs);
        ours[0] = number;
    });
    square.visit(&mut |group| assert!(group.len() == ROWS * ROWS && same(group[0], number)));
}

/// Norms are ordered, and finite where the numbers are.
fn measure(tensor: &impl Tensor) {
    let finite = tensor.as_slice().iter().all(|x| x.is_finite());
    let (largest, norm, sum) = (tensor.norm_max(), tensor.norm(), tensor.norm_l1());
    assert_eq!(tensor.is_finite(), finite);
    if finite {
        assert!(largest * 0.999_999 <= norm && norm <= sum * 1.000_001, "{largest} {norm} {sum}: {:?}", tensor.as_slice());
        assert!(tensor.sum().abs() <= sum * 1.000_001 || sum.is_infinite());
    } else {
        assert!(!norm.is_finite() && !largest.is_finite());
    }
}
