// RUN: numba-opt %s --convert-py-to-std --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func private @add(
// CHECK-SAME: %[[A:.*]]: i64, %[[B:.*]]: i64) -> i64
// CHECK: %[[X:.*]] = arith.addi %[[A]], %[[B]] : i64
// CHECK: return %[[X]] : i64
py.func private @add(%a: si64, %b: si64) -> si64 attributes {arg_names = ["a", "b"]} {
  %x = py.binary add %a, %b : (si64, si64) -> si64
  py.return %x : si64
}

// -----

// Without flags, floating point is exact: nothing is contracted or reordered.
// CHECK-LABEL: func.func private @floats
// CHECK: arith.mulf %{{.*}}, %{{.*}} : f64
// CHECK: arith.addf %{{.*}}, %{{.*}} : f64
py.func private @floats(%a: f64, %b: f64) -> f64 attributes {arg_names = ["a", "b"]} {
  %x = py.binary mul %a, %b : (f64, f64) -> f64
  %y = py.binary add %x, %b : (f64, f64) -> f64
  py.return %y : f64
}

// -----

// The options of the function decide.
// CHECK-LABEL: func.func private @fast
// CHECK: arith.mulf %{{.*}}, %{{.*}} fastmath<contract> : f64
py.func private @fast(%a: f64, %b: f64) -> f64 attributes {arg_names = ["a", "b"], options = {fastmath = ["contract"]}} {
  %x = py.binary mul %a, %b : (f64, f64) -> f64
  py.return %x : f64
}

// -----

// Division checks the divisor, except in NumPy's error model.
// CHECK-LABEL: func.func private @checked
// CHECK: arith.cmpf
// CHECK-DAG: llvm.call @nb_raise
// CHECK-DAG: arith.divf
py.func private @checked(%a: f64, %b: f64) -> f64 attributes {arg_names = ["a", "b"]} {
  %x = py.binary truediv %a, %b : (f64, f64) -> f64
  py.return %x : f64
}

// -----

// CHECK-LABEL: func.func private @unchecked
// CHECK-NOT: nb_raise
// CHECK: arith.divf
py.func private @unchecked(%a: f64, %b: f64) -> f64 attributes {arg_names = ["a", "b"], options = {error_model = "numpy"}} {
  %x = py.binary truediv %a, %b : (f64, f64) -> f64
  py.return %x : f64
}

// -----

// Values become lists of machine values: an array is owner, data, shape, strides; a complex number two floats; None nothing.
// CHECK-LABEL: func.func private @flat(
// CHECK-SAME: !llvm.ptr{{.*}}, %{{.*}}: !llvm.ptr{{.*}}, %{{.*}}: i64{{.*}}, %{{.*}}: i64{{.*}}, %{{.*}}: f64, %{{.*}}: f64, %{{.*}}: i64, %{{.*}}: i1)
// CHECK-SAME: -> (f64, f64)
py.func private @flat(%a: !py.array<f64, 1, "A">, %z: complex<f64>, %none: none, %t: tuple<si64, i1>) -> complex<f64> attributes {arg_names = ["a", "z", "none", "t"]} {
  py.return %z : complex<f64>
}

// -----

// An index is checked, and raises IndexError.
// CHECK-LABEL: func.func private @item
// CHECK-DAG: llvm.call @nb_raise_index
// CHECK-DAG: llvm.load
py.func private @item(%a: !py.array<f64, 1, "C">, %i: si64) -> f64 attributes {arg_names = ["a", "i"]} {
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  py.return %x : f64
}

// -----

// CHECK-LABEL: func.func private @unsafe_item
// CHECK-NOT: nb_raise_index
// CHECK: llvm.load
py.func private @unsafe_item(%a: !py.array<f64, 1, "C">, %i: si64) -> f64 attributes {arg_names = ["a", "i"], options = {boundscheck = false}} {
  %x = py.getitem %a[%i] : (!py.array<f64, 1, "C">, si64) -> f64
  py.return %x : f64
}

// -----

// Untyped functions are for py-infer-types.
// expected-error@+1 {{[NB0900] untyped function}}
py.func @untyped(%a: !py.any) -> !py.any attributes {arg_names = ["a"]} {
  py.return %a : !py.any
}
