//! ‖g‖ and gᵀHg against `f64`, and a step that goes up while the gradient is large.

use crate::support::{flat, rng};
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::train::monitor::update_ratios;
use kilograd_host_tests::numeric::{self, wide};
use kilograd_tasks::iris::{self, Net};

const BATCH: usize = 32;

/// Largest relative error of gᵀHg. A forward difference over a distance of (1 + ‖w‖)/512, here some 10⁻², is off by as much as
/// the curvature changes over half of it; the gradients' rounding, 10⁻⁷ of them, is a thousandth of that. Measured: 1.3·10⁻².
const TOLERANCE: f64 = 3e-2;

fn memory(seed: u64) -> Memory<Net, Adam, Accumulated> {
    let mut memory = Memory::ZERO;
    Net::initialize(&mut memory.network, &GlorotUniform, Bias::Zero, &mut rng(seed));
    memory
}

/// The batch's mean loss at these weights, in `f64`.
fn loss(weights: &[f64], data: &[(Vector<4>, usize)]) -> f64 {
    let (first, rest) = weights.split_at(4 * 8);
    let (first_bias, rest) = rest.split_at(8);
    let (second, second_bias) = rest.split_at(8 * 3);
    let sample = |(input, label): &(Vector<4>, usize)| {
        let hidden: Vec<f64> = numeric::dense(first, first_bias, &wide(input.as_slice())).into_iter().map(f64::tanh).collect();
        numeric::cross_entropy(&numeric::dense(second, second_bias, &hidden), *label, 0.0)
    };
    data.iter().map(sample).sum::<f64>() / data.len() as f64
}

#[test]
fn norm_and_curvature_are_those_of_double_precision() {
    let data = iris::load();
    let mut worst = 0.0_f64;
    for seed in 0..5 {
        let (mut memory, mut start) = (memory(seed), Net::ZERO);
        let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
        for epoch in 0..3 {
            let print = fingerprint(trainer.network());
            let curvature = trainer.curvature(&data[..], 0..BATCH, &mut start).unwrap();
            assert_eq!([fingerprint(trainer.network()), fingerprint(&start)], [print; 2], "the network is as it was");
            assert_eq!(trainer.apply(), Err(Error::EmptyBatch));

            let weights = wide(&flat(trainer.network()));
            let batch = &data[..BATCH];
            let gradient = numeric::gradient(|w| loss(w, batch), &weights, 1e-5);
            let norm = gradient.iter().map(|g| g * g).sum::<f64>().sqrt();
            let along = |h: f64| {
                let there: Vec<f64> = weights.iter().zip(&gradient).map(|(w, g)| w + h * g / norm).collect();
                loss(&there, batch)
            };
            let second = (along(1e-3) - 2.0 * along(0.0) + along(-1e-3)) / 1e-6;
            assert!((f64::from(curvature.gradient_norm) / norm - 1.0).abs() < 1e-4, "{curvature:?}, ‖g‖ is {norm}");
            assert!((f64::from(curvature.loss) / along(0.0) - 1.0).abs() < 1e-5);
            worst = worst.max((f64::from(curvature.quadratic_form()) / (second * norm * norm) - 1.0).abs());
            (0..BATCH).for_each(|i| assert!(trainer.accumulate(&data[i].0, &data[i].1).is_ok()));
            assert!((f64::from(trainer.gradient_norm()) / norm - 1.0).abs() < 1e-4);
            trainer.epoch(&data[..], Shuffle::new(iris::TRAINING, &mut rng(epoch)), 8).unwrap();
        }
    }
    println!("gᵀHg: relative error {worst:.1e}");
    assert!(worst < TOLERANCE, "{worst:e}");
}

#[test]
fn a_refused_sample_leaves_the_network_as_it_was() {
    let (mut memory, mut start, mut data) = (memory(1), Net::ZERO, iris::load());
    data[3].0 = Vector::new([f32::NAN; 4]);
    let print = fingerprint(&memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Adam::DEFAULT, 0.01).unwrap();
    for (batch, error) in [(0..5, Error::InputNotFinite), (0..0, Error::EmptyBatch)] {
        assert_eq!(trainer.curvature(&data[..], batch, &mut start), Err(error));
        assert_eq!(fingerprint(trainer.network()), print);
        assert_eq!((trainer.apply(), trainer.gradient_norm()), (Err(Error::EmptyBatch), 0.0));
    }
    let past_the_end = Error::SampleOutOfRange { index: 150, samples: 150 };
    assert_eq!(trainer.curvature(&data[..], 149..151, &mut start), Err(past_the_end));
    assert_eq!(fingerprint(trainer.network()), print);
}

