//! `mlp2`: a whole network of two dense layers with its loss, and the gradient of everything.

use super::super::Trouble;
use super::super::compare::{Comparison, LAYER, LOSS};
use super::super::schema::{Case, Document};
use super::padding::{load_weights, padded, weights_by_unit, with_size, zeros};
use kilograd::layer::{Chain, Dense, Elu, GeluTanh, Identity, Layer, LeakyRelu, Relu, Sigmoid, Silu, Tanh};
use kilograd::loss::{BinaryCrossEntropy, CrossEntropy, MeanSquaredError};
use kilograd::tensor::{Tensor, Vector, Zero};

/// One width for all three: chains of every combination would take minutes to compile, and `dense` covers those.
type Net<A, const N: usize> = Chain<Dense<N, N>, Chain<A, Dense<N, N>>>;

/// Says that a layer is an activation of `N` elements.
trait Activation<const N: usize>: Layer<Input = Vector<N>, Output = Vector<N>, Tape = (), Gradient = ()> {}

impl<const N: usize, A> Activation<N> for A where A: Layer<Input = Vector<N>, Output = Vector<N>, Tape = (), Gradient = ()> {}

struct Sizes {
    batch: usize,
    inputs: usize,
    hidden: usize,
    outputs: usize,
}

enum Target {
    Values(Vec<f32>),
    Probabilities(Vec<f32>),
    Labels(Vec<usize>),
}

/// Runs a case of `mlp2`.
pub(super) fn run(case: &Case, _: &Document, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    let (batch, inputs) = (case.count("batch")?, case.count("in")?);
    let sizes = Sizes { batch, inputs, hidden: case.count("hidden")?, outputs: case.count("out")? };
    with_size!(sizes.inputs.max(sizes.hidden).max(sizes.outputs), N => run_sized::<N>(case, &sizes, comparison))
}

fn run_sized<const N: usize>(case: &Case, sizes: &Sizes, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
    match case.text("act")? {
        "identity" => run_with(Identity::<N>, case, sizes, comparison),
        "relu" => run_with(Relu::<N>, case, sizes, comparison),
        "leaky_relu" => {
            let slope = case.setting_or("alpha", LeakyRelu::<N>::default().slope())?;
            run_with(LeakyRelu::<N>::new(slope), case, sizes, comparison)
        }
        "sigmoid" => run_with(Sigmoid::<N>, case, sizes, comparison),
        "tanh" => run_with(Tanh::<N>, case, sizes, comparison),
        "silu" => run_with(Silu::<N>, case, sizes, comparison),
        "elu" => run_with(Elu::<N>::default(), case, sizes, comparison),
        "gelu_tanh" => run_with(GeluTanh::<N>, case, sizes, comparison),
        other => Err(Trouble::NotImplemented(format!("mlp2 with the activation {other}"))),
    }
}

fn run_with<A: Activation<N>, const N: usize>(
    activation: A,
    case: &Case,
    sizes: &Sizes,
    comparison: &mut Comparison<'_>,
) -> Result<(), Trouble> {
    let network = load_network(activation, case, sizes)?;
    let target = Target::of(case, sizes)?;
    let mut results = Results::<A, N>::new();
    for (sample, x) in case.input_of("x", &[sizes.batch, sizes.inputs])?.chunks(sizes.inputs).enumerate() {
        results.add_sample(&network, sizes, &target, sample, x)?;
    }
    results.compare(sizes, comparison)
}

fn load_network<A: Activation<N>, const N: usize>(activation: A, case: &Case, sizes: &Sizes) -> Result<Box<Net<A, N>>, Trouble> {
    let &Sizes { inputs, hidden, outputs, .. } = sizes;
    let mut network = zeros::<Net<A, N>>();
    network.second.first = activation;
    let (w1, w2) = (case.input_of("w1", &[hidden, inputs])?, case.input_of("w2", &[outputs, hidden])?);
    load_weights(network.first.weights.as_mut_slice(), N, &w1, inputs);
    load_weights(network.second.second.weights.as_mut_slice(), N, &w2, hidden);
    network.first.bias = padded(&case.input_of("b1", &[hidden])?);
    network.second.second.bias = padded(&case.input_of("b2", &[outputs])?);
    Ok(network)
}

