//! The files of a folder and the cases in them.

use super::Trouble;
use super::tensor::{Tensor, check_tensors, number};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;
use std::{fmt, fs, io};

const FORMAT: &str = "kilograd-oracle/1";

/// The generator's settings: they may lie beside what was made from them, and hold no cases.
const SETTINGS: &str = "config.json";

/// Why a folder could not be run at all.
#[derive(Debug)]
pub enum Error {
    /// A folder or a file could not be read.
    Unreadable(String, io::Error),
    /// The folder holds no case.
    Empty(String),
    /// A file does not follow the schema.
    Malformed {
        /// Its name.
        file: String,
        /// What is wrong with it.
        what: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(path, error) => write!(f, "{path} cannot be read: {error}"),
            Self::Empty(folder) => {
                write!(f, "{folder} holds no case: name a folder with *.json files of the schema {FORMAT}")
            }
            Self::Malformed { file, what } => write!(f, "{file} does not follow the schema {FORMAT}: {what}"),
        }
    }
}

impl std::error::Error for Error {}

/// One file: a group of cases.
#[derive(Clone, Debug, Deserialize)]
pub struct Document {
    /// The file's name.
    #[serde(skip)]
    pub name: String,
    format: String,
    /// What it holds, in its order.
    pub cases: Vec<Case>,
}

/// One reference case.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// Its name, unique in its file.
    pub id: String,
    /// What it is a case of.
    pub op: String,
    /// The seed of its inputs, if they were drawn.
    #[serde(default)]
    pub seed: Value,
    /// Settings and sizes.
    #[serde(default)]
    pub params: Map<String, Value>,
    /// Tensors that go in.
    #[serde(default, rename = "in")]
    pub inputs: Map<String, Value>,
    /// Tensors that must come out.
    #[serde(default)]
    pub out: Map<String, Value>,
    /// What only some groups have, such as the intervals of an initialisation.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

impl Document {
    /// Every `*.json` of `folder`, by name.
    ///
    /// # Errors
    /// [`Error`] if the folder or one of its files cannot be read or does not follow the schema, or if there is no case.
    pub fn load_folder(folder: &Path) -> Result<Vec<Self>, Error> {
        let unreadable = |error| Error::Unreadable(folder.display().to_string(), error);
        let entries: Result<Vec<_>, _> = fs::read_dir(folder).map_err(unreadable)?.collect();
        let mut paths: Vec<_> = entries.map_err(unreadable)?.into_iter().map(|entry| entry.path()).collect();
        paths.retain(|path| path.extension().is_some_and(|e| e == "json") && path.file_name().is_some_and(|n| n != SETTINGS));
        paths.sort();
        let documents: Vec<_> = paths.iter().map(|path| Self::load(path)).collect::<Result<_, _>>()?;
        match documents.iter().all(|document| document.cases.is_empty()) {
            true => Err(Error::Empty(folder.display().to_string())),
            false => Ok(documents),
        }
    }

    fn load(path: &Path) -> Result<Self, Error> {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let text = fs::read_to_string(path).map_err(|error| Error::Unreadable(path.display().to_string(), error))?;
        Self::parse(name, &text)
    }

    /// Reads the `text` of the file `name`.
    ///
    /// # Errors
    /// [`Error::Malformed`] if it does not follow the schema.
    pub fn parse(name: String, text: &str) -> Result<Self, Error> {
        let malformed = |what| Error::Malformed { file: name.clone(), what };
        let mut document: Self = serde_json::from_str(text).map_err(|error| malformed(error.to_string()))?;
        if document.format != FORMAT {
            return Err(malformed(format!("its format is {:?}", document.format)));
        }
        for case in &document.cases {
            for map in [&case.params, &case.inputs, &case.out, &case.rest] {
                check_tensors(map).map_err(|what| malformed(format!("case {}: {what}", case.id)))?;
            }
        }
        document.name = name;
        Ok(document)
    }

