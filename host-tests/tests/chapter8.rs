//! The table of chapter 8 says what is there: items, tests, memory, cycles and its copy in `docs`.

use kilograd::optim::*;
use kilograd::solver::{self, Solver, Workspace};
use kilograd::tensor::Vector;
use kilograd::train::averaging::Average;
use kilograd_host_tests::board::root;
use kilograd_host_tests::chapter8::{COPY, Row, SOURCE, measured, rows, with_cycles, with_results, without_links};
use std::fs;

/// The sections of the chapter that name something to build; 8.2.8 has none.
const SECTIONS: [&str; 29] = [
    "8.1.1", "8.1.2", "8.1.3", "8.2.1", "8.2.2", "8.2.3", "8.2.4", "8.2.5", "8.2.6", "8.2.7", "8.2.8", "8.3.1", "8.3.2", "8.3.3",
    "8.4", "8.5.1", "8.5.2", "8.5.3", "8.5.4", "8.6.1", "8.6.2", "8.6.3", "8.7.1", "8.7.2", "8.7.3", "8.7.4", "8.7.5", "8.7.6",
    "extra",
];

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn table() -> Vec<Row> {
    rows(&read(SOURCE)).expect("every row is one")
}

#[test]
fn every_section_has_a_row() {
    let table = table();
    for section in SECTIONS {
        assert!(table.iter().any(|row| row.section == section), "no row for {section}");
    }
    assert!(table.iter().all(|row| SECTIONS.contains(&row.section.as_str())));
}

/// Whether items are there is for rustdoc to say, which follows their links.
#[test]
fn every_row_names_an_item_and_a_test() {
    for row in table() {
        assert!(!row.tests.is_empty(), "{} has no test", row.name);
        assert!(!row.items.is_empty() || row.state == "–", "{} has no item", row.name);
    }
}

#[test]
fn every_test_is_there() {
    for (file, function) in table().into_iter().flat_map(|row| row.tests) {
        let text = read(&file);
        let (before, _) = text.split_once(&format!("fn {function}(")).unwrap_or_else(|| panic!("no {function} in {file}"));
        let attributes: String = before.trim_end().lines().rev().take_while(|line| !line.trim().is_empty()).collect();
        assert!(attributes.contains("#[test]"), "{function} in {file} is no test");
    }
}

#[test]
fn the_copy_is_one() {
    assert_eq!(
        read(COPY),
        without_links(&read(SOURCE)),
        "`benches/cycles/run | cargo run -p kilograd-host-tests --bin chapter8`"
    );
}

/// Those of the results page, which `emulated_cycles` holds to what is measured.
#[test]
fn the_cycles_are_those_of_the_results() {
    let results = read("benches/README.md");
    for row in table() {
        let Some((region, cycles)) = row.cycles else { continue };
        let want = measured(&results, &region).unwrap_or_else(|| panic!("benches/README.md has no region {region:?}"));
        assert!((want - cycles).abs() <= 0.051, "{}: {cycles} cycles, benches/README.md has {want}", row.name);
    }
}

#[test]
fn a_line_that_is_no_row_is_found() {
    for (line, what) in [
        ("| 8.1 | few cells |", "2 cells"),
        ("| 8.1 | a | b | 0 | fast | `core tensor/mod norm` |", "cycles"),
        ("| 8.1 | a | b | 0 | axpy: fast | – |", "no figure"),
        ("| 8.1 | a | b | 0 | – | `norm` |", "`norm` is not"),
        ("| 8.1 | a | b | 0 | – | `moon file norm` |", "moon"),
    ] {
        assert!(rows(line).unwrap_err().contains(what), "{line}");
    }
}

