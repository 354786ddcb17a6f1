// Reductions along rows and maps of the same rows go over memory together, a few rows at a time.
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

py.func private @less(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary sub %x, %y : (f64, f64) -> f64
  py.return %z : f64
}
py.func private @power(%x: si64, %y: si64) -> si64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary pow %x, %y : (si64, si64) -> si64
  py.return %z : si64
}

// Both results are allocated before the loop over rows, in which the sums come before the map, and next rows are fetched. What the sums are needed for no more is released behind it.
// CHECK-LABEL: func.func private @centred(
// CHECK: %[[SUMS:.*]] = llvm.call @nb_alloc(
// CHECK: %[[OUT:.*]] = llvm.call @nb_alloc(
// CHECK-NOT: llvm.call @nb_free(
// CHECK: llvm.intr.prefetch
// CHECK: arith.addf
// CHECK: llvm.intr.prefetch
// CHECK: call @less(
// CHECK: llvm.call @nb_free(%[[SUMS]])
// CHECK: return
py.func private @centred(%x: !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C"> attributes {arg_names = ["x"]} {
  %s = py.builtin "array.reduce"(%x) {axis = 1 : index, kind = "sum"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 1, "C">
  %none = py.constant unit -> none
  %whole = py.slice %none, %none, %none : (none, none, none) -> !py.slice<none, none, none>
  %index = py.tuple(%whole, %none) : (!py.slice<none, none, none>, none) -> tuple<!py.slice<none, none, none>, none>
  %c = py.getitem %s[%index] : (!py.array<f64, 1, "C">, tuple<!py.slice<none, none, none>, none>) -> !py.array<f64, 2, "A">
  %y = py.builtin "array.map"(%x, %c) {callee = @less} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "A">) -> !py.array<f64, 2, "C">
  py.release %s : !py.array<f64, 1, "C">
  py.return %y : !py.array<f64, 2, "C">
}

// An array that only members use has memory for a few rows, which is freed behind the loop (whose exit is printed first).
// CHECK-LABEL: func.func private @between(
// CHECK: llvm.call @nb_alloc(
// CHECK: llvm.call @nb_alloc(
// CHECK: %[[FEW:.*]] = llvm.call @nb_alloc(
// CHECK: llvm.call @nb_free(%[[FEW]])
// CHECK: call @less(
// CHECK: call @less(
// CHECK: return
py.func private @between(%x: !py.array<f64, 2, "C">, %v: f64) -> !py.array<f64, 2, "C"> attributes {arg_names = ["x", "v"]} {
  %e = py.builtin "array.map"(%x, %v) {callee = @less} : (!py.array<f64, 2, "C">, f64) -> !py.array<f64, 2, "C">
  %s = py.builtin "array.reduce"(%e) {axis = 1 : index, keepdims, kind = "max"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  %y = py.builtin "array.map"(%e, %s) {callee = @less} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  py.release %e : !py.array<f64, 2, "C">
  py.release %s : !py.array<f64, 2, "C">
  py.return %y : !py.array<f64, 2, "C">
}

// Sums that stand for columns are all needed for each row; what may raise stays where it is.
// CHECK-LABEL: func.func private @columns(
// CHECK-NOT: llvm.intr.prefetch
// CHECK: return
py.func private @columns(%x: !py.array<f64, 2, "C">, %n: !py.array<si64, 2, "C">) -> tuple<!py.array<f64, 2, "C">, !py.array<si64, 2, "C">> attributes {arg_names = ["x", "n"]} {
  %s = py.builtin "array.reduce"(%x) {axis = 1 : index, kind = "sum"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 1, "C">
  %y = py.builtin "array.map"(%x, %s) {callee = @less} : (!py.array<f64, 2, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 2, "C">
  py.release %s : !py.array<f64, 1, "C">
  %t = py.builtin "array.reduce"(%n) {axis = 1 : index, keepdims, kind = "sum"} : (!py.array<si64, 2, "C">) -> !py.array<si64, 2, "C">
  %p = py.builtin "array.map"(%n, %t) {callee = @power} : (!py.array<si64, 2, "C">, !py.array<si64, 2, "C">) -> !py.array<si64, 2, "C">
  py.release %t : !py.array<si64, 2, "C">
  %both = py.tuple(%y, %p) : (!py.array<f64, 2, "C">, !py.array<si64, 2, "C">) -> tuple<!py.array<f64, 2, "C">, !py.array<si64, 2, "C">>
  py.return %both : tuple<!py.array<f64, 2, "C">, !py.array<si64, 2, "C">>
}
