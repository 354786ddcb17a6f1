// How many loops there are for a space: as few as the types of the operands leave open. Each that goes in steps of an element is there again for results larger than caches, behind one for
// the elements before the first cache line unless the memory starts with it.
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

py.func private @plus(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// Rows of memory of one shape are one long row; where one of them is stretched the same loop reads filled memory.
// CHECK-LABEL: func.func private @rows(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[R:.*]]: i64, %[[C:.*]]: i64,
// CHECK: arith.cmpi sge, %{{.*}}, %c4194304_i64
// CHECK-NEXT: %[[TOTAL:.*]] = arith.muli %[[ROWS:.*]], %[[COLUMNS:.*]] overflow<nsw>
// CHECK-NEXT: arith.select %[[SAME:.*]], %c1_i64, %[[ROWS]]
// CHECK-NEXT: arith.select %[[SAME]], %[[TOTAL]], %[[COLUMNS]]
// CHECK: llvm.call @nb_fill
// CHECK: llvm.call @nb_fill
// CHECK: call @plus
// CHECK: call @plus
// CHECK: alias_scopes
// CHECK: call @plus
// CHECK-NOT: call @plus
py.func private @rows(%a: !py.array<f64, 2, "C">, %b: !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C"> attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map"(%a, %b) {callee = @plus} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  py.return %r : !py.array<f64, 2, "C">
}

// Arrays that may go in steps of any length have a loop for those that do, which fills nothing.
// CHECK-LABEL: func.func private @strided(
// CHECK: llvm.call @nb_fill
// CHECK: call @plus
// CHECK: call @plus
// CHECK: alias_scopes
// CHECK: call @plus
// CHECK: call @plus
// CHECK-NOT: call @plus
py.func private @strided(%a: !py.array<f64, 1, "A">, %b: !py.array<f64, 1, "A">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map"(%a, %b) {callee = @plus} : (!py.array<f64, 1, "A">, !py.array<f64, 1, "A">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Slices that leave out as many elements of one array have one length: operators on them check nothing, and nothing is stretched.
// CHECK-LABEL: func.func private @neighbours(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %[[N:.*]]: i64,
// CHECK: %[[REST:.*]] = arith.subi %[[N]], %c2_i64
// CHECK-NEXT: %[[LENGTH:.*]] = arith.maxsi %[[REST]], %c0_i64
// CHECK-NOT: arith.maxsi
// CHECK-NOT: llvm.call @nb_fill
// CHECK: arith.subi %[[LENGTH]],
// CHECK: call @plus
// CHECK: alias_scopes
// CHECK: call @plus
// CHECK-NOT: call @plus(
py.func private @neighbours(%x: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["x"]} {
  %none = py.constant unit -> none
  %two = py.constant 2 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %last = py.constant -1 : si64 -> si64
  %behind = py.slice %two, %none, %none : (si64, none, none) -> !py.slice<si64, none, none>
  %middle = py.slice %one, %last, %none : (si64, si64, none) -> !py.slice<si64, si64, none>
  %a = py.getitem %x[%behind] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "C">
  %b = py.getitem %x[%middle] : (!py.array<f64, 1, "C">, !py.slice<si64, si64, none>) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%a, %b) {callee = @plus} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
