//! Curricula: the orders that they give, and what they do to a training on labels of which some are wrong.

use crate::support::{below, rng};
use kilograd::prelude::*;
use kilograd::train::{Curriculum, zero_one_loss};
use kilograd_tasks::digits::{self, Digits};
use rand_xoshiro::rand_core::Rng;

type Rated = Curriculum<{ digits::TRAINING }>;

/// A share of the labels is drawn anew.
struct Noisy {
    labels: Vec<usize>,
    wrong: usize,
}

impl Noisy {
    fn new(share: f32, seed: u64) -> Self {
        let (data, rng, mut input) = (Digits::training(), &mut rng(seed), Vector::ZERO);
        let right: Vec<usize> = (0..data.len()).map(|index| data.load(index, &mut input).unwrap()).collect();
        let drawn = |label: &usize| if (rng.next_u32() >> 8) as f32 / 16_777_216.0 < share { below(10, rng) } else { *label };
        let labels: Vec<usize> = right.iter().map(drawn).collect();
        let wrong = labels.iter().zip(&right).filter(|(a, b)| a != b).count();
        Self { labels, wrong }
    }
}

impl Dataset for Noisy {
    type Input = Vector<64>;
    type Target = usize;

    fn len(&self) -> usize {
        self.labels.len()
    }

    fn load(&self, index: usize, input: &mut Vector<64>) -> Result<usize, Error> {
        Digits::training().load(index, input)?;
        Ok(self.labels[index])
    }
}

/// How the samples of an epoch are chosen.
#[derive(Clone, Copy, Debug)]
enum Plan {
    Uniform,
    /// The easiest first, a growing share.
    Growing,
    /// A mix of easy and hard, a rising share of the hard.
    Mixed,
    /// The hardest first: what a curriculum must not be confused with.
    Hardest,
}

const EPOCHS: usize = 8;
/// Steps between two looks at the held-out samples.
const LOOK: usize = 360;

/// The held-out error rate every `LOOK` steps.
fn train(plan: Plan, data: &Noisy, rated: &Rated, seed: u64) -> Vec<f32> {
    let mut memory = Box::new(Memory::<digits::Net, Sgd>::ZERO);
    let rng = &mut digits::initialize(&mut memory.network, seed);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, digits::SGD_RATE).unwrap();
    let mut errors = Vec::new();
    let mut steps = 0;
    let total = EPOCHS * digits::TRAINING;
    while steps < total {
        let progress = steps as f32 / total as f32;
        let share = 0.5 + progress;
        let order: Vec<usize> = match plan {
            Plan::Uniform => Shuffle::new(digits::TRAINING, rng).collect(),
            Plan::Growing => rated.easiest(share, rng).collect(),
            Plan::Mixed => rated.mixed(digits::TRAINING, 0.5 * share.min(1.0), rng).collect(),
            Plan::Hardest => {
                let easy: Vec<usize> = rated.easiest(1.0 - share.min(1.0), rng).collect();
                Shuffle::new(digits::TRAINING, rng).filter(|index| !easy.contains(index)).collect()
            }
        };
        for index in order {
            trainer.epoch(data, [index]).unwrap();
            steps += 1;
            if steps % LOOK == 0 {
                let held_out = Digits::test();
                let mut wrong = 0.0;
                let see = |label: &usize, output: &Vector<10>| {
                    wrong += zero_one_loss(output, *label) / 357.0;
                    Ok(())
                };
                trainer.evaluate_all(&held_out, 0..357, see).unwrap();
                errors.push(wrong);
            }
        }
    }
    errors.truncate(total / LOOK);
    errors
}

/// Rates every sample by its loss under a network that has seen the noisy labels once.
fn rate(data: &Noisy, rated: &mut Rated, seed: u64) {
    let mut memory = Box::new(Memory::<digits::Net, Sgd>::ZERO);
    let rng = &mut digits::initialize(&mut memory.network, seed);
    let mut trainer = Trainer::new(&mut memory, CrossEntropy::default(), Sgd, digits::SGD_RATE).unwrap();
    trainer.epoch(data, Shuffle::new(digits::TRAINING, rng)).unwrap();
    let mut input = Vector::ZERO;
    for index in 0..digits::TRAINING {
        let label = data.load(index, &mut input).unwrap();
        rated.rate(index, trainer.evaluate(&input, &label).unwrap().0);
    }
}

