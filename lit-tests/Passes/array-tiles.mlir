// An operand that lies across the order of the result: blocks of four by four elements are transposed in registers, on their way to a buffer that the loop over a tile reads.
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

py.func private @plus(%x: f64, %y: f64) -> f64 attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (f64, f64) -> f64
  py.return %z : f64
}

// CHECK-LABEL: func.func private @across(
// CHECK: %[[BUFFER:.*]] = llvm.alloca %c1024_i64 x i64
// CHECK: %[[R0:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> vector<4xi64>
// CHECK: %[[R1:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> vector<4xi64>
// CHECK: %[[R2:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> vector<4xi64>
// CHECK: %[[R3:.*]] = llvm.load %{{.*}} {alignment = 8 : i64} : !llvm.ptr -> vector<4xi64>
// CHECK-NEXT: %[[A0:.*]] = llvm.shufflevector %[[R0]], %[[R1]] [0, 4, 2, 6]
// CHECK-NEXT: %[[A1:.*]] = llvm.shufflevector %[[R0]], %[[R1]] [1, 5, 3, 7]
// CHECK-NEXT: %[[A2:.*]] = llvm.shufflevector %[[R2]], %[[R3]] [0, 4, 2, 6]
// CHECK-NEXT: %[[A3:.*]] = llvm.shufflevector %[[R2]], %[[R3]] [1, 5, 3, 7]
// CHECK-NEXT: %[[C0:.*]] = llvm.shufflevector %[[A0]], %[[A2]] [0, 1, 4, 5]
// CHECK-NEXT: %[[C2:.*]] = llvm.shufflevector %[[A0]], %[[A2]] [2, 3, 6, 7]
// CHECK-NEXT: %[[C1:.*]] = llvm.shufflevector %[[A1]], %[[A3]] [0, 1, 4, 5]
// CHECK-NEXT: %[[C3:.*]] = llvm.shufflevector %[[A1]], %[[A3]] [2, 3, 6, 7]
// CHECK: llvm.store %[[C0]], %{{.*}} {alignment = 8 : i64}
// CHECK: call @plus(
py.func private @across(%a: !py.array<f64, 2, "C">, %b: !py.array<f64, 2, "F">) -> !py.array<f64, 2, "C"> attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map"(%a, %b) {callee = @plus} : (!py.array<f64, 2, "C">, !py.array<f64, 2, "F">) -> !py.array<f64, 2, "C">
  py.return %r : !py.array<f64, 2, "C">
}

// Elements of 16 bytes are read where they are.
// CHECK-LABEL: func.func private @complex(
// CHECK-NOT: llvm.shufflevector
py.func private @sum(%x: complex<f64>, %y: complex<f64>) -> complex<f64> attributes {arg_names = ["x", "y"]} {
  %z = py.binary add %x, %y : (complex<f64>, complex<f64>) -> complex<f64>
  py.return %z : complex<f64>
}
py.func private @complex(%a: !py.array<complex<f64>, 2, "C">, %b: !py.array<complex<f64>, 2, "F">) -> !py.array<complex<f64>, 2, "C"> attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map"(%a, %b) {callee = @sum} : (!py.array<complex<f64>, 2, "C">, !py.array<complex<f64>, 2, "F">) -> !py.array<complex<f64>, 2, "C">
  py.return %r : !py.array<complex<f64>, 2, "C">
}

// A result across the order of all operands is not one row of memory either, though the operands are: a loop for each axis.
// CHECK-LABEL: func.func private @turned(
// CHECK-SAME: %{{[^:]*}}: !llvm.ptr, %[[DATA:[^:]*]]: !llvm.ptr, %[[N:[^:]*]]: i64, %[[M:[^:]*]]: i64, %[[ROW:[^:]*]]: i64
// CHECK: arith.cmpi slt, %[[J:.*]], %[[M]] : i64
// CHECK: %[[READ:.*]] = llvm.getelementptr inbounds %[[DATA]][
// CHECK: %[[I:.*]] = arith.cmpi slt, %[[K:.*]], %[[N]] : i64
// CHECK: %[[AT:.*]] = arith.muli %[[K]], %[[ROW]]
// CHECK-NEXT: llvm.getelementptr inbounds %[[READ]][%[[AT]]]
py.func private @twice(%x: complex<f64>) -> complex<f64> attributes {arg_names = ["x"]} {
  %z = py.binary add %x, %x : (complex<f64>, complex<f64>) -> complex<f64>
  py.return %z : complex<f64>
}
py.func private @turned(%a: !py.array<complex<f64>, 2, "C">) -> !py.array<complex<f64>, 2, "F"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.map"(%a) {callee = @twice} : (!py.array<complex<f64>, 2, "C">) -> !py.array<complex<f64>, 2, "F">
  py.return %r : !py.array<complex<f64>, 2, "F">
}
