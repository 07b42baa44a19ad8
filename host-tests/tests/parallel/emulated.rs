//! Boards over serial lines against threads of one program: the same weights.

use kilograd_host_tests::board::{command, root};
use serde_json::Value;

/// The summary of the program `parallel`.
fn parallel(arguments: &[&str]) -> (String, Value) {
    let mut cargo = command(env!("CARGO"));
    cargo.args(["run", "--release", "--locked", "--quiet", "-p", "kilograd-examples", "--bin", "parallel", "--", "--json"]);
    let output = cargo.args(arguments).current_dir(root()).output().expect("cargo can be started");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    let summary = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    (text, summary)
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn boards_train_to_the_bits_of_threads() {
    let arguments = ["--boards", "3", "--rounds", "5"];
    let (text, boards) = parallel(&arguments);
    assert_eq!(boards["emulated"], true, "{text}");
    let (_, threads) = parallel(&[&arguments[..], &["--simulate"]].concat());
    assert_eq!(threads["emulated"], false);
    assert_eq!(boards["trainings"], threads["trainings"], "{text}");
    let trainings = boards["trainings"].as_array().unwrap();
    assert_eq!(trainings.len(), 3);
    for training in trainings {
        assert!(training["accuracy"].as_f64().unwrap() >= 0.93, "{text}");
        assert_eq!(training["answered"], serde_json::json!([3, 3, 3, 3, 3]));
    }
}

#[test]
#[cfg_attr(not(feature = "emulated"), ignore = "needs QEMU: host-tests/run")]
fn a_board_that_stops_is_left_out() {
    let (text, summary) = parallel(&["--boards", "2", "--rounds", "3", "--compression", "int8", "--lose", "2"]);
    assert_eq!(summary["emulated"], true, "{text}");
    assert_eq!(summary["trainings"][0]["answered"], serde_json::json!([2, 1, 1]));
    assert!(text.contains("worker 1 was lost in round 2"), "{text}");
}
