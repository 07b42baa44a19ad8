//! What is made of `rank_one`: with zeros that may be passed over, and for several samples.

use super::{Source, for_sources, rank_one, same, shapes};
use kilograd_simd::kernel;

/// Finite factors with zeros of both signs among them, and weights that are not −0, as it asks for.
#[test]
fn zeros_may_be_passed_over() {
    let mut source = Source::new(4, 0);
    for one_in in [1, 2, 5, 60] {
        for (inputs, outputs) in shapes() {
            let mut factors = |length: usize| -> Vec<f32> {
                let values = source.vector(length);
                values.into_iter().map(|x| if x.to_bits() % one_in == 0 { 0.0_f32.copysign(x) } else { x }).collect()
            };
            let (x, d) = (factors(inputs), factors(outputs));
            let w = source.vector(inputs * outputs);
            let (mut got, mut want) = (w.clone(), w);
            kernel::rank_one_sparse(-0.3, &x, &d, &mut got);
            rank_one(-0.3, &x, &d, &mut want);
            same(&got, &want, &format!("rank_one_sparse, {inputs} inputs, {outputs} outputs, zeros one in {one_in}"));
        }
    }
}

#[test]
fn sample_by_sample() {
    for_sources(|source| {
        for samples in [0, 1, 3, 4, 9] {
            for (inputs, outputs) in shapes().filter(|(inputs, outputs)| (inputs + outputs).is_multiple_of(3)) {
                let (a, d) = (source.vector(samples * inputs), source.vector(samples * outputs));
                let (alpha, w) = (source.value(), source.vector(inputs * outputs));
                let (mut got, mut want) = (w.clone(), w);
                kernel::rank_ones(alpha, samples, &a, &d, &mut got);
                for (a, d) in a.chunks_exact(inputs.max(1)).zip(d.chunks_exact(outputs.max(1))) {
                    rank_one(alpha, a, d, &mut want);
                }
                same(&got, &want, &format!("rank_ones, {samples} samples, {inputs} inputs, {outputs} outputs"));
            }
        }
    });
}
