//! Every layer and several networks, with respect to every input and parameter.

use crate::check::{KINK, TOLERANCE, draw, largest_error};
use kilograd::layer::{
    Chain, Dense, Dropout, Elu, Gelu, GeluTanh, HardSigmoid, HardSwish, Identity, Layer, LayerNorm, LeakyRelu, LogSoftmax,
    Maxout, Recurrent, Relu, RmsNorm, Sigmoid, Silu, Softmax, Softplus, Tanh,
};
use kilograd::network;
use kilograd::tensor::{Tensor, Vector, Zero};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// How many points each layer is checked at.
const POINTS: u32 = 5;
/// How many points are drawn to find as many.
const DRAWS: u32 = 500;

/// Checks a layer at random points.
fn check<L: Layer>(layer: L) {
    check_where(layer, |_, _| true);
}

/// Checks a layer at random points of which `smooth` says that no kink is near.
fn check_where<L: Layer>(mut layer: L, smooth: impl Fn(&L, &L::Input) -> bool) {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let mut points = 0;
    for _ in 0..DRAWS {
        layer.copy_from(&draw(rng));
        let (mut input, d) = (draw(rng), draw(rng));
        if smooth(&layer, &input) {
            let error = largest_error(&mut layer, &mut input, &d);
            assert!(error < TOLERANCE, "{error:e} at point {points}");
            points += 1;
        }
        if points == POINTS {
            return;
        }
    }
    panic!("only {points} of {DRAWS} points are far from a kink");
}

/// Whether what comes out of `layer` is far from the kink of a rectifier that comes after it.
fn far_from_kink<L: Layer>(layer: &L, input: &L::Input) -> bool {
    let (mut output, mut tape) = (L::Output::ZERO, L::Tape::ZERO);
    layer.forward(input, &mut output, &mut tape);
    output.as_slice().iter().all(|y| y.abs() > KINK)
}

#[test]
fn dense() {
    check(Dense::<1, 1>::ZERO);
    check(Dense::<5, 3>::ZERO);
    check(Dense::<3, 21>::ZERO);
    check(Dense::<50, 2>::ZERO);
}

#[test]
fn smooth_activations() {
    check(Identity::<5>);
    check(Sigmoid::<5>);
    check(Tanh::<5>);
    check(Gelu::<5>);
    check(GeluTanh::<5>);
    check(Silu::<5>);
    check(Softplus::<5>);
    check(Softmax::<5>);
    check(LogSoftmax::<5>);
}

#[test]
fn rectifiers() {
    // `draw` keeps inputs away from zero.
    check(Relu::<7>);
    check(LeakyRelu::<7>::default());
    check(LeakyRelu::<7>::new(0.3));
    check(LeakyRelu::<7>::new(-0.5));
    check(Elu::<7>::default());
    check(Elu::<7>::new(0.3));
    // The kinks at ±3 lie outside of what is drawn.
    check(HardSigmoid::<7>);
    check(HardSwish::<7>);
}

#[test]
fn normalisations() {
    check(LayerNorm::<5>::ZERO);
    check(LayerNorm::<18>::ZERO);
    check(RmsNorm::<5>::ZERO);
    check(RmsNorm::<18>::ZERO);
    check(<network![4 => LayerNorm => 5 => RmsNorm => Tanh => 3]>::ZERO);
}

#[test]
fn dropout_with_the_mask_of_its_pass() {
    for seed in 0..4 {
        let mut layer = Dropout::<9>::new(0.4).expect("the rate is valid");
        layer.set_seed(seed);
        check(layer);
    }
    check(<network![4 => 6 => Dropout => Tanh => 3]>::ZERO);
}

/// Whether the largest piece of every unit leads the next one by more than a step of the check changes it.
fn has_clear_winners<const IN: usize, const OUT: usize, const PIECES: usize>(
    layer: &Maxout<IN, OUT, PIECES>,
    input: &Vector<IN>,
) -> bool {
    let outputs = layer.pieces.each_ref().map(|piece| {
        let mut output = Vector::ZERO;
        piece.forward(input, &mut output, &mut ());
        output
    });
    (0..OUT).all(|j| {
        let mut pieces: Vec<f32> = outputs.iter().filter_map(|output| output.get(j)).collect();
        pieces.sort_by(f32::total_cmp);
        pieces.windows(2).last().is_none_or(|two| two[1] - two[0] > 2.0 * KINK)
    })
}

#[test]
fn maxout_units() {
    check(Maxout::<4, 3, 1>::ZERO);
    check_where(Maxout::<4, 3, 2>::ZERO, has_clear_winners);
    check_where(Maxout::<5, 2, 4>::ZERO, has_clear_winners);
    check_where(Chain::<Maxout<3, 4, 2>, Dense<4, 2>>::ZERO, |net, input| has_clear_winners(&net.first, input));
}

#[test]
fn back_propagation_through_time() {
    check(Recurrent::<2, 3, 1, 1>::ZERO);
    check(Recurrent::<2, 3, 4, 4>::ZERO);
    check(Recurrent::<1, 5, 7, 7>::ZERO);
    check(Chain::<Recurrent<2, 3, 4, 4>, Dense<3, 2>>::ZERO);
}

#[test]
fn three_nested_chains() {
    type Inner = Chain<Tanh<4>, Dense<4, 2>>;
    type Middle = Chain<Dense<5, 4>, Inner>;
    type Outer = Chain<GeluTanh<5>, Middle>;
    check(Outer::ZERO);
}

#[test]
fn chains_nested_to_the_left() {
    type Inner = Chain<Dense<3, 4>, Sigmoid<4>>;
    type Middle = Chain<Inner, Dense<4, 5>>;
    type Outer = Chain<Middle, Tanh<5>>;
    check(Outer::ZERO);
}

#[test]
fn smooth_networks() {
    check(<network![4 => 3]>::ZERO);
    check(<network![4 => 6 => Tanh => 3]>::ZERO);
    check(<network![4 => 6 => GeluTanh => 5 => Sigmoid => 3 => Identity]>::ZERO);
    check(<network![2 => Tanh => 9 => Tanh => Sigmoid => 4]>::ZERO);
}

#[test]
fn networks_of_rectifiers() {
    check_where(<network![4 => 6 => Relu => 3]>::ZERO, |net, input| far_from_kink(&net.first.layer, input));
    check_where(<network![4 => 6 => LeakyRelu => 3]>::ZERO, |net, input| far_from_kink(&net.first, input));
    check_where(<network![4 => 6 => Relu => 5 => LeakyRelu => 3]>::ZERO, |net, input| {
        let Chain { first: rectified, second: Chain { first: next, .. } } = net;
        let mut hidden = Vector::ZERO;
        rectified.forward(input, &mut hidden, &mut ());
        far_from_kink(&rectified.layer, input) && far_from_kink(next, &hidden)
    });
}

#[test]
fn the_derivative_at_a_kink_is_the_one_on_the_left() {
    let (x, y, mut d) = (Vector::new([0.0, -0.0]), Vector::ZERO, Vector::new([3.0, 5.0]));
    let mut dx = Vector::new([9.0; 2]);
    Relu.backward(&x, &y, &mut (), &mut d, Some(&mut dx)).unwrap();
    assert_eq!(dx, Vector::ZERO);
    LeakyRelu::new(0.5).backward(&x, &y, &mut (), &mut d, Some(&mut dx)).unwrap();
    assert_eq!(dx, Vector::new([1.5, 2.5]));
}
