//! A checkpoint's sections.

use anyhow::{Context, Result, ensure};
use crc::{CRC_32_ISO_HDLC, Crc};
use kilograd::checkpoint::{self, HEADER, Header, Kind};
use std::fmt::Write;

/// The numbers of bytes, little-endian.
fn reals(bytes: &[u8]) -> Vec<f32> {
    bytes.as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect()
}

/// The header and a line for each section.
///
/// # Errors
/// If it is no whole checkpoint.
pub fn describe(bytes: &[u8]) -> Result<String> {
    let mut lines = String::new();
    let mut total = 0;
    let header = checkpoint::inspect(bytes, |kind, words| {
        let name = kind.map_or("unknown to this version".to_owned(), |kind| format!("{kind:?}").to_lowercase());
        let _ = write!(lines, "\n{name:<12}{:>8} words", words.len() / 4);
        if matches!(kind, Some(Kind::Parameters | Kind::State | Kind::Gradient)) && !words.is_empty() {
            let numbers = reals(words);
            let square: f64 = numbers.iter().map(|x| f64::from(*x).powi(2)).sum();
            let wrong = numbers.iter().filter(|x| !x.is_finite()).count();
            let _ = write!(lines, ", root mean square {:.4}, {wrong} not finite", (square / numbers.len() as f64).sqrt());
        }
        if let (Some(Kind::Progress), Some(steps)) = (kind, words.first_chunk()) {
            let _ = write!(lines, ", {} steps", u32::from_le_bytes(*steps));
        }
        total += 1;
    })?;
    let Header { shape, sequence, words, .. } = header;
    let bytes = HEADER + 4 * words as usize;
    Ok(format!("checkpoint {sequence}, shapes {shape:016x}, {bytes} bytes in {total} sections{lines}"))
}

/// The first network's parameters.
///
/// # Errors
/// If it is no whole checkpoint or holds no parameters.
pub fn parameters(bytes: &[u8]) -> Result<Vec<f32>> {
    let mut found = None;
    checkpoint::inspect(bytes, |kind, words| {
        if kind == Some(Kind::Parameters) && found.is_none() {
            found = Some(reals(words));
        }
    })?;
    found.context("the checkpoint holds no parameters")
}

/// The checkpoint with other parameters for its first network, and everything else as it was.
///
/// # Errors
/// If it is no whole checkpoint, or holds another number of parameters.
pub fn with_parameters(bytes: &[u8], parameters: &[f32]) -> Result<Vec<u8>> {
    let mut place = None;
    let mut at = HEADER;
    let header = checkpoint::inspect(bytes, |kind, words| {
        at += 4;
        if kind == Some(Kind::Parameters) && place.is_none() {
            place = Some(at..at + words.len());
        }
        at += words.len();
    })?;
    let place = place.context("the checkpoint holds no parameters")?;
    ensure!(place.len() == 4 * parameters.len(), "{} parameters, the checkpoint has {}", parameters.len(), place.len() / 4);
    let mut changed = bytes[..at].to_vec();
    for (to, x) in changed[place].as_chunks_mut().0.iter_mut().zip(parameters) {
        *to = x.to_le_bytes();
    }
    let checksum = Crc::<u32>::new(&CRC_32_ISO_HDLC).checksum(&changed[HEADER..]);
    changed[..HEADER].copy_from_slice(&Header { checksum, ..header }.encode());
    Ok(changed)
}
