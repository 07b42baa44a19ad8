//! Every program runs as its user runs it.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const DIGITS: &str = env!("CARGO_BIN_EXE_digits");

/// An empty folder of the test's own.
fn folder(test: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn run(program: &str, arguments: &[&str], folder: &Path) -> Output {
    Command::new(program).args(arguments).current_dir(folder).output().unwrap()
}

/// What a program that must succeed, and in silence on stderr, says on stdout.
fn stdout(program: &str, arguments: &[&str], folder: &Path) -> String {
    let output = run(program, arguments, folder);
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{stderr}");
    assert_eq!(stderr, "");
    String::from_utf8(output.stdout).unwrap()
}

/// The line of JSON that `digits` ends with after `arguments`.
fn summary(arguments: &[&str], folder: &Path) -> (String, serde_json::Value) {
    let arguments = [&["--json", "--no-picture"], arguments].concat();
    let line = stdout(DIGITS, &arguments, folder).lines().last().unwrap().to_owned();
    let value = serde_json::from_str(&line).unwrap();
    (line, value)
}

/// The number that stands between `before` and `after`.
fn number(text: &str, before: &str, after: &str) -> f32 {
    let rest = text.split_once(before).unwrap_or_else(|| panic!("no {before:?} in {text}")).1;
    rest.split_once(after).unwrap().0.trim().parse().unwrap()
}

#[test]
fn digits_ends_with_a_line_of_json() {
    let (line, value) = summary(&["--epochs", "2"], &folder("json"));
    let keys = ["accuracy", "steps", "parameters", "ram_bytes", "weights_hash"];
    let places = keys.map(|key| line.find(&format!("\"{key}\":")).unwrap());
    assert!(places.is_sorted(), "{line}");
    assert_eq!(value.as_object().unwrap().len(), keys.len());
    // Two epochs of Adam reach 94 to 96 %.
    let accuracy = value["accuracy"].as_f64().unwrap();
    assert!((0.85..=1.0).contains(&accuracy), "{accuracy}");
    assert_eq!((value["steps"].as_u64(), value["parameters"].as_u64()), (Some(2 * 1440), Some(2410)));
    // Weights, Adam's two moments, tape and outputs, three counters.
    assert_eq!(value["ram_bytes"].as_u64(), Some(3 * 9640 + 336 + 12));
    let hash = value["weights_hash"].as_str().unwrap();
    assert!(hash.len() == 16 && hash.bytes().all(|c| c.is_ascii_digit() || (b'a'..=b'f').contains(&c)), "{hash}");
}

#[test]
fn the_seed_decides_the_weights() {
    let folder = folder("seed");
    let hash = |arguments: &[&str]| {
        let arguments = [&["--optimizer", "sgd", "--epochs", "1"], arguments].concat();
        summary(&arguments, &folder).1["weights_hash"].as_str().unwrap().to_owned()
    };
    assert_eq!(hash(&[]), hash(&["--seed", "1"]));
    assert_ne!(hash(&["--seed", "1"]), hash(&["--seed", "2"]));
}

#[test]
fn every_optimizer_learns() {
    let folder = folder("optimizers");
    let mut hashes = std::collections::BTreeSet::new();
    for optimizer in ["sgd", "momentum", "nesterov", "adam", "adamw"] {
        let (line, value) = summary(&["--optimizer", optimizer, "--epochs", "1"], &folder);
        // Between 88 and 94 % after one epoch; guessing reads one digit in ten.
        assert!(value["accuracy"].as_f64().unwrap() > 0.8, "{optimizer}: {line}");
        assert!(hashes.insert(value["weights_hash"].to_string()), "{optimizer} trains as another one does");
    }
}

#[test]
fn digits_reports_and_draws() {
    let folder = folder("picture");
    let report = stdout(DIGITS, &["--epochs", "2", "--picture", "two epochs.png"], &folder);
    for part in
        ["Test accuracy:", "Training RAM:  29268 bytes", "DOI 10.24432/C50P49", "Picture: two epochs.png", "│              9 ┆"]
    {
        assert!(report.contains(part), "no {part:?} in {report}");
    }
    let path = folder.join("two epochs.png");
    let mut picture = png::Decoder::new(BufReader::new(File::open(&path).unwrap())).read_info().unwrap();
    let mut pixels = vec![0; picture.output_buffer_size().unwrap()];
    let info = picture.next_frame(&mut pixels).unwrap();
    assert_eq!((info.width, info.height, info.color_type), (1600, 1150, png::ColorType::Rgb));
    let drawn = pixels.chunks_exact(3).filter(|pixel| *pixel != [255; 3]).count();
    assert!(drawn > 100_000, "{drawn} pixels are not white");
    assert!(fs::metadata(path).unwrap().len() > 20_000);
}

#[test]
fn the_picture_is_digits_png_unless_none_is_wanted() {
    let folder = folder("default-picture");
    summary(&["--epochs", "1", "--optimizer", "sgd"], &folder);
    assert!(!folder.join("digits.png").exists());
    stdout(DIGITS, &["--epochs", "1", "--optimizer", "sgd"], &folder);
    assert!(folder.join("digits.png").exists());
}

#[test]
fn bad_options_are_refused_with_a_reason() {
    let folder = folder("bad-options");
    let refused: [(&[&str], &str); 10] = [
        (&["--epochs", "0"], "0 is not in 1..="),
        (&["--learning-rate", "-0.1"], "learning rate -0.1 is refused"),
        (&["--learning-rate", "NaN"], "learning rate NaN is refused"),
        (&["--learning-rate", "inf"], "learning rate inf is refused"),
        (&["--learning-rate", "1e18", "--optimizer", "sgd"], "lower the learning rate"),
        (&["--optimizer", "sdg"], "possible values: sgd, momentum, nesterov, adam, adamw"),
        (&["--picture", "nowhere/digits.png"], "there is no directory nowhere"),
        (&["--picture", "digits.txt"], "digits.txt does not end in .png"),
        (&["--picture", "."], "does not end in .png"),
        (&["--picture", "a.png", "--no-picture"], "cannot be used with"),
    ];
    for (arguments, reason) in refused {
        let output = run(DIGITS, arguments, &folder);
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{arguments:?} succeeds");
        assert!(stderr.contains(reason) && !stderr.contains("panicked"), "{arguments:?}: {stderr}");
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 0);
}

#[test]
fn a_picture_that_cannot_be_written_is_an_error() {
    let folder = folder("unwritable");
    fs::create_dir(folder.join("digits.png")).unwrap();
    let output = run(DIGITS, &["--epochs", "1"], &folder);
    assert!(!output.status.success());
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert_eq!(stderr, "error: cannot draw digits.png: it is a directory\n");
}

#[test]
fn xor_is_learned() {
    let text = stdout(env!("CARGO_BIN_EXE_xor"), &[], &folder("xor"));
    for row in ["0  0 |    0    | 0", "0  1 |    1    | 1", "1  0 |    1    | 1", "1  1 |    0    | 0", "256 bytes of RAM"] {
        assert!(text.contains(row), "no {row:?} in {text}");
    }
}

#[test]
fn iris_is_learned() {
    let text = stdout(env!("CARGO_BIN_EXE_iris"), &[], &folder("iris"));
    // 35 of 38; seeds 1 to 8 reach 38.
    assert!(number(&text, "Test accuracy:", "%") >= 92.0, "{text}");
    assert!(text.contains("virginica"), "{text}");
}

#[test]
fn friedman1_stops_early_and_predicts() {
    let text = stdout(env!("CARGO_BIN_EXE_friedman1"), &[], &folder("friedman1"));
    // Seeds 1 to 8 reach 0.76 to 0.85.
    assert!(number(&text, "test samples:", "\n") >= 0.70, "{text}");
    let (stopped, best) = (number(&text, "Stopped after epoch", ":"), number(&text, ", after epoch", "\n"));
    assert_eq!(stopped, best + 20.0, "{text}");
}

/// The line of JSON that `parallel` ends with, its workers in threads.
fn in_threads(arguments: &[&str], folder: &Path) -> (String, serde_json::Value) {
    let text = stdout(env!("CARGO_BIN_EXE_parallel"), &[&["--simulate", "--json"], arguments].concat(), folder);
    let summary = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    (text, summary)
}

#[test]
fn workers_train_together() {
    let folder = folder("parallel");
    let (text, summary) = in_threads(&["--rounds", "5"], &folder);
    assert!(text.contains("3 workers in threads") && text.contains("10.24432/C50P49"), "{text}");
    let trainings = summary["trainings"].as_array().unwrap();
    // Float, int8, sign: 95.2 to 96.6 %.
    assert!(trainings.iter().all(|training| training["accuracy"].as_f64().unwrap() > 0.93), "{text}");
    let bytes: Vec<_> = trainings.iter().map(|training| training["bytes_to_server"].as_u64().unwrap()).collect();
    assert!(bytes.is_sorted_by(|more, less| *more > 3 * less) && bytes[0] > 25 * bytes[2], "{bytes:?}");
    assert_eq!(in_threads(&["--rounds", "5"], &folder).1, summary);
}

#[test]
fn a_worker_that_is_lost_is_said() {
    let (text, summary) = in_threads(&["--rounds", "3", "--compression", "sign", "--lose", "2"], &folder("lost"));
    assert_eq!(summary["trainings"][0]["answered"], serde_json::json!([3, 2, 2]));
    assert!(text.contains("sign: worker 2 was lost in round 2: the other end is gone; the others went on"), "{text}");
}

#[test]
fn without_workers_there_is_no_round() {
    let arguments = ["--simulate", "--boards", "1", "--lose", "1"];
    let output = run(env!("CARGO_BIN_EXE_parallel"), &arguments, &folder("nobody"));
    let stderr = String::from_utf8(output.stderr).unwrap();
    assert!(!output.status.success());
    assert!(stderr.starts_with("error: no worker is left in round 1: worker 0 in round 1: the other end is gone"), "{stderr}");
    let output = run(env!("CARGO_BIN_EXE_parallel"), &["--simulate", "--learning-rate", "NaN"], &folder("nobody"));
    assert!(String::from_utf8(output.stderr).unwrap().contains("the other end failed"));
}

#[test]
fn every_optimizer_races() {
    let folder = folder("optimizers-race");
    let text = stdout(env!("CARGO_BIN_EXE_optimizers"), &["--seeds", "1", "--epochs", "2"], &folder);
    let row = |name: &str| {
        let row = text.lines().find(|line| line.contains(&format!("│ {name} ")));
        row.unwrap_or_else(|| panic!("no row for {name} in {text}")).to_owned()
    };
    // Two epochs bring most to 90 % or more; a rule that does not train stays near 10.
    for name in ["SGD", "momentum", "Nesterov, the book's", "RMSProp", "Adam", "NAdam", "Adafactor", "LAMB", "Shampoo"] {
        assert!(number(&row(name), "┆", "%") > 70.0, "{name}: {text}");
    }
    for name in ["CG, Polak-Ribière+", "Newton", "BFGS", "L-BFGS, 5 pairs", "(1+1)-ES"] {
        assert!(number(&row(name), "┆", "┆") > 0.0, "{name} did not arrive: {text}");
    }
    assert!(fs::metadata(folder.join("optimizers.png")).unwrap().len() > 20_000);
    let refused = run(env!("CARGO_BIN_EXE_optimizers"), &["--seeds", "0"], &folder);
    assert!(!refused.status.success());
}

/// The line of JSON that `drift` ends with.
fn watched(arguments: &[&str], folder: &Path) -> serde_json::Value {
    let text = stdout(env!("CARGO_BIN_EXE_drift"), &[&["--no-picture", "--json"], arguments].concat(), folder);
    serde_json::from_str(text.lines().last().unwrap()).unwrap()
}

#[test]
fn drift_is_noticed_and_trained_away() {
    let folder = folder("drift");
    for (test, slowest) in [("ddm", 300), ("page-hinkley", 30)] {
        let summary = watched(&["--test", test], &folder);
        let numbers = |key: &str| summary[key].as_array().unwrap().iter().map(|x| x.as_f64().unwrap()).collect::<Vec<_>>();
        // 98 and 149 samples, 5 and 7.
        assert!(numbers("delays").iter().all(|delay| *delay < f64::from(slowest)), "{test}: {summary}");
        assert!(numbers("errors").iter().all(|error| *error < 0.2), "{test}: {summary}");
        assert!(numbers("untrained_errors")[1..].iter().all(|error| *error > 0.8), "{test}: {summary}");
        // Three times of training, each of which ends.
        let trainings = summary["trainings"].as_array().unwrap();
        assert!(trainings.len() == 3 && trainings.iter().all(|training| training[1].is_u64()), "{test}: {summary}");
        assert!(summary["trained"].as_u64() < Some(6_000), "{test}: {summary}");
        assert_eq!(watched(&["--test", test], &folder), summary);
    }
    assert_ne!(watched(&["--seed", "2"], &folder), watched(&["--seed", "1"], &folder));
}

#[test]
fn drift_reports_and_draws() {
    let folder = folder("drift-picture");
    let text = stdout(env!("CARGO_BIN_EXE_drift"), &["--samples", "1000"], &folder);
    for part in ["Trained from sample 1 to", "the digits are turned", "DOI 10.24432/C50P49", "Picture: drift.png"] {
        assert!(text.contains(part), "no {part:?} in {text}");
    }
    assert!(fs::metadata(folder.join("drift.png")).unwrap().len() > 20_000);
    let output = run(env!("CARGO_BIN_EXE_drift"), &["--picture", "nowhere/drift.png"], &folder);
    assert!(!output.status.success());
    assert!(String::from_utf8(output.stderr).unwrap().contains("there is no directory nowhere"));
}
