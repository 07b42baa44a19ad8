//! Checkpoints on the desktop, to PyTorch and back.

use kilograd::checkpoint::{self, Save, Weights, from_bytes, to_bytes};
use kilograd::layer::Layer;
use kilograd::prelude::*;
use kilograd::train::fingerprint;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

type Net = network![3 => 5 => Relu => 2];

const PYTHON: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/mlp-3-5-2.safetensors");
const WIDTHS: [&str; 2] = ["--widths", "3,5,2"];

fn program(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_checkpoint")).args(arguments).output().unwrap()
}

fn succeed(arguments: &[&str]) -> String {
    let output = program(arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// What it says when it refuses.
fn fail(arguments: &[&str]) -> String {
    let output = program(arguments);
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

fn file(name: &str) -> (PathBuf, String) {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("checkpoints");
    fs::create_dir_all(&folder).unwrap();
    let path = folder.join(name);
    let text = path.to_str().unwrap().to_owned();
    (path, text)
}

/// The weights of the file that Python wrote.
fn assert_is_pythons(network: &Net) {
    for o in 0..5 {
        for i in 0..3 {
            assert_eq!(network.first.layer.weights.get(i, o), Some(10.0 * o as f32 + i as f32 + 0.5));
        }
        assert_eq!(network.first.layer.bias.as_slice()[o], -(o as f32) - 1.0);
    }
    // And what PyTorch would say of (1, 2, 3): the formula's weights, [out][in].
    let hidden: Vec<f32> = (0..5)
        .map(|o| (0..3).map(|i| (10 * o + i) as f32 + 0.5).zip([1.0, 2.0, 3.0]).map(|(w, x)| w * x).sum::<f32>() - o as f32 - 1.0)
        .collect();
    let want = [0, 1].map(|o| (0..5).map(|i| ((10 * o + i) as f32 + 0.5) * hidden[i].max(0.0)).sum::<f32>() - o as f32 - 1.0);
    let (mut output, mut tape) = (Vector::ZERO, Zero::ZERO);
    network.forward(&Vector::new([1.0, 2.0, 3.0]), &mut output, &mut tape);
    assert_eq!(output.as_array(), &want);
}

#[test]
fn what_python_wrote_is_imported_and_exported_again() {
    let ((checkpoint, checkpoint_name), (again, again_name)) = (file("python.kgcp"), file("again.safetensors"));
    succeed(&[&["import", PYTHON, &checkpoint_name], &WIDTHS[..]].concat());
    let mut network = Net::ZERO;
    assert_eq!(from_bytes(&mut Weights(&mut network), &fs::read(&checkpoint).unwrap()), Ok(1));
    assert_is_pythons(&network);

    succeed(&[&["export", &checkpoint_name, &again_name], &WIDTHS[..]].concat());
    let (python, again) = (fs::read(PYTHON).unwrap(), fs::read(again).unwrap());
    let tensors = |file| safetensors::SafeTensors::deserialize(file).unwrap();
    let (python, again) = (tensors(&python), tensors(&again));
    assert_eq!(python.len(), again.len());
    for (name, tensor) in python.tensors() {
        assert_eq!(again.tensor(&name).unwrap().data(), tensor.data(), "{name}");
        assert_eq!(again.tensor(&name).unwrap().shape(), tensor.shape(), "{name}");
    }
}

/// Pretrained weights under an optimizer state, a step counter and all else of another checkpoint.
#[test]
fn weights_into_a_whole_checkpoint() {
    let mut memory = Memory::<Net, Momentum>::ZERO;
    let mut trainer = Trainer::new(&mut memory, MeanSquaredError, Momentum::DEFAULT, 0.1).unwrap();
    trainer.step(&Vector::new([1.0, 0.0, 1.0]), &Vector::new([1.0, 0.0])).unwrap();
    let mut bytes = [0; checkpoint::size::<Memory<Net, Momentum>>()];
    let length = to_bytes(&memory, 7, &mut bytes).unwrap();
    let ((old, old_name), (new, new_name)) = (file("old.kgcp"), file("new.kgcp"));
    fs::write(old, &bytes[..length]).unwrap();
    succeed(&[&["import", PYTHON, &new_name, "--into", &old_name], &WIDTHS[..]].concat());
    let mut changed = Memory::<Net, Momentum>::ZERO;
    assert_eq!(from_bytes(&mut changed, &fs::read(new).unwrap()), Ok(7));
    assert_is_pythons(&changed.network);
    assert_eq!((changed.steps(), fingerprint(changed.state())), (1, fingerprint(memory.state())));
    assert_ne!(fingerprint(memory.state()), fingerprint(Memory::<Net, Momentum>::ZERO.state()));

    let info = succeed(&["info", &new_name]);
    assert!(info.starts_with(&format!("checkpoint 7, shapes {:016x}, {length} bytes in 5 sections", memory.shape())), "{info}");
    assert!(info.contains("progress           3 words, 1 steps\nparameters        32 words, root mean square"), "{info}");
}

#[test]
fn what_does_not_fit_is_said() {
    let (_, to) = file("never");
    let import = |widths| fail(&["import", PYTHON, &to, "--widths", widths]);
    assert!(import("3,4,2").contains("0.weight has shape [5, 3], these widths ask for [4, 3]"));
    assert!(import("3,5").contains("the file holds 4 tensors, these widths take 2"));
    assert!(import("3").contains("at least two widths"));
    assert!(import("3,x").contains("a width is a number"));
    assert!(fail(&["import", PYTHON, &to, "--widths", "3,5,2", "--stride", "1"]).contains("no tensor 1.weight"));
    let stride = |stride| fail(&["import", PYTHON, &to, "--widths", "3,5,2,1", "--stride", stride]);
    assert!(stride("0").contains("with stride 0 all layers have the number 0"));
    let (_, name) = file("strides.kgcp");
    succeed(&[&["import", PYTHON, &name], &WIDTHS[..]].concat());
    let export = |stride| fail(&[&["export", &name, &to, "--stride", stride], &WIDTHS[..]].concat());
    assert!(export("0").contains("with stride 0 all layers have the number 0"));
    let torn = format!("error: {PYTHON}: no whole checkpoint: it was not written to its end, or these bytes are none\n");
    assert_eq!(fail(&["info", PYTHON]), torn);
    assert!(fail(&["export", "/nowhere", &to, "--widths", "3,5"]).contains("cannot read /nowhere"));
    assert!(fail(&["import", env!("CARGO_BIN_EXE_checkpoint"), &to, "--widths", "3,5"]).contains("no safetensors file"));
}

/// The page that describes the format says what its example hashes to.
#[test]
fn the_documented_fingerprint_is_the_programs() {
    let page = include_str!("../../docs/checkpoint-format.md");
    let line = page.lines().find(|line| line.contains("0x0200096A")).unwrap();
    let mut hash = 0xCBF2_9CE4_8422_2325_u64;
    for word in line.trim().split(", ") {
        let word = word.strip_prefix("0x").map_or_else(|| word.parse(), |hex| u32::from_str_radix(hex, 16)).unwrap();
        for byte in word.to_le_bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
    assert_eq!(Weights(&mut kilograd_tasks::digits::Net::default()).shape(), hash);
}
