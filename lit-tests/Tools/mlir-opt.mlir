// What mlir-opt offers is here: dumps, timing, bytecode, reproducers, generic syntax, other dialects and their passes.
// RUN: numba-opt %s --py-infer-types --mlir-print-ir-after-all -o /dev/null 2>&1 | FileCheck %s --check-prefix=DUMP
// DUMP: IR Dump After py-infer-types (py-infer-types)
// RUN: numba-opt %s --py-infer-types --mlir-timing -o /dev/null 2>&1 | FileCheck %s --check-prefix=TIMING
// TIMING: py-infer-types
// RUN: numba-opt %s --emit-bytecode -o %t.mlirbc
// RUN: numba-opt %t.mlirbc --py-infer-types | FileCheck %s --check-prefix=TYPED
// RUN: numba-opt %s --mlir-print-op-generic | numba-opt --py-infer-types | FileCheck %s --check-prefix=TYPED
// TYPED: py.func @"f(int64)"(%arg0: si64) -> si64
// TYPED: py.unary neg %arg0 : (si64) -> si64
// RUN: numba-opt %s --mlir-print-debuginfo --mlir-print-local-scope | FileCheck %s --check-prefix=WHERE
// WHERE: loc("{{.*}}mlir-opt.mlir":[[# @LINE + 9]]:8
// RUN: not numba-opt %s --pass-pipeline='builtin.module(canonicalize,convert-py-to-std)' --mlir-pass-pipeline-crash-reproducer=%t.reproducer.mlir -o /dev/null
// RUN: FileCheck %s --check-prefix=REPRODUCER --input-file=%t.reproducer.mlir
// REPRODUCER: mlir_reproducer
// REPRODUCER: convert-py-to-std
// RUN: not numba-opt %t.reproducer.mlir --run-reproducer -o /dev/null
// RUN: numba-opt --show-dialects | FileCheck %s --check-prefix=DIALECTS
// DIALECTS: linalg,{{.*}},py,
py.func @f(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64) -> ()]} {
  %x = py.unary neg %a : (!py.any) -> !py.any
  py.return %x : !py.any
}
