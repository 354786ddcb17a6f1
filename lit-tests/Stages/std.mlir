// From typed `py` to func, cf, arith and llvm.
// RUN: numba-opt %s --numbra-std | FileCheck %s

// CHECK-NOT: py.func
// CHECK: func.func private @"f(float64)"(%arg0: f64{{.*}}) -> f64
// CHECK: arith.addf
// CHECK-NOT: {{= py\.}}
py.func @"f(float64)"(%x: f64) -> f64 attributes {arg_names = ["x"], py.entry} {
  %y = py.binary add %x, %x : (f64, f64) -> f64
  py.return %y : f64
}
