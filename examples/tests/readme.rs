//! The README shows what the programs print.

use std::process::Command;

/// What a program of this package prints.
fn output(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().expect("the program starts");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("the program prints text")
}

/// The lines of the README from the one that `begin`s so to the next fence or empty line after a table.
fn block(begin: &str) -> Vec<&'static str> {
    let readme = include_str!("../../README.md");
    let lines: Vec<_> =
        readme.lines().skip_while(|line| !line.starts_with(begin)).take_while(|line| !line.starts_with("```")).collect();
    assert!(!lines.is_empty(), "the README has no line that begins with {begin:?}");
    lines
}

#[test]
fn the_main_job() {
    let printed = output(env!("CARGO_BIN_EXE_digits"), &["--no-picture"]);
    for line in block("Handwritten digits") {
        // The time is the machine's, the picture's path the reader's.
        if !line.starts_with("Time:") && !line.starts_with("Picture:") {
            assert!(printed.lines().any(|printed| printed == line), "the README shows {line:?}, the program prints\n{printed}");
        }
    }
}

#[test]
fn the_memory_table() {
    let printed = output(env!("CARGO_BIN_EXE_memory"), &[]);
    let shown: Vec<_> = block("| optimizer | step |").into_iter().take(printed.lines().count()).collect();
    assert_eq!(printed.lines().collect::<Vec<_>>(), shown);
}
