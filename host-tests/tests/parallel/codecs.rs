//! What a codec writes is what it reads, but for what it leaves in the values.

use kilograd::tensor::Vector;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Sign};
use kilograd::{Error, layer::GRADIENT_LIMIT};
use proptest::prelude::*;

/// The message about `values`, which are left as the codec leaves them.
pub fn encode(codec: &impl Codec, values: &mut [f32]) -> Vec<u8> {
    let mut message = Vec::new();
    let put = &mut |bytes: &[u8]| {
        message.extend_from_slice(bytes);
        Ok::<(), ()>(())
    };
    codec.encode(values, put).unwrap();
    assert_eq!(message.len(), codec.bytes(values.len()));
    assert!(codec.is_valid(&message));
    message
}

pub fn decode(codec: &impl Codec, message: &[u8], count: usize) -> Vec<f32> {
    let mut values = vec![0.0; count];
    codec.add(1.0, message, &mut values);
    values
}

fn values() -> impl Strategy<Value = Vec<f32>> {
    let magnitudes = prop_oneof![Just(0.0_f32), 1e-38..1e-30_f32, 1e-6..1.0_f32, 1.0..1e3_f32, 1e15..1e18_f32];
    let value = (magnitudes, any::<bool>()).prop_map(|(x, negative)| if negative { -x } else { x });
    prop::collection::vec(value, 0..200)
}

/// What was said and what was left are the value: both were rounded once, and so is the sum.
fn adds_up(value: f32, said: f32, left: f32) -> bool {
    (f64::from(value) - f64::from(said) - f64::from(left)).abs() <= 1e-6 * f64::from(value.abs().max(said.abs()))
}

proptest! {
    #[test]
    fn float_loses_nothing(values in values()) {
        let mut left = values.clone();
        let message = encode(&Float, &mut left);
        prop_assert_eq!(&decode(&Float, &message, values.len()), &values);
        prop_assert!(left.iter().all(|x| *x == 0.0));
    }

    #[test]
    fn int8_is_off_by_half_a_quantum(values in values()) {
        let mut left = values.clone();
        let message = encode(&Int8, &mut left);
        let said = decode(&Int8, &message, values.len());
        for (group, (said, left)) in values.chunks(64).zip(said.chunks(64).zip(left.chunks(64))) {
            let quantum = group.iter().fold(0.0_f32, |most, x| most.max(x.abs())) / 127.0;
            for ((value, said), left) in group.iter().zip(said).zip(left) {
                // A hundredth of a quantum for the roundings of x·(127/max), and groups too small to have a scale.
                prop_assert!((value - said).abs() <= 0.501 * quantum || quantum < 1e-32, "{} {} {}", value, said, quantum);
                prop_assert!(adds_up(*value, *said, *left), "{} {} {}", value, said, left);
            }
        }
    }

    #[test]
    fn sign_says_signs_and_the_mean_magnitude(values in values()) {
        let mut left = values.clone();
        let message = encode(&Sign, &mut left);
        let said = decode(&Sign, &message, values.len());
        let mean = values.iter().map(|x| f64::from(x.abs())).sum::<f64>() / values.len().max(1) as f64;
        for ((value, said), left) in values.iter().zip(said).zip(left) {
            prop_assert!((f64::from(said.abs()) - mean).abs() <= 1e-5 * mean + 1e-44, "{} {}", said, mean);
            prop_assert!(*value == 0.0 || said == 0.0 || (*value < 0.0) == (said < 0.0));
            prop_assert!(adds_up(*value, said, left), "{} {} {}", value, said, left);
        }
    }

    /// Whatever bytes come, a round takes them or refuses them, and what it takes leaves finite weights.
    #[test]
    fn any_bytes_leave_finite_weights(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
        fn check(codec: impl Codec, bytes: &[u8]) -> Result<(), TestCaseError> {
            let mut network = Vector::new([1.0; 3]);
            let mut round = Round::<_, _, 1>::new(&mut network, codec);
            match round.accept(0, 1, bytes) {
                Ok(()) => prop_assert_eq!(round.finish(), Ok(1)),
                Err(error) => {
                    let refused = matches!(error, Error::MessageLength { .. } | Error::MessageNotFinite);
                    prop_assert!(refused, "{}", error);
                }
            }
            prop_assert!(network.as_array().iter().all(|x| x.is_finite()));
            Ok(())
        }
        for length in [bytes.len(), 12.min(bytes.len()), 7.min(bytes.len()), 5.min(bytes.len())] {
            check(Float, &bytes[..length])?;
            check(Int8, &bytes[..length])?;
            check(Sign, &bytes[..length])?;
        }
    }
}

#[test]
fn a_scale_or_number_that_is_none_is_refused() {
    fn refused(codec: impl Codec, first: f32) {
        let message = [&first.to_le_bytes()[..], &[0; 16]].concat();
        let (mut network, length) = (Vector::new([1.0; 3]), codec.bytes(3));
        let mut round = Round::<_, _, 1>::new(&mut network, codec);
        assert_eq!(round.accept(0, 1, &message[..length]), Err(Error::MessageNotFinite), "{first}");
        assert_eq!(round.answered(), 0);
    }
    for wrong in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 2.0 * GRADIENT_LIMIT] {
        refused(Float, wrong);
        refused(Int8, wrong);
        refused(Sign, wrong);
    }
    refused(Int8, -1.0);
    refused(Sign, -1.0);
}

#[test]
fn the_bytes_are_those_of_the_format() {
    let mut values = [-2.0, 1.0, 0.0, 127.0];
    let message = encode(&Int8, &mut values);
    assert_eq!(message, [&1.0_f32.to_le_bytes()[..], &[0xFE, 1, 0, 127]].concat());
    let mut values = [-1.0, 1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0, -1.0];
    let message = encode(&Sign, &mut values);
    assert_eq!(message, [&1.0_f32.to_le_bytes()[..], &[0b1001, 1]].concat());
    let mut values = [-1.5];
    assert_eq!(encode(&Float, &mut values), (-1.5_f32).to_le_bytes());
}

#[test]
fn the_error_of_the_line_comes_back() {
    fn check(codec: impl Codec) {
        assert_eq!(codec.encode(&mut [1.0, 2.0], &mut |_| Err("no line")), Err("no line"));
    }
    check(Float);
    check(Int8);
    check(Sign);
}

/// Their mean is rounded past the limit.
#[test]
fn signs_at_the_limit_can_be_heard() {
    let (mut values, mut message) = ([-GRADIENT_LIMIT; 22], Vec::new());
    let put = &mut |bytes: &[u8]| {
        message.extend_from_slice(bytes);
        Ok::<(), ()>(())
    };
    Sign.encode(&mut values, put).unwrap();
    assert!(Sign.is_valid(&message));
}
