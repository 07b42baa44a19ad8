//! Any target without a faster way: libm (which uses the processor's own instruction where its target has one).

/// The correctly rounded square root.
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}
