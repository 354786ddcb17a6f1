//! `numba-opt`: mlir-opt with numbra's dialects, passes and pipelines. Copy these lines into a crate of your own to add passes:
//! `numba_opt::main(|registry| { registry.add(MY_PASS); })`.

fn main() -> std::process::ExitCode {
    numba_opt::main(|_| {})
}
