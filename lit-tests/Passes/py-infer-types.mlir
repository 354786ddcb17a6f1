// RUN: numba-opt %s --py-infer-types --split-input-file --verify-diagnostics | FileCheck %s

// One typed function per request; conversions are explicit.
// CHECK-LABEL: py.func @"mixed(int64,float64)"(%arg0: si64, %arg1: f64) -> f64
// CHECK-SAME: py.entry
// CHECK: %[[A:.*]] = py.cast %arg0 : si64 to f64
// CHECK: %[[X:.*]] = py.binary add %[[A]], %arg1 : (f64, f64) -> f64
// CHECK: py.return %[[X]] : f64
// CHECK-LABEL: py.func @"mixed(int64,int64)"(%arg0: si64, %arg1: si64) -> si64
// CHECK: py.binary add %arg0, %arg1 : (si64, si64) -> si64
py.func @mixed(%a: !py.any, %b: !py.any) -> !py.any attributes {arg_names = ["a", "b"], py.specialize = [(si64, f64) -> (), (si64, si64) -> ()]} {
  %x = py.binary add %a, %b : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// A library function becomes a builtin; its entity is gone.
// CHECK-LABEL: py.func @"root(int64)"
// CHECK-NOT: py.entity
// CHECK: %[[X:.*]] = py.cast %arg0 : si64 to f64
// CHECK: py.builtin "math.sqrt"(%[[X]]) : (f64) -> f64
py.func @root(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64) -> ()]} {
  %f = py.entity "math.sqrt" : !py.any
  %x = py.call %f(%a) : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// Types meet at blocks: the loop's variable starts as an int and becomes a float.
// CHECK-LABEL: py.func @"halve(int64)"(%arg0: si64) -> f64
// CHECK: ^bb{{.*}}(%{{.*}}: f64)
// CHECK: py.return %{{.*}} : f64
py.func @halve(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64) -> ()]} {
  %two = py.constant 2 : si64 -> !py.any
  cf.br ^header(%a : !py.any)
^header(%x: !py.any):
  %more = py.compare gt %x, %two : (!py.any, !py.any) -> !py.any
  %c = py.truth %more : !py.any
  cf.cond_br %c, ^body, ^exit
^body:
  %y = py.binary truediv %x, %two : (!py.any, !py.any) -> !py.any
  cf.br ^header(%y : !py.any)
^exit:
  py.return %x : !py.any
}

// -----

// A function that is called is typed with it, and is private.
// CHECK-LABEL: py.func @"caller(float64)"
// CHECK: py.invoke @"callee(float64)"(%arg0) : (f64) -> f64
// CHECK-LABEL: py.func private @"callee(float64)"
py.func @caller(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(f64) -> ()]} {
  %f = py.function @callee : !py.any
  %x = py.call %f(%a) : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}
py.func private @callee(%a: !py.any) -> !py.any attributes {arg_names = ["a"]} {
  %x = py.unary neg %a : (!py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// Without a request a function is dropped.
// CHECK-NOT: @unused
py.func @unused(%a: !py.any) -> !py.any attributes {arg_names = ["a"]} {
  py.return %a : !py.any
}

// -----

// expected-note@+2 {{the argument `a` is int64}}
// expected-note@+1 {{the argument `t` is Tuple(int64, int64)}}
py.func @operands(%a: !py.any, %t: !py.any) -> !py.any attributes {arg_names = ["a", "t"], py.specialize = [(si64, tuple<si64, si64>) -> ()]} {
  // expected-error@+1 {{[NB0200]}}
  %x = py.binary sub %a, %t : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// expected-note@+1 {{the argument `a` is int64}}
py.func @length(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64) -> ()]} {
  %f = py.entity "builtins.len" : !py.any
  // expected-error@+1 {{[NB0201] `builtins.len` takes an array, a list, a string, a tuple or a range, not int64}}
  %x = py.call %f(%a) : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// expected-note@+1 {{the argument `a` is int64}}
py.func @item(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64) -> ()]} {
  // expected-error@+1 {{[NB0204]}}
  %x = py.getitem %a[%a] : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}

// -----

// expected-error@+1 {{[NB0207] `count` has 1 parameters, but 2 argument types are given}}
py.func @count(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(si64, si64) -> ()]} {
  py.return %a : !py.any
}
