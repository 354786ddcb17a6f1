// Running values whose parts one map reads are never an array.
// RUN: numba-opt %s --array-fuse | FileCheck %s --check-prefix=FUSE
// RUN: numba-opt %s --array-fuse --convert-py-to-std | FileCheck %s

py.func private @difference(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %r = py.binary sub %x, %y : (f64, f64) -> f64
  py.return %r : f64
}
py.func private @square(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %r = py.binary mul %x, %x : (f64, f64) -> f64
  py.return %r : f64
}

// The scan, the subscripts and the map are one op, which gets the slices.
// FUSE-LABEL: py.func @windows(
// FUSE-NOT: array.scan"
// FUSE: %[[LATER:.*]] = py.slice
// FUSE-NOT: py.getitem
// FUSE: %[[EARLIER:.*]] = py.slice
// FUSE-NOT: py.getitem
// FUSE: py.builtin "array.scan_map"(%arg0, %[[LATER]], %[[EARLIER]]) {callee = @windows.fused.0, kind = "sum", map = @difference, running = f64, scanned = 1 : index}
// FUSE-NOT: array.map
// FUSE: py.return

// Memory for a block and what is kept of the one before; a running value after the other, then what is made of them. What is kept is moved to the start.
// CHECK-LABEL: func.func private @windows(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[X:.*]]: !llvm.ptr, %[[N:.*]]: i64, %{{.*}}: i64)
// CHECK-DAG: %[[ZERO:.*]] = arith.constant -0.000000e+00 : f64
// CHECK: %[[OUT:.*]] = llvm.call @nb_alloc
// CHECK: %[[OWNER:.*]] = llvm.call @nb_alloc
// CHECK: %[[KEPT:.*]] = llvm.getelementptr inbounds %[[OWNER]][64]
// CHECK: cf.br ^{{bb[0-9]+}}(%{{.*}}, %[[ZERO]] : i64, f64)
// CHECK: call @difference
// CHECK: "llvm.intr.memmove"(%[[KEPT]],
// CHECK-NOT: llvm.call @nb_alloc
// CHECK: llvm.call @nb_free(%[[OWNER]])
// CHECK: return %[[OUT]],
py.func @windows(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %u = py.builtin "array.map"(%a) {callee = @square} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %c = py.builtin "array.scan"(%u) {kind = "sum"} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %k = py.constant 20 : si64 -> si64
  %m = py.constant -20 : si64 -> si64
  %none = py.constant unit -> none
  %later = py.slice %k, %none, %none : (si64, none, none) -> !py.slice<si64, none, none>
  %p = py.getitem %c[%later] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "C">
  %earlier = py.slice %none, %m, %none : (none, si64, none) -> !py.slice<none, si64, none>
  %q = py.getitem %c[%earlier] : (!py.array<f64, 1, "C">, !py.slice<none, si64, none>) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%p, %q) {callee = @difference} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Bounds of run time: parts may have other lengths, and then there is an array.
// CHECK-LABEL: func.func private @bounded(
// CHECK: cf.cond_br %{{.*}} weights([2000, 1])
py.func @bounded(%a: !py.array<f64, 1, "C">, %k: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "k"]} {
  %c = py.builtin "array.scan"(%a) {kind = "sum"} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %none = py.constant unit -> none
  %later = py.slice %k, %none, %none : (si64, none, none) -> !py.slice<si64, none, none>
  %p = py.getitem %c[%later] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%p, %c) {callee = @difference} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// The running values are seen elsewhere, and memory is written before the map.
// FUSE-LABEL: py.func @seen(
// FUSE: py.builtin "array.scan"
// FUSE: py.builtin "array.map"
py.func @seen(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %c = py.builtin "array.scan"(%a) {kind = "sum"} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%c) {callee = @square} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %c : !py.array<f64, 1, "C">
}
// FUSE-LABEL: py.func @written(
// FUSE: py.builtin "array.scan"
// FUSE: py.builtin "array.fill"
// FUSE: py.builtin "array.map"
py.func @written(%a: !py.array<f64, 1, "C">, %x: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x"]} {
  %c = py.builtin "array.scan"(%a) {kind = "sum"} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %f = py.builtin "array.fill"(%a, %x) : (!py.array<f64, 1, "C">, f64) -> none
  %r = py.builtin "array.map"(%c) {callee = @square} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
