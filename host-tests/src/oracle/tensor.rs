//! The numbers of a case.

use serde_json::{Map, Value};

/// A tensor of the schema, row-major; a scalar has no dimensions.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Tensor<T> {
    pub shape: Vec<usize>,
    pub values: Vec<T>,
}

impl Tensor<f32> {
    /// A tensor's single-precision values, from decimals or bit patterns.
    pub fn singles(value: &Value) -> Result<Self, String> {
        match value.get("f32hex") {
            Some(hex) => Self::checked(value, bits(hex)?),
            None => Self::checked(value, list(value, "f32", number)?.into_iter().map(|x| x as f32).collect()),
        }
    }
}

impl Tensor<f64> {
    /// A tensor's values in double precision.
    pub fn doubles(value: &Value) -> Result<Self, String> {
        Self::checked(value, list(value, "f64", number)?)
    }
}

impl Tensor<usize> {
    /// A tensor's indices or labels.
    pub fn integers(value: &Value) -> Result<Vec<usize>, String> {
        let index = |value: &Value| value.as_u64().and_then(|index| usize::try_from(index).ok());
        Self::checked(value, list(value, "int", index)?).map(|tensor| tensor.values)
    }
}

impl<T> Tensor<T> {
    fn checked(value: &Value, values: Vec<T>) -> Result<Self, String> {
        let dimension = |value: &Value| value.as_u64().and_then(|length| usize::try_from(length).ok());
        let shape = list(value, "shape", dimension)?;
        match shape.iter().product::<usize>() == values.len() {
            true => Ok(Self { shape, values }),
            false => Err(format!("{} values do not fill the shape {shape:?}", values.len())),
        }
    }
}

/// A number; those that JSON cannot say are texts.
pub(super) fn number(value: &Value) -> Option<f64> {
    match value {
        Value::String(text) => match text.as_str() {
            "inf" => Some(f64::INFINITY),
            "-inf" => Some(f64::NEG_INFINITY),
            "nan" => Some(f64::NAN),
            _ => None,
        },
        value => value.as_f64(),
    }
}

/// Checks every tensor that lies anywhere in `map`, so that a broken file is found out even where its cases are not run.
pub(super) fn check_tensors(map: &Map<String, Value>) -> Result<(), String> {
    map.iter().try_for_each(|(name, value)| check(value).map_err(|what| format!("{name}: {what}")))
}

fn check(value: &Value) -> Result<(), String> {
    match value {
        Value::Object(map) if map.get("shape").is_some_and(Value::is_array) => {
            let known = ["f32", "f64", "int", "f32hex"].into_iter().filter(|kind| map.contains_key(*kind));
            let checked: Result<Vec<_>, _> = known.map(|kind| check_kind(value, kind)).collect();
            if checked?.is_empty() { Err("a tensor without values".into()) } else { Ok(()) }
        }
        Value::Object(map) => check_tensors(map),
        Value::Array(values) => values.iter().filter(|value| value.is_object()).try_for_each(check),
        _ => Ok(()),
    }
}

fn check_kind(value: &Value, kind: &str) -> Result<(), String> {
    match kind {
        "f64" => Tensor::doubles(value).map(|_| ()),
        "int" => Tensor::checked(value, list(value, "int", Value::as_i64)?).map(|_| ()),
        _ => Tensor::singles(value).map(|_| ()),
    }
}

fn list<T>(value: &Value, name: &str, element: impl Fn(&Value) -> Option<T>) -> Result<Vec<T>, String> {
    let values = value.get(name).and_then(Value::as_array).ok_or_else(|| format!("{name} is missing"))?;
    values.iter().map(|value| element(value).ok_or_else(|| format!("{value} is no element of {name}"))).collect()
}

/// Eight hexadecimal digits a value, its most significant first.
fn bits(hex: &Value) -> Result<Vec<f32>, String> {
    let digits =
        hex.as_str().filter(|digits| digits.is_ascii() && digits.len() % 8 == 0).ok_or("f32hex is not a multiple of 8 digits")?;
    let values = (0..digits.len()).step_by(8).map(|start| u32::from_str_radix(&digits[start..start + 8], 16));
    values.map(|bits| bits.map(f32::from_bits).map_err(|error| format!("f32hex: {error}"))).collect()
}
