//! Section 8.2.7: every step goes down, and yet away from the solution (figure 8.4): it lies behind a mountain.

use crate::functions::{descend, rng};
use kilograd::init::Distribution;
use kilograd::solver::{Function, Objective};

/// A mountain at 0, behind it at 2.5 the solution, and to the left a slope that levels out without ever having a minimum.
fn mountain() -> impl Objective<1> {
    let bump = |x: f32, at: f32| (-(x - at) * (x - at)).exp();
    let value = move |[x]: &[f32; 1]| 2.0 * bump(*x, 0.0) - 1.5 * bump(*x, 2.5) + 0.2 * (0.3 * x).tanh();
    let gradient = move |[x]: &[f32; 1]| {
        let slope = 0.06 * (1.0 - (0.3 * x).tanh().powi(2));
        [-4.0 * x * bump(*x, 0.0) + 3.0 * (x - 2.5) * bump(*x, 2.5) + slope]
    };
    Function { value, gradient }
}

#[test]
fn descent_on_the_wrong_side_of_a_mountain_never_arrives_but_another_start_does() {
    let mut mountain = mountain();
    let mut end = |start: f32| {
        let (at, value) = descend(&mut mountain, 0.2, [start], 2_000);
        (at.as_array()[0], value)
    };
    let (wrong, right) = (end(-0.5), end(0.5));
    println!("from -0.5 to {:.2}, value {:.3}; from 0.5 to {:.2}, value {:.3}", wrong.0, wrong.1, right.0, right.1);
    // On and on, and all the way down, to no minimum.
    assert!(wrong.0 < -5.0 && wrong.1 > -0.2);
    assert!((right.0 - 2.5).abs() < 0.1 && right.1 < -1.3);
    // Who does not know where the mountain is draws several starts.
    let wide = Distribution::Uniform { bound: 4.0 };
    let arrived = |seeds: u64, end: &mut dyn FnMut(f32) -> (f32, f32)| {
        (0..seeds).filter(|seed| end(wide.sample(&mut rng(*seed))).1 < -1.3).count()
    };
    let (one, ten) = (arrived(1, &mut end), arrived(10, &mut end));
    println!("of the first seed {one} arrives, of the first ten {ten}");
    assert!(0 < ten && ten < 10);
}
