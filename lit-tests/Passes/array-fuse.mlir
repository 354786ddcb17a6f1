// RUN: numba-opt %s --array-fuse --split-input-file | FileCheck %s

py.func private @twice(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.binary add %x, %x : (f64, f64) -> f64
  py.return %y : f64
}
py.func private @sum(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// The first map is part of the second; a value that is an operand of both is one.
// CHECK-LABEL: py.func @expression(
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.map"(%arg0, %arg1) {callee = @expression.fused.0}
// CHECK-NEXT: py.return %[[R]]
py.func @expression(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %u = py.builtin "array.map"(%a, %b) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%t, %u) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// What is used elsewhere stays.
// CHECK-LABEL: py.func @both(
// CHECK-NEXT: %[[T:.*]] = py.builtin "array.map"(%arg0) {callee = @twice}
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.map"(%[[T]]) {callee = @twice}
// CHECK-NEXT: py.tuple(%[[T]], %[[R]])
py.func @both(%a: !py.array<f64, 1, "C">) -> tuple<!py.array<f64, 1, "C">, !py.array<f64, 1, "C">> attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map"(%t) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %p = py.tuple(%t, %r) : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> tuple<!py.array<f64, 1, "C">, !py.array<f64, 1, "C">>
  py.return %p : tuple<!py.array<f64, 1, "C">, !py.array<f64, 1, "C">>
}

// Memory changes in between: the elements are those from before.
// CHECK-LABEL: py.func @written(
// CHECK-NEXT: py.builtin "array.map"(%arg0) {callee = @twice}
// CHECK-NEXT: py.setitem
// CHECK-NEXT: py.builtin "array.map"(%{{.*}}) {callee = @twice}
py.func @written(%a: !py.array<f64, 1, "C">, %x: f64, %i: si64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "x", "i"]} {
  %t = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %a[%i] = %x : !py.array<f64, 1, "C">, si64, f64
  %r = py.builtin "array.map"(%t) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// The function of the fused elements.
// CHECK-LABEL: py.func private @expression.fused.0(%arg0: f64, %arg1: f64) -> f64
// CHECK-NEXT: %[[A:.*]] = py.invoke @twice(%arg0)
// CHECK-NEXT: %[[B:.*]] = py.invoke @sum(%arg0, %arg1)
// CHECK-NEXT: %[[C:.*]] = py.invoke @sum(%[[A]], %[[B]])
// CHECK-NEXT: py.return %[[C]]

// -----

py.func private @root(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.builtin "math.exp"(%x) : (f64) -> f64
  py.return %y : f64
}
py.func private @sum(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// The other array may be larger: elements that cost much are not computed again for each of its own.
// CHECK-LABEL: py.func @broadcast(
// CHECK: py.builtin "array.map"(%arg0) {callee = @root}
// CHECK: py.builtin "array.map"(%{{.*}}, %arg1) {callee = @sum}
py.func @broadcast(%a: !py.array<f64, 2, "C">, %b: !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%a) {callee = @root} : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  %r = py.builtin "array.map"(%t, %b) {callee = @sum} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  py.return %r : !py.array<f64, 2, "C">
}

// -----

py.func private @twice(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.binary add %x, %x : (f64, f64) -> f64
  py.return %y : f64
}

// A reduction of what a map makes takes the map's function.
// CHECK-LABEL: py.func @total(
// CHECK-NEXT: %[[R:.*]] = py.builtin "array.reduce"(%arg0) {callee = @total.fused.0, kind = "sum"}
// CHECK-NEXT: py.return %[[R]]
py.func @total(%a: !py.array<f64, 1, "C">) -> f64 attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.reduce"(%t) {kind = "sum"} : (!py.array<f64, 1, "C">) -> f64
  py.return %r : f64
}

