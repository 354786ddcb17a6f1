// RUN: numba-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{array layout must be "C", "F" or "A", got "K"}}
py.func @layout(%a: !py.array<f64, 1, "K">) -> none attributes {arg_names = ["a"]} { %n = py.constant unit -> none py.return %n : none }

// -----

// expected-error@+1 {{array rank must not be negative, got -1}}
py.func @rank(%a: !py.array<f64, -1, "C">) -> none attributes {arg_names = ["a"]} { %n = py.constant unit -> none py.return %n : none }

// -----

// expected-error@+1 {{array element type must be a bool, integer, float or complex type, a time or a record, got 'index'}}
py.func @dtype(%a: !py.array<index, 1, "C">) -> none attributes {arg_names = ["a"]} { %n = py.constant unit -> none py.return %n : none }

// -----

func.func @return_elsewhere() {
  %n = py.constant unit -> none
  // expected-error@+1 {{'py.return' op expects parent op 'py.func'}}
  py.return %n : none
}

// -----

py.func @unknown_operator(%a: !py.any) -> !py.any attributes {arg_names = ["a"]} {
  // expected-error@+2 {{to be one of: add, sub, mul}}
  // expected-error@+1 {{failed to parse Py_BinaryKindAttr parameter}}
  %x = py.binary plus %a, %a : (!py.any, !py.any) -> !py.any
  py.return %x : !py.any
}
