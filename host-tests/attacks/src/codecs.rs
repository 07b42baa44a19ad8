//! Messages about parameters: whatever is said can be heard, and whatever is heard is harmless.

use super::Draw;
use kilograd::layer::GRADIENT_LIMIT;
use kilograd::prelude::*;
use kilograd::train::parallel::{Codec, Float, Int8, Round, Sign, Worker, message_bytes, receive, send};

/// A group that fills one of [`Int8`], one that does not, and one that is smaller than a byte of [`Sign`].
type Net = network![7 => 10 => Tanh => 3];

/// Takes the first byte for a codec, and the rest for numbers to say or for messages to hear.
pub fn codecs(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    match draw.below(8) {
        0 => there_and_back(&mut draw, &Float, |_| 0.0),
        // Half a step of the scale, and as much again for all roundings.
        1 => there_and_back(&mut draw, &Int8, |largest| largest / 127.0),
        2 => there_and_back(&mut draw, &Sign, |largest| 2.0 * largest),
        3 => hear(draw, Float),
        4 => hear(draw, Int8),
        5 => hear(draw, Sign),
        6 => weights(draw),
        _ => answer(&mut draw),
    }
}

/// Decoding what was encoded, and adding what the codec says it left out, gives the numbers back.
fn there_and_back(draw: &mut Draw<'_>, codec: &impl Codec, bound: impl Fn(f32) -> f32) {
    let count = usize::from(draw.below(140));
    let values: Vec<f32> = (0..count).map(|_| draw.finite().clamp(-GRADIENT_LIMIT, GRADIENT_LIMIT)).collect();
    let largest = values.iter().fold(0.0_f32, |largest, x| largest.max(x.abs()));
    let (mut left, mut message) = (values.clone(), Vec::new());
    codec.encode(&mut left, &mut |bytes| Ok::<(), ()>(message.extend_from_slice(bytes))).unwrap();
    assert_eq!(message.len(), codec.bytes(count));
    assert!(codec.is_valid(&message), "{values:?}");
    let mut heard = vec![0.0; count];
    codec.add(1.0, &message, &mut heard);
    for ((value, heard), left) in values.iter().zip(&heard).zip(&left) {
        let lost = value - heard;
        assert!(lost.abs() <= bound(largest) + 1e-30, "{value} became {heard}");
        assert!((lost - left).abs() <= 2e-7 * (value.abs() + heard.abs()), "{value} became {heard}, left {left}");
    }
}

fn network(draw: &mut Draw<'_>) -> Net {
    let mut network = Net::ZERO;
    network.visit_mut(&mut |group| group.fill(draw.finite().clamp(-GRADIENT_LIMIT, GRADIENT_LIMIT)));
    network
}

fn is_finite(network: &impl Parameters) -> bool {
    let mut finite = true;
    network.visit(&mut |group| finite &= group.iter().all(|x| x.is_finite()));
    finite
}

/// Any bytes as answers of any workers: those that are accepted leave finite weights, and the others leave no trace.
fn hear(mut draw: Draw<'_>, codec: impl Codec + Copy) {
    let mut global = network(&mut draw);
    let before = global.clone();
    let mut round = Round::<_, _, 3>::new(&mut global, codec);
    let mut accepted = 0;
    for _ in 0..4 {
        let (worker, samples) = (usize::from(draw.below(4)), draw.count());
        let length = message_bytes(&before, &codec) + usize::from(draw.below(8) == 7);
        let message = draw.bytes(length);
        accepted += usize::from(round.accept(worker, samples, message).is_ok());
        assert_eq!(round.answered(), accepted);
    }
    match round.finish() {
        Ok(answered) => assert!(answered == accepted && is_finite(&global)),
        Err(_) => assert!(accepted == 0 && global == before),
    }
}

/// Any bytes as any part of the weights.
fn weights(mut draw: Draw<'_>) {
    let mut net = network(&mut draw);
    let (mut line, mut copy) = (Vec::new(), Net::ZERO);
    send(&net, &mut |bytes| Ok::<(), ()>(line.extend_from_slice(bytes))).unwrap();
    assert_eq!(receive(&mut copy, 0, &line), Ok(Net::COUNT));
    assert_eq!(copy, net);
    while !draw.is_empty() {
        let (first, length) = (draw.count() as usize, usize::from(draw.byte()));
        let before = net.clone();
        match receive(&mut net, first, draw.bytes(length)) {
            Ok(next) => assert!(next <= Net::COUNT.max(first) && is_finite(&net)),
            Err(_) => assert_eq!(net, before),
        }
    }
}

/// Several rounds of one worker, who trains to anything.
fn answer(draw: &mut Draw<'_>) {
    let (global, mut worker) = (network(draw), Worker::<Net>::ZERO);
    for _ in 0..3 {
        let mut trained = Net::ZERO;
        trained.visit_mut(&mut |group| group.fill(draw.number()));
        let mut message = Vec::new();
        let put = &mut |bytes: &[u8]| {
            message.extend_from_slice(bytes);
            Ok::<(), Error>(())
        };
        match worker.begin(&global).answer(&trained, &Int8, put) {
            Ok(()) => assert!(Round::<_, _, 1>::new(&mut global.clone(), Int8).accept(0, 1, &message).is_ok()),
            Err(_) => assert!(message.is_empty() && worker == Worker::ZERO),
        }
    }
}
