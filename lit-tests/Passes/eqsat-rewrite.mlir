// RUN: numba-opt %s --eqsat-rewrite --split-input-file | FileCheck %s
// RUN: numba-opt %s --eqsat-rewrite=explain --split-input-file -o /dev/null 2>&1 | FileCheck %s --check-prefix=TELL
// RUN: not numba-opt %s --eqsat-rewrite=rules=%S/Inputs/wrong.rules -o /dev/null 2>&1 | FileCheck %s --check-prefix=WRONG
// RUN: env NUMBRA_REWRITE=0 numba-opt %s --eqsat-rewrite --split-input-file | FileCheck %s --check-prefix=OFF

// WRONG: wrong.rules:1:1: error: [NB0003]

py.func private @negative(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.unary neg %x : (f64) -> f64
  py.return %y : f64
}
py.func private @times_one(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %one = py.constant 1.0 : f64 -> f64
  %y = py.binary mul %x, %one : (f64, f64) -> f64
  py.return %y : f64
}
py.func private @sum(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// Functions of elements are looked into.
// CHECK-LABEL: py.func @expression(
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.map"(%arg0, %arg1) {callee = @"numbra.element.add(float64,float64)"}
// CHECK-NEXT: py.return %[[R]]
// TELL: remark: a * 1.0 + --b  ->  a + b
// TELL-NEXT: mul-one: a + --b
// TELL-NEXT: double-negation: a + b
// OFF-LABEL: py.func @expression(
// OFF-NEXT: {callee = @times_one}
py.func @expression(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%a) {callee = @times_one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %u = py.builtin "array.map"(%b) {callee = @negative} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %v = py.builtin "array.map"(%u) {callee = @negative} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%t, %v) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// New memory stays new memory.
// CHECK-LABEL: py.func @own(
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.copy"(%arg0)
// CHECK-NEXT: py.return %[[R]]
py.func @own(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a) {callee = @times_one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %t : !py.array<f64, 1, "C">
}

// Memory changes between the two: what is negated twice are the elements from before.
// CHECK-LABEL: py.func @written(
// CHECK-NEXT: py.builtin "array.map"(%arg0) {callee = @negative}
// CHECK-NEXT: py.setitem
// CHECK-NEXT: py.builtin "array.map"(%{{.*}}) {callee = @negative}
py.func @written(%a: !py.array<f64, 1, "C">, %x: f64, %i: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x", "i"]} {
  %t = py.builtin "array.map"(%a) {callee = @negative} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %a[%i] = %x : !py.array<f64, 1, "C">, si64, f64
  %r = py.builtin "array.map"(%t) {callee = @negative} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// The sum may raise, and so may the element behind it: what raises first does so still, since the sum stays where it is.
// CHECK-LABEL: py.func @errors(
// CHECK-NEXT: %[[T:.*]] = py.builtin "array.map"(%arg0, %arg1) {callee = @sum}
// CHECK-NEXT: %[[X:.*]] = py.getitem
// CHECK-NEXT: py.tuple(%[[T]], %[[X]])
py.func @errors(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %i: si64) -> tuple<!py.array<f64, 1, "C">, f64> attributes {arg_names = ["a", "b", "i"]} {
  %t = py.builtin "array.map"(%a, %b) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %r = py.builtin "array.map"(%t) {callee = @times_one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %p = py.tuple(%r, %x) : (!py.array<f64, 1, "C">, f64) -> tuple<!py.array<f64, 1, "C">, f64>
  py.return %p : tuple<!py.array<f64, 1, "C">, f64>
}

// Here another sum would take its place, behind the element.
// CHECK-LABEL: py.func @errors_that_would_move(
// CHECK-NEXT: py.builtin "array.map"(%arg0) {callee = @times_one}
// CHECK-NEXT: py.builtin "array.map"(%{{.*}}, %arg1) {callee = @sum}
// CHECK-NEXT: py.getitem
// CHECK-NEXT: py.builtin "array.map"(%{{.*}}) {callee = @times_one}
py.func @errors_that_would_move(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %i: si64) -> tuple<!py.array<f64, 1, "C">, f64> attributes {arg_names = ["a", "b", "i"]} {
  %s = py.builtin "array.map"(%a) {callee = @times_one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %t = py.builtin "array.map"(%s, %b) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %r = py.builtin "array.map"(%t) {callee = @times_one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %p = py.tuple(%r, %x) : (!py.array<f64, 1, "C">, f64) -> tuple<!py.array<f64, 1, "C">, f64>
  py.return %p : tuple<!py.array<f64, 1, "C">, f64>
}

// What is written to an array is a map as well; elements that are only read need no memory of their own.
// CHECK-LABEL: py.func @writes(
// CHECK-NEXT: py.builtin "array.map_into"(%arg0, %arg1)
// CHECK-NEXT: py.builtin "array.map_into"(%arg0, %arg0, %arg1) {callee = @sum}
// CHECK-NEXT: py.return
py.func @writes(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%b) {callee = @negative} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %u = py.builtin "array.map_into"(%a, %t) {callee = @negative} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %v = py.builtin "array.map_into"(%a, %a, %b) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %a : !py.array<f64, 1, "C">
}
