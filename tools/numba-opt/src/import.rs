//! Inputs: `.py` files through the frontend, `.mlir` text through MLIR's parser, and modules handed on to mlir-opt as a temporary file.
use crate::call::{self, Call};
use melior::{Context, dialect::DialectRegistry, utility::register_all_dialects, ir::{BlockLike, Module, attribute::StringAttribute, operation::{OperationLike, OperationPrintingFlags}}};
use numbra_backend_cpu::call::Datum;
use numbra_dialects::{Diagnostic, diagnostic, py::Ty};
use numbra_frontend_core::{Host, Value, build, import_file, render, static_host::StaticHost};
use std::{fs, io::{ErrorKind, Read, Write}, path::{Path, PathBuf}};

/// A file that is removed when dropped.
pub struct Temporary(PathBuf);

impl Temporary {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        // Left behind at worst: the folder is the system's for temporary files.
        let _ = fs::remove_file(&self.0);
    }
}

/// A module with a request for the types of a call, and the call with all its arguments.
pub struct Requested<'c> {
    /// The module, which is untyped or typed `py`
    pub module: Module<'c>,
    /// Symbol of the function that is called
    pub symbol: String,
    /// The arguments, those that have defaults included
    pub arguments: Vec<Datum>,
}

/// A context with all of MLIR's dialects and ours: passes on the command line may use any.
pub fn context() -> Context {
    let context = numbra_dialects::registry::new_context();
    let dialects = DialectRegistry::new();
    register_all_dialects(&dialects);
    context.append_dialect_registry(&dialects);
    context
}

/// Diagnostics as text, with the source lines.
pub fn rendered(diagnostics: &[Diagnostic]) -> String {
    render::render(diagnostics, &render::from_disk, false)
}

/// Imports a whole `.py` file: all functions, or those that are decorated.
pub fn whole<'c>(context: &'c Context, path: &str) -> Result<Module<'c>, String> {
    import_file(context, path, &read(path)?).map_err(|d| rendered(&d))
}

/// Reads the input and asks for the version of the called function that the arguments need. Of a `.py` file only this function and what it uses are built.
pub fn requested<'c>(context: &'c Context, python: Option<&str>, input: &str, call: Call) -> Result<Requested<'c>, String> {
    let mut found = match python {
        Some(path) => function(context, path, call)?,
        None => {
            let module = parse(context, input, &read(input)?)?;
            let symbol = find(&module, &call.function).ok_or_else(|| unknown(input, &call.function, &names(&module)))?;
            Requested { module, symbol, arguments: call.arguments }
        }
    };
    let types: Vec<Ty> = found.arguments.iter().map(Datum::ty).collect();
    build::specialize(context, &mut found.module, &found.symbol, &types, None);
    Ok(found)
}

fn function<'c>(context: &'c Context, path: &str, call: Call) -> Result<Requested<'c>, String> {
    let host = StaticHost::new(path, &read(path)?).map_err(|d| rendered(&[d]))?;
    let Some(id) = host.function(&call.function) else {
        let all: Vec<String> = host.functions().into_iter().filter_map(|f| host.source(f).ok()).map(|s| s.name).collect();
        return Err(unknown(path, &call.function, &all));
    };
    let module = build::build_module(context, &host, id).map_err(|d| rendered(&d))?;
    let symbol = build::root_symbol(&module).ok_or_else(|| format!("{path}: no function was built"))?;
    let mut arguments = call.arguments;
    let parameters = parameter_names(&module);
    let defaults = host.source(id).map(|s| s.all_defaults(&parameters)).unwrap_or_default();
    // A required argument that is missing is left to inference, which says so.
    if let Some(missing) = defaults.get(arguments.len()..).and_then(|rest| rest.iter().cloned().collect::<Option<Vec<Value>>>()) {
        for value in &missing {
            arguments.push(datum(value).ok_or_else(|| format!("{}: give all arguments, since a default is not a plain number or tuple", call.function))?);
        }
    }
    Ok(Requested { module, symbol, arguments })
}

