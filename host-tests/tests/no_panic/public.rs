//! What core offers, read from its sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use syn::{FnArg, ImplItem, Item, TraitItem, UseTree, Visibility};

/// Names of what can be used from outside, by where they are defined.
#[derive(Debug, Default)]
pub struct Public {
    /// Types, traits, functions, constants and macros.
    pub items: BTreeSet<String>,
    /// Methods of public types, which are called on a value, and whatever belongs to a trait.
    pub methods: BTreeSet<(String, String)>,
    /// Functions and constants of public types, which are named after their type.
    pub associated: BTreeSet<(String, String)>,
}

/// Parses a source file.
pub fn parse(path: &Path) -> syn::File {
    let source = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    syn::parse_file(&source).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every Rust source below a folder.
pub fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

impl Public {
    /// Of the crate whose sources lie in this folder.
    pub fn of(folder: &Path) -> Self {
        let mut public = Self::default();
        public.walk(&folder.join("lib.rs"), folder);
        let defined: BTreeMap<PathBuf, syn::File> =
            sources(folder).into_iter().map(|path| (path.clone(), parse(&path))).collect();
        for file in defined.values() {
            file.items.iter().for_each(|item| public.members(item));
        }
        public
    }

    /// Everything public in a module and in the public modules below it.
    fn walk(&mut self, file: &Path, folder: &Path) {
        for item in parse(file).items {
            let (visibility, name) = match &item {
                Item::Const(item) => (&item.vis, item.ident.to_string()),
                Item::Enum(item) => (&item.vis, item.ident.to_string()),
                Item::Fn(item) => (&item.vis, item.sig.ident.to_string()),
                Item::Struct(item) => (&item.vis, item.ident.to_string()),
                Item::Trait(item) => (&item.vis, item.ident.to_string()),
                Item::Type(item) => (&item.vis, item.ident.to_string()),
                Item::Macro(item) if item.attrs.iter().any(|attribute| attribute.path().is_ident("macro_export")) => {
                    self.items.extend(item.ident.as_ref().map(ToString::to_string));
                    continue;
                }
                Item::Use(item) if is_public(&item.vis) => {
                    self.names(&item.tree);
                    continue;
                }
                Item::Mod(item) if is_public(&item.vis) && item.content.is_none() => {
                    let (alone, inside) = (format!("{}.rs", item.ident), format!("{}/mod.rs", item.ident));
                    match folder.join(&alone) {
                        path if path.exists() => self.walk(&path, &folder.join(item.ident.to_string())),
                        _ => self.walk(&folder.join(inside), &folder.join(item.ident.to_string())),
                    }
                    continue;
                }
                _ => continue,
            };
            if is_public(visibility) {
                self.items.insert(name);
            }
        }
    }

    /// What a `use` names.
    fn names(&mut self, tree: &UseTree) {
        match tree {
            UseTree::Name(name) => drop(self.items.insert(name.ident.to_string())),
            UseTree::Rename(rename) => drop(self.items.insert(rename.rename.to_string())),
            UseTree::Path(path) => self.names(&path.tree),
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.names(tree)),
            UseTree::Glob(_) => panic!("a glob hides what is public"),
        }
    }

    /// The public members of a public type or trait.
    fn members(&mut self, item: &Item) {
        match item {
            Item::Impl(item) if item.trait_.is_none() => {
                let Some(name) = type_name(&item.self_ty).filter(|name| self.items.contains(name)) else { return };
                for member in &item.items {
                    match member {
                        ImplItem::Fn(function) if is_public(&function.vis) => self.function(&name, &function.sig),
                        ImplItem::Const(constant) if is_public(&constant.vis) => self.constant(&name, &constant.ident),
                        _ => {}
                    }
                }
            }
            Item::Trait(item) if is_public(&item.vis) && self.items.contains(&item.ident.to_string()) => {
                for member in &item.items {
                    let name = match member {
                        TraitItem::Fn(function) => &function.sig.ident,
                        TraitItem::Const(constant) => &constant.ident,
                        _ => continue,
                    };
                    self.methods.insert((item.ident.to_string(), name.to_string()));
                }
            }
            _ => {}
        }
    }

    fn function(&mut self, of: &str, signature: &syn::Signature) {
        let takes_self = signature.inputs.first().is_some_and(|argument| matches!(argument, FnArg::Receiver(_)));
        let into = if takes_self { &mut self.methods } else { &mut self.associated };
        into.insert((of.to_owned(), signature.ident.to_string()));
    }

    fn constant(&mut self, of: &str, name: &syn::Ident) {
        self.associated.insert((of.to_owned(), name.to_string()));
    }
}

fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

fn type_name(of: &syn::Type) -> Option<String> {
    match of {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}
