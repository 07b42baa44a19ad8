//! A norm after another rule would measure a gradient that the other has not changed everywhere yet.

use kilograd::prelude::*;

fn rule() -> impl Rule {
    Then(Adam::DEFAULT, ClipNorm::new(1.0))
}

fn main() {}
