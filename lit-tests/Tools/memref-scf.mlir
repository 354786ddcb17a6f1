// Passes may make use of MLIR's own loops and memory: they are lowered along with the rest.
// RUN: numba-opt %s --convert-scf-to-cf --numbra-llvm | FileCheck %s --implicit-check-not=scf. --implicit-check-not=memref. --implicit-check-not=unrealized
// CHECK: llvm.func @sum(%{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %{{.*}}: i64, %{{.*}}: i64) -> f64
// CHECK: llvm.cond_br
// CHECK: llvm.fadd
func.func @sum(%elements: memref<?xf64>) -> f64 {
  %first = arith.constant 0 : index
  %step = arith.constant 1 : index
  %zero = arith.constant 0.0 : f64
  %end = memref.dim %elements, %first : memref<?xf64>
  %sum = scf.for %i = %first to %end step %step iter_args(%so_far = %zero) -> f64 {
    %x = memref.load %elements[%i] : memref<?xf64>
    %next = arith.addf %so_far, %x : f64
    scf.yield %next : f64
  }
  return %sum : f64
}