/// Parameters of the first function of a module: their names, and how many take keywords only.
fn parameter_names(module: &Module) -> (Vec<String>, usize) {
    use melior::ir::attribute::{ArrayAttribute, IntegerAttribute, StringAttribute};
    let first = module.body().first_operation();
    let attribute = |name| first.as_ref().and_then(|op| op.attribute(name).ok());
    let names = attribute("arg_names").and_then(|a| ArrayAttribute::try_from(a).ok());
    let names = names.into_iter().flat_map(|a| (0..a.len()).filter_map(move |i| StringAttribute::try_from(a.element(i).ok()?).ok()));
    let keyword_only = attribute("py.keyword_only").and_then(|a| IntegerAttribute::try_from(a).ok());
    (names.map(|n| n.value().to_string()).collect(), keyword_only.map_or(0, |n| usize::try_from(n.value()).unwrap_or(0)))
}

fn datum(value: &Value) -> Option<Datum> {
    Some(match value {
        Value::None => Datum::None,
        Value::Bool(b) => Datum::bool(*b),
        Value::Int(i) => Datum::int(*i),
        Value::Float(f) => Datum::float(*f),
        Value::Complex(re, im) => Datum::complex(*re, *im),
        Value::Scalar(dtype, bytes) => Datum::Scalar(*dtype, *bytes),
        Value::Tuple(parts) => Datum::Tuple(parts.iter().map(datum).collect::<Option<_>>()?),
        _ => return None,
    })
}

fn unknown(path: &str, name: &str, names: &[String]) -> String {
    let list = if names.is_empty() { "no functions".to_string() } else { names.join(", ") };
    format!("{path} has no function {name:?}; it has {list}")
}

/// Reads a text; `-` is the standard input.
pub fn read(path: &str) -> Result<String, String> {
    let text = match path {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        _ => fs::read_to_string(path),
    };
    text.map_err(|e| match e.kind() {
        ErrorKind::InvalidData => format!("{path}: not UTF-8 text"),
        _ => format!("{path}: {e}"),
    })
}

/// Parses MLIR text; errors read as mlir-opt's.
pub fn parse<'c>(context: &'c Context, path: &str, text: &str) -> Result<Module<'c>, String> {
    let (module, diagnostics) = diagnostic::collect(context, || Module::parse(context, text));
    let line = |d: &Diagnostic| match &d.span {
        Some(s) => format!("{path}:{}:{}: error: {}", s.start_line, s.start_column, d.message),
        None => format!("{path}: error: {}", d.message),
    };
    module.ok_or_else(|| diagnostics.iter().map(line).collect::<Vec<_>>().join("\n"))
}

/// The symbol of the function with this symbol or this Python name, or of its typed version.
pub fn find(module: &Module, name: &str) -> Option<String> {
    let functions = functions(module);
    let exact = functions.iter().find(|(symbol, _)| symbol == name).or_else(|| functions.iter().find(|(_, python)| python.as_deref() == Some(name)));
    exact.map(|(symbol, _)| symbol.clone())
}

fn names(module: &Module) -> Vec<String> {
    functions(module).into_iter().map(|(symbol, python)| python.unwrap_or(symbol)).collect()
}

/// Symbol and Python name of each symbol of a module.
fn functions(module: &Module) -> Vec<(String, Option<String>)> {
    let text = |op: &melior::ir::OperationRef, key: &str| op.attribute(key).ok().and_then(|a| StringAttribute::try_from(a).ok()).map(|s| s.value().to_string());
    numbra_passes_api::walk::operations(module.body()).filter_map(|op| Some((text(&op, "sym_name")?, text(&op, "py_name")))).collect()
}

/// The text of a module, with locations.
pub fn text(module: &Module) -> Result<String, String> {
    let flags = OperationPrintingFlags::new().enable_debug_info(true, false);
    module.as_operation().to_string_with_flags(flags).map_err(|e| e.to_string())
}

/// Imports a `.py` file, or reads another input, into a temporary `.mlir` file; with a call, asks for its types.
pub fn to_temporary(python: Option<&str>, input: &str, call: Option<&str>) -> Result<Temporary, String> {
    let context = context();
    let module = match (call, python) {
        (Some(call), _) => requested(&context, python, input, call::parse("specialize", call)?)?.module,
        (None, Some(path)) => whole(&context, path)?,
        (None, None) => parse(&context, input, &read(input)?)?,
    };
    let stamp = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let path = std::env::temp_dir().join(format!("numba-opt-{}-{stamp}.mlir", std::process::id()));
    let describe = |e: std::io::Error| format!("{}: {e}", path.display());
    // A new file: whatever others have put there under this name is left alone.
    let mut file = fs::File::create_new(&path).map_err(describe)?;
    let temporary = Temporary(path.clone());
    file.write_all(text(&module)?.as_bytes()).map_err(describe)?;
    Ok(temporary)
}