/// What a rating costs is not counted: one epoch and one evaluation more.
#[test]
fn on_labels_with_noise() {
    const SEEDS: u64 = 5;
    let plans = [Plan::Uniform, Plan::Growing, Plan::Mixed, Plan::Hardest];
    let mut means = plans.map(|_| vec![0.0; EPOCHS * digits::TRAINING / LOOK]);
    for seed in 0..SEEDS {
        let (data, mut rated) = (Noisy::new(0.3, 50 + seed), Box::new(Rated::ZERO));
        rate(&data, &mut rated, 90 + seed);
        if seed == 0 {
            println!("{} of {} labels are wrong", data.wrong, digits::TRAINING);
        }
        for (mean, plan) in means.iter_mut().zip(plans) {
            let errors = train(plan, &data, &rated, seed);
            mean.iter_mut().zip(errors).for_each(|(mean, error)| *mean += error / SEEDS as f32);
        }
    }
    for (mean, plan) in means.iter().zip(plans) {
        println!("{plan:?}: held-out error every {LOOK} steps {mean:.3?}");
    }
    let early = means.each_ref().map(|mean| mean[..3].iter().sum::<f32>() / 3.0);
    let late = means.each_ref().map(|mean| mean[mean.len() - 8..].iter().sum::<f32>() / 8.0);
    println!("first 1,080 steps {early:.3?}, last 2,880 {late:.3?}");
    let ([uniform, growing, mixed, hardest], last) = (early, late);
    assert!(growing < 0.85 * uniform && mixed < 0.95 * uniform, "easy samples first are faster at first");
    assert!(hardest > 1.5 * uniform, "it is not that any choice would do");
    assert!(last[1] < last[0] + 0.015 && last[2] < last[0] + 0.015, "and no worse in the end");
}

/// Scores of which some are equal.
const SCORES: [f32; 12] = [3.0, 0.5, 0.5, 7.0, 0.0, 0.5, 20.0, 1.0, 1e-9, 0.25, 2.0, 0.5];

fn rated() -> Curriculum<12> {
    let mut rated = Curriculum::ZERO;
    SCORES.iter().enumerate().for_each(|(index, score)| rated.rate(index, *score));
    rated
}

#[test]
fn the_easiest_are_the_first_of_a_stable_sort() {
    let mut sorted: Vec<usize> = (0..12).collect();
    // 10⁻⁹ and 0 are the same level.
    sorted.sort_by(|a, b| SCORES[*a].max(1e-4).total_cmp(&SCORES[*b].max(1e-4)));
    for many in 1..=12 {
        let share = many as f32 / 12.0;
        let order: Vec<usize> = rated().easiest(share, &mut rng(1)).collect();
        let mut got = order.clone();
        got.sort();
        let mut want = sorted[..many].to_vec();
        want.sort();
        assert_eq!(got, want, "{many}");
        assert!(many < 6 || order != got, "in random order");
        assert_ne!((many, order), (12, rated().easiest(1.0, &mut rng(2)).collect()));
    }
}

#[test]
fn a_mix_has_its_share_of_hard_samples() {
    let hard = |index: &usize| SCORES[*index] > 0.5 || *index == 11;
    for (share, low, high) in [(0.0, 0, 0), (0.25, 200, 300), (0.5, 450, 550), (1.0, 1_000, 1_000), (f32::NAN, 0, 0)] {
        let mix: Vec<usize> = rated().mixed(1_000, share, &mut rng(3)).collect();
        assert_eq!(mix.len(), 1_000);
        let count = mix.iter().filter(|index| hard(index)).count();
        assert!((low..=high).contains(&count), "{count} hard samples of 1,000 at a share of {share}");
        // Each of a half comes as often as the others of it.
        for index in 0..12 {
            let times = mix.iter().filter(|i| **i == index).count();
            let of_half = if hard(&index) { count } else { 1_000 - count };
            assert!(times.abs_diff(of_half / 6) <= 1, "sample {index} comes {times} times, its half {of_half}");
        }
    }
}

#[test]
fn shares_and_scores_that_make_no_sense() {
    let rng = &mut rng(1);
    for (share, count) in [(-1.0, 1), (0.0, 1), (1e-9, 1), (7.0, 12), (f32::NAN, 12), (f32::INFINITY, 12), (f32::NEG_INFINITY, 1)]
    {
        assert_eq!(rated().easiest(share, rng).count(), count, "{share}");
    }
    assert_eq!(Curriculum::<0>::ZERO.easiest(1.0, rng).count(), 0);
    assert_eq!(Curriculum::<0>::ZERO.mixed(5, 0.5, rng).count(), 0);
    assert_eq!(Curriculum::<1>::ZERO.mixed(5, 1.0, rng).collect::<Vec<_>>(), [0; 5]);
    assert_eq!(Curriculum::<3>::ZERO.mixed(0, 1.0, rng).count(), 0);
    let mut odd = Curriculum::<4>::ZERO;
    for (index, score) in [f32::NAN, f32::INFINITY, -f32::INFINITY, -0.0].into_iter().enumerate() {
        odd.rate(index, score);
    }
    odd.rate(4, 1.0);
    odd.rate(usize::MAX, 1.0);
    let mut easy: Vec<usize> = odd.easiest(0.5, rng).collect();
    easy.sort();
    assert_eq!(easy, [2, 3]);
}
