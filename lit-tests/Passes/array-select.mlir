// Elements that a mask chooses: the mask is made where elements are chosen, and what is allocated for all is given back.
// RUN: numba-opt %s --array-fuse | FileCheck %s --check-prefix=FUSE
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

py.func private @above(%x: f64, %limit: f64) -> i1 attributes {arg_names = ["x", "limit"]} {
  %r = py.compare gt %x, %limit : (f64, f64) -> i1
  py.return %r : i1
}
py.func private @power(%x: si64, %n: si64) -> i1 attributes {arg_names = ["x", "n"]} {
  %p = py.binary pow %x, %n : (si64, si64) -> si64
  %r = py.compare gt %p, %n : (si64, si64) -> i1
  py.return %r : i1
}
py.func private @changed(%old: f64, %mask: i1, %new: f64) -> f64 attributes {arg_names = ["old", "mask", "new"]} {
  py.return %new : f64
}
py.func private @"numbra.lib.indexing.indices.check_mask(Tuple(int64),Tuple(int64))"(%a: tuple<si64>, %b: tuple<si64>) -> none attributes {arg_names = ["mask", "shape"]} {
  %n = py.constant unit -> none
  py.return %n : none
}
py.func private @"numbra.lib.indexing.masks.pick(array(float64, 1d, C),array(bool, 1d, C))"(%a: !py.array<f64, 1, "C">, %m: !py.array<i1, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "mask"]} {
  %r = py.builtin "array.compress"(%a, %m) : (!py.array<f64, 1, "C">, !py.array<i1, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// The call that rewriting knows by its symbol is over, and the mask is part of the op. Its shape is that to which the two arrays broadcast.
// FUSE-LABEL: py.func @chosen(
// FUSE-NEXT: py.builtin "array.check_shapes"(%arg1, %arg0)
// FUSE-NEXT: %[[MASK:.*]] = py.builtin "array.broadcast_shape"(%arg0, %arg1) : {{.*}} -> tuple<si64>
// FUSE-NEXT: %[[OWN:.*]] = py.getattr %arg0["shape"]
// FUSE-NEXT: py.invoke @"numbra.lib.indexing.indices.check_mask{{.*}}(%[[MASK]], %[[OWN]])
// FUSE-NEXT: %[[R:.*]] = py.builtin "array.compress"(%arg0, %arg0, %arg1) {callee = @chosen.fused.0}
// FUSE-NEXT: py.return %[[R]]
py.func @chosen(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %m = py.builtin "array.map"(%a, %b) {callee = @above} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<i1, 1, "C">
  %s = py.getattr %m["shape"] : (!py.array<i1, 1, "C">) -> tuple<si64>
  %t = py.getattr %a["shape"] : (!py.array<f64, 1, "C">) -> tuple<si64>
  %c = py.invoke @"numbra.lib.indexing.indices.check_mask(Tuple(int64),Tuple(int64))"(%s, %t) : (tuple<si64>, tuple<si64>) -> none
  %r = py.invoke @"numbra.lib.indexing.masks.pick(array(float64, 1d, C),array(bool, 1d, C))"(%a, %m) : (!py.array<f64, 1, "C">, !py.array<i1, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// A new array that is written where a mask of two arrays is true is one map.
// FUSE-LABEL: py.func @written(
// FUSE: py.builtin "array.map"(%arg0, %{{.*}}, %arg1, %arg2) {callee = @written.fused.1}
// FUSE-NOT: array.map
// FUSE: py.return
py.func @written(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %x: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b", "x"]} {
  %true = py.constant true -> i1
  %t = py.builtin "array.map"(%a, %true, %b) {callee = @changed} : (!py.array<f64, 1, "C">, i1, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %m = py.builtin "array.map"(%a, %b) {callee = @above} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<i1, 1, "C">
  %p = py.getattr %m["shape"] : (!py.array<i1, 1, "C">) -> tuple<si64>
  %q = py.getattr %t["shape"] : (!py.array<f64, 1, "C">) -> tuple<si64>
  %c = py.invoke @"numbra.lib.indexing.indices.check_mask(Tuple(int64),Tuple(int64))"(%p, %q) : (tuple<si64>, tuple<si64>) -> none
  %r = py.builtin "array.map_into"(%t, %t, %m, %x) {callee = @changed} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, !py.array<i1, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %t : !py.array<f64, 1, "C">
}

// A mask that may raise is made before: threads that choose elements wait for each other.
// FUSE-LABEL: py.func @raises(
// FUSE-NEXT: %[[M:.*]] = py.builtin "array.map"(%arg0, %arg1) {callee = @power}
// FUSE-NEXT: py.builtin "array.positions"(%[[M]]) :
py.func @raises(%a: !py.array<si64, 1, "C">, %n: si64) -> !py.array<si64, 1, "C"> attributes {arg_names = ["a", "n"]} {
  %m = py.builtin "array.map"(%a, %n) {callee = @power} : (!py.array<si64, 1, "C">, si64) -> !py.array<i1, 1, "C">
  %r = py.builtin "array.positions"(%m) : (!py.array<i1, 1, "C">) -> !py.array<si64, 1, "C">
  py.return %r : !py.array<si64, 1, "C">
}

// Memory for all elements and a line of the cache; the mask of a piece, and then what it chooses, which goes behind what there is; what is not needed is given back.
// CHECK-LABEL: func.func private @one_pass(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[FROM:.*]]: !llvm.ptr, %[[N:.*]]: i64, %{{.*}}: i64, %[[LIMIT:.*]]: f64)
// CHECK: %[[MARKS:.*]] = llvm.alloca %{{.*}} x i8
// CHECK: arith.addi %[[N]], %c9_i64
// CHECK: %[[OWNER:.*]] = llvm.call @nb_alloc
// CHECK: %[[OUT:.*]] = llvm.getelementptr inbounds %[[OWNER]][64]
// CHECK: ^{{bb[0-9]+}}(%{{.*}}: i64, %[[COUNT:.*]]: i64, %{{.*}}: i64):
// CHECK: arith.minsi %{{.*}}, %c2048_i64
// CHECK: %[[BYTES:.*]] = arith.muli %[[COUNT]], %c8_i64
// CHECK: llvm.call @nb_shrink(%[[OWNER]], %[[BYTES]])
// CHECK: %[[MARK:.*]] = call @above(%{{.*}}, %[[LIMIT]])
// CHECK: llvm.store
// CHECK: %[[TO:.*]] = llvm.getelementptr inbounds %[[OUT]][%[[COUNT]]]
// CHECK: %[[MORE:.*]] = llvm.call @nb_compress(%{{.*}}, %[[MARKS]], %[[TO]], %{{.*}}, %c8_i64)
// CHECK: arith.addi %[[COUNT]], %[[MORE]]
py.func private @one_pass(%a: !py.array<f64, 1, "C">, %x: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x"]} {
  %r = py.builtin "array.compress"(%a, %a, %x) {callee = @above} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Threads take parts, and tell how many elements they have when it is their turn.
// CHECK-LABEL: func.func private @in_turns(
// CHECK: llvm.call @nb_parallel_for
// CHECK: llvm.call @nb_shrink
// CHECK-LABEL: func.func private @in_turns.part.0(
// CHECK: llvm.call @nb_alloc
// CHECK: %[[NUMBER:.*]] = llvm.call @nb_turn_take(%[[WORDS:.*]]) :
// CHECK: llvm.call @nb_free
// CHECK: llvm.call @nb_turn_wait(%[[WORDS]], %[[NUMBER]])
// CHECK: llvm.load
// CHECK: llvm.store
// CHECK: llvm.call @nb_turn_pass(%[[WORDS]])
// CHECK: "llvm.intr.memcpy"
// CHECK: llvm.call @nb_compress_positions
py.func private @in_turns(%a: !py.array<f64, 1, "C">, %x: f64) -> !py.array<si64, 1, "C"> attributes {arg_names = ["a", "x"], options = {parallel = true}} {
  %r = py.builtin "array.positions"(%a, %x) {callee = @above} : (!py.array<f64, 1, "C">, f64) -> !py.array<si64, 1, "C">
  py.return %r : !py.array<si64, 1, "C">
}
