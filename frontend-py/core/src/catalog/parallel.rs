//! Parallel loops and threads. A `prange` is a range whose loop the pass `py-outline-parallel` finds by the name of its builtin.
use super::{Call, Row, builtins::range, row};
use crate::infer::expr::{Typing, scalar};
use numbra_abi::DType;
use numbra_dialects::py::Ty;

pub(super) const ROWS: &[Row] = &[
    row("numbra.get_num_threads", "", "threads.count", number),
    row("numbra.get_thread_id", "", "threads.number", number),
    row("numbra.prange", "*args", "prange", range),
];

fn number(call: &Call) -> Typing {
    scalar(DType::Int64, call.builtin(vec![], Ty::INT))
}
