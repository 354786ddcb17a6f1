// RUN: numba-opt %s --py-insert-refcounts | FileCheck %s

// Parameters are borrowed: returning one takes a reference.
// CHECK-LABEL: py.func @identity
// CHECK-NEXT: py.retain %arg0
// CHECK-NEXT: py.return %arg0
py.func @identity(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  py.return %a : !py.array<f64, 1, "C">
}

// A new array that is returned passes its reference on.
// CHECK-LABEL: py.func @fresh
// CHECK: %[[A:.*]] = py.builtin "numpy.zeros"
// CHECK-NOT: py.retain
// CHECK-NOT: py.release
// CHECK: py.return %[[A]]
py.func @fresh(%n: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["n"]} {
  %shape = py.tuple(%n) : (si64) -> tuple<si64>
  %a = py.builtin "numpy.zeros"(%shape) : (tuple<si64>) -> !py.array<f64, 1, "C">
  py.return %a : !py.array<f64, 1, "C">
}

// One that is only looked at is released after its last use.
// CHECK-LABEL: py.func @temporary
// CHECK: %[[A:.*]] = py.builtin "numpy.zeros"
// CHECK: %[[X:.*]] = py.builtin "numpy.sum"(%[[A]])
// CHECK: py.release %[[A]]
// CHECK: py.return %[[X]]
py.func @temporary(%n: si64) -> f64 attributes {arg_names = ["n"]} {
  %shape = py.tuple(%n) : (si64) -> tuple<si64>
  %a = py.builtin "numpy.zeros"(%shape) : (tuple<si64>) -> !py.array<f64, 1, "C">
  %x = py.builtin "numpy.sum"(%a) : (!py.array<f64, 1, "C">) -> f64
  py.return %x : f64
}

// On the path where the array is not used any more it is released.
// CHECK-LABEL: py.func @branch
// CHECK: %[[A:.*]] = py.builtin "numpy.zeros"
// CHECK: cf.cond_br %{{.*}}, ^[[USE:bb[0-9]+]], ^[[DROP:bb[0-9]+]]
// CHECK: ^[[DROP]]:
// CHECK-NEXT: py.release %[[A]]
// CHECK: ^[[USE]]:
// CHECK-NEXT: py.return %[[A]]
// CHECK: py.retain %arg1
// CHECK: py.return %arg1
py.func @branch(%n: si64, %b: !py.array<f64, 1, "C">, %c: i1) -> !py.array<f64, 1, "C"> attributes {arg_names = ["n", "b", "c"]} {
  %shape = py.tuple(%n) : (si64) -> tuple<si64>
  %a = py.builtin "numpy.zeros"(%shape) : (tuple<si64>) -> !py.array<f64, 1, "C">
  cf.cond_br %c, ^use, ^drop
^use:
  py.return %a : !py.array<f64, 1, "C">
^drop:
  py.return %b : !py.array<f64, 1, "C">
}

// Numbers have no references.
// CHECK-LABEL: py.func @numbers
// CHECK-NOT: py.retain
// CHECK-NOT: py.release
py.func @numbers(%a: si64, %b: si64) -> tuple<si64, si64> attributes {arg_names = ["a", "b"]} {
  %t = py.tuple(%a, %b) : (si64, si64) -> tuple<si64, si64>
  py.return %t : tuple<si64, si64>
}
