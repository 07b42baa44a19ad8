//! The library against the recorded reference cases, and the runner against cases that are wrong.

use kilograd_host_tests::board::root;
use kilograd_host_tests::oracle::tasks::{self, Friedman1, Iris, Setup, Task};
use kilograd_host_tests::oracle::{self, Case, Document, Error, Report};
use kilograd_tasks::{digits, friedman1, iris};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs, process};

fn folder() -> PathBuf {
    root().join("host-tests/oracle")
}

fn documents() -> Vec<Document> {
    Document::load_folder(&folder()).expect("our folder follows the schema")
}

fn run_one(op: &str, params: Value, inputs: Value, out: Value) -> Result<Report, Error> {
    let case = json!({ "id": "one", "op": op, "params": params, "in": inputs, "out": out });
    let text = json!({ "format": "kilograd-oracle/1", "cases": [case] }).to_string();
    Ok(oracle::run(&[Document::parse("one.json".into(), &text)?]))
}

#[test]
fn the_library_passes_every_case() {
    let report = oracle::run_folder(&folder()).expect("our folder follows the schema");
    assert_eq!(report.failed, 0, "{report}");
    assert!(report.not_implemented.is_empty(), "{report}");
    assert_eq!(report.passed, documents().iter().map(|document| document.cases.len()).sum::<usize>());
}

/// Where a case's JSON holds expected values, each a path of member names and indices.
fn expectations(case: &Case) -> Vec<String> {
    let mut found = Vec::new();
    match case.op.as_str() {
        "train_setup" => {
            collect(&json!(case.inputs), "/in", &mut found);
            collect(&case.params["preprocess"], "/params/preprocess", &mut found);
        }
        // Where others ended. The paths of their runs, their counts, and what single precision made of them are a guide.
        "minimize" => {
            for name in ["minimum", "at_x0", "results"] {
                collect(&case.rest[name], &format!("/{name}"), &mut found);
            }
            let guides = ["own_f", "LBFGS_f32", "per_iter", "g_inf", "iterations", "_evals"];
            found.retain(|path| !guides.iter().any(|guide| path.contains(guide)));
        }
        _ => collect(&json!(case.out), "/out", &mut found),
    }
    // The accuracy repeats the count. The counts of the single-precision runs widen what is right: they have a test below.
    found.retain(|path| !["test_accuracy", "test_correct"].iter().any(|count| path.contains(count)));
    found
}

fn collect(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) if map.contains_key("shape") => {
            let kind = ["f64", "int", "f32hex", "f32"].into_iter().find(|kind| map.contains_key(*kind));
            collect(&map[kind.unwrap()], &format!("{path}/{}", kind.unwrap()), found);
        }
        Value::Object(map) => map.iter().for_each(|(name, value)| collect(value, &format!("{path}/{name}"), found)),
        // The first and the last speak for all: one comparison covers a list.
        Value::Array(values) => {
            for index in [0, values.len() - 1] {
                collect(&values[index], &format!("{path}/{index}"), found);
            }
        }
        Value::Number(_) => found.push(path.into()),
        Value::String(_) if path.ends_with("f32hex") => found.push(path.into()),
        _ => {}
    }
}

/// Moves an expected value beyond any tolerance.
fn disturb(value: &mut Value) {
    *value = match value {
        Value::String(bits) => json!(bits.replacen(&bits[..8], "42280000", 1)),
        Value::Number(number) if number.is_u64() => json!(number.as_u64().unwrap() + 1),
        Value::Number(number) => json!(number.as_f64().unwrap() + 0.01 * (1.0 + number.as_f64().unwrap().abs())),
        _ => unreachable!("only numbers and bits are collected"),
    };
}

/// `document` with the value at `path` of its case number `index` disturbed.
fn disturbed(document: &Document, index: usize, path: &str) -> Document {
    let mut document = document.clone();
    let case = &mut document.cases[index];
    let (part, rest) = path[1..].split_once('/').unwrap();
    let map = match part {
        "in" => &mut case.inputs,
        "params" => &mut case.params,
        "out" => &mut case.out,
        name => {
            disturb(case.rest[name].pointer_mut(&format!("/{rest}")).unwrap());
            return document;
        }
    };
    let (name, rest) = rest.split_once('/').map_or((rest, String::new()), |(name, rest)| (name, format!("/{rest}")));
    disturb(map[name].pointer_mut(&rest).unwrap());
    document
}

