//! Sections and symbols of an ELF.

use object::{Object as _, ObjectSection as _, ObjectSymbol as _, SectionFlags, SectionKind, SymbolKind, elf};
use std::fs;
use std::path::{Path, PathBuf};

/// A function or a static.
#[derive(Clone, Debug)]
pub struct Symbol {
    /// Its name, mangled.
    pub name: String,
    /// Where it lies.
    pub address: u64,
    /// Its bytes.
    pub size: u64,
}

/// A firmware's ELF.
#[derive(Clone, Debug)]
pub struct Image {
    /// Where it is.
    pub path: PathBuf,
    /// Bytes that are flashed: vectors, code, constants, and what statics start from.
    pub flash: u64,
    /// Bytes of RAM that the linker placed.
    pub statics: u64,
    /// Functions and statics, the largest first.
    pub symbols: Vec<Symbol>,
    /// Where the statics end and the stack may reach down to.
    pub stack_end: u64,
    /// Where the stack starts.
    pub stack_start: u64,
}

impl Image {
    /// Reads an ELF.
    ///
    /// # Panics
    /// If it is none, or not one that cortex-m-rt linked.
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let file = object::File::parse(&*bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let (mut flash, mut statics) = (0, 0);
        for section in file.sections() {
            let SectionFlags::Elf { sh_flags } = section.flags() else { continue };
            if sh_flags & u64::from(elf::SHF_ALLOC) == 0 {
                continue;
            }
            let is_zero = section.kind() == SectionKind::UninitializedData;
            flash += if is_zero { 0 } else { section.size() };
            // What can be written to lies in RAM; of what is not zero, flash holds a copy.
            statics += if is_zero || sh_flags & u64::from(elf::SHF_WRITE) != 0 { section.size() } else { 0 };
        }
        let address = |name| file.symbol_by_name(name).unwrap_or_else(|| panic!("{}: no {name}", path.display())).address();
        let mut symbols: Vec<_> = file
            .symbols()
            .filter(|symbol| matches!(symbol.kind(), SymbolKind::Text | SymbolKind::Data) && symbol.size() > 0)
            .map(|symbol| Symbol {
                name: symbol.name().unwrap_or("?").to_owned(),
                address: symbol.address(),
                size: symbol.size(),
            })
            .collect();
        symbols.sort_by_key(|symbol| std::cmp::Reverse(symbol.size));
        let (stack_end, stack_start) = (address("_stack_end"), address("_stack_start"));
        Self { path: path.to_owned(), flash, statics, symbols, stack_end, stack_start }
    }

    /// The only symbol whose name holds `part`.
    ///
    /// # Panics
    /// If there is none, or another.
    pub fn symbol(&self, part: &str) -> &Symbol {
        let mut named = self.symbols.iter().filter(|symbol| symbol.name.contains(part));
        match (named.next(), named.next()) {
            (Some(symbol), None) => symbol,
            found => panic!("{}: {part} is not the name of one symbol: {found:?}", self.path.display()),
        }
    }
}
