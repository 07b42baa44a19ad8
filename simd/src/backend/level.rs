//! Which vector unit the kernels use: the widest that the processor has, found out on the first call.

use core::sync::atomic::{AtomicU8, Ordering};

/// A vector unit that kernels have bodies for; a greater one is wider. All of them give the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// What the build's target features allow: SSE2 in a default build for x86-64, NEON, wasm's simd128, registers on Cortex-M.
    Portable,
    /// Eight numbers a register (x86-64).
    Avx2,
    /// Sixteen numbers a register (x86-64: AVX-512 F, VL, BW and DQ).
    Avx512,
}

impl Level {
    /// Every level, in ascending order.
    pub const ALL: [Self; 3] = [Self::Portable, Self::Avx2, Self::Avx512];

    /// The highest that the running processor has. (Asks it: [`level`] remembers.)
    pub fn highest() -> Self {
        #[cfg(target_arch = "x86_64")]
        return super::x86_64::highest();
        #[cfg(not(target_arch = "x86_64"))]
        Self::Portable
    }
}

/// The level's place in [`Level::ALL`], or [`UNKNOWN`].
static LEVEL: AtomicU8 = AtomicU8::new(UNKNOWN);
const UNKNOWN: u8 = u8::MAX;

/// The level in use.
#[inline(always)]
pub fn level() -> Level {
    match LEVEL.load(Ordering::Relaxed) {
        0 => Level::Portable,
        1 => Level::Avx2,
        2 => Level::Avx512,
        _ => find(),
    }
}

#[cold]
fn find() -> Level {
    let highest = Level::highest();
    force(highest);
    highest
}

/// Makes every kernel of the program use `level` from now on, or the highest that the processor has, if it has not that one.
/// Returns which. For tests and measurements: results are the same on every level, bit for bit.
///
/// ```
/// use kilograd_simd::backend::{Level, force, level};
/// assert_eq!(force(Level::Portable), Level::Portable);
/// assert_eq!(level(), Level::Portable);
/// force(Level::highest());
/// ```
pub fn force(level: Level) -> Level {
    let level = level.min(Level::highest());
    LEVEL.store(level as u8, Ordering::Relaxed);
    level
}
