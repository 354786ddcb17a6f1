//! Parallel loops and threads. A `prange` is a range whose loop the pass `py-outline-parallel` finds by the name of its builtin.
use super::{Call, Row, builtins::range, row};
use crate::infer::expr::{Typing, computed, scalar};
use numbra_abi::DType;
use numbra_dialects::py::Ty;

pub(super) const ROWS: &[Row] = &[
    row("numbra.get_num_threads", "", "threads.count", number),
    row("numbra.get_parallel_chunksize", "", "threads.chunk_size", number),
    row("numbra.get_thread_id", "", "threads.number", number),
    row("numbra.parallel_chunksize", "n", "threads.enter_chunk_size", set_chunk_size),
    row("numbra.parallel_chunksize.leave", "n", "threads.leave_chunk_size", put),
    row("numbra.prange", "*args", "prange", range),
    row("numbra.set_num_threads", "n", "threads.set_count", put),
    row("numbra.set_parallel_chunksize", "n", "threads.set_chunk_size", set_chunk_size),
];

fn put(call: &Call) -> Typing {
    computed(Ty::None, call.builtin(vec![call.integer(0)?.1.to(DType::Int64)], Ty::None))
}

fn set_chunk_size(call: &Call) -> Typing {
    scalar(DType::Int64, call.builtin(vec![call.integer(0)?.1.to(DType::Int64)], Ty::INT))
}

fn number(call: &Call) -> Typing {
    scalar(DType::Int64, call.builtin(vec![], Ty::INT))
}