// So does a scan, and so do several reductions of the same array, whose elements are cheap.
// CHECK-LABEL: py.func @running(
// CHECK-NEXT: py.builtin "array.reduce"(%arg0) {axis = 0 : index, callee = @running.fused.2, kind = "max"}
// CHECK-NEXT: py.builtin "array.reduce"(%arg0) {callee = @running.fused.1, kind = "max"}
// CHECK-NEXT: %[[S:.*]] = py.builtin "array.scan"(%arg0) {axis = 1 : index, callee = @running.fused.0, kind = "sum"}
py.func @running(%a: !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C"> attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  %u = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  %m = py.builtin "array.reduce"(%t) {axis = 0 : index, kind = "max"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 1, "C">
  %n = py.builtin "array.reduce"(%t) {kind = "max"} : (!py.array<f64, 2, "C">) -> f64
  %s = py.builtin "array.scan"(%u) {axis = 1 : index, kind = "sum"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  py.return %s : !py.array<f64, 2, "C">
}

// An assignment of elements to a part of an array writes them to a view; to all of it, to the array.
// CHECK-LABEL: py.func @assigned(
// CHECK: %[[V:.*]] = py.getitem %arg0[%{{.*}}] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "A">
// CHECK-NEXT: py.builtin "array.map_into"(%[[V]], %arg1) {callee = @assigned.fused.1}
// CHECK: py.builtin "array.map_into"(%arg0, %arg1) {callee = @assigned.fused.0}
// CHECK-NOT: py.setitem
// CHECK: py.return
py.func @assigned(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> none attributes {arg_names = ["a", "b"]} {
  %n = py.constant unit -> none
  %i = py.constant 1 : si64 -> si64
  %s = py.slice %i, %n, %n : (si64, none, none) -> !py.slice<si64, none, none>
  %t = py.builtin "array.map"(%b) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %a[%s] = %t : !py.array<f64, 1, "C">, !py.slice<si64, none, none>, !py.array<f64, 1, "C">
  %w = py.slice %n, %n, %n : (none, none, none) -> !py.slice<none, none, none>
  %u = py.builtin "array.map"(%b) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %a[%w] = %u : !py.array<f64, 1, "C">, !py.slice<none, none, none>, !py.array<f64, 1, "C">
  py.return %n : none
}

// What is written in place is not written again.
// CHECK-LABEL: py.func @in_place(
// CHECK: py.builtin "array.map_into"(%[[V:.*]], %arg1, %[[V]]) {callee = @in_place.fused.0}
// CHECK-NOT: py.setitem
// CHECK: py.return
py.func private @sum(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}
py.func @in_place(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %i: si64) -> none attributes {arg_names = ["a", "b", "i"]} {
  %n = py.constant unit -> none
  %s = py.slice %i, %n, %n : (si64, none, none) -> !py.slice<si64, none, none>
  %v = py.getitem %a[%s] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "C">
  %t = py.builtin "array.map"(%b) {callee = @twice} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %w = py.builtin "array.map_into"(%v, %v, %t) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %a[%s] = %w : !py.array<f64, 1, "C">, !py.slice<si64, none, none>, !py.array<f64, 1, "C">
  py.return %n : none
}

// -----

py.func private @sum(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}
py.func private @root(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.builtin "math.exp"(%x) : (f64) -> f64
  py.return %y : f64
}

// Single elements of an array that is not used otherwise; what may raise between the map and the first of them has the check of the shapes before it.
// CHECK-LABEL: py.func @elements(
// CHECK-NEXT: py.builtin "array.check_shapes"(%arg1, %arg0) : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> none
// CHECK-NEXT: %[[Z:.*]] = py.getitem %arg0[%arg2]
// CHECK-NEXT: %[[K:.*]] = py.constant 3
// CHECK-NEXT: %[[X:.*]] = py.builtin "array.element"(%arg2, %arg1, %arg0) {callee = @elements.fused.1}
// CHECK-NEXT: %[[Y:.*]] = py.builtin "array.element"(%[[K]], %arg1, %arg0) {callee = @elements.fused.0}
// CHECK-NEXT: py.binary add %[[X]], %[[Y]]
py.func @elements(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %i: si64) -> f64 attributes {arg_names = ["a", "b", "i"]} {
  %u = py.builtin "array.map"(%b) {callee = @root} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %t = py.builtin "array.map"(%a, %u) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %z = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %k = py.constant 3 : si64 -> si64
  %x = py.getitem %t[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %y = py.getitem %t[%k] : (!py.array<f64, 1, "C">, si64) -> f64
  %r = py.binary add %x, %y : (f64, f64) -> f64
  py.return %r : f64
}

// Elements that cost much are computed once where two ops use them, one of which is an assignment.
// CHECK-LABEL: py.func @stays(
// CHECK-NEXT: %[[T:.*]] = py.builtin "array.map"(%arg0) {callee = @root}
// CHECK-NEXT: py.builtin "array.reduce"(%[[T]]) {kind = "sum"}
// CHECK: py.builtin "array.map_into"(%arg1, %[[T]]) {callee = @stays.fused.0}
py.func @stays(%a: !py.array<f64, 1, "C">, %c: !py.array<f64, 1, "C">) -> f64 attributes {arg_names = ["a", "c"]} {
  %t = py.builtin "array.map"(%a) {callee = @root} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %s = py.builtin "array.reduce"(%t) {kind = "sum"} : (!py.array<f64, 1, "C">) -> f64
  %n = py.constant unit -> none
  %w = py.slice %n, %n, %n : (none, none, none) -> !py.slice<none, none, none>
  %u = py.builtin "array.map"(%t, %t) {callee = @sum} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.setitem %c[%w] = %u : !py.array<f64, 1, "C">, !py.slice<none, none, none>, !py.array<f64, 1, "C">
  py.return %s : f64
}

// -----

py.func private @product(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary mul %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// A new array that is written again before its elements are looked at is made once; its shape may be asked for meanwhile, and constants move to where it is made.
// CHECK-LABEL: py.func @again(
// CHECK-NEXT: %[[TWO:.*]] = py.constant 2.000000e+00
// CHECK-NEXT: %[[T:.*]] = py.builtin "array.map"(%arg0, %arg1, %[[TWO]]) {callee = @again.fused.0}
// CHECK-NEXT: py.getattr %[[T]]["shape"]
// CHECK-NOT: map_into
// CHECK: py.return %[[T]]
py.func @again(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%a, %b) {callee = @product} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %s = py.getattr %t["shape"] : (!py.array<f64, 1, "C">) -> tuple<si64>
  %x = py.constant 2.0 : f64 -> f64
  %w = py.builtin "array.map_into"(%t, %t, %x) {callee = @product} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, f64) -> !py.array<f64, 1, "C">
  py.return %w : !py.array<f64, 1, "C">
}

// An array that is larger would be an error; and a view sees the first elements.
// CHECK-LABEL: py.func @larger(
// CHECK: py.builtin "array.map_into"
py.func @larger(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a", "b"]} {
  %t = py.builtin "array.map"(%a, %a) {callee = @product} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %w = py.builtin "array.map_into"(%t, %t, %b) {callee = @product} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %t : !py.array<f64, 1, "C">
}

// CHECK-LABEL: py.func @viewed(
// CHECK: py.getattr %{{.*}}["T"]
// CHECK: py.builtin "array.map_into"
py.func @viewed(%a: !py.array<f64, 2, "C">) -> !py.array<f64, 2, "F"> attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a, %a) {callee = @product} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  %v = py.getattr %t["T"] : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "F">
  %w = py.builtin "array.map_into"(%t, %t, %a) {callee = @product} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> !py.array<f64, 2, "C">
  py.return %v : !py.array<f64, 2, "F">
}

