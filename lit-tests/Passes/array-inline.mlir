// RUN: numba-opt %s --array-inline --split-input-file | FileCheck %s

py.func private @"numbra.lib.chosen"(%c: i1, %x: f64, %y: f64) -> f64 attributes {arg_names = ["c", "x", "y"]} {
  cf.cond_br %c, ^one(%x : f64), ^one(%y : f64)
^one(%z: f64):
  py.return %z : f64
}
py.func private @"numbra.lib.known"(%x: f64) -> i1 attributes {arg_names = ["x"]} {
  %t = py.constant true -> i1
  py.return %t : i1
}
py.func private @"numbra.lib.converted"(%x: si64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.cast %x : si64 to f64
  py.return %y : f64
}
py.func private @"numbra.lib.where"(%c: !py.array<i1, 1, "C">, %x: !py.array<f64, 1, "C">, %y: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["c", "x", "y"]} {
  cf.br ^next(%x : !py.array<f64, 1, "C">)
^next(%z: !py.array<f64, 1, "C">):
  %f = py.invoke @"numbra.lib.converted"(%y) : (si64) -> f64
  %k = py.invoke @"numbra.lib.known"(%f) : (f64) -> i1
  %r = py.builtin "array.map"(%c, %z, %f) {callee = @"numbra.lib.chosen"} : (!py.array<i1, 1, "C">, !py.array<f64, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// The call of a function of the library is what that does; what only looked at types is gone.
// CHECK-LABEL: py.func @call(
// CHECK-NEXT: %[[F:.*]] = py.cast %arg2 : si64 to f64
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.map"(%arg0, %arg1, %[[F]]) {callee = @numbra.lib.chosen}
// CHECK-NEXT: py.return %[[R]]
py.func @call(%c: !py.array<i1, 1, "C">, %x: !py.array<f64, 1, "C">, %y: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["c", "x", "y"]} {
  %r = py.invoke @"numbra.lib.where"(%c, %x, %y) : (!py.array<i1, 1, "C">, !py.array<f64, 1, "C">, si64) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// -----

py.func private @"numbra.lib.sum"(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}
// What may mean something else under other options, and functions of the program, which errors name, stay calls.
py.func private @"numbra.lib.first"(%a: !py.array<f64, 1, "C">, %i: si64) -> f64 attributes {arg_names = ["a", "i"], options = {boundscheck = false}} {
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  py.return %x : f64
}
py.func private @"own"(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map"(%a, %b) {callee = @"numbra.lib.sum"} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
py.func private @"numbra.lib.itself"(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.invoke @"numbra.lib.itself"(%a) : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
// CHECK-LABEL: py.func @kept(
// CHECK: py.invoke @numbra.lib.first
// CHECK: py.invoke @own
// CHECK: py.invoke @numbra.lib.itself
py.func @kept(%a: !py.array<f64, 1, "C">, %i: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "i"]} {
  %x = py.invoke @"numbra.lib.first"(%a, %i) : (!py.array<f64, 1, "C">, si64) -> f64
  %b = py.invoke @"own"(%a, %a) : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %c = py.invoke @"numbra.lib.itself"(%b) : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %c : !py.array<f64, 1, "C">
}

// -----

// A function whose text numbra has written, as that around the kernel of `vectorize`, is one of the library in this, and gone when nothing calls it; the kernel is the program's.
py.func private @"kernel"(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  py.return %x : f64
}
// CHECK-NOT: @ufunc
// CHECK-LABEL: py.func @twice(
// CHECK-NEXT: %[[A:.*]] = py.builtin "array.map"(%arg0) {callee = @kernel}
// CHECK-NEXT: %[[B:.*]] = py.builtin "array.map"(%[[A]]) {callee = @kernel}
// CHECK-NEXT: py.return %[[B]]
py.func private @"ufunc"(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.map"(%a) {callee = @kernel} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
} loc("<numbra ufunc 0>":1:1)
py.func @twice(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"], py.entry} {
  %b = py.invoke @"ufunc"(%a) : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %c = py.invoke @"ufunc"(%b) : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %c : !py.array<f64, 1, "C">
}
