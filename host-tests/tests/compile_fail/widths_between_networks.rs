//! Two halves of a network, each right by itself.

use kilograd::layer::Chain;
use kilograd::network;

type Encoder = network![16 => 8 => Relu => 4];
type Classifier = network![5 => 3];

fn build(encoder: Encoder, classifier: Classifier) -> Chain<Encoder, Classifier> {
    Chain { first: encoder, second: classifier }
}

fn main() {}
