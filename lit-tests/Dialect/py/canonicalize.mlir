// RUN: numba-opt %s --cse --canonicalize | FileCheck %s

// Pure ops are shared or dropped; ops that may raise or look at objects stay.
// CHECK-LABEL: py.func @pure
py.func @pure(%a: !py.any) -> !py.any attributes {arg_names = ["a"]} {
  // CHECK-NEXT: %[[C:.*]] = py.constant 1 : si64 -> !py.any
  // CHECK-NEXT: %[[X:.*]] = py.binary add %arg0, %[[C]]
  // CHECK-NEXT: %[[Y:.*]] = py.binary add %arg0, %[[C]]
  // CHECK-NEXT: %[[T:.*]] = py.tuple(%[[X]], %[[Y]])
  // CHECK-NEXT: py.return %[[T]]
  %one = py.constant 1 : si64 -> !py.any
  %same = py.constant 1 : si64 -> !py.any
  %dead = py.entity "math.sqrt" : !py.any
  %x = py.binary add %a, %one : (!py.any, !py.any) -> !py.any
  %y = py.binary add %a, %same : (!py.any, !py.any) -> !py.any
  %t = py.tuple(%x, %y) : (!py.any, !py.any) -> !py.any
  py.return %t : !py.any
}
