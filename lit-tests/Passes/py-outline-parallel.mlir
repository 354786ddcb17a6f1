// RUN: numba-opt %s --py-outline-parallel --split-input-file --verify-diagnostics | FileCheck %s

// The loop becomes a function of a part of the iterations; what it adds up is combined.
// CHECK-LABEL: py.func @total(
// CHECK: %[[N:.*]] = py.builtin "len"(%{{.*}}) : (!py.range<si64>) -> si64
// CHECK: %[[R:.*]] = py.builtin "parallel.for"(%[[N]], %{{.*}}, %{{.*}}, %arg0) {callee = @total.prange.0, combine = @total.combine.0} : (si64, si64, f64, !py.array<f64, 1, "C">) -> tuple<f64>
// CHECK: %[[S:.*]] = py.getitem %[[R]]
// CHECK: py.return %{{.*}} : f64
// CHECK-LABEL: py.func @total.prange.0(
// CHECK-SAME: %[[FIRST:.*]]: si64, %[[END:.*]]: si64, %{{.*}}: si64, %[[A:.*]]: !py.array<f64, 1, "C">) -> tuple<f64>
// CHECK: py.builtin "range"(%[[FIRST]], %[[END]], %{{.*}})
// CHECK: py.constant -0.000000e+00 : f64
// CHECK: py.getitem %[[A]]
// CHECK-LABEL: py.func @total.combine.0(%arg0: f64, %arg1: f64) -> tuple<f64>
// CHECK: py.binary add %arg0, %arg1
py.func @total(%a: !py.array<f64, 1, "C">, %n: si64) -> f64 attributes {arg_names = ["a", "n"], options = {parallel = true}, py.entry} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  %start = py.constant 0.000000e+00 : f64 -> f64
  cf.br ^header(%start : f64)
^header(%s: f64):
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %t = py.binary add %s, %x : (f64, f64) -> f64
  cf.br ^header(%t : f64)
^end:
  py.return %s : f64
}

// -----

// Whether an element is another iteration's depends on %k: in as many parts as the runtime likes (0) if not, otherwise in one.
// CHECK-LABEL: py.func @shifted(
// CHECK: %[[N:.*]] = py.builtin "len"
// CHECK: py.builtin "abs"(%{{.*}})
// CHECK: %[[FAR:.*]] = py.builtin "abs"(%{{.*}})
// CHECK: %[[NONE:.*]] = py.compare eq %[[FAR]],
// CHECK: %[[ROUNDS:.*]] = py.binary floordiv %[[FAR]],
// CHECK: py.compare ge %[[ROUNDS]], %[[N]]
// CHECK: py.binary mod %[[FAR]],
// CHECK: %[[APART:.*]] = py.cast %{{.*}} : i1 to si64
// CHECK: %[[ORDERED:.*]] = py.binary sub %{{.*}}, %[[APART]]
// CHECK: %[[PARTS:.*]] = py.binary add %{{.*}}, %[[ORDERED]]
// CHECK: py.builtin "parallel.for"(%[[N]], %[[PARTS]],
py.func @shifted(%a: !py.array<f64, 1, "C">, %n: si64, %k: si64) -> none attributes {arg_names = ["a", "n", "k"], options = {parallel = true}, py.entry} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  cf.br ^header
^header:
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  %j = py.binary add %i, %k : (si64, si64) -> si64
  %x = py.getitem %a[%j] : (!py.array<f64, 1, "C">, si64) -> f64
  py.setitem %a[%i] = %x : !py.array<f64, 1, "C">, si64, f64
  cf.br ^header
^end:
  %none = py.constant unit -> none
  py.return %none : none
}

// -----

