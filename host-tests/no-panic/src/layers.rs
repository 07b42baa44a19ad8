//! Every layer and every loss that first light does not call.

use core::hint::black_box;
use kilograd::layer::{Chain, Dense, Dropout, Elu, LayerNorm, Maxout, Recurrent, RmsNorm};
use kilograd::loss::{Hinge, Huber, KlDivergence, MeanAbsoluteError, MultiMargin, SmoothL1, SoftCrossEntropy, SquaredHinge};
use kilograd::optim::Elementwise;
use kilograd::prelude::*;
use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::SeedableRng;

type Smooth = network![5 => Elu => 4 => Gelu => GeluTanh => 4 => Silu => Softplus => 3 => Softmax => LogSoftmax];
type Hard = network![5 => HardSigmoid => 4 => HardSwish => 3];
type Normalised = network![5 => LayerNorm => 21 => RmsNorm => Dropout => 3];
type MaxedOut = Chain<Maxout<5, 19, 3>, Dense<19, 3>>;
type Remembering = Chain<Recurrent<2, 18, 6, 4>, Dense<18, 3>>;

pub fn run() {
    let x = black_box(Vector::<5>::ZERO);
    let trained = train::<Smooth>(&x).is_ok() & train::<Hard>(&x).is_ok();
    black_box(trained & train::<Normalised>(&x).is_ok() & train::<MaxedOut>(&x).is_ok());
    black_box((train::<Remembering>(&black_box(Matrix::ZERO)).is_ok(), settings().is_ok()));
}

/// In both ways, with every loss.
fn train<N: Layer<Output = Vector<3>>>(x: &N::Input) -> Result<(), Error> {
    let t = black_box(Vector::<3>::ZERO);
    fused::<N, _, _>(MeanAbsoluteError, Sgd, x, &t)?;
    fused::<N, _, _>(Huber { delta: black_box(1.0) }, Momentum::NESTEROV, x, &t)?;
    fused::<N, _, _>(SmoothL1 { beta: black_box(1.0) }, Adam::DEFAULT, x, &t)?;
    fused::<N, _, _>(Hinge, Sgd, x, &t)?;
    fused::<N, _, _>(SquaredHinge, Sgd, x, &t)?;
    fused::<N, _, _>(MultiMargin { margin: black_box(1.0) }, Sgd, x, &black_box(1))?;
    let mut memory = Memory::<N, Adam, Accumulated>::ZERO;
    Trainer::new(&mut memory, SoftCrossEntropy, Adam::DEFAULT, black_box(0.1))?.step([(x, &t)])?;
    Trainer::new(&mut memory, KlDivergence, Adam::DEFAULT, black_box(0.1))?.step([(x, &t)])?;
    black_box(&memory.network);
    Ok(())
}

fn fused<N: Layer, L: Loss<N::Output>, R: Elementwise>(loss: L, rule: R, x: &N::Input, t: &L::Target) -> Result<(), Error> {
    let mut memory = Memory::<N, R>::ZERO;
    memory.network.initialize(&HeUniform, Bias::Zero, &mut SplitMix64::seed_from_u64(black_box(1)));
    let mut trainer = Trainer::new(&mut memory, loss, rule, black_box(0.1))?;
    trainer.step(x, t)?;
    black_box(trainer.evaluate(x, t)?);
    Ok(())
}

fn settings() -> Result<(), Error> {
    let mut dropout = Dropout::<20>::new(black_box(0.5))?;
    dropout.set_rate(black_box(0.25))?;
    dropout.set_seed(black_box(1));
    let kept = dropout.kept(black_box(1)).take(black_box(100)).filter(|kept| *kept).count();
    let (mut layer, mut rms) = (LayerNorm::<20>::default(), RmsNorm::<20>::default());
    layer.set_epsilon(black_box(1e-3))?;
    rms.set_epsilon(black_box(1e-3))?;
    black_box((kept, dropout.rate(), layer.epsilon(), rms.epsilon(), Elu::<2>::new(black_box(0.5)).alpha()));
    black_box((&layer, &rms));
    Ok(())
}
