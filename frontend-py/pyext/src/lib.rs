//! `numbra._core`: the extension module between Python and the compiler.
//!
//! Two halves: `call` is what runs on every call of a compiled function, on raw objects; the rest is the compiler's view of Python (`host`) and
//! the functions that the package `numbra` is written on. The crate knows no MLIR and makes no decision about types of operations.

mod call;
mod classes;
mod codes;
mod compile;
mod errors;
mod foreign;
mod host;
mod descr;
mod layout;
mod numpy;
mod options;
mod printing;
mod records;
mod text;
mod threads;
mod trail;

use call::{dispatcher::Dispatcher, typeof_value};
use pyo3::{exceptions::{PyImportError, PyTypeError}, prelude::*, types::{PyDict, PyList, PyTuple}};

fn dispatcher_of(object: &Bound<'_, PyAny>) -> PyResult<*mut Dispatcher> {
    Dispatcher::of(object).ok_or_else(|| PyTypeError::new_err("not a compiled function"))
}

/// A new dispatcher of a Python function; options are checked by the caller.
#[pyfunction]
fn dispatcher<'py>(function: &Bound<'py, PyAny>, options: &Bound<'py, PyDict>, target_options: &Bound<'py, PyDict>) -> PyResult<Bound<'py, PyAny>> {
    Dispatcher::create(function, options::from_dict(options)?, target_options)
}

/// The code of an object's type.
#[pyfunction]
fn typeof_code<'py>(object: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyTuple>> {
    let py = object.py();
    // SAFETY: the GIL is held and the object alive.
    let t = unsafe { typeof_value::typeof_value(object.as_ptr()) }.map_err(|reason| typeof_value::no_type_error(py, "the object", &reason))?;
    codes::to_code(py, &t)
}

/// Compiles a version for a sequence of type codes, unless there is one. `result` is the code of the declared result type.
#[pyfunction]
#[pyo3(signature = (dispatcher, arguments, result=None))]
fn compile_overload(dispatcher: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>, result: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    let declared = result.map(codes::from_code).transpose()?;
    // SAFETY: the GIL is held and the dispatcher alive.
    unsafe {
        let mut i = 0;
        while let Some(known) = (*pointer).overload(i) {
            if known.compiled.arguments == types {
                return Ok(());
            }
            i += 1;
        }
        compile::overload(dispatcher.py(), pointer, &types, declared.as_ref())?;
    }
    Ok(())
}

/// The text of a compiler stage for a sequence of type codes.
#[pyfunction]
fn stage(dispatcher: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>, stage: &str) -> PyResult<String> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    // SAFETY: the GIL is held and the dispatcher alive.
    unsafe { compile::stage(dispatcher.py(), pointer, &types, stage) }
}

/// What the compiler tells of threads, for a sequence of type codes: kind, file, line, text.
#[pyfunction]
fn remarks(dispatcher: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String, usize, String)>> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    // SAFETY: the GIL is held and the dispatcher alive.
    unsafe { compile::remarks(dispatcher.py(), pointer, &types) }
}

type AnnotationTuple = ((usize, usize), (usize, usize), String, String);

/// For a sequence of type codes, each parameter and expression of the function: start and end as 1-based line and column, name or op, type.
#[pyfunction]
fn annotations(dispatcher: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>) -> PyResult<Vec<AnnotationTuple>> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    // SAFETY: the GIL is held and the dispatcher alive.
    let found = unsafe { compile::annotations(dispatcher.py(), pointer, &types)? };
    let tuple = |a: numbra_session::Annotation| ((a.span.start_line, a.span.start_column), (a.span.end_line, a.span.end_column), a.what, a.ty.to_string());
    Ok(found.into_iter().map(tuple).collect())
}

/// For a sequence of type codes, how inference comes to its types: per version of a function a dict.
#[pyfunction]
fn trails<'py>(dispatcher: &Bound<'py, PyAny>, arguments: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    // SAFETY: the GIL is held and the dispatcher alive.
    let found = unsafe { compile::trails(dispatcher.py(), pointer, &types)? };
    trail::to_python(dispatcher.py(), found)
}