// Two arrays that a caller may have made of one.
// CHECK-LABEL: py.func @two(
// CHECK: py.builtin "array.address"(%arg0)
// CHECK: py.builtin "array.address"(%arg1)
// CHECK: py.builtin "parallel.for"
py.func @two(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">, %n: si64) -> none attributes {arg_names = ["a", "b", "n"], options = {parallel = true}, py.entry} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  cf.br ^header
^header:
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  %x = py.getitem %b[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  py.setitem %a[%i] = %x : !py.array<f64, 1, "C">, si64, f64
  cf.br ^header
^end:
  %none = py.constant unit -> none
  py.return %none : none
}

// -----

// Elements of an array that all iterations only add to: each part has a copy.
// CHECK-LABEL: py.func @histogram(
// CHECK: %[[PARTS:.*]] = py.builtin "threads.parts"
// CHECK: %[[COPIES:.*]] = py.builtin "numpy.empty"(%{{.*}}) : (tuple<si64, si64>) -> !py.array<si64, 2, "C">
// CHECK: py.builtin "parallel.for"(%{{.*}}, %[[PARTS]], %arg0, %arg1, %[[COPIES]]) {callee = @histogram.prange.0}
// CHECK: py.builtin "parallel.merge"(%arg1, %[[COPIES]]) {callee = @histogram.merge.0.0}
// CHECK-LABEL: py.func private @histogram.merge.0.0(%arg0: si64, %arg1: si64) -> si64
// CHECK: py.binary add %arg0, %arg1
// CHECK-LABEL: py.func @histogram.prange.0(%arg0: si64, %arg1: si64, %arg2: si64, %arg3: !py.array<si64, 1, "C">, %arg4: !py.array<si64, 1, "C">, %arg5: !py.array<si64, 2, "C">)
// CHECK: %[[MINE:.*]] = py.getitem %arg5[%arg2]
// CHECK: py.builtin "array.fill"(%[[MINE]],
// CHECK: py.setitem %[[MINE]]
py.func @histogram(%k: !py.array<si64, 1, "C">, %counts: !py.array<si64, 1, "C">, %n: si64) -> none attributes {arg_names = ["k", "counts", "n"], options = {parallel = true}, py.entry} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  cf.br ^header
^header:
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  %x = py.getitem %k[%i] : (!py.array<si64, 1, "C">, si64) -> si64
  %c = py.getitem %counts[%x] : (!py.array<si64, 1, "C">, si64) -> si64
  %d = py.binary add %c, %one : (si64, si64) -> si64
  py.setitem %counts[%x] = %d : !py.array<si64, 1, "C">, si64, si64
  cf.br ^header
^end:
  %none = py.constant unit -> none
  py.return %none : none
}

// -----

// A branch that keeps the larger of two numbers is a reduction, and tuples are variables for each element.
// CHECK-LABEL: py.func @largest(
// CHECK: py.builtin "parallel.for"({{.*}}) {callee = @largest.prange.0, combine = @largest.combine.0} : ({{.*}}) -> tuple<f64, si64>
// CHECK: py.tuple({{.*}}) : (f64, si64) -> tuple<f64, si64>
// CHECK-LABEL: py.func @largest.prange.0(
// CHECK: %[[X:.*]] = py.getitem %{{.*}} : (!py.array<f64, 1, "C">, si64) -> f64
// CHECK-NOT: py.compare
// CHECK: py.builtin "max"(%{{.*}}, %[[X]])
// CHECK-LABEL: py.func @largest.combine.0(
// CHECK: py.builtin "max"
// CHECK: py.binary add
py.func @largest(%a: !py.array<f64, 1, "C">, %n: si64) -> tuple<f64, si64> attributes {arg_names = ["a", "n"], options = {parallel = true}, py.entry} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  %start = py.constant 0.000000e+00 : f64 -> f64
  %both = py.tuple(%start, %zero) : (f64, si64) -> tuple<f64, si64>
  cf.br ^header(%both : tuple<f64, si64>)
^header(%s: tuple<f64, si64>):
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  %best = py.getitem %s[%zero] : (tuple<f64, si64>, si64) -> f64
  %count = py.getitem %s[%one] : (tuple<f64, si64>, si64) -> si64
  %larger = py.compare gt %x, %best : (f64, f64) -> i1
  cf.cond_br %larger, ^then, ^join(%best : f64)
^then:
  cf.br ^join(%x : f64)
^join(%m: f64):
  %more = py.binary add %count, %one : (si64, si64) -> si64
  %t = py.tuple(%m, %more) : (f64, si64) -> tuple<f64, si64>
  cf.br ^header(%t : tuple<f64, si64>)
^end:
  py.return %s : tuple<f64, si64>
}

// -----

// Without the option the loop runs in order.
// CHECK-LABEL: py.func @serial(
// CHECK: py.builtin "range"
// CHECK-NOT: parallel.for
py.func @serial(%n: si64) -> si64 attributes {arg_names = ["n"]} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %len = py.builtin "len"(%range) : (!py.range<si64>) -> si64
  py.return %len : si64
}

// -----

py.func @carried(%n: si64) -> si64 attributes {arg_names = ["n"], options = {parallel = true}} {
  %zero = py.constant 0 : si64 -> si64
  %one = py.constant 1 : si64 -> si64
  %range = py.builtin "prange"(%zero, %n, %one) : (si64, si64, si64) -> !py.range<si64>
  %it = py.iter %range : (!py.range<si64>) -> !py.iterator<!py.range<si64>>
  cf.br ^header(%zero : si64)
^header(%s: si64):
  // expected-note @+1 {{this loop runs on several threads}}
  %valid, %i = py.next %it : (!py.iterator<!py.range<si64>>) -> (i1, si64)
  cf.cond_br %valid, ^body, ^end
^body:
  // expected-error @+2 {{[NB0300] an iteration of the parallel loop uses a value that the iterations before it have computed}}
  // expected-note @unknown {{help: only sums, products, min, max, `&`, `|` and `^` of all iterations can be computed in any order; use `range` where the order matters}}
  %t = py.binary floordiv %s, %i : (si64, si64) -> si64
  cf.br ^header(%t : si64)
^end:
  py.return %s : si64
}
