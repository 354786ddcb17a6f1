// --run on MLIR text, from a file and from the standard input, with passes before it, by symbol and by Python name.
// RUN: numba-opt %s --run 'half(5)' | FileCheck %s
// RUN: cat %s | numba-opt --run 'half(5)' | FileCheck %s
// RUN: cat %s | numba-opt - --run '"m.half"(5)' | FileCheck %s
// RUN: numba-opt %s --canonicalize --cse --run 'half(5)' | FileCheck %s
// RUN: numba-opt %s --numbra-typed --numbra-std --canonicalize --run 'half(5)' | FileCheck %s
// RUN: numba-opt %s --numbra-compile --run 'half(5)' | FileCheck %s
// RUN: numba-opt %s --pass-pipeline='builtin.module(py-infer-types,py-insert-refcounts)' --run 'half(5)' | FileCheck %s
// CHECK: 2.5
// A request for other types that is there already is not mistaken for this one.
// RUN: numba-opt %s --run 'half(5.5)' | FileCheck %s --check-prefix=FLOAT
// FLOAT: 2.75
// RUN: not numba-opt %s --run 'done(1)' 2>&1 | FileCheck %s --check-prefix=TYPED
// TYPED: --run: done is typed or lowered already
// RUN: not numba-opt %s --run 'third(1)' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: has no function "third"; it has half, done
py.func @m.half(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py_name = "half", py.specialize = [(si64) -> ()]} {
  %two = py.constant 2 : si64 -> !py.any
  %x = py.binary truediv %a, %two : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}
py.func private @done(%a: si64) -> si64 attributes {arg_names = ["a"]} {
  py.return %a : si64
}
