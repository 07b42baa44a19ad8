//! Stopping on the 0-1 error while the surrogate still has something to descend (*Deep Learning*, section 8.1.2).

use crate::support::rng;
use kilograd::prelude::*;
use kilograd::train::{Verdict, fingerprint, zero_one_loss};
use kilograd_tasks::digits::{self, Digits};

const BATCH: usize = 16;

type Ram = Memory<digits::Net, Momentum, Accumulated>;

/// The norm of the surrogate's gradient over all training samples, and the norm over one batch.
fn gradient_norms<L: Loss<Vector<10>, Target = usize>>(
    trainer: &mut Trainer<'_, digits::Net, L, Momentum, f32, Accumulated>,
) -> (f32, f32) {
    let (data, mut input, mut first) = (Digits::training(), Vector::ZERO, 0.0);
    for index in 0..digits::TRAINING {
        let label = data.load(index, &mut input).unwrap();
        trainer.accumulate(&input, &label).unwrap();
        if index + 1 == BATCH {
            first = trainer.gradient_norm();
        }
    }
    let all = trainer.gradient_norm();
    trainer.clear();
    (all, first)
}

#[test]
fn the_0_1_error_stops_while_the_gradient_is_large() {
    let mut memory = Box::new(Ram::ZERO);
    digits::initialize(&mut memory.network, 1);
    let (rng, held_out) = (&mut rng(2), Digits::test());
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Momentum::DEFAULT, 0.02).unwrap();
    let mut stopping = Box::new(EarlyStopping::<digits::Net>::ZERO);
    let start = gradient_norms(&mut trainer);
    let mut seen = Vec::new();
    let stopped = (0..200).position(|_| {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng), BATCH).unwrap();
        let mut wrong = 0.0;
        let see = |label: &usize, output: &Vector<10>| {
            wrong += zero_one_loss(output, *label);
            Ok(())
        };
        trainer.evaluate_all(&held_out, 0..held_out.len(), see).unwrap();
        seen.push((wrong, fingerprint(trainer.network())));
        stopping.observe(wrong, trainer.network(), 5) == Verdict::Stop
    });
    let at_stop = gradient_norms(&mut trainer);
    let (best_wrong, best) = seen.iter().copied().min_by(|a, b| a.0.total_cmp(&b.0)).unwrap();
    // The surrogate goes on: what it still descends, the 0-1 error no longer sees.
    let mut kept = digits::Net::ZERO;
    stopping.restore(&mut kept);
    for _ in 0..100 {
        trainer.epoch(&Digits::training(), Shuffle::new(digits::TRAINING, rng), BATCH).unwrap();
    }
    let in_the_end = gradient_norms(&mut trainer);
    println!(
        "‖g‖ over all samples (one batch): start {:.4} ({:.4}), at the stop after epoch {} {:.4} ({:.4}), 100 epochs on {:.5} ({:.5}); best held-out 0-1 error {best_wrong} of 357",
        start.0,
        start.1,
        stopped.unwrap() + 1,
        at_stop.0,
        at_stop.1,
        in_the_end.0,
        in_the_end.1
    );
    assert_eq!((fingerprint(&kept), stopping.best_loss()), (best, Some(best_wrong)));
    assert!(at_stop.0 > 4.0 * in_the_end.0, "the gradient was far from what it can be");
}
