//! One number for all parameters.

use crate::tensor::Parameters;
use core::hash::Hasher;
use fnv::FnvHasher;

/// A 64-bit hash of every bit of the parameters, in the order of [`Parameters::visit`], then of the buffers: FNV-1a over the
/// little-endian bytes of each number. Two runs that end in the same fingerprint trained to the same bits.
///
/// ```
/// use kilograd::tensor::{Vector, Zero};
/// use kilograd::train::fingerprint;
///
/// assert_ne!(fingerprint(&Vector::new([0.0])), fingerprint(&Vector::new([-0.0])));
/// ```
pub fn fingerprint(parameters: &impl Parameters) -> u64 {
    let mut hasher = FnvHasher::default();
    let mut hash = |group: &[f32]| {
        for x in group {
            hasher.write(&x.to_bits().to_le_bytes());
        }
    };
    parameters.visit(&mut hash);
    parameters.visit_buffers(&mut hash);
    hasher.finish()
}
