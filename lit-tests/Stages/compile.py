"""Every stage of one function by the names of the pipelines, and all of them at once."""
# RUN: numba-opt %s | FileCheck %s --check-prefix=UNTYPED
# RUN: numba-opt %s --specialize 'f(2.5, 3)' --numbra-typed | FileCheck %s --check-prefix=TYPED
# RUN: numba-opt %s --specialize 'f(2.5, 3)' --numbra-typed --numbra-std | FileCheck %s --check-prefix=STD
# RUN: numba-opt %s --specialize 'f(2.5, 3)' --numbra-typed --numbra-std --numbra-llvm | FileCheck %s --check-prefix=LLVM
# RUN: numba-opt %s --specialize 'f(2.5, 3)' --numbra-compile | FileCheck %s --check-prefix=LLVM
# RUN: numba-opt %s --specialize 'f(2.5, 3)' --numbra-compile | mlir-translate --mlir-to-llvmir | FileCheck %s --check-prefix=LLVMIR

# UNTYPED: py.func @f(%arg0: !py.any, %arg1: !py.any) -> !py.any
# UNTYPED: py.binary mul %arg0, %arg1 : (!py.any, !py.any) -> !py.any
# TYPED: py.func @"f(float64,int64)"(%arg0: f64, %arg1: si64) -> f64
# TYPED: py.binary mul %arg0, %{{.*}} : (f64, f64) -> f64
# STD: func.func private @"f(float64,int64)"
# STD: arith.sitofp
# STD: arith.mulf
# LLVM: llvm.func internal @"f(float64,int64)"
# LLVM: llvm.sitofp
# LLVM: llvm.fmul
# LLVM: llvm.func @"entry:f(float64,int64)"
# LLVMIR: define internal double @"f(float64,int64)"
# LLVMIR: fmul double
# LLVMIR: define i32 @"entry:f(float64,int64)"


def f(x, n):
    return x * n
