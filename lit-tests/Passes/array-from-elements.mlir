// RUN: numba-opt %s --array-from-elements | FileCheck %s

py.func private @"numbra.lib.construction.sequences.from_sequence(list(float64),none)"(%x: !py.list<f64>, %dtype: none) -> !py.array<f64, 1, "C"> attributes {arg_names = ["x", "dtype"]} {
  %n = py.builtin "len"(%x) : (!py.list<f64>) -> si64
  %s = py.tuple(%n) : (si64) -> tuple<si64>
  %a = py.builtin "numpy.empty"(%s) : (tuple<si64>) -> !py.array<f64, 1, "C">
  py.return %a : !py.array<f64, 1, "C">
}
py.func private @"numbra.lib.construction.sequences.from_sequence(list(list(int64)),`numpy.float64`)"(%x: !py.list<!py.list<si64>>, %dtype: none) -> !py.array<f64, 2, "C"> attributes {arg_names = ["x", "dtype"]} {
  %n = py.builtin "len"(%x) : (!py.list<!py.list<si64>>) -> si64
  %s = py.tuple(%n, %n) : (si64, si64) -> tuple<si64, si64>
  %a = py.builtin "numpy.empty"(%s) : (tuple<si64, si64>) -> !py.array<f64, 2, "C">
  py.return %a : !py.array<f64, 2, "C">
}
py.func private @"numbra.lib.construction.sequences.from_sequence(list(float64),`numpy.int64`)"(%x: !py.list<f64>, %dtype: none) -> !py.array<si64, 1, "C"> attributes {arg_names = ["x", "dtype"]} {
  %n = py.builtin "len"(%x) : (!py.list<f64>) -> si64
  %s = py.tuple(%n) : (si64) -> tuple<si64>
  %a = py.builtin "numpy.empty"(%s) : (tuple<si64>) -> !py.array<si64, 1, "C">
  py.return %a : !py.array<si64, 1, "C">
}

// CHECK-LABEL: py.func @row(
// CHECK-NOT: list.new
// CHECK: %[[SHAPE:.*]] = py.tuple(%{{.*}}) : (si64) -> tuple<si64>
// CHECK-NEXT: %[[A:.*]] = py.builtin "numpy.empty"(%[[SHAPE]])
// CHECK: py.setitem %[[A]][%{{.*}}] = %arg0
// CHECK: py.setitem %[[A]][%{{.*}}] = %arg1
// CHECK: py.return %[[A]]
py.func @row(%x: f64, %y: f64) -> !py.array<f64, 1, "C"> attributes {arg_names = ["x", "y"]} {
  %none = py.constant unit -> none
  %l = py.builtin "list.new"(%x, %y) : (f64, f64) -> !py.list<f64>
  %a = py.invoke @"numbra.lib.construction.sequences.from_sequence(list(float64),none)"(%l, %none) : (!py.list<f64>, none) -> !py.array<f64, 1, "C">
  py.return %a : !py.array<f64, 1, "C">
}

// Rows of numbers that are converted.
// CHECK-LABEL: py.func @matrix(
// CHECK-NOT: list.new
// CHECK: %[[A:.*]] = py.builtin "numpy.empty"(%{{.*}}) : (tuple<si64, si64>)
// CHECK-COUNT-4: py.setitem %[[A]][
// CHECK: py.return %[[A]]
py.func @matrix(%x: si64) -> !py.array<f64, 2, "C"> attributes {arg_names = ["x"]} {
  %none = py.constant unit -> none
  %p = py.builtin "list.new"(%x, %x) : (si64, si64) -> !py.list<si64>
  %q = py.builtin "list.new"(%x, %x) : (si64, si64) -> !py.list<si64>
  %l = py.builtin "list.new"(%p, %q) : (!py.list<si64>, !py.list<si64>) -> !py.list<!py.list<si64>>
  %a = py.invoke @"numbra.lib.construction.sequences.from_sequence(list(list(int64)),`numpy.float64`)"(%l, %none) : (!py.list<!py.list<si64>>, none) -> !py.array<f64, 2, "C">
  py.return %a : !py.array<f64, 2, "C">
}

// Rows of two lengths: the library's error.
// CHECK-LABEL: py.func @ragged(
// CHECK: py.invoke
py.func @ragged(%x: si64) -> !py.array<f64, 2, "C"> attributes {arg_names = ["x"]} {
  %none = py.constant unit -> none
  %p = py.builtin "list.new"(%x, %x) : (si64, si64) -> !py.list<si64>
  %q = py.builtin "list.new"(%x) : (si64) -> !py.list<si64>
  %l = py.builtin "list.new"(%p, %q) : (!py.list<si64>, !py.list<si64>) -> !py.list<!py.list<si64>>
  %a = py.invoke @"numbra.lib.construction.sequences.from_sequence(list(list(int64)),`numpy.float64`)"(%l, %none) : (!py.list<!py.list<si64>>, none) -> !py.array<f64, 2, "C">
  py.return %a : !py.array<f64, 2, "C">
}

// A list that something else uses, and a conversion that not every number has.
// CHECK-LABEL: py.func @used(
// CHECK: py.invoke
// CHECK: py.invoke
py.func @used(%x: f64) -> si64 attributes {arg_names = ["x"]} {
  %none = py.constant unit -> none
  %l = py.builtin "list.new"(%x, %x) : (f64, f64) -> !py.list<f64>
  %a = py.invoke @"numbra.lib.construction.sequences.from_sequence(list(float64),none)"(%l, %none) : (!py.list<f64>, none) -> !py.array<f64, 1, "C">
  %m = py.builtin "list.new"(%x, %x) : (f64, f64) -> !py.list<f64>
  %b = py.invoke @"numbra.lib.construction.sequences.from_sequence(list(float64),`numpy.int64`)"(%m, %none) : (!py.list<f64>, none) -> !py.array<si64, 1, "C">
  %n = py.builtin "len"(%l) : (!py.list<f64>) -> si64
  %k = py.builtin "len"(%b) : (!py.array<si64, 1, "C">) -> si64
  %s = py.binary add %n, %k : (si64, si64) -> si64
  py.return %s : si64
}
