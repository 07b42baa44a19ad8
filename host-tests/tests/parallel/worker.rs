//! The worker's side: differences, what is left unsaid, weights that arrive in parts.

use kilograd::prelude::*;
use kilograd::train::fingerprint;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Sign, Worker, receive, send};
use kilograd::{Error, layer::GRADIENT_LIMIT};

type Net = network![5 => 20 => Tanh => 3];

fn filled(value: impl Fn(usize) -> f32) -> Net {
    let (mut network, mut place) = (Net::ZERO, 0);
    network.visit_mut(&mut |group| {
        for weight in group {
            *weight = value(place);
            place += 1;
        }
    });
    network
}

fn numbers(network: &Net) -> Vec<f32> {
    let mut all = Vec::new();
    network.visit(&mut |group| all.extend_from_slice(group));
    all
}

/// One worker's round: from `global` to `trained`, as far as the answer says.
fn round(worker: &mut Worker<Net>, global: &mut Net, trained: &Net, codec: impl Codec + Copy) {
    let mut message = Vec::new();
    let begun = worker.begin(global);
    let put = &mut |bytes: &[u8]| {
        message.extend_from_slice(bytes);
        Ok::<(), Error>(())
    };
    begun.answer(trained, &codec, put).unwrap();
    let mut round = Round::<_, _, 1>::new(global, codec);
    round.accept(0, 9, &message).unwrap();
    round.finish().unwrap();
}

/// A worker that always trains to the same weights takes the server there, whatever the codec loses in a round.
#[test]
fn the_server_comes_to_what_was_trained() {
    fn check(codec: impl Codec + Copy, rounds: usize, tolerance: f32) {
        let (mut global, mut worker) = (filled(|i| (i as f32).sin()), Worker::ZERO);
        let trained = filled(|i| (i as f32).cos());
        (0..rounds).for_each(|_| round(&mut worker, &mut global, &trained, codec));
        for (weight, target) in numbers(&global).iter().zip(numbers(&trained)) {
            assert!((weight - target).abs() <= tolerance, "{weight} {target}");
        }
    }
    check(Float, 1, 1.2e-7);
    check(Int8, 1, 0.5 / 127.0 * 2.0);
    check(Int8, 4, 1e-4);
}

/// A hundredth of the way in every round, as training goes: the server keeps up, though a bit says next to nothing.
#[test]
fn signs_follow_a_path() {
    let (mut global, mut worker) = (filled(|i| (i as f32).sin()), Worker::<Net>::ZERO);
    let target = filled(|i| (i as f32).cos());
    let distance =
        |network: &Net| numbers(network).iter().zip(numbers(&target)).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt();
    let start = distance(&global);
    for _ in 0..600 {
        let (from, to) = (numbers(&global), numbers(&target));
        let trained = filled(|i| from[i] + 0.02 * (to[i] - from[i]));
        round(&mut worker, &mut global, &trained, Sign);
    }
    assert!(distance(&global) < 0.05 * start, "{} of {start}", distance(&global));
}

#[test]
fn a_change_that_is_none_is_refused_and_nothing_is_written() {
    for wrong in [f32::NAN, f32::INFINITY, 2.0 * GRADIENT_LIMIT] {
        let mut worker = Worker::<Net>::ZERO;
        let trained = filled(|i| if i == 170 { wrong } else { 1.0 });
        let mut written = 0;
        let put = &mut |bytes: &[u8]| {
            written += bytes.len();
            Ok::<(), Error>(())
        };
        assert_eq!(worker.begin(&Net::ZERO).answer(&trained, &Int8, put), Err(Error::GradientTooLarge));
        assert_eq!((written, &worker), (0, &Worker::ZERO));
    }
}

#[test]
fn a_round_without_an_answer_leaves_nothing_behind() {
    let mut worker = Worker::<Net>::ZERO;
    round(&mut worker, &mut filled(|_| 0.0), &filled(|i| i as f32), Sign);
    assert_ne!(worker, Worker::ZERO);
    drop(worker.begin(&filled(|_| 1.0)));
    assert_eq!(worker, Worker::ZERO);
    // Nor does one whose line fails half-way.
    let mut budget = 100;
    let put = &mut |bytes: &[u8]| {
        budget -= bytes.len() as i32;
        if budget > 0 { Ok(()) } else { Err(Error::MessageNotFinite) }
    };
    assert_eq!(worker.begin(&Net::ZERO).answer(&filled(|i| i as f32), &Sign, put), Ok(()));
    assert_ne!(worker, Worker::ZERO);
    assert!(worker.begin(&Net::ZERO).answer(&filled(|i| i as f32), &Float, put).is_err());
    assert_eq!(worker, Worker::ZERO);
}

#[test]
fn weights_arrive_in_any_parts() {
    let network = filled(|i| if i == 3 { -0.0 } else { i as f32 });
    let mut line = Vec::new();
    let put = &mut |bytes: &[u8]| {
        line.extend_from_slice(bytes);
        Ok::<(), ()>(())
    };
    send(&network, put).unwrap();
    assert_eq!(line.len(), 4 * Net::COUNT);
    for part in [4, 12, 240, 4 * Net::COUNT] {
        let mut arrived = filled(|_| 7.0);
        let next = line.chunks(part).fold(0, |next, bytes| receive(&mut arrived, next, bytes).unwrap());
        assert_eq!(next, Net::COUNT);
        assert_eq!(fingerprint(&arrived), fingerprint(&network));
    }
}

#[test]
fn weights_that_are_none_are_refused() {
    let mut network = filled(|i| i as f32);
    let before = fingerprint(&network);
    let left = Net::COUNT - 180;
    assert_eq!(receive(&mut network, 0, &[0; 5]), Err(Error::MessageLength { bytes: 5, expected: 4 * Net::COUNT }));
    let bytes = 4 * (left + 1);
    assert_eq!(receive(&mut network, 180, &vec![0; bytes]), Err(Error::MessageLength { bytes, expected: 4 * left }));
    assert_eq!(receive(&mut network, usize::MAX, &[0; 4]), Err(Error::MessageLength { bytes: 4, expected: 0 }));
    assert_eq!(receive(&mut network, usize::MAX, &[]), Ok(usize::MAX));
    for wrong in [f32::NAN, f32::NEG_INFINITY, 1e20] {
        let bytes = [1.0_f32.to_le_bytes(), wrong.to_le_bytes()].concat();
        assert_eq!(receive(&mut network, 0, &bytes), Err(Error::MessageNotFinite));
    }
    assert_eq!(fingerprint(&network), before);
    assert_eq!(send(&network, &mut |_| Err("no line")), Err("no line"));
}