impl Target {
    fn of(case: &Case, sizes: &Sizes) -> Result<Self, Trouble> {
        let values = || case.input_of("target", &[sizes.batch, sizes.outputs]);
        match case.text("loss")? {
            "mse" => values().map(Self::Values),
            "bce" | "bce_with_logits" => values().map(Self::Probabilities),
            "cross_entropy" => match case.integers("target")? {
                labels if labels.len() == sizes.batch => Ok(Self::Labels(labels)),
                labels => Err(Trouble::Malformed(format!("{} labels for {} samples", labels.len(), sizes.batch))),
            },
            other => Err(Trouble::NotImplemented(format!("mlp2 with the loss {other}"))),
        }
    }

    /// The loss of sample number `sample`; `delta` becomes its gradient.
    fn loss(&self, sample: usize, output: &[f32], delta: &mut [f32]) -> Result<f32, Trouble> {
        let own = sample * output.len()..(sample + 1) * output.len();
        Ok(match self {
            Self::Values(target) => MeanSquaredError.evaluate_slice(output, &target[own], delta)?,
            Self::Probabilities(target) => BinaryCrossEntropy::default().evaluate_slice(output, &target[own], delta)?,
            Self::Labels(labels) => CrossEntropy::default().evaluate_slice(output, labels[sample], delta)?,
        })
    }
}

/// What comes out of a batch, sample after sample, and the sum of the parameters' gradients.
struct Results<A: Activation<N>, const N: usize> {
    z1: Vec<f32>,
    a1: Vec<f32>,
    z2: Vec<f32>,
    dx: Vec<f32>,
    loss: f32,
    gradient: Box<<Net<A, N> as Layer>::Gradient>,
}

impl<A: Activation<N>, const N: usize> Results<A, N> {
    fn new() -> Self {
        Self { z1: vec![], a1: vec![], z2: vec![], dx: vec![], loss: 0.0, gradient: zeros() }
    }

    fn add_sample(
        &mut self,
        network: &Net<A, N>,
        sizes: &Sizes,
        target: &Target,
        sample: usize,
        x: &[f32],
    ) -> Result<(), Trouble> {
        let x = padded(x);
        let (mut z1, mut a1, mut z2) = (Vector::ZERO, Vector::ZERO, Vector::ZERO);
        let mut tape = zeros::<<Net<A, N> as Layer>::Tape>();
        network.first.forward(&x, &mut z1, &mut ());
        network.second.first.forward(&z1, &mut a1, &mut ());
        network.forward(&x, &mut z2, &mut tape);

        let (mut d_output, mut d_input) = (Vector::ZERO, Vector::ZERO);
        let (output, delta) = (&z2.as_slice()[..sizes.outputs], &mut d_output.as_mut_slice()[..sizes.outputs]);
        self.loss += target.loss(sample, output, delta)?;
        network.backward(&x, &z2, &mut tape, &mut d_output, Some(&mut d_input))?;
        network.accumulate(&x, &tape, &d_output, &mut self.gradient);

        self.z1.extend_from_slice(&z1.as_slice()[..sizes.hidden]);
        self.a1.extend_from_slice(&a1.as_slice()[..sizes.hidden]);
        self.z2.extend_from_slice(output);
        self.dx.extend_from_slice(&d_input.as_slice()[..sizes.inputs]);
        Ok(())
    }

    fn compare(&self, sizes: &Sizes, comparison: &mut Comparison<'_>) -> Result<(), Trouble> {
        let &Sizes { batch, inputs, hidden, outputs } = sizes;
        let mean = |sums: &[f32]| -> Vec<f32> { sums.iter().map(|sum| sum / batch as f32).collect() };
        let (first, (_, second)) = &*self.gradient;
        comparison.output("z1", &self.z1, LAYER)?;
        comparison.output("a1", &self.a1, LAYER)?;
        comparison.output("z2", &self.z2, LAYER)?;
        comparison.output("loss", &mean(&[self.loss]), LOSS)?;
        comparison.output("dx", &mean(&self.dx), LAYER)?;
        comparison.output("dw1", &mean(&weights_by_unit(first.weights.as_slice(), N, inputs, hidden)), LAYER)?;
        comparison.output("db1", &mean(&first.bias.as_slice()[..hidden]), LAYER)?;
        comparison.output("dw2", &mean(&weights_by_unit(second.weights.as_slice(), N, hidden, outputs)), LAYER)?;
        comparison.output("db2", &mean(&second.bias.as_slice()[..outputs]), LAYER)
    }
}
