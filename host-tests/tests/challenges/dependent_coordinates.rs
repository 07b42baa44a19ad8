//! Section 8.7.2: where coordinate descent fails.

use kilograd::solver::{AlongCoordinate, CoordinateDescent, Function, Objective, Search};
use kilograd::tensor::{Tensor, Vector};

/// `(x₁ − x₂)² + α·(x₁² + x₂²)`, the book's example.
fn tied(alpha: f32) -> impl Objective<2> {
    let value = move |[x, y]: &[f32; 2]| (x - y) * (x - y) + alpha * (x * x + y * y);
    let gradient = move |[x, y]: &[f32; 2]| [2.0 * (x - y) + 2.0 * alpha * x, 2.0 * (y - x) + 2.0 * alpha * y];
    Function { value, gradient }
}

/// The same in `u = x₁ + x₂`, `v = x₁ − x₂`: `v² + α·(u² + v²)/2`, which does not tie them.
fn untied(alpha: f32) -> impl Objective<2> {
    let value = move |[u, v]: &[f32; 2]| v * v + 0.5 * alpha * (u * u + v * v);
    Function { value, gradient: move |[u, v]: &[f32; 2]| [alpha * u, 2.0 * v + alpha * v] }
}

#[test]
fn it_contracts_the_slower_the_weaker_the_pull_and_turned_axes_cure_it() {
    let newton = || CoordinateDescent::new(AlongCoordinate::Newton { difference: 0.5 }).unwrap();
    for alpha in [1.0_f32, 0.1, 0.01] {
        let (mut tied, mut search, mut point) = (tied(alpha), newton(), Vector::new([0.0, 1.0]));
        search.step(&mut tied, &mut point).unwrap();
        let before = point.norm();
        search.minimize(&mut tied, &mut point, 3).unwrap();
        let factor = f64::from(point.norm() / before).cbrt();
        // The best x₁ is x₂/(1 + α), the best x₂ is x₁/(1 + α): both in a cycle.
        let expected = 1.0 / (1.0 + f64::from(alpha)).powi(2);
        println!("alpha = {alpha}: a cycle leaves {factor:.5} of the way, 1/(1 + alpha)^2 = {expected:.5}");
        assert!((factor - expected).abs() < 2e-3);

        let mut point = Vector::new([1.0, 1.0]);
        newton().minimize(&mut untied(alpha), &mut point, 1).unwrap();
        assert!(point.norm() < 1e-3, "alpha = {alpha}: one cycle does: {point:?}");
    }
}
