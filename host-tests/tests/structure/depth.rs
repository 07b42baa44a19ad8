//! How a gradient fares on its way through fifty layers, and what helps it: skip connections, easier activations, heads.

use kilograd::init::{GlorotNormal, HeNormal, LecunNormal, Scheme};
use kilograd::layer::{AuxiliaryHead, Chain, Dense, Layer, Relu, Residual, Sigmoid, Tanh};
use kilograd::loss::DeepSupervision;
use kilograd::network;
use kilograd::prelude::*;
use kilograd_tasks::digits::Digits;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

use crate::infer;

const WIDTH: usize = 12;
const DEPTH: usize = 50;

type Block<F> = Chain<Dense<WIDTH, WIDTH>, F>;
type Twice<L> = Chain<L, L>;
type Sixteen<L> = Twice<Twice<Twice<Twice<L>>>>;
type Fifty<L> = Chain<Sixteen<L>, Chain<Sixteen<L>, Chain<Sixteen<L>, Twice<L>>>>;

type SigmoidNet = Fifty<Block<Sigmoid<WIDTH>>>;
type TanhNet = Fifty<Block<Tanh<WIDTH>>>;
type ReluNet = Fifty<Block<Relu<WIDTH>>>;
type ResidualNet = Fifty<Residual<Block<Tanh<WIDTH>>>>;

/// The norm of the gradient with respect to every layer's sums (its biases' gradient), by the number of layers from the loss
/// to it, summed over samples and networks.
fn norms<N>(scheme: &impl Scheme) -> Vec<f64>
where
    N: Layer<Input = Vector<WIDTH>, Output = Vector<WIDTH>>,
{
    let rng = &mut Xoshiro128PlusPlus::seed_from_u64(1);
    let unit = kilograd::init::Distribution::Normal { deviation: 1.0 };
    let mut sums = vec![0.0; DEPTH];
    for _ in 0..20 {
        let (mut network, mut tape, mut gradient) = (Box::new(N::ZERO), Box::new(N::Tape::ZERO), Box::new(N::Gradient::ZERO));
        network.initialize(scheme, Bias::Zero, rng);
        let (x, mut d) = (Vector::from_fn(|_| unit.sample(rng)), Vector::from_fn(|_| unit.sample(rng)));
        let mut y = Vector::ZERO;
        network.forward_training(&x, &mut y, &mut tape);
        network.backward(&x, &y, &mut tape, &mut d, None).expect("no gradient explodes");
        network.accumulate(&x, &tape, &d, &mut gradient);
        let mut layers = Vec::new();
        gradient.visit(&mut |group| {
            if group.len() == WIDTH {
                layers.push(group.iter().map(|g| f64::from(*g).powi(2)).sum::<f64>().sqrt());
            }
        });
        assert_eq!(layers.len(), DEPTH);
        sums.iter_mut().zip(layers.iter().rev()).for_each(|(sum, norm)| *sum += norm);
    }
    sums
}

/// The first layer's gradient as a share of the last one's, with a line for every tenth depth.
fn share(name: &str, norms: &[f64]) -> f64 {
    let relative = |depth: usize| norms[depth - 1] / norms[0];
    let line: Vec<_> = [1, 10, 20, 30, 40, 50].iter().map(|depth| format!("{:.1e}", relative(*depth))).collect();
    println!("{name:>20}, depth 1, 10, … 50: {}", line.join(" "));
    relative(DEPTH)
}

#[test]
fn skip_connections_carry_a_gradient_through_fifty_layers() {
    let plain = norms::<TanhNet>(&Weak);
    let skip = norms::<ResidualNet>(&Weak);
    let (plain_share, skip_share) = (share("tanh", &plain), share("tanh and skips", &skip));
    assert!(plain_share < 1e-3, "{plain_share:e}");
    assert!((0.1..100.0).contains(&skip_share), "{skip_share:e}");
    // Not at the ends only: no layer of the fifty is cut off.
    assert!(skip.iter().all(|norm| *norm > 0.1 * skip[0]));
}

/// LeCun's deviations times 0.7: what a plain network of tanh does not survive.
struct Weak;

impl Scheme for Weak {
    fn fill(&self, weights: &mut [f32], fan_in: usize, fan_out: usize, rng: &mut impl kilograd::rand_core::Rng) {
        LecunNormal.fill(weights, fan_in, fan_out, rng);
        weights.iter_mut().for_each(|w| *w *= 0.7);
    }
}

#[test]
fn rectifiers_pass_on_what_sigmoids_lose() {
    let sigmoid = share("sigmoid", &norms::<SigmoidNet>(&GlorotNormal));
    let relu = share("ReLU", &norms::<ReluNet>(&HeNormal));
    assert!(sigmoid < 1e-15, "{sigmoid:e}");
    assert!((1e-2..1e2).contains(&relu), "{relu:e}");
}

type Lower = network![64 => 16 => Sigmoid];
type Upper = network![16 => 16 => Sigmoid => 16 => Sigmoid => 16 => Sigmoid => 10];
type Headed = AuxiliaryHead<Lower, network![16 => 10], Upper>;

#[test]
fn a_head_tells_the_first_layer_what_is_wanted() {
    let first_norm = |head_weight: f32| {
        let mut memory = Box::new(Memory::<Headed, Sgd, Accumulated>::ZERO);
        memory.network.initialize(&GlorotUniform, Bias::Zero, &mut Xoshiro128PlusPlus::seed_from_u64(1));
        let cross_entropy = CrossEntropy::default();
        let loss = DeepSupervision { main: cross_entropy, head: cross_entropy, head_weight };
        let mut trainer = Trainer::new(&mut memory, loss, Sgd, 0.1).unwrap();
        let (data, mut input) = (Digits::training(), Vector::ZERO);
        for index in 0..32 {
            let label = data.load(index, &mut input).unwrap();
            trainer.accumulate(&input, &label).unwrap();
        }
        trainer.gradient().0.weights.norm()
    };
    let (with, without) = (first_norm(0.3), first_norm(0.0));
    println!("first layer's gradient: {with:e} with a head, {without:e} without");
    assert!(with > 20.0 * without, "{with:e}, {without:e}");
}

#[test]
fn a_head_is_left_out_of_what_infers() {
    let mut headed = Headed::default();
    headed.initialize(&GlorotUniform, Bias::Constant(0.1), &mut Xoshiro128PlusPlus::seed_from_u64(2));
    let mut inference = Chain::<Lower, Upper>::ZERO;
    headed.write_chain(&mut inference);
    let input = Vector::from_fn(|i| (i % 5) as f32 / 5.0);
    let both = infer(&headed, &input);
    assert_eq!(both.row(0), Some(infer(&inference, &input).as_array()));
    assert_eq!(both.row(1), Some(infer(&headed.head, &infer(&headed.lower, &input)).as_array()));
    assert_eq!(size_of::<Headed>() - size_of::<Chain<Lower, Upper>>(), 4 * 170);
}

#[test]
fn weights_of_losses_out_of_range_are_refused() {
    for head_weight in [-0.1, f32::NAN, f32::INFINITY] {
        let loss = DeepSupervision { main: MeanSquaredError, head: MeanSquaredError, head_weight };
        let refused = Loss::<Matrix<2, 1>>::check(&loss).unwrap_err();
        assert!(matches!(refused, Error::Setting(kilograd::Setting::LossWeight, _)));
    }
    let both = DeepSupervision { main: MeanSquaredError, head: BinaryCrossEntropy::default(), head_weight: 1.0 };
    assert_eq!(Loss::<Matrix<2, 1>>::check(&both), Ok(()));
}
