//! The library that is written in Python: functions of `numbra.lib`, which implement NumPy functions, methods and operators.
//!
//! Their files are parsed when the compiler is built; what ships is untyped IR, one small module of bytecode for each function, which is
//! read when a program first calls that function. So a library of any size costs nothing until it is used.
mod compile;

pub use compile::{compile, compile_folder, write};

use crate::infer::source::Source;
use melior::{Context, ir::{BlockLike, operation::OperationLike}};
use numbra_dialects::{bytecode, py::PyOp};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, path::Path, sync::OnceLock};

/// Dotted name of the package, with the dot: how symbols of its functions begin.
pub const ROOT: &str = "numbra.lib.";

/// Name of the file that ships.
pub const ARCHIVE: &str = "library.bin";

/// What is stored: functions by symbol, as bytecode, and which of them implements which library object.
#[derive(Default, Deserialize, Serialize)]
struct Archive<'a> {
    #[serde(borrow)]
    functions: Vec<(&'a str, &'a [u8])>,
    #[serde(borrow)]
    implementations: Vec<(&'a str, &'a str)>,
}

/// The library, indexed.
#[derive(Default)]
pub struct Library {
    functions: HashMap<&'static str, &'static [u8]>,
    implementations: HashMap<&'static str, &'static str>,
}

static LIBRARY: OnceLock<Library> = OnceLock::new();

impl Library {
    /// Makes an archive the library of this process; the first one stays.
    pub fn install(bytes: &'static [u8]) {
        LIBRARY.get_or_init(|| {
            let archive: Archive = postcard::from_bytes(bytes).unwrap_or_default();
            Library { functions: archive.functions.into_iter().collect(), implementations: archive.implementations.into_iter().collect() }
        });
    }

    /// Installs the library of a folder: its archive, or its files where there is none. Errors are told as text.
    pub fn install_folder(context: &Context, folder: &Path) -> Result<(), String> {
        let bytes = match std::fs::read(folder.join(ARCHIVE)) {
            Ok(bytes) if std::env::var_os("NUMBRA_LIBRARY").is_none() => bytes,
            _ => compile_folder(context, folder).map_err(|errors| compile::text(&errors))?,
        };
        Library::install(bytes.leak());
        Ok(())
    }

    /// The library of this process; empty where none was installed.
    pub fn get() -> &'static Library {
        LIBRARY.get_or_init(Library::default)
    }

    /// The symbol of the function that implements a library object, operator or method.
    pub fn implementation(&self, path: &str) -> Option<&'static str> {
        self.implementations.get(path).copied()
    }

    /// Whether a symbol is one of the library's functions.
    pub fn has(&self, symbol: &str) -> bool {
        self.functions.contains_key(symbol)
    }

    /// What is implemented, by path.
    pub fn implemented(&self) -> impl Iterator<Item = &'static str> {
        self.implementations.keys().copied()
    }

    /// Reads a function, and those that are defined inside it.
    pub fn load<'c>(&self, context: &'c Context, symbol: &str) -> Option<Vec<Source<'c>>> {
        let module = bytecode::read(context, self.functions.get(symbol)?)?;
        let mut sources = vec![];
        let mut next = module.body().first_operation();
        while let Some(op) = next {
            next = op.next_in_block();
            if PyOp::of(&op) == PyOp::Func {
                sources.push(Source::read(op).ok()?);
            }
        }
        Some(sources)
    }
}
