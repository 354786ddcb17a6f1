// From untyped to typed `py`.
// RUN: numba-opt %s --numbra-typed | FileCheck %s
// RUN: numba-opt %s --pass-pipeline='builtin.module(numbra-typed)' | FileCheck %s

// CHECK-NOT: !py.any
// CHECK: py.func @"f(float64)"(%arg0: f64) -> f64
// CHECK-NOT: !py.any
py.func @f(%x: !py.any) -> !py.any attributes {arg_names = ["x"], py.specialize = [(f64) -> ()]} {
  %one = py.constant 1 : si64 -> !py.any
  %y = py.binary add %x, %one : (!py.any, !py.any) -> !py.any
  py.return %y : !py.any
}
