// Modules that no frontend makes: each is refused with a diagnostic; no pass panics.
// RUN: not numba-opt %s --split-input-file --convert-py-to-std 2>&1 >/dev/null | FileCheck %s --implicit-check-not=panicked
// RUN: not numba-opt %s --split-input-file --numbra-compile 2>&1 >/dev/null | FileCheck %s --implicit-check-not=panicked
// RUN: numba-opt %s --split-input-file --py-insert-refcounts -o /dev/null
// CHECK: [NB0103] operator + on Tuple(int64) and float64
// CHECK: [NB0103] library function no.such
// CHECK: [NB0900] math.sqrt: too few arguments
// CHECK: error: {{.*}}return
// CHECK: [NB0900]
// CHECK: 'nowhere' does not reference a valid function
// CHECK: [NB0103] subscript of type array(float64, 2d, C)
// CHECK: error:
// CHECK: [NB0900] function without a body
// CHECK: [NB0900]
// CHECK: [NB0900]
// CHECK: [NB0900] comparison in of floats
// CHECK: [NB0103] conversion from float64 to Tuple(int64)
py.func @a(%a: tuple<si64>, %b: f64) -> si64 attributes {arg_names = ["a", "b"]} {
  %x = py.binary add %a, %b : (tuple<si64>, f64) -> si64
  py.return %x : si64
}
// -----
py.func @b(%a: si64) -> si64 attributes {arg_names = ["a"]} {
  %x = py.builtin "no.such"(%a) : (si64) -> si64
  py.return %x : si64
}
// -----
py.func @c(%a: si64) -> si64 attributes {arg_names = ["a"]} {
  %x = py.builtin "math.sqrt"() : () -> si64
  py.return %x : si64
}
// -----
py.func @d(%a: si64) -> f64 attributes {arg_names = ["a"]} {
  py.return %a : si64
}
// -----
py.func @e(%a: i37) -> i37 attributes {arg_names = ["a"]} {
  py.return %a : i37
}
// -----
py.func @f(%a: si64) -> si64 attributes {arg_names = ["a"]} {
  %x = py.invoke @nowhere(%a) : (si64) -> si64
  py.return %x : si64
}
// -----
py.func @g(%a: !py.array<f64, 2, "C">) -> f64 attributes {arg_names = ["a"]} {
  %x = py.getitem %a[%a] : (!py.array<f64, 2, "C">, !py.array<f64, 2, "C">) -> f64
  py.return %x : f64
}
// -----
py.func @h(%a: !py.array<f64, 2, "C">) -> si64 attributes {arg_names = ["a"]} {
  %x, %y, %z = py.unpack %a : (!py.array<f64, 2, "C">) -> (si64, si64, si64)
  py.return %x : si64
}
// -----
py.func @i() attributes {arg_names = []}
// -----
py.func @j(%a: si64) -> si64 attributes {arg_names = [], py.specialize = [3, "x"]} {
  py.return %a : si64
}
// -----
py.func @k(%a: !py.any) -> !py.any attributes {arg_names = [], py.specialize = [(si64) -> ()]} {
  py.return %a : !py.any
}
// -----
py.func @l(%a: !py.any) -> !py.any attributes {arg_names = ["a"], py.specialize = [(i99) -> ()]} {
  py.return %a : !py.any
}
// -----
py.func @m(%a: f64) -> i1 attributes {arg_names = ["a"]} {
  %x = py.compare in %a, %a : (f64, f64) -> i1
  py.return %x : i1
}
// -----
py.func @n(%a: f64) -> si64 attributes {arg_names = ["a"]} {
  %x = py.cast %a : f64 to tuple<si64>
  %y = py.iter %a : (f64) -> !py.iterator<f64>
  %h, %z = py.next %a : (f64) -> (i1, f64)
  %s = py.getattr %a["T"] : (f64) -> si64
  py.raise %a : f64
}
