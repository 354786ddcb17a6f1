// From func, cf and arith to the llvm dialect, with entries.
// RUN: numba-opt %s --numbra-llvm | FileCheck %s

// CHECK-NOT: func.func
// CHECK: llvm.func internal @"f(float64)"
// CHECK: llvm.fadd
// CHECK: llvm.func @"entry:f(float64)"(%arg0: !llvm.ptr, %arg1: !llvm.ptr) -> i32
func.func private @"f(float64)"(%x: f64) -> f64 attributes {llvm.linkage = #llvm.linkage<internal>, py.entry = {allocates = false, throws = false, type = (f64) -> f64}} {
  %y = arith.addf %x, %x : f64
  return %y : f64
}
