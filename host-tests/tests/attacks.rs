//! Attacks: the corpus that libFuzzer found (`fuzz/`), and where `unsafe` stands.

use kilograd_attacks::ATTACKS;
use kilograd_host_tests::board::root;
use proc_macro2::{TokenStream, TokenTree};
use std::fs;
use std::path::{Path, PathBuf};

/// What once was interesting, or failed.
#[test]
fn the_corpus_finds_nothing() {
    for (name, attack) in ATTACKS {
        let folder = root().join("fuzz/corpus").join(name);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut replayed = 0;
        for entry in entries {
            let path = entry.unwrap().path();
            println!("{}", path.display());
            attack(&fs::read(&path).unwrap());
            replayed += 1;
        }
        assert!(replayed > 20, "{name} has {replayed} entries: {}", folder.display());
    }
}

/// Nothing at all, and bytes of one kind only.
#[test]
fn attacks_end() {
    for (_, attack) in ATTACKS {
        for byte in [0x00, 0x01, 0x07, 0x7F, 0x80, 0xFF] {
            for length in [0, 1, 2, 3, 10, 100, 300] {
                attack(&vec![byte; length]);
            }
        }
    }
}

/// Every file that says `unsafe`, in the library and beside it, has a row or a word in ARCHITECTURE.md.
#[test]
fn unsafe_is_accounted_for() {
    let architecture = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut files = Vec::new();
    for folder in ["core", "simd", "host-tests", "examples", "benches", "fuzz"] {
        find_unsafe(&root().join(folder), &mut files);
    }
    assert!(files.len() >= 5, "the kernels of armv7em_hf were not found: {files:?}");
    for file in files {
        let name = file.file_name().unwrap().to_str().unwrap();
        let inside = file.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        let named = architecture.contains(&format!("`{inside}`"))
            || (inside.starts_with("simd/") && architecture.contains(&format!("| `{name}` |")));
        assert!(named, "{inside} is unsafe, and ARCHITECTURE.md does not say why that holds");
        assert!(!inside.starts_with("core/"), "{inside}");
    }
}

/// Sources below `folder` in which `unsafe` is a word of the code.
fn find_unsafe(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            if name != "target" {
                find_unsafe(&path, files);
            }
        } else if name.ends_with(".rs") {
            let tokens: TokenStream =
                fs::read_to_string(&path).unwrap().parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            if says_unsafe(tokens) {
                files.push(path);
            }
        }
    }
}

/// Comments and strings do not count; attributes (`#[unsafe(naked)]`) do.
fn says_unsafe(tokens: TokenStream) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(word) => word == "unsafe",
        TokenTree::Group(group) => says_unsafe(group.stream()),
        _ => false,
    })
}
