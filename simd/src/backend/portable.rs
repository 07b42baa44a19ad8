//! Any target without a faster way: libm (which uses the processor's own instruction where its target has one), and no loop
//! but the kernel's own.

/// The correctly rounded square root.
#[cfg(not(all(target_arch = "arm", target_abi = "eabihf")))]
#[inline(always)]
pub fn sqrt(x: f32) -> f32 {
    libm::sqrtf(x)
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn dot_rows(_rows: &[f32], _deltas: &[f32], _output: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn outer_sums(_samples: usize, _a: &[f32], _b: &[f32], _c: &mut [f32]) -> Option<usize> {
    None
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_outer(_alpha: f32, _input: &[f32], _deltas: &[f32], _weights: &mut [f32]) -> bool {
    false
}

/// Nothing is done here: the kernel's own body does it all.
#[inline(always)]
pub fn add_rows(_weights: &[f32], _input: &[f32], _bias: &[f32], _output: &mut [f32]) -> bool {
    false
}