#[test]
fn a_wrong_expectation_fails_whichever_it_is() {
    let documents = documents();
    let moments =
        |op: &&str| ["xavier", "he_", "lecun", "book_1", "orthogonal", "sparse"].iter().any(|scheme| op.starts_with(scheme));
    // A table of optimizers takes too long to run once for each of its numbers; both have tests below.
    for op in oracle::implemented().filter(|op| !moments(op) && *op != "train_converged") {
        let cases = documents.iter().flat_map(|document| (0..document.cases.len()).map(move |index| (document, index)));
        let cases = cases.filter(|(document, index)| document.cases[*index].op == op);
        let (document, index) =
            cases.min_by_key(|(d, i)| json!([d.cases[*i].inputs, d.cases[*i].out]).to_string().len()).expect(op);
        let paths = expectations(&document.cases[index]);
        assert!(!paths.is_empty(), "{op} has no expectation to disturb");
        for path in paths {
            let wrong = disturbed(document, index, &path);
            let mismatches = oracle::run_case(&wrong, &wrong.cases[index]).unwrap();
            assert!(!mismatches.is_empty(), "{} passes with another {path}", wrong.cases[index].id);
        }
    }
}

#[test]
fn a_wrong_count_of_right_answers_fails() {
    let mut documents = documents();
    documents.retain(|document| document.name == "train_iris.json");
    for case in documents[0].cases.iter_mut().filter(|case| case.op == "train") {
        disturb(&mut case.out["loss_epoch_ends"][1]["test_correct"]);
        disturb(&mut case.out["test_correct_f32"][1]);
        disturb(&mut case.out["test_correct_np32"][1]);
    }
    let report = oracle::run(&documents);
    assert_eq!((report.passed, report.failed), (2, 3), "{report}");
}

/// The regression's table with nothing but the row of one optimizer, changed.
fn one_optimizer(name: &str, change: impl FnOnce(&mut Value)) -> Report {
    let mut documents = documents();
    documents.retain(|document| document.name == "train_friedman1.json");
    documents[0].cases.retain(|case| case.op != "train");
    let table = &mut documents[0].cases.last_mut().unwrap().out;
    table.retain(|row, _| row == name);
    change(&mut table[name]);
    oracle::run(&documents)
}

#[test]
fn an_optimizer_that_trains_another_way_fails() {
    let same = one_optimizer("sgd", |_| ());
    assert_eq!((same.passed, same.failed), (2, 0), "{same}");
    let better = one_optimizer("sgd", |row| row["mean"] = json!(row["mean"].as_f64().unwrap() + 0.006));
    assert_eq!((better.passed, better.failed), (1, 1), "{better}");
    let slower = one_optimizer("momentum", |row| row["lr"] = json!(row["lr"].as_f64().unwrap() / 2.0));
    assert_eq!((slower.passed, slower.failed), (1, 1), "{slower}");
    let infinite = one_optimizer("sign_sgd", |row| row["lr"] = json!("inf"));
    assert_eq!((infinite.passed, infinite.failed), (1, 1), "{infinite}");
}

#[test]
fn more_than_twice_the_evaluations_fail() {
    let mut documents = documents();
    documents.retain(|document| document.name == "second_order.json");
    for (case, method) in documents[0].cases.iter_mut().zip(["CG", "BFGS", "L-BFGS-B", "trust-exact"]) {
        case.rest["results"]["scipy"][&format!("{method}_gtol1e-05")]["f_evals"] = json!(2);
    }
    let report = oracle::run(&documents);
    assert_eq!((report.passed, report.failed), (0, documents[0].cases.len()), "{report}");
}

#[test]
fn another_distribution_or_bound_fails() {
    type Change = fn(&mut Case);
    let changes: [(&str, Change); 6] = [
        ("a deviation a fifth larger", |case| {
            case.rest["expect"]["std"] = json!(case.rest["expect"]["std"].as_f64().unwrap() * 1.2)
        }),
        ("another mean", |case| case.rest["accept_10_draws"]["mean"] = json!([0.1, 0.2])),
        ("another deviation", |case| case.rest["accept"]["std"] = json!([0.0, 1e-3])),
        ("a distance of nearly zero", |case| case.rest["accept"]["ks_max"] = json!(1e-6)),
        ("half the bound", |case| scale_bound(case, 0.5)),
        ("twice the bound", |case| scale_bound(case, 2.0)),
    ];
    let documents = documents();
    let init = documents.iter().find(|document| document.name == "init.json").unwrap();
    for case in init.cases.iter().filter(|case| case.rest["accept"]["mean"].is_array() && case.op != "sparse") {
        for (what, change) in &changes {
            let mut wrong = case.clone();
            change(&mut wrong);
            let unbounded = wrong.rest["expect"]["bound"].is_null() && what.ends_with("bound");
            let mismatches = oracle::run_case(init, &wrong).unwrap();
            assert!(unbounded || !mismatches.is_empty(), "{} passes with {what}", case.id);
        }
    }
}