/// A line through points whose two inputs are of very different size: the Hessian's eigenvalues are as far apart.
#[test]
fn an_ill_conditioned_problem_goes_up_with_a_large_gradient() {
    let data: [(Vector<2>, Vector<1>); 64] = {
        let rng = &mut rng(8);
        std::array::from_fn(|_| {
            let (x, z) = (crate::support::uniform(rng), crate::support::uniform(rng));
            (Vector::new([10.0 * x, 0.1 * z]), Vector::new([x + z]))
        })
    };
    let (mut memory, mut start) = (Memory::<network![2 => 1], Sgd, Accumulated>::ZERO, Zero::ZERO);
    let mut went_up = 0;
    for rate in [0.001, 0.01, 0.02, 0.04, 0.08] {
        let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Sgd, rate).unwrap();
        *trainer.network_mut() = Zero::ZERO;
        let curvature = trainer.curvature(&data[..], 0..64, &mut start).unwrap();
        let before = trainer.epoch(&data[..], 0..64, 64).unwrap();
        let after = trainer.evaluate_all(&data[..], 0..64, |_, _| Ok(())).unwrap();
        let predicted = curvature.predicted_change(rate);
        println!(
            "rate {rate}: ‖g‖² {:.2}, gᵀHg {:.1}, change predicted {predicted:.4}, was {:.4}",
            curvature.squared_norm(),
            curvature.quadratic_form(),
            after - before
        );
        // The loss is a quadratic: what is to second order is all.
        assert!((predicted - (after - before)).abs() < 1e-2 * predicted.abs(), "{predicted}, not {}", after - before);
        assert_eq!(predicted > 0.0, 0.5 * rate * curvature.quadratic_form() > curvature.squared_norm());
        went_up += usize::from(after > before);
    }
    assert!((1..5).contains(&went_up), "some rates go down and some up");
}

#[test]
fn ratios_of_an_update_to_its_weights() {
    let mut memory = Memory::<Net, Sgd, Accumulated>::ZERO;
    let (data, mut before) = (iris::load(), Net::ZERO);
    memory.network.initialize(&GlorotUniform, Bias::Constant(0.1), &mut rng(1));
    before.copy_from(&memory.network);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, 0.05).unwrap();
    (0..8).for_each(|i| assert!(trainer.accumulate(&data[i].0, &data[i].1).is_ok()));
    // A step of SGD is as long as the mean gradient times the rate.
    let norm = |group: &[f32]| wide(group).iter().map(|x| x * x).sum::<f64>().sqrt();
    let mut want = Vec::new();
    before.visit_with(trainer.gradient(), &mut |weights, sum| want.push(0.05 * norm(sum) / 8.0 / norm(weights)));
    trainer.apply().unwrap();
    let mut got = Vec::new();
    update_ratios(&before, trainer.network(), &mut |ratio| got.push(f64::from(ratio)));
    println!("update to weight: {got:.5?}");
    assert_eq!(got.len(), 4);
    // A weight's last digits are those of its update.
    assert!(got.iter().zip(&want).all(|(got, want)| (got / want - 1.0).abs() < 1e-4), "{got:?}, not {want:?}");
}

#[test]
fn ratios_without_a_size_to_compare_with() {
    let mut ratios = Vec::new();
    let [zero, one, huge] = [0.0, 1.0, 3e38].map(|x| Vector::new([x, 0.0]));
    for (before, after) in [(&zero, &zero), (&zero, &one), (&huge, &zero), (&huge, &huge), (&one, &Vector::new([f32::NAN; 2]))] {
        update_ratios(before, after, &mut |ratio| ratios.push(ratio));
    }
    assert_eq!(ratios[..4], [0.0, f32::INFINITY, 1.0, 0.0]);
    assert!(ratios[4].is_nan());
}
