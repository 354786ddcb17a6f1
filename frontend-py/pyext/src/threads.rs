//! Threads of parallel loops, for `numbra/_threads.py`.
use numbra_rt::parallel;
use pyo3::prelude::*;

#[pyfunction]
fn threads() -> usize {
    parallel::threads()
}

#[pyfunction]
fn max_threads() -> usize {
    parallel::max_threads()
}

#[pyfunction]
fn set_threads(n: isize) -> bool {
    usize::try_from(n).is_ok_and(parallel::set_threads)
}

#[pyfunction]
fn thread_number() -> usize {
    parallel::thread_number()
}

#[pyfunction]
fn chunk_size() -> usize {
    parallel::chunk_size()
}

#[pyfunction]
fn set_chunk_size(n: usize) -> usize {
    parallel::set_chunk_size(n)
}

/// Adds the functions to the module.
pub fn add(m: &Bound<'_, PyModule>) -> PyResult<()> {
    m.add_function(wrap_pyfunction!(threads, m)?)?;
    m.add_function(wrap_pyfunction!(max_threads, m)?)?;
    m.add_function(wrap_pyfunction!(set_threads, m)?)?;
    m.add_function(wrap_pyfunction!(thread_number, m)?)?;
    m.add_function(wrap_pyfunction!(chunk_size, m)?)?;
    m.add_function(wrap_pyfunction!(set_chunk_size, m)?)
}
