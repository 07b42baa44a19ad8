//! The same, two layers down.

use kilograd::layer::{Chain, Dense, Tanh};

struct Net(Chain<Dense<4, 8>, Chain<Tanh<8>, Dense<7, 3>>>);

fn main() {}