// The shape of what is made of one array is that array's.
// CHECK-LABEL: py.func @shape(
// CHECK: py.getattr %arg0["shape"]
// CHECK-NEXT: py.return
py.func @shape(%a: !py.array<f64, 1, "C">) -> tuple<si64> attributes {arg_names = ["a"]} {
  %t = py.builtin "array.map"(%a, %a) {callee = @product} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %s = py.getattr %t["shape"] : (!py.array<f64, 1, "C">) -> tuple<si64>
  py.return %s : tuple<si64>
}

// CHECK-LABEL: py.func private @again.fused.0(
// CHECK-NEXT: %[[P:.*]] = py.invoke @product(%arg0, %arg1)
// CHECK-NEXT: py.invoke @product(%[[P]], %arg2)

// -----

// Not more than three calls of long functions in one function: the fourth, before them, stays a map of its own.
py.func private @long(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.builtin "math.exp"(%x) : (f64) -> f64
  py.return %y : f64
}
// CHECK-LABEL: py.func @chain(
// CHECK: %[[A:.*]] = py.builtin "array.map"(%arg0) {callee = @long}
// CHECK: py.builtin "array.map"(%[[A]]) {callee = @chain.fused.0}
// CHECK-NOT: "array.map"
// CHECK: py.return
py.func @chain(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %b = py.builtin "array.map"(%a) {callee = @long} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %c = py.builtin "array.map"(%b) {callee = @long} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %d = py.builtin "array.map"(%c) {callee = @long} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %e = py.builtin "array.map"(%d) {callee = @long} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %e : !py.array<f64, 1, "C">
}
