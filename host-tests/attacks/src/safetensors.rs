//! Files of safetensors: a foreign one is refused or means what it says, and one's own comes back.

use super::Draw;
use kilograd::checkpoint::HEADER;
use kilograd_examples::checkpoints::{Widths, export, import, parameters};

/// The first bytes choose widths; the rest is a file, parameters to write one from, or a header to write before them.
pub fn safetensors(bytes: &[u8]) {
    let mut draw = Draw::new(bytes);
    let widths: Vec<String> = (0..2 + draw.below(3)).map(|_| (1 + draw.below(5)).to_string()).collect();
    let widths: Widths = widths.join(",").parse().expect("widths from 1 to 5");
    let stride = match draw.byte() {
        byte @ 0xF0.. => usize::MAX - usize::from(byte & 0x0F),
        byte => usize::from(byte % 3),
    };
    match draw.below(4) {
        0 => read(draw.rest(), &widths, stride),
        1 => parse(draw.rest()),
        2 => there_and_back(&mut draw, &widths, stride),
        _ => with_header(&mut draw, &widths, stride),
    }
}

/// What is read has as many parameters as the widths say, and is a checkpoint.
fn read(file: &[u8], widths: &Widths, stride: usize) {
    let Ok(loose) = import(file, widths, stride) else { return };
    assert_eq!(loose.flat().len(), widths.parameters());
    assert!(4 * loose.flat().len() <= file.len(), "more was read than the file holds");
    let checkpoint = loose.to_checkpoint().expect("so few parameters are a checkpoint");
    assert!(checkpoint.len() > HEADER);
    assert_eq!(bits(&parameters(&checkpoint).expect("it was just written")), bits(&loose.flat()));
}

/// Any text for widths.
fn parse(text: &[u8]) {
    if let Ok(widths) = String::from_utf8_lossy(text).parse::<Widths>() {
        assert!(widths.parameters() > 0);
    }
}

/// What was written is read, to the bit, and nothing is written with a stride that leaves no number for a layer; of a damaged file,
/// something or nothing.
fn there_and_back(draw: &mut Draw<'_>, widths: &Widths, stride: usize) {
    let values: Vec<f32> = (0..widths.parameters()).map(|_| draw.number()).collect();
    assert!(export(&values[1..], widths, stride).is_err());
    let written = export(&values, widths, stride);
    assert!(written.is_ok() || !(1..=2).contains(&stride), "{written:?}");
    let Ok(mut file) = written else { return };
    let read_back = import(&file, widths, stride).expect("what was just written");
    assert_eq!(bits(&read_back.flat()), bits(&values));
    for _ in 0..1 + draw.below(3) {
        let at = draw.count() as usize % file.len();
        file[at] = draw.byte();
    }
    let end = if draw.once_in(2) { draw.count() as usize % (file.len() + 1) } else { file.len() };
    read(&file[..end], widths, stride);
}

/// A file that begins with a header of tensors' names, types, shapes and places, right ones and wrong ones.
fn with_header(draw: &mut Draw<'_>, widths: &Widths, stride: usize) {
    let mut header = String::from("{");
    for place in 0..1 + draw.below(7) {
        let name = ["weight", "bias", "", "\\u0000"][usize::from(draw.below(4))];
        let number = usize::from(draw.below(3)).saturating_mul(stride.max(1));
        let dtype = ["F32", "F32", "F64", "BF16", "U8", "F4", "?"][usize::from(draw.below(7))];
        let shape: Vec<String> = (0..draw.below(4)).map(|_| draw.count().to_string()).collect();
        let (from, to) = (draw.count(), draw.count());
        let comma = if place > 0 { "," } else { "" };
        header += &format!(
            r#"{comma}"{number}.{name}":{{"dtype":"{dtype}","shape":[{}],"data_offsets":[{from},{to}]}}"#,
            shape.join(",")
        );
    }
    header.push('}');
    let length = if draw.once_in(4) { u64::from(draw.count()) } else { header.len() as u64 };
    let mut file = length.to_le_bytes().to_vec();
    file.extend(header.as_bytes());
    file.extend(draw.bytes(usize::MAX));
    read(&file, widths, stride);
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|x| x.to_bits()).collect()
}
