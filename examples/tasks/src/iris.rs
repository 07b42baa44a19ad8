//! Iris flowers: four lengths in cm, three species.
//!
//! R. A. Fisher (1936), *The use of multiple measurements in taxonomic problems*; UCI Machine Learning Repository,
//! DOI 10.24432/C56C76, CC BY 4.0; the copy of scikit-learn, which follows Fisher's paper.

use crate::{Scaling, SplitMix64};
use kilograd::prelude::*;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;

/// Whom to name where the data is shown.
pub const CITATION: &str = "R. A. Fisher (1936), Iris, UCI Machine Learning Repository, DOI 10.24432/C56C76, CC BY 4.0";
/// How many samples there are.
pub const SAMPLES: usize = 150;
/// How many of them train; the other 38 test.
pub const TRAINING: usize = 112;
/// Classes.
pub const CLASSES: usize = 3;

/// The network that learns them.
pub type Net = network![4 => 8 => Tanh => 3];

/// The species, by class.
pub const SPECIES: [&str; CLASSES] = ["setosa", "versicolor", "virginica"];

static CSV: &str = include_str!("../data/iris.csv");
static ORDER: [u16; SAMPLES] = SplitMix64(8).shuffled();

/// Draws the network's first weights and returns the generator, which goes on to shuffle the epochs.
pub fn initialize(network: &mut Net, seed: u64) -> Xoshiro128PlusPlus {
    let mut rng = Xoshiro128PlusPlus::seed_from_u64(seed);
    network.initialize(&GlorotUniform, Bias::Zero, &mut rng);
    rng
}

/// The samples in shuffled order, scaled by the training samples; the first `TRAINING` train.
pub fn load() -> [(Vector<4>, usize); SAMPLES] {
    let mut rows = [([0.0; 4], 0); SAMPLES];
    for (place, index) in rows.iter_mut().zip(ORDER) {
        let line = CSV.lines().nth(usize::from(index) + 1).unwrap_or_default();
        let mut fields = line.split(',');
        place.0 = core::array::from_fn(|_| fields.next().and_then(|field| field.parse().ok()).unwrap_or(f64::NAN));
        place.1 = fields.next().and_then(|field| field.parse().ok()).unwrap_or(usize::MAX);
    }
    let scaling = Scaling::of(rows.iter().take(TRAINING).map(|(row, _)| row));
    rows.map(|(row, class)| (scaling.apply(&row), class))
}