#[test]
fn another_gram_matrix_or_number_of_zeros_fails() {
    type Change = fn(&mut Case);
    let changes: [(&str, &str, Change); 7] = [
        ("orthogonal", "another norm", |case| case.rest["expect"]["frobenius"] = json!(5.0)),
        ("orthogonal", "a tolerance of nearly zero", |case| case.rest["accept"]["max_abs_gram_minus_identity"] = json!(1e-9)),
        ("sparse", "another number of zeros", |case| case.rest["expect"]["zeros_per_column"] = json!(15)),
        ("sparse", "another share", |case| case.params["sparsity"] = json!(0.25)),
        ("sparse", "another number of samples", |case| case.rest["expect"]["samples"] = json!(1000)),
        ("sparse", "another deviation", |case| case.rest["accept"]["std"] = json!([0.0, 1e-3])),
        ("sparse", "a distance of nearly zero", |case| case.rest["accept"]["ks_max"] = json!(1e-6)),
    ];
    let documents = documents();
    let init = documents.iter().find(|document| document.name == "init.json").unwrap();
    for (op, what, change) in changes {
        for case in init.cases.iter().filter(|case| case.op == op) {
            let mut wrong = case.clone();
            change(&mut wrong);
            assert!(!oracle::run_case(init, &wrong).unwrap().is_empty(), "{} passes with {what}", case.id);
        }
        assert!(init.cases.iter().any(|case| case.op == op));
    }
    // The other side of a rectangle has no identity for a Gram matrix.
    for case in init.cases.iter().filter(|case| case.op == "orthogonal" && case.params["in"] != case.params["out"]) {
        let mut wrong = case.clone();
        let other = if case.rest["expect"]["which"] == "rows" { "columns" } else { "rows" };
        wrong.rest["expect"]["which"] = json!(other);
        assert!(!oracle::run_case(init, &wrong).unwrap().is_empty(), "{} passes with {other}", case.id);
    }
}

fn scale_bound(case: &mut Case, factor: f64) {
    if let Some(bound) = case.rest["expect"]["bound"].as_f64() {
        case.rest["expect"]["bound"] = json!(bound * factor);
    }
}

#[test]
fn what_is_recorded_and_not_compared_fails() {
    let (x, dy) = (json!({ "shape": [1], "f32": [2.0] }), json!({ "shape": [1], "f32": [1.0] }));
    let out = json!({ "shape": [1], "f64": [2.0] });
    let known = json!({ "y": out, "dx": { "shape": [1], "f64": [1.0] } });
    let report = run_one("relu", json!({}), json!({ "x": x, "dy": dy }), known.clone()).unwrap();
    assert_eq!((report.passed, report.failed), (1, 0), "{report}");

    let mut more = known;
    more["second_derivative"] = out;
    let report = run_one("relu", json!({}), json!({ "x": x, "dy": dy }), more).unwrap();
    assert_eq!((report.passed, report.failed), (0, 1), "{report}");
}

#[test]
fn not_a_number_is_only_equal_to_itself() {
    for (x, y, passed) in [("nan", json!("nan"), 1), ("nan", json!(0.0), 0), ("inf", json!("-inf"), 0), ("inf", json!(3e38), 0)] {
        let inputs = json!({ "x": { "shape": [1], "f32": [x] }, "dy": { "shape": [1], "f32": [1.0] } });
        let out = json!({ "y": { "shape": [1], "f64": [y] }, "dx": { "shape": [1], "f64": [1.0] } });
        let report = run_one("leaky_relu", json!({ "alpha": 1.0 }), inputs, out).unwrap();
        assert_eq!(report.passed, passed, "leaky_relu({x}) = {y}: {report}");
    }
}

fn dense_of_zeros(inputs: usize, outputs: usize) -> Result<Report, Error> {
    let zeros = |shape: &[usize], kind: &str| json!({ "shape": shape, kind: vec![0.0; shape.iter().product()] });
    let single = |shape: &[usize]| zeros(shape, "f32");
    let double = |shape: &[usize]| zeros(shape, "f64");
    let (x, w, y) = ([1, inputs], [outputs, inputs], [1, outputs]);
    run_one(
        "dense",
        json!({ "batch": 1, "in": inputs, "out": outputs }),
        json!({ "x": single(&x), "w": single(&w), "b": single(&[outputs]), "dy": single(&y) }),
        json!({ "y": double(&y), "dx": double(&x), "dw": double(&w), "db": double(&[outputs]) }),
    )
}

#[test]
fn a_width_that_the_runner_cannot_hold_fails_and_says_so() {
    let report = dense_of_zeros(1024, 200).unwrap();
    assert_eq!((report.passed, report.failed), (1, 0), "{report}");
    let report = dense_of_zeros(1025, 4).unwrap();
    assert_eq!((report.passed, report.failed), (0, 1), "{report}");
    assert!(report.to_string().contains("width of 1025"), "{report}");
}