#[test]
fn figures_are_written_where_they_belong() {
    let text = "| § | x |\n| 8.1 | a | [`A`](crate::a::A) | 0 | axpy: 1.0 | – |\nprose\n";
    let measurements = "| axpy | 1 | 50 | 10 | 5.04 |";
    let updated = with_cycles(text, measurements).unwrap();
    assert_eq!(updated, text.replace("axpy: 1.0", "axpy: 5.0"));
    assert!(with_cycles(text, "").unwrap_err().contains("axpy"));
    let result = |cycles: u32| format!("| axpy | 1 | {cycles} | 10 | 5.04 |\n");
    let page = |cycles: u32| format!("# Page\n\n| region | instructions |\n{}| other | 2 | 3 | 4 | 5 |\n", result(cycles));
    assert_eq!(with_results(&page(50), &result(60)), page(60));
    assert!(without_links(&updated).contains("| `a::A` |"));
}

/// So many parameters that what does not grow with them rounds away.
const MANY: usize = 1_000;

fn bytes<T>() -> f64 {
    (size_of::<T>() as f64 / MANY as f64).round()
}

fn of_rule<R: Rule>() -> f64 {
    bytes::<R::State<Vector<MANY>>>()
}

fn of_solver<S: Solver<MANY>>() -> f64 {
    bytes::<Workspace<MANY, S>>()
}

/// Bytes a parameter of an item, by its path.
#[rustfmt::skip] // A line each.
fn state(item: &str) -> Option<f64> {
    Some(match item {
        "optim::AdaBelief" => of_rule::<AdaBelief>(),
        "optim::AdaDelta" => of_rule::<AdaDelta>(),
        "optim::AdaGrad" => of_rule::<AdaGrad>(),
        "optim::AdaMax" => of_rule::<AdaMax>(),
        "optim::Adam" => of_rule::<Adam>(),
        "optim::AdamW" => of_rule::<AdamW>(),
        "optim::AmsGrad" => of_rule::<AmsGrad>(),
        "optim::Asgd" => of_rule::<Asgd>(),
        "optim::book::Nesterov" => of_rule::<book::Nesterov>(),
        "optim::book::RmsProp" => of_rule::<book::RmsProp>(),
        "optim::book::RmsPropNesterov" => of_rule::<book::RmsPropNesterov>(),
        "optim::CenteredRmsProp" => of_rule::<CenteredRmsProp>(),
        "optim::ClipValue" => of_rule::<ClipValue>(),
        "optim::Lamb" => of_rule::<Lamb>(),
        "optim::Lars" => of_rule::<Lars>(),
        "optim::Lion" => of_rule::<Lion>(),
        "optim::Momentum" => of_rule::<Momentum>(),
        "optim::NAdam" => of_rule::<NAdam>(),
        "optim::NaturalGradient" => of_rule::<NaturalGradient>(),
        "optim::RAdam" => of_rule::<RAdam>(),
        "optim::RmsProp" => of_rule::<RmsProp>(),
        "optim::Rprop" => of_rule::<Rprop>(),
        "optim::ScheduledMomentum" => of_rule::<ScheduledMomentum<f32>>(),
        "optim::Sgd" => of_rule::<Sgd>(),
        "optim::SignSgd" => of_rule::<SignSgd>(),
        "optim::Then" => of_rule::<Then<RmsProp, Momentum>>(),
        "optim::Yogi" => of_rule::<Yogi>(),
        "solver::ConjugateGradient" => of_solver::<solver::ConjugateGradient>(),
        "solver::LinearConjugateGradient" => of_solver::<solver::LinearConjugateGradient>(),
        "solver::ScaledConjugateGradient" => of_solver::<solver::ScaledConjugateGradient>(),
        "train::averaging::Polyak" => bytes::<Average<Vector<MANY>>>(),
        _ => return None,
    })
}

#[test]
fn the_state_is_what_it_says() {
    let mut checked = 0;
    for row in table() {
        let (Some(item), Ok(said)) = (row.items.first(), row.state.parse::<f64>()) else { continue };
        if let Some(bytes) = state(item) {
            assert_eq!(bytes, said, "{}: {item}", row.name);
            checked += 1;
        }
    }
    assert!(checked > 30, "{checked} rows were checked");
}
