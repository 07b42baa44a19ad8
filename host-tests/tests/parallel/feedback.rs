//! What one message does not say, the next ones do: over time nothing is lost.

use crate::codecs::{decode, encode};
use kilograd::train::parallel::{Codec, Float, Int8, Sign};
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const COUNT: usize = 40;
const ROUNDS: usize = 2_000;

/// The same change in every round, of differently large numbers.
fn change() -> Vec<f32> {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(4);
    (0..COUNT).map(|_| (rng.next_u32() as f32 / u32::MAX as f32 - 0.5) * 0.01).collect()
}

/// The largest difference between what was said in a round, on average, and the change.
fn bias(codec: &impl Codec, feedback: bool) -> f64 {
    let change = change();
    let (mut unsaid, mut said) = (vec![0.0_f32; COUNT], vec![0.0_f64; COUNT]);
    for _ in 0..ROUNDS {
        let mut values: Vec<f32> = change.iter().zip(&unsaid).map(|(change, unsaid)| change + unsaid).collect();
        let message = encode(codec, &mut values);
        said.iter_mut().zip(decode(codec, &message, COUNT)).for_each(|(sum, said)| *sum += f64::from(said));
        if feedback {
            unsaid = values;
        }
    }
    let bias = said.iter().zip(&change).map(|(said, change)| (said / ROUNDS as f64 - f64::from(*change)).abs());
    bias.fold(0.0, f64::max)
}

#[test]
fn with_feedback_nothing_is_lost() {
    let largest = f64::from(change().iter().fold(0.0_f32, |most, x| most.max(x.abs())));
    // What is unsaid stays bounded, so it vanishes against the number of rounds.
    assert!(bias(&Float, true) < 1e-6 * largest);
    assert!(bias(&Int8, true) < 1e-5 * largest, "{}", bias(&Int8, true) / largest);
    assert!(bias(&Sign, true) < 1e-2 * largest, "{}", bias(&Sign, true) / largest);
}

#[test]
fn without_it_much_is() {
    let largest = f64::from(change().iter().fold(0.0_f32, |most, x| most.max(x.abs())));
    assert!(bias(&Int8, false) > 1e-3 * largest, "{}", bias(&Int8, false) / largest);
    assert!(bias(&Sign, false) > 0.4 * largest, "{}", bias(&Sign, false) / largest);
}
