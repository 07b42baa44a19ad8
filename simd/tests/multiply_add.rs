//! The sum of a product and a number against std's: rounded twice, or with the feature `fused` once.

use kilograd_simd::math::multiply_add;
use rand_xoshiro::Xoshiro128PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const SPECIAL: [f32; 14] = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    f32::MAX,
    f32::MIN,
    f32::MIN_POSITIVE,
    -f32::MIN_POSITIVE,
    1e-45,
    -1e-45,
    1e-40,
    f32::INFINITY,
    f32::NEG_INFINITY,
    f32::NAN,
];

#[track_caller]
fn check(a: f32, b: f32, c: f32) {
    let want = if cfg!(feature = "fused") { a.mul_add(b, c) } else { a * b + c };
    let got = multiply_add(a, b, c);
    assert!(
        got.to_bits() == want.to_bits() || got.is_nan() && want.is_nan(),
        "{a:e} * {b:e} + {c:e} is {want:e}, not {got:e} (from bits {:#x}, {:#x}, {:#x})",
        a.to_bits(),
        b.to_bits(),
        c.to_bits()
    );
}

/// The same digits, the exponent `exponent` (biased; 0 for a subnormal).
fn with_exponent(x: f32, exponent: i32) -> f32 {
    f32::from_bits(x.to_bits() & 0x807F_FFFF | exponent.clamp(0, 254).cast_unsigned() << 23)
}

#[test]
fn special_values() {
    for a in SPECIAL {
        for b in SPECIAL {
            SPECIAL.iter().for_each(|c| check(a, b, *c));
        }
    }
}

/// Any bits; and sums of numbers whose exponents make them cancel, overlap, underflow or overflow.
#[test]
fn random_bits() {
    let mut random = Xoshiro128PlusPlus::seed_from_u64(1);
    for round in 0..1_000_000 {
        let [a, b, c] = [(); 3].map(|()| f32::from_bits(random.next_u32()));
        check(a, b, c);
        let near = (random.next_u32() % 64).cast_signed() - 32;
        let exponent = match round % 3 {
            0 => 127,
            1 => 2,
            _ => 250,
        };
        // A product has the exponents' sum less 127.
        let of_a = 64 + (random.next_u32() % 128).cast_signed();
        let (a, b) = (with_exponent(a, of_a), with_exponent(b, exponent + 127 - of_a + near));
        let digits = [0x00FF_FFFF, 0x0000_FFFF, 0x0000_0007, 0][round % 4];
        check(a, b, f32::from_bits(with_exponent(c, exponent).to_bits() & !digits));
        check(a, b, -(a * b));
    }
}

/// `p·q = 2⁴⁰ + s` with a small s: beside a subnormal number the product is half a unit and a little, and an f64 has no room for
/// the little, so that whoever rounds to f64 and then to f32 misses it.
#[test]
fn just_beside_half_of_a_subnormal_unit() {
    let (scale, modulus) = (2.0_f32.powi(-95), (1_u64 << 41) - 1);
    let mut tried = 0;
    for p in (8_388_609_u64..16_777_216).step_by(2) {
        // Newton's iteration for 1/p modulo a power of two doubles the right digits.
        let inverse = (0..6).fold(p, |x, _| x.wrapping_mul(2_u64.wrapping_sub(p.wrapping_mul(x))));
        for s in (-511_i64..512).filter(|s| *s != 0) {
            let q = inverse.wrapping_mul(((1_i64 << 40) + s).cast_unsigned()) & modulus;
            if q < 1 << 24 {
                let (a, b) = (p as f32 * scale, q as f32 * scale);
                for c in [2.0_f32.powi(-127), 2.0_f32.powi(-127) + 1e-45] {
                    check(a, b, c);
                    check(a, b, -c);
                    check(-a, b, c);
                }
                tried += 1;
            }
        }
        if tried > 1_000 {
            return;
        }
    }
    panic!("only {tried} products were found");
}
