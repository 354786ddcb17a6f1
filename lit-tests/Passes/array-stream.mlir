// A new array has a loop before the usual one for the case that it is larger than caches: it starts at a cache line, and its stores have a scope by which the back end knows them.
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

py.func private @plus(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}
py.func private @exp(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %z = py.builtin "math.exp"(%x) : (f64) -> f64
  py.return %z : f64
}

// CHECK-DAG: #[[SCOPE:.*]] = #llvm.alias_scope<id = "numbra.streamed"

// The memory starts at a line. Blocks of 128 elements are written past the caches; what is behind them, or all of it, by the usual loop.
// CHECK-LABEL: func.func private @one_row(
// CHECK: %[[LARGE:.*]] = arith.cmpi sge, %{{.*}}, %c4194304_i64
// CHECK: arith.divui %{{.*}}, %c128_i64
// CHECK: %[[LINE:.*]] = llvm.call_intrinsic "llvm.ptrmask"(%{{.*}}, %c-64_i64)
// CHECK: %[[BLOCK:.*]] = llvm.getelementptr inbounds %[[LINE]]
// CHECK: arith.cmpi slt, %{{.*}}, %c128_i64
// CHECK: call @plus
// CHECK-NEXT: %[[AT:.*]] = llvm.getelementptr inbounds %[[BLOCK]]
// CHECK-NEXT: llvm.store %{{.*}}, %[[AT]] {alias_scopes = [#[[SCOPE]]]} : f64
// CHECK: call @plus
// CHECK-NEXT: %[[AT:.*]] = llvm.getelementptr
// CHECK-NEXT: llvm.store %{{.*}}, %[[AT]] : f64
// CHECK: llvm.fence seq_cst
// CHECK-NOT: call @plus
py.func private @one_row(%a: !py.array<f64, 1, "C">, %x: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x"]} {
  %r = py.builtin "array.map"(%a, %x) {callee = @plus} : (!py.array<f64, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// An array that is there already, and functions that take long.
// CHECK-LABEL: func.func private @others(
// CHECK-NOT: alias_scopes
py.func private @others(%a: !py.array<f64, 1, "C">, %x: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x"]} {
  %r = py.builtin "array.map"(%a) {callee = @exp} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %s = py.builtin "array.map_into"(%r, %r, %x) {callee = @plus} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %s : !py.array<f64, 1, "C">
}
