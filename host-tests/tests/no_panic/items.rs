//! The program that cannot panic names every public item of core.

use crate::public::{Public, parse, sources};
use kilograd_host_tests::board::root;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::collections::BTreeSet;

/// What the program says, of which items can be found.
#[derive(Debug, Default)]
struct Said {
    /// Identifiers.
    names: BTreeSet<String>,
    /// Identifiers after a dot or two colons.
    members: BTreeSet<String>,
    /// Identifiers before and after two colons, type arguments between them left out.
    paths: BTreeSet<(String, String)>,
}

impl Said {
    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (place, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.read(group.stream()),
                TokenTree::Ident(name) => {
                    self.names.insert(name.to_string());
                    self.member(&tokens[..place], name.to_string());
                }
                _ => {}
            }
        }
    }

    /// An identifier that follows these tokens.
    fn member(&mut self, before: &[TokenTree], name: String) {
        match before {
            [.., TokenTree::Punct(last)] if last.as_char() == '.' => drop(self.members.insert(name)),
            [rest @ .., TokenTree::Punct(first), TokenTree::Punct(second)]
                if first.as_char() == ':' && second.as_char() == ':' =>
            {
                self.members.insert(name.clone());
                if let Some(of) = path_end(rest) {
                    self.paths.insert((of, name));
                }
            }
            _ => {}
        }
    }
}

/// The type that a path names up to here: `Memory::<Net, Sgd>` and `<Net as Layer>` name `Memory` and `Layer`.
fn path_end(tokens: &[TokenTree]) -> Option<String> {
    match tokens {
        [.., TokenTree::Ident(name)] => Some(name.to_string()),
        [.., TokenTree::Punct(last)] if last.as_char() == '>' => {
            let mut depth = 0;
            let open = tokens.iter().rposition(|token| {
                let TokenTree::Punct(token) = token else { return false };
                depth += i32::from(token.as_char() == '>') - i32::from(token.as_char() == '<');
                depth == 0
            })?;
            match tokens.get(..open)? {
                [.., TokenTree::Ident(name)] => Some(name.to_string()),
                [rest @ .., TokenTree::Punct(a), TokenTree::Punct(b)] if a.as_char() == ':' && b.as_char() == ':' => {
                    path_end(rest)
                }
                // `<Type as Trait>` or `<Type>`.
                _ => path_end(tokens.get(open + 1..tokens.len() - 1)?),
            }
        }
        _ => None,
    }
}

fn said() -> Said {
    let mut said = Said::default();
    for path in sources(&root().join("host-tests/no-panic/src")) {
        said.read(parse(&path).into_token_stream());
    }
    said
}

/// What is not called by its name: a crate, not an item of core.
const NOT_OURS: [&str; 1] = ["rand_core"];

/// Items by their names, what belongs to a type by the type's name too, methods and what belongs to a trait by their own alone.
#[test]
fn every_item_is_called() {
    let (public, said) = (Public::of(&root().join("core/src")), said());
    let Public { items, methods, associated } = &public;
    let counts = [items.len(), methods.len(), associated.len()];
    assert!(counts.iter().zip([250, 200, 80]).all(|(count, least)| *count >= least), "only {counts:?} items were found");
    let unnamed: Vec<_> = items.iter().filter(|item| !said.names.contains(*item) && !NOT_OURS.contains(&item.as_str())).collect();
    let uncalled: Vec<_> = methods.iter().filter(|(_, method)| !said.members.contains(method)).collect();
    let unused: Vec<_> = associated.iter().filter(|path| !said.paths.contains(*path)).collect();
    let complete = unnamed.is_empty() && uncalled.is_empty() && unused.is_empty();
    assert!(complete, "host-tests/no-panic does not name {unnamed:?}, {uncalled:?}, {unused:?}");
}
