//! Layers made of layers, and those that see a whole batch.

use crate::check::{TOLERANCE, draw, largest_error};
use kilograd::batch_network;
use kilograd::layer::{
    AuxiliaryHead, BatchNorm, Batched, Chain, Dense, Flash, Frozen, Layer, Residual, RunningNorm, Stored, Tanh,
};
use kilograd::network;
use kilograd::tensor::{Matrix, Vector, Zero};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Checks a layer at five random points.
fn check<L: Layer>(mut layer: L) {
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    for point in 0..5 {
        layer.visit_mut(&mut |group| redraw(group, rng));
        let (mut input, d) = (draw(rng), draw(rng));
        let error = largest_error(&mut layer, &mut input, &d);
        assert!(error < TOLERANCE, "{error:e} at point {point}");
    }
}

fn redraw(group: &mut [f32], rng: &mut Xoshiro128PlusPlus) {
    group.iter_mut().zip(draw::<Vector<256>>(rng).as_array()).for_each(|(x, drawn)| *x = *drawn);
}

#[test]
fn batched_layers() {
    check(Batched::<Dense<5, 3>, 1>::ZERO);
    check(Batched::<Dense<5, 3>, 7>::ZERO);
    check(Batched::<Dense<3, 21>, 4>::ZERO);
    check(Batched::<Tanh<5>, 4>::ZERO);
    // Sample by sample, through a tape for each.
    check(Batched::<Chain<Dense<3, 4>, Chain<Tanh<4>, Dense<4, 2>>>, 5>::ZERO);
    check(<batch_network![5; 3 => 4 => Tanh => 2]>::ZERO);
}

#[test]
fn batch_normalisation_through_mean_and_variance() {
    check(BatchNorm::<8, 1>::ZERO);
    check(BatchNorm::<8, 5>::ZERO);
    check(BatchNorm::<12, 3>::new(0.3, 0.5).unwrap());
    check(<batch_network![12; 3 => BatchNorm => 2]>::ZERO);
    check(<batch_network![8; 3 => BatchNorm => Tanh => 3 => BatchNorm]>::ZERO);
}

#[test]
fn normalisation_by_running_statistics() {
    check(RunningNorm::<4> {
        mean: Vector::new([0.5, -1.0, 0.0, 2.0]),
        inverse_deviation: Vector::new([2.0, 0.5, 1.0, 1.5]),
        ..RunningNorm::default()
    });
}

#[test]
fn skip_connections() {
    check(Residual::<Dense<4, 4>>::ZERO);
    check(Residual::<Tanh<4>>::ZERO);
    type Block = Residual<network![3 => 5 => Tanh => 3]>;
    check(Chain::<Block, Chain<Block, Dense<3, 2>>>::ZERO);
    check(Residual::<batch_network![8; 3 => 3 => BatchNorm => Tanh]>::ZERO);
}

#[test]
fn a_head_at_a_hidden_layer() {
    type Lower = network![4 => 3 => Tanh];
    check(AuxiliaryHead::<Lower, network![3 => 2], network![3 => 3 => Tanh => 2]>::ZERO);
}

static STORED: Dense<3, 3> =
    Dense { weights: Matrix::new([[0.5, -1.0, 0.3], [0.2, 0.7, -0.4], [-0.6, 0.1, 0.9]]), bias: Vector::new([0.1, 0.0, -0.2]) };

struct Trunk;

impl Stored for Trunk {
    type Layer = Dense<3, 3>;

    fn layer() -> &'static Dense<3, 3> {
        &STORED
    }
}

#[test]
fn gradients_pass_through_what_is_frozen() {
    check(Chain::<Dense<2, 3>, Chain<Frozen<Dense<3, 3>>, Dense<3, 2>>> {
        first: Dense::ZERO,
        second: Chain { first: Frozen::new(STORED.clone()), second: Dense::ZERO },
    });
    check(Chain::<Dense<2, 3>, Chain<Flash<Trunk>, Dense<3, 2>>>::ZERO);
    check(Chain::<Batched<Dense<2, 3>, 3>, Batched<Flash<Trunk>, 3>>::ZERO);
    // Frozen statistics are constants.
    let mut norm = BatchNorm::<4, 3>::default();
    norm.mean = Vector::new([0.5, -1.0, 2.0]);
    norm.variance = Vector::new([0.5, 2.0, 1.0]);
    check(Chain::<Batched<Dense<2, 3>, 4>, Frozen<BatchNorm<4, 3>>> { first: Batched::ZERO, second: Frozen::new(norm) });
}