/// For a sequence of type codes, the array expressions that are rewritten: function, line, before, after, steps, costs, statistics.
#[pyfunction]
#[allow(clippy::type_complexity, reason = "a tuple for Python")]
fn rewrites(dispatcher: &Bound<'_, PyAny>, arguments: &Bound<'_, PyAny>) -> PyResult<Vec<(String, Option<usize>, String, String, Vec<(String, String)>, (f64, f64), String)>> {
    let pointer = dispatcher_of(dispatcher)?;
    let types = codes::from_codes(arguments)?;
    // SAFETY: the GIL is held and the dispatcher alive.
    let found = unsafe { compile::rewrites(dispatcher.py(), pointer, &types)? };
    Ok(found.into_iter().map(|r| (r.function, r.span.map(|s| s.start_line), r.before, r.after, r.steps, r.costs, r.statistics)).collect())
}

/// Uses the rules of a text beside those of numbra, or these alone; gives what is wrong: line, column, reason.
#[pyfunction]
#[pyo3(signature = (text, file))]
fn use_rules(text: Option<&str>, file: &str) -> Vec<(usize, usize, String)> {
    let errors = numbra_session::use_rules(text, file).err().unwrap_or_default();
    errors.into_iter().map(|e| (e.line, e.column, e.reason)).collect()
}

/// What is wrong with the rules of a text, which are to be those of one function: line, column, reason.
#[pyfunction]
fn check_rules(text: &str, file: &str) -> Vec<(usize, usize, String)> {
    let errors = numbra_session::check_rules(text, file).err().unwrap_or_default();
    errors.into_iter().map(|e| (e.line, e.column, e.reason)).collect()
}

/// Names and descriptions of the compiler's stages.
#[pyfunction]
fn stages() -> Vec<(&'static str, &'static str)> {
    numbra_session::STAGES.iter().map(|s| (s.name, s.description)).collect()
}

/// Codes of the argument types and of the result of each compiled version.
#[pyfunction]
fn overloads<'py>(dispatcher: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyList>> {
    let py = dispatcher.py();
    let pointer = dispatcher_of(dispatcher)?;
    let list = PyList::empty(py);
    let mut i = 0;
    // SAFETY: the GIL is held and the dispatcher alive.
    while let Some(overload) = unsafe { (*pointer).overload(i) } {
        let arguments = overload.compiled.arguments.iter().map(|t| codes::to_code(py, t)).collect::<PyResult<Vec<_>>>()?;
        list.append((PyTuple::new(py, arguments)?, codes::to_code(py, &overload.result)?))?;
        i += 1;
    }
    Ok(list)
}

/// Forgets all compiled versions.
#[pyfunction]
fn forget_overloads(dispatcher: &Bound<'_, PyAny>) -> PyResult<()> {
    // SAFETY: the GIL is held and the dispatcher alive.
    unsafe { (*dispatcher_of(dispatcher)?).forget_overloads() };
    Ok(())
}

/// Whether calls with new types compile; sets it when `value` is given.
#[pyfunction]
#[pyo3(signature = (dispatcher, value=None))]
fn can_compile(dispatcher: &Bound<'_, PyAny>, value: Option<bool>) -> PyResult<bool> {
    // SAFETY: the GIL is held and the dispatcher alive.
    let state = unsafe { compile::state(dispatcher_of(dispatcher)?)? };
    let before = state.can_compile;
    state.can_compile = value.unwrap_or(before);
    Ok(before)
}

/// Says that the decorator is at work, so that the function's name means itself although it is not bound yet.
#[pyfunction]
fn set_decorating(dispatcher: &Bound<'_, PyAny>, value: bool) -> PyResult<()> {
    // SAFETY: the GIL is held and the dispatcher alive.
    unsafe { compile::state(dispatcher_of(dispatcher)?)?.decorating = value };
    Ok(())
}

/// Tells where the folder of `numbra.lib` is.
#[pyfunction]
fn set_library(folder: std::path::PathBuf) {
    numbra_session::set_library_folder(folder);
}

