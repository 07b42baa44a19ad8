//! One region of the report.

use core::arch::asm;
use cortex_m_semihosting::hprintln;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// Tells the host what comes (`work`: multiply-accumulates, parameters or elements), then runs it between two markers.
#[inline(never)]
pub fn measure<R>(name: &str, work: usize, region: impl FnOnce() -> R) -> R {
    hprintln!("{}\t{}", name, work);
    marker();
    let result = region();
    marker();
    result
}

/// The hint that the plugin counts from and to; nothing else in the firmware executes it.
#[inline(always)]
fn marker() {
    // SAFETY: `yield` does nothing on a Cortex-M.
    unsafe { asm!("yield") };
}

/// Where all data comes from; the same on every run.
pub struct Source(Xoshiro128PlusPlus);

impl Source {
    pub fn new() -> Self {
        Self(Xoshiro128PlusPlus::seed_from_u64(8))
    }

    /// Values in ±[0.125, 1): never zero, so that no kernel finds anything to skip.
    pub fn array<const N: usize>(&mut self) -> [f32; N] {
        core::array::from_fn(|_| self.draw())
    }

    /// The same for a slice.
    pub fn fill(&mut self, slice: &mut [f32]) {
        slice.iter_mut().for_each(|x| *x = self.draw());
    }

    fn draw(&mut self) -> f32 {
        let bits = self.0.next_u32();
        let magnitude = 0.125 + 0.875 * ((bits >> 9) as f32 / 8_388_608.0);
        if bits & 1 == 0 { magnitude } else { -magnitude }
    }
}
