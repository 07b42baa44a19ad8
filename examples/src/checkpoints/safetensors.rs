//! Dense layers to and from safetensors, with the names and the layout of PyTorch's `Sequential`.

use anyhow::{Context, Result, bail, ensure};
use kilograd::checkpoint::{self, HEADER, Kind, Save, Sink};
use safetensors::tensor::{Dtype, SafeTensors, TensorView, serialize};
use std::collections::BTreeMap;
use std::str::FromStr;

/// The widths of a chain of dense layers: of the input, then of each layer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Widths(Vec<usize>);

impl FromStr for Widths {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> Result<Self> {
        let widths: Vec<usize> =
            text.split(',').map(|width| width.trim().parse().context("a width is a number")).collect::<Result<_>>()?;
        ensure!(widths.len() > 1, "at least two widths, of the input and of a layer: 64,32,10");
        ensure!(widths.iter().all(|width| (1..=1 << 16).contains(width)), "widths go from 1 to 65536");
        Ok(Self(widths))
    }
}

impl Widths {
    /// Inputs and outputs of each layer.
    fn layers(&self) -> impl Iterator<Item = (usize, usize)> {
        self.0.windows(2).map(|pair| (pair[0], pair[1]))
    }

    /// How many parameters all layers have.
    pub fn parameters(&self) -> usize {
        self.layers().map(|(inputs, outputs)| (inputs + 1) * outputs).sum()
    }
}

/// The number of the dense layer at `place`.
///
/// # Errors
/// If two layers have the same, or there is none so large.
fn number(place: usize, stride: usize) -> Result<usize> {
    ensure!(stride > 0 || place == 0, "with stride 0 all layers have the number 0");
    place.checked_mul(stride).with_context(|| format!("stride {stride} leads beyond all numbers"))
}

/// `[rows][columns]` as `[columns][rows]`.
fn transpose(values: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}

/// The parameters as a safetensors file; a layer's number is `stride` times its place.
///
/// # Errors
/// If there are more or fewer parameters than the widths say, or the stride leaves no number for a layer.
pub fn export(parameters: &[f32], widths: &Widths, stride: usize) -> Result<Vec<u8>> {
    let wanted = widths.parameters();
    ensure!(parameters.len() == wanted, "the checkpoint has {} parameters, these widths {wanted}", parameters.len());
    let (mut rest, mut tensors) = (parameters, BTreeMap::new());
    for (place, (inputs, outputs)) in widths.layers().enumerate() {
        let (weights, after) = rest.split_at(inputs * outputs);
        let (bias, after) = after.split_at(outputs);
        let number = number(place, stride)?;
        tensors.insert(format!("{number}.weight"), (vec![outputs, inputs], bytes(&transpose(weights, inputs, outputs))));
        tensors.insert(format!("{number}.bias"), (vec![outputs], bytes(bias)));
        rest = after;
    }
    let views = tensors.iter().map(|(name, (shape, bytes))| Ok((name, TensorView::new(Dtype::F32, shape.clone(), bytes)?)));
    Ok(serialize(views.collect::<Result<Vec<_>>>()?, None)?)
}

fn bytes(values: &[f32]) -> Vec<u8> {
    values.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// The parameters in a safetensors file, layer after layer as kilograd has them.
///
/// # Errors
/// If a tensor is missing, has another shape or is not of `f32`, if there are others, or the stride leaves no number
/// for a layer.
pub fn import(file: &[u8], widths: &Widths, stride: usize) -> Result<Loose> {
    let file = SafeTensors::deserialize(file).context("no safetensors file")?;
    let mut groups = Vec::new();
    for (place, (inputs, outputs)) in widths.layers().enumerate() {
        let number = number(place, stride)?;
        let weights = tensor(&file, &format!("{number}.weight"), &[outputs, inputs])?;
        groups.push(transpose(&weights, outputs, inputs));
        groups.push(tensor(&file, &format!("{number}.bias"), &[outputs])?);
    }
    ensure!(file.len() == groups.len(), "the file holds {} tensors, these widths take {}", file.len(), groups.len());
    Ok(Loose(groups))
}

fn tensor(file: &SafeTensors<'_>, name: &str, shape: &[usize]) -> Result<Vec<f32>> {
    let Ok(tensor) = file.tensor(name) else { bail!("no tensor {name}: the file holds {:?}", file.names()) };
    ensure!(tensor.dtype() == Dtype::F32, "{name} is of {:?}, not F32", tensor.dtype());
    ensure!(tensor.shape() == shape, "{name} has shape {:?}, these widths ask for {shape:?}", tensor.shape());
    Ok(tensor.data().as_chunks().0.iter().map(|word| f32::from_le_bytes(*word)).collect())
}

/// Groups of parameters of a network whose type this program does not know: a `Weights` checkpoint all the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Loose(Vec<Vec<f32>>);

impl Loose {
    /// All parameters, one after another.
    pub fn flat(&self) -> Vec<f32> {
        self.0.concat()
    }

    /// A checkpoint of the weights alone.
    ///
    /// # Errors
    /// If there are more parameters than a checkpoint can hold.
    pub fn to_checkpoint(&self) -> Result<Vec<u8>> {
        let mut bytes = vec![0; HEADER + 4 * (2 + self.flat().len())];
        checkpoint::to_bytes(self, 1, &mut bytes)?;
        Ok(bytes)
    }
}

impl Save for Loose {
    // As many as there are: nobody asks how many that is at most.
    const WORDS: usize = usize::MAX / 8;

    fn save(&self, to: &mut impl Sink) {
        to.section(Kind::Parameters, self.0.iter().map(Vec::len).sum());
        self.0.iter().for_each(|group| to.reals(group));
        to.section(Kind::Buffers, 0);
    }
}