    /// The case of `op` that stands before `case`: what it builds on.
    pub(super) fn preceding(&self, op: &str, case: &Case) -> Result<&Case, Trouble> {
        let before = self.cases.iter().take_while(|other| other.id != case.id);
        before.filter(|other| other.op == op).last().ok_or(Trouble::Malformed(format!("no case of {op} stands before it")))
    }
}

impl Case {
    /// An input of any shape.
    pub(super) fn input(&self, name: &str) -> Result<Tensor<f32>, Trouble> {
        Tensor::singles(member(&self.inputs, "in", name)?).map_err(|what| Trouble::Malformed(format!("in.{name}: {what}")))
    }

    /// The values of an input of this shape.
    pub(super) fn input_of(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Trouble> {
        let tensor = self.input(name)?;
        match tensor.shape == shape {
            true => Ok(tensor.values),
            false => Err(Trouble::Malformed(format!("in.{name} has the shape {:?}, not {shape:?}", tensor.shape))),
        }
    }

    /// The integers of an input.
    pub(super) fn integers(&self, name: &str) -> Result<Vec<usize>, Trouble> {
        Tensor::integers(member(&self.inputs, "in", name)?).map_err(|what| Trouble::Malformed(format!("in.{name}: {what}")))
    }

    /// What must come out, in double precision.
    pub(super) fn expected(&self, name: &str) -> Result<Tensor<f64>, Trouble> {
        Tensor::doubles(member(&self.out, "out", name)?).map_err(|what| Trouble::Malformed(format!("out.{name}: {what}")))
    }

    /// A setting.
    pub(super) fn setting(&self, name: &str) -> Result<f32, Trouble> {
        numeric(&self.params, name).map(|value| value as f32)
    }

    /// A setting that may be left out.
    pub(super) fn setting_or(&self, name: &str, default: f32) -> Result<f32, Trouble> {
        if self.params.contains_key(name) { self.setting(name) } else { Ok(default) }
    }

    /// Two settings that may be left out together.
    pub(super) fn pair_or(&self, name: &str, default: (f32, f32)) -> Result<(f32, f32), Trouble> {
        let Some(value) = self.params.get(name) else { return Ok(default) };
        match value.as_array().map(|values| values.iter().map(number).collect::<Vec<_>>()).as_deref() {
            Some([Some(first), Some(second)]) => Ok((*first as f32, *second as f32)),
            _ => Err(Trouble::Malformed(format!("params.{name} is not a pair of numbers"))),
        }
    }

    /// A size or a number of steps.
    pub(super) fn count(&self, name: &str) -> Result<usize, Trouble> {
        let count = member(&self.params, "params", name)?.as_u64().and_then(|count| usize::try_from(count).ok());
        count.ok_or(Trouble::Malformed(format!("params.{name} is not a count")))
    }

    /// A name.
    pub(super) fn text(&self, name: &str) -> Result<&str, Trouble> {
        member(&self.params, "params", name)?.as_str().ok_or(Trouble::Malformed(format!("params.{name} is not a text")))
    }

    /// Whether something is on.
    pub(super) fn flag_or(&self, name: &str, default: bool) -> Result<bool, Trouble> {
        let Some(value) = self.params.get(name) else { return Ok(default) };
        value.as_bool().ok_or(Trouble::Malformed(format!("params.{name} is neither true nor false")))
    }
}

/// `map`'s member `name`; `of` says whose it is.
pub(super) fn member<'m>(map: &'m Map<String, Value>, of: &str, name: &str) -> Result<&'m Value, Trouble> {
    map.get(name).ok_or_else(|| Trouble::Malformed(format!("{of}.{name} is missing")))
}

/// `map`'s member `name`, a number.
pub(super) fn numeric(map: &Map<String, Value>, name: &str) -> Result<f64, Trouble> {
    let value = map.get(name).ok_or_else(|| Trouble::Malformed(format!("the number {name} is missing")))?;
    number(value).ok_or_else(|| Trouble::Malformed(format!("{name} is not a number")))
}
