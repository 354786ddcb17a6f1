// RUN: numba-opt %s --verify-roundtrip -o /dev/null
// RUN: numba-opt %s | FileCheck %s
// RUN: numba-opt %s --emit-bytecode | numba-opt | FileCheck %s

// CHECK-LABEL: py.func @untyped(%arg0: !py.any, %arg1: !py.any) -> !py.any
// CHECK-SAME: arg_names = ["a", "n"]
py.func @untyped(%a: !py.any, %n: !py.any) -> !py.any attributes {arg_names = ["a", "n"], py_name = "untyped"} {
  // CHECK: py.constant 1 : si64 -> !py.any
  %one = py.constant 1 : si64 -> !py.any
  // CHECK: py.entity "builtins.range" : !py.any
  %range = py.entity "builtins.range" : !py.any
  // CHECK: py.call %{{.*}}(%arg1) : (!py.any, !py.any) -> !py.any
  %r = py.call %range(%n) : (!py.any, !py.any) -> !py.any
  // CHECK: py.iter %{{.*}} : (!py.any) -> !py.any
  %it = py.iter %r : (!py.any) -> !py.any
  cf.br ^header(%one : !py.any)
^header(%sum: !py.any):
  // CHECK: %{{.*}}, %{{.*}} = py.next %{{.*}} : (!py.any) -> (i1, !py.any)
  %has, %i = py.next %it : (!py.any) -> (i1, !py.any)
  cf.cond_br %has, ^body, ^exit
^body:
  // CHECK: py.getitem %arg0[%{{.*}}] : (!py.any, !py.any) -> !py.any
  %x = py.getitem %a[%i] : (!py.any, !py.any) -> !py.any
  // CHECK: py.binary add %{{.*}}, %{{.*}} {inplace} : (!py.any, !py.any) -> !py.any
  %s = py.binary add %sum, %x {inplace} : (!py.any, !py.any) -> !py.any
  // CHECK: py.setitem %arg0[%{{.*}}] = %{{.*}} : !py.any, !py.any, !py.any
  py.setitem %a[%i] = %s : !py.any, !py.any, !py.any
  // CHECK: py.compare not_in
  %c = py.compare not_in %s, %a : (!py.any, !py.any) -> !py.any
  // CHECK: py.truth %{{.*}} : !py.any
  %t = py.truth %c : !py.any
  cf.cond_br %t, ^header(%s : !py.any), ^raise
^raise:
  // CHECK: py.call %{{.*}}(%{{.*}}, %{{.*}}) {keywords = ["key"]}
  %e = py.entity "builtins.ValueError" : !py.any
  %v = py.call %e(%s, %one) {keywords = ["key"]} : (!py.any, !py.any, !py.any) -> !py.any
  // CHECK: py.raise %{{.*}} : !py.any
  py.raise %v : !py.any
^exit:
  // CHECK: py.return %{{.*}} : !py.any
  py.return %sum : !py.any
}

// CHECK-LABEL: py.func @typed
// CHECK-SAME: !py.array<f64, 2, "C">, %{{.*}}: !py.array<complex<f32>, 1, "A", true>, %{{.*}}: tuple<si64, i1>
py.func @typed(%a: !py.array<f64, 2, "C">, %b: !py.array<complex<f32>, 1, "A", true>, %t: tuple<si64, i1>) -> si64 attributes {arg_names = ["a", "b", "t"]} {
  // CHECK: py.unpack %{{.*}} : (tuple<si64, i1>) -> (si64, i1)
  %n, %flag = py.unpack %t : (tuple<si64, i1>) -> (si64, i1)
  // CHECK: py.cast %{{.*}} : i1 to si64
  %f = py.cast %flag : i1 to si64
  // CHECK: py.tuple(%{{.*}}, %{{.*}}) : (si64, si64) -> tuple<si64, si64>
  %ix = py.tuple(%n, %f) : (si64, si64) -> tuple<si64, si64>
  // CHECK: py.getitem %{{.*}}[%{{.*}}] : (!py.array<f64, 2, "C">, tuple<si64, si64>) -> f64
  %x = py.getitem %a[%ix] : (!py.array<f64, 2, "C">, tuple<si64, si64>) -> f64
  // CHECK: py.builtin "math.sqrt"(%{{.*}}) : (f64) -> f64
  %y = py.builtin "math.sqrt"(%x) : (f64) -> f64
  %none = py.constant unit -> none
  // CHECK: py.slice %{{.*}}, %{{.*}}, %{{.*}} : (none, si64, none) -> !py.slice<none, si64, none>
  %s = py.slice %none, %n, %none : (none, si64, none) -> !py.slice<none, si64, none>
  // CHECK: py.getattr %{{.*}}["T"]
  %v = py.getattr %a["T"] : (!py.array<f64, 2, "C">) -> !py.array<f64, 2, "F">
  py.retain %v : !py.array<f64, 2, "F">
  py.release %v : !py.array<f64, 2, "F">
  // CHECK: py.invoke @callee(%{{.*}}) : (si64) -> si64
  %r = py.invoke @callee(%n) : (si64) -> si64
  // CHECK: py.unary neg %{{.*}} : (si64) -> si64
  %m = py.unary neg %r : (si64) -> si64
  py.return %m : si64
}
