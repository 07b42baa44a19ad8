//! The table of chapter 8 (`core/src/chapter8.md`, a page of the library's documentation), read and kept true.
//!
//! A row says a section, what the book names, the item, its memory, the benchmark's region with its cycles per unit of work,
//! and the tests that show it. What can go stale is checked by `tests/chapter8.rs`, and figures are written by a command:
//!
//! ```text
//! benches/cycles/run | cargo run -p kilograd-host-tests --bin chapter8
//! ```

use std::fmt::Write;

/// Where the table is kept, from the repository's root.
pub const SOURCE: &str = "core/src/chapter8.md";
/// The same for readers of the repository.
pub const COPY: &str = "docs/chapter8.md";

/// The pages that show what was measured.
pub const RESULTS: [&str; 2] = ["benches/README.md", "README.md"];

/// How many columns a row has.
const COLUMNS: usize = 6;

/// A row of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The section of the book, or `extra`.
    pub section: String,
    /// What it names.
    pub name: String,
    /// The library's items, by path within the crate.
    pub items: Vec<String>,
    /// Memory beyond the weights: bytes a parameter if it is a number.
    pub state: String,
    /// A region of `benches/cycles/run`, and what the table says of its cycles per unit of work.
    pub cycles: Option<(String, f64)>,
    /// The tests, each a file and a function.
    pub tests: Vec<(String, String)>,
}

/// The rows of all tables of `text`.
///
/// # Errors
/// Says which line is not a row.
pub fn rows(text: &str) -> Result<Vec<Row>, String> {
    text.lines().filter(|line| is_row(line)).map(|line| row(line).map_err(|what| format!("{what}: {line}"))).collect()
}

/// Whether a line is a row, not a table's head.
fn is_row(line: &str) -> bool {
    line.starts_with("| ") && !line.starts_with("| § ")
}

fn row(line: &str) -> Result<Row, String> {
    let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
    let [section, name, items, state, cycles, tests] = cells[..] else {
        return Err(format!("{} cells instead of {COLUMNS}", cells.len()));
    };
    let cycles = match cycles.split_once(": ") {
        None if cycles == "–" => None,
        None => return Err("the cycles are neither `region: figure` nor –".into()),
        Some((region, figure)) => Some((region.into(), figure.parse().map_err(|_| format!("{figure} is no figure"))?)),
    };
    Ok(Row {
        section: section.into(),
        name: name.into(),
        items: between(items, "](crate::", ")"),
        state: state.into(),
        cycles,
        tests: between(tests, "`", "`").iter().map(|test| located(test)).collect::<Result<_, _>>()?,
    })
}

/// Whatever stands between `start` and the `end` that follows.
fn between(text: &str, start: &str, end: &str) -> Vec<String> {
    let mut rest = text;
    let mut found = Vec::new();
    while let Some((inside, after)) = rest.split_once(start).and_then(|(_, after)| after.split_once(end)) {
        found.push(inside.into());
        rest = after;
    }
    found
}

/// A test's file and function, from `host-tests challenges/saddles monkey`, say.
fn located(test: &str) -> Result<(String, String), String> {
    let mut words = test.split(' ');
    let (Some(place), Some(file), Some(function), None) = (words.next(), words.next(), words.next(), words.next()) else {
        return Err(format!("`{test}` is not a package, a file and a function"));
    };
    let folder = match place {
        "host-tests" => "host-tests/tests",
        "core" => "core/src",
        "examples" => "examples/tests",
        "simd" => "simd/tests",
        other => return Err(format!("{other} is none of host-tests, core, examples and simd")),
    };
    Ok((format!("{folder}/{file}.rs"), function.into()))
}

/// Cycles per unit of work of `region` in what `benches/cycles/run` prints.
pub fn measured(table: &str, region: &str) -> Option<f64> {
    let row = table.lines().find(|line| line.starts_with(&format!("| {region} |")))?;
    row.split('|').nth(5)?.trim().parse().ok()
}

/// `text` with the figures of `table`, what `benches/cycles/run` prints.
///
/// # Errors
/// Says which line is no row or which region `table` lacks.
pub fn with_cycles(text: &str, table: &str) -> Result<String, String> {
    let mut updated = String::new();
    for line in text.lines() {
        let known = if is_row(line) { row(line)?.cycles } else { None };
        let line = match known {
            None => line.into(),
            Some((region, _)) => {
                let cycles = measured(table, &region).ok_or(format!("no region {region:?} was measured"))?;
                let mut cells: Vec<String> = line.split('|').map(String::from).collect();
                cells[COLUMNS - 1] = format!(" {region}: {cycles:.1} ");
                cells.join("|")
            }
        };
        writeln!(updated, "{line}").map_err(|error| error.to_string())?;
    }
    Ok(updated)
}

/// `text` with the rows of `table` where it shows the same region, and with all of them where it shows the first: a page that
/// shows a part of the results, or all of them.
pub fn with_results(text: &str, table: &str) -> String {
    let rows: Vec<&str> = table.lines().filter(|line| is_result(line)).collect();
    let same = |line: &str| rows.iter().position(|row| is_result(line) && name(row) == name(line));
    let is_whole = text.lines().filter(|line| is_result(line)).count() > WHOLE;
    let mut updated = String::new();
    for line in text.lines() {
        match same(line) {
            // Renewed as a whole: regions come and go.
            Some(0) if is_whole => updated += &rows.join("\n"),
            _ if is_whole && is_result(line) => continue,
            Some(row) => updated += rows[row],
            None => updated += line,
        }
        updated.push('\n');
    }
    updated
}

/// A page with more results than this is the one that shows them all.
const WHOLE: usize = 20;

/// Whether a line is a row of what `benches/cycles/run` prints.
fn is_result(line: &str) -> bool {
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    cells.len() == 7 && cells[2..6].iter().all(|cell| cell.parse::<f64>().is_ok())
}

fn name(row: &str) -> &str {
    row.split('|').nth(1).map_or("", str::trim)
}

/// `text` without links into the library's documentation, which a reader of the repository cannot follow.
pub fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](crate::") {
        let Some(((kept, name), (path, after))) = before.rsplit_once('[').zip(after.split_once(')')) else { break };
        plain += kept;
        // The path says where the item is; its name alone would not.
        if name.starts_with('`') {
            plain += &format!("`{path}`");
        } else {
            plain += name;
        }
        rest = after;
    }
    plain + rest
}
