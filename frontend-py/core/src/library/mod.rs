//! The library that is written in Python: functions of `numbra.lib`, which implement NumPy functions, methods and operators.
//!
//! Their files are parsed when the compiler is built; what ships is untyped IR, one small module of bytecode for each function, which is
//! read when a program first calls that function. So a library of any size costs nothing until it is used.
mod compile;

pub use compile::{compile, compile_folder, write};

use crate::infer::source::Source;
use melior::{Context, ir::{BlockLike, operation::OperationLike}};
use numbra_dialects::{bytecode, py::PyOp, registry::new_context};
use serde::{Deserialize, Serialize};
use std::{collections::HashMap, path::Path, sync::OnceLock};

/// Dotted name of the package, with the dot: how symbols of its functions begin.
pub const ROOT: &str = "numbra.lib.";

/// The environment variable that names another library: a folder of files, for work on them, or an archive.
pub const PATH: &str = "NUMBRA_LIBRARY";

/// What precedes the path of a function of numbers that is applied to each element of arrays: `@implements(np.logaddexp, elementwise=True)`.
pub const ELEMENTWISE: &str = "elementwise:";

/// Name of the file that ships.
pub const ARCHIVE: &str = "library.bin";

/// What is stored: functions by symbol, as bytecode, and which of them implements which library object.
#[derive(Default, Deserialize, Serialize)]
struct Archive<'a> {
    #[serde(borrow)]
    functions: Vec<(&'a str, &'a [u8])>,
    #[serde(borrow)]
    implementations: Vec<(&'a str, &'a str)>,
    /// Modules that it was made from, with the lengths of their texts
    #[serde(borrow)]
    modules: Vec<(&'a str, u64)>,
}

/// The library, indexed.
#[derive(Default)]
pub struct Library {
    functions: HashMap<&'static str, &'static [u8]>,
    implementations: HashMap<&'static str, &'static str>,
}

static LIBRARY: OnceLock<Library> = OnceLock::new();

/// Whether an archive is that of the files of a folder. Their lengths tell, so that no file is read; an installation without the files has
/// nothing else to go by.
fn is_current(bytes: &[u8], folder: &Path) -> bool {
    let Ok(archive) = postcard::from_bytes::<Archive>(bytes) else { return false };
    let mut found = compile::modules(folder).unwrap_or_default();
    found.sort();
    let made_from = archive.modules.iter().map(|(m, n)| (m.to_string(), *n));
    found.is_empty() || made_from.eq(found.into_iter().map(|(m, path)| (m, path.metadata().map_or(0, |m| m.len()))))
}

fn open(path: &Path, prefer_archive: bool) -> Result<&'static [u8], String> {
    let archive = Some(path.join(ARCHIVE)).filter(|a| prefer_archive && a.is_file()).and_then(|a| std::fs::read(a).ok());
    let bytes = match path {
        _ if archive.as_ref().is_some_and(|bytes| is_current(bytes, path)) => archive.unwrap_or_default(),
        path if path.is_dir() => compile_folder(&new_context(), path).map_err(|errors| compile::text(&errors))?,
        path => std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?,
    };
    Ok(bytes.leak())
}

impl Library {
    fn index(bytes: &'static [u8]) -> Library {
        let archive: Archive = postcard::from_bytes(bytes).unwrap_or_default();
        Library { functions: archive.functions.into_iter().collect(), implementations: archive.implementations.into_iter().collect() }
    }

    /// Makes what lies at a path the library of this process: an archive, or a folder with the files or with their archive. The first call
    /// counts; [`PATH`] goes before it. Errors are told as text.
    pub fn install(path: &Path) -> Result<(), String> {
        let mut result = Ok(());
        LIBRARY.get_or_init(|| {
            let found = match std::env::var_os(PATH) {
                Some(path) => open(Path::new(&path), false),
                None => open(path, true),
            };
            found.map(Library::index).unwrap_or_else(|error| {
                result = Err(error);
                Library::default()
            })
        });
        result
    }

    /// The library of this process: what [`PATH`] names where none was installed, else empty.
    pub fn get() -> &'static Library {
        let named = || std::env::var_os(PATH).and_then(|path| open(Path::new(&path), false).ok());
        LIBRARY.get_or_init(|| named().map(Library::index).unwrap_or_default())
    }

    /// The symbol of the function that implements a library object, operator or method.
    pub fn implementation(&self, path: &str) -> Option<&'static str> {
        self.implementations.get(path).copied()
    }

    /// The symbol of the function of numbers that implements a library object elementwise.
    pub fn elementwise(&self, path: &str) -> Option<&'static str> {
        self.implementation(&format!("{ELEMENTWISE}{path}"))
    }

    /// Whether a symbol is one of the library's functions.
    pub fn has(&self, symbol: &str) -> bool {
        self.functions.contains_key(symbol)
    }

    /// What is implemented, by path.
    pub fn implemented(&self) -> impl Iterator<Item = &'static str> {
        self.implementations.keys().map(|p| p.strip_prefix(ELEMENTWISE).unwrap_or(p))
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
