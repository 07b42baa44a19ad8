//! What Helium needs for a product of a matrix and a vector, and where it differs from every other processor: `../run --helium`.
#![no_std]
#![no_main]

#[path = "../measure.rs"]
#[allow(dead_code)] // The other program uses more of it.
mod measure;

use core::hint::black_box;
use core::panic::PanicInfo;
use cortex_m as _; // the critical section that printing needs
use cortex_m_rt::entry;
use cortex_m_semihosting::debug::{self, EXIT_FAILURE, EXIT_SUCCESS};
use cortex_m_semihosting::hprintln;
use kilograd_simd::kernel::matvec;
use measure::{Source, measure};

const SUBNORMAL: f32 = 1e-40;

/// y ← b + x·w, on the first of four columns.
fn first(w: f32, x: f32, b: f32) -> f32 {
    let mut y = [1.0; 4];
    matvec(&black_box([w; 4]), &black_box([x]), &black_box([b; 4]), &mut y);
    y[0]
}

/// A subnormal weight, input, bias or product counts as zero; so would a running sum.
fn flushes() -> bool {
    let of_operands = [first(SUBNORMAL, 1e30, 0.0), first(1e30, SUBNORMAL, 0.0), first(0.0, 1.0, SUBNORMAL)];
    let of_results = [first(1e-20, 1e-20, 0.0), first(1.0, -f32::MIN_POSITIVE, 1.5 * f32::MIN_POSITIVE)];
    // All of them would be there in hardware that does as IEEE 754 says.
    of_operands.iter().chain(&of_results).all(|y| *y == 0.0)
}

#[entry]
fn main() -> ! {
    let mut source = Source::new();
    let (weights, input, bias): ([f32; 2048], [f32; 64], [f32; 32]) = (source.array(), source.array(), source.array());
    let mut output = [0.0; 32];
    measure("matvec 64x32", 2048, || matvec(black_box(&weights), black_box(&input), &bias, &mut output));
    measure("matvec 32x10", 320, || matvec(black_box(&weights[..320]), black_box(&input[..32]), &bias[..10], &mut output[..10]));
    black_box(&output);
    let status = if flushes() == cfg!(feature = "helium") { EXIT_SUCCESS } else { EXIT_FAILURE };
    loop {
        debug::exit(status);
    }
}

#[panic_handler]
fn panic(info: &PanicInfo) -> ! {
    hprintln!("{}", info);
    loop {
        debug::exit(EXIT_FAILURE);
    }
}