/// Compiles the files of a folder to the archive of library functions that ships with the package.
#[pyfunction]
fn write_library(folder: std::path::PathBuf) -> PyResult<()> {
    numbra_session::write_library(&folder).map_err(pyo3::exceptions::PyRuntimeError::new_err)
}

/// The path by which compiled code knows an object; one that it does not know yet gets a path of its own.
#[pyfunction]
fn path_of(object: &Bound<'_, PyAny>) -> String {
    host::overloads::path_of(object)
}

/// Gives an object a path by which compiled code knows it.
#[pyfunction]
fn name_object(py: Python<'_>, object: &Bound<'_, PyAny>, path: String) -> String {
    host::entities::name(py, object, path)
}

/// The operations of the machine: name, number of operands, and what type the result has.
#[pyfunction]
fn machine_operations() -> Vec<(&'static str, usize, &'static str)> {
    numbra_session::machine_operations().collect()
}

/// Says that calls of what has a path are to be asked for in `numbra.extending`.
#[pyfunction]
fn set_overloaded(path: String) {
    host::overloads::register(path);
}

/// Sets the function that gives the code of the type of an object of a class of the program, or None.
#[pyfunction]
fn set_typeof(function: Py<PyAny>) {
    call::own::set_typeof(function);
}

/// Canonical paths of all library objects that compiled code may use; methods stand under `array.` and `number.`, attributes with `@`.
#[pyfunction]
fn supported() -> Vec<String> {
    numbra_session::supported()
}

#[pymodule]
fn _core(m: &Bound<'_, PyModule>) -> PyResult<()> {
    let py = m.py();
    let version = py.version_info();
    // `Py_GIL_DISABLED` names the build; such builds do not even load stable-ABI modules before 3.15, but that is not ours to rely on.
    let free_threaded = Python::version_str().contains("free-threading");
    layout::check((version.major, version.minor), free_threaded).map_err(PyImportError::new_err)?;
    text::check().map_err(PyImportError::new_err)?;
    numpy::NumPy::load(py)?;
    numbra_rt::print::set_writer(printing::write);
    numbra_rt::arrays::set_shower(printing::array_text);
    m.add("Dispatcher", call::dispatcher::make_type(py)?)?;
    m.add("__version__", env!("CARGO_PKG_VERSION"))?;
    m.add_function(wrap_pyfunction!(dispatcher, m)?)?;
    m.add_function(wrap_pyfunction!(records::dtype_object, m)?)?;
    m.add_function(wrap_pyfunction!(typeof_code, m)?)?;
    m.add_function(wrap_pyfunction!(compile_overload, m)?)?;
    m.add_function(wrap_pyfunction!(stage, m)?)?;
    m.add_function(wrap_pyfunction!(remarks, m)?)?;
    m.add_function(wrap_pyfunction!(annotations, m)?)?;
    m.add_function(wrap_pyfunction!(trails, m)?)?;
    m.add_function(wrap_pyfunction!(rewrites, m)?)?;
    m.add_function(wrap_pyfunction!(use_rules, m)?)?;
    m.add_function(wrap_pyfunction!(check_rules, m)?)?;
    m.add_function(wrap_pyfunction!(stages, m)?)?;
    m.add_function(wrap_pyfunction!(overloads, m)?)?;
    m.add_function(wrap_pyfunction!(forget_overloads, m)?)?;
    m.add_function(wrap_pyfunction!(can_compile, m)?)?;
    m.add_function(wrap_pyfunction!(set_decorating, m)?)?;
    m.add_function(wrap_pyfunction!(set_library, m)?)?;
    m.add_function(wrap_pyfunction!(path_of, m)?)?;
    m.add_function(wrap_pyfunction!(name_object, m)?)?;
    m.add_function(wrap_pyfunction!(machine_operations, m)?)?;
    m.add_function(wrap_pyfunction!(set_typeof, m)?)?;
    m.add_function(wrap_pyfunction!(set_overloaded, m)?)?;
    m.add_function(wrap_pyfunction!(supported, m)?)?;
    m.add_function(wrap_pyfunction!(write_library, m)?)?;
    threads::add(m)
}