#[test]
fn malformed_files_are_errors_that_say_what_is_wrong() {
    let parse = |text: &str| Document::parse("bad.json".into(), text).map(|_| ()).unwrap_err().to_string();
    let case = |case: &str| parse(&format!(r#"{{"format": "kilograd-oracle/1", "cases": [{{"id": "a", "op": "b", {case}}}]}}"#));
    for (said, what) in [
        (parse("{"), "EOF"),
        (parse(r#"{"cases": []}"#), "format"),
        (parse(r#"{"format": "kilograd-oracle/2", "cases": []}"#), "kilograd-oracle/2"),
        (case(r#""in": {"x": {"shape": [2], "f32": [1.0]}}"#), "1 values do not fill the shape [2]"),
        (case(r#""in": {"x": {"shape": [1], "f32": ["one"]}}"#), "one"),
        (case(r#""in": {"x": {"shape": [1], "f32hex": "3f80000g"}}"#), "f32hex"),
        (case(r#""out": {"x": {"shape": [1]}}"#), "without values"),
    ] {
        assert!(said.starts_with("bad.json") && said.contains(what), "{said}");
    }
}

#[test]
fn a_case_that_lacks_something_fails() {
    let tensor = json!({ "shape": [1], "f32": [1.0], "f64": [1.0] });
    let missing = run_one("relu", json!({}), json!({ "x": tensor }), json!({ "y": tensor })).unwrap();
    assert_eq!(missing.failed, 1);
    assert!(missing.to_string().contains("one: the case: in.dy is missing"), "{missing}");
    let shape = json!({ "shape": [1, 1], "f32": [1.0] });
    let shape = run_one("relu", json!({}), json!({ "x": tensor, "dy": shape }), json!({ "y": tensor })).unwrap();
    assert!(shape.to_string().contains("in.dy has the shape [1, 1], not [1]"), "{shape}");
}

/// Runs the program on a folder of its own, with a file of this text if there is one.
fn exit_status(name: &str, text: Option<&str>) -> Option<i32> {
    let folder = env::temp_dir().join(format!("kilograd-oracle-{}-{name}", process::id()));
    fs::create_dir_all(&folder).unwrap();
    if let Some(text) = text {
        fs::write(folder.join("cases.json"), text).unwrap();
    }
    let status = program(&folder);
    fs::remove_dir_all(&folder).unwrap();
    status
}

fn program(folder: &Path) -> Option<i32> {
    Command::new(env!("CARGO_BIN_EXE_oracle")).arg(folder).output().expect("the program starts").status.code()
}

#[test]
fn the_programs_exit_status_says_how_it_went() {
    let constant = |op: &str, rate: f64| {
        let out = json!({ "lr": { "shape": [1], "f64": [rate] } });
        let case = json!({ "id": "one", "op": op, "params": { "base_lr": 0.1 }, "out": out });
        json!({ "format": "kilograd-oracle/1", "cases": [case] }).to_string()
    };
    assert_eq!(exit_status("right", Some(&constant("constant", 0.1))), Some(0));
    assert_eq!(exit_status("wrong", Some(&constant("constant", 0.2))), Some(1));
    assert_eq!(exit_status("nothing-implemented", Some(&constant("no such op", 0.1))), Some(0));
    assert_eq!(exit_status("malformed", Some("{")), Some(2));
    assert_eq!(exit_status("empty", None), Some(2));
    assert_eq!(program(Path::new("no/such/folder")), Some(2));
}

fn setup(dataset: &str) -> Case {
    let mut cases = documents().into_iter().flat_map(|document| document.cases);
    cases.find(|case| case.op == "train_setup" && case.params["dataset"] == dataset).expect(dataset)
}

#[test]
fn the_tasks_samples_are_those_of_the_recorded_runs() {
    use kilograd::prelude::*;

    let case = setup("digits");
    let (recorded, _) = tasks::Digits::prepare(&Setup::of(&case).unwrap()).unwrap();
    let (training, test) = (digits::Digits::training(), digits::Digits::test());
    for (index, (input, label)) in recorded.iter().enumerate() {
        let mut ours = Vector::ZERO;
        let ours_label = match index.checked_sub(digits::TRAINING) {
            None => training.load(index, &mut ours),
            Some(index) => test.load(index, &mut ours),
        };
        assert_eq!((&ours, ours_label), (input, Ok(*label)), "digits, sample {index}");
    }
    let case = setup("iris");
    assert_eq!(Iris::prepare(&Setup::of(&case).unwrap()).unwrap().0, iris::load());
    let case = setup("friedman1");
    assert_eq!(Friedman1::prepare(&Setup::of(&case).unwrap()).unwrap().0, friedman1::load());
}
