// RUN: numba-opt %s --llvm-add-entries | FileCheck %s

// Arguments and results go through 8-byte slots; a function that can raise gets a landing pad.
// CHECK-LABEL: llvm.func @"entry:raises"(%arg0: !llvm.ptr, %arg1: !llvm.ptr) -> i32
// CHECK-SAME: personality = @nb_personality
// CHECK: %[[A:.*]] = llvm.load %{{.*}} : !llvm.ptr -> i64
// CHECK: %[[B:.*]] = llvm.load %{{.*}} : !llvm.ptr -> f64
// CHECK: llvm.invoke @raises(%[[A]], %[[B]]) to ^{{.*}} unwind ^{{.*}} : (i64, f64) -> f64
// CHECK: llvm.store %{{.*}}, %{{.*}} : f64, !llvm.ptr
// CHECK: llvm.landingpad
// CHECK: llvm.call @nb_catch

// One that cannot is called plainly; bools are bytes in memory.
// CHECK-LABEL: llvm.func @"entry:plain"
// CHECK-NOT: llvm.invoke
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> i8
// CHECK: llvm.call @plain(%{{.*}}) : (i1) -> i1
// CHECK: llvm.zext %{{.*}} : i1 to i8

// CHECK-NOT: @"entry:other"
module {
  llvm.func @nb_personality(...) -> i32
  llvm.func @nb_catch(!llvm.ptr, !llvm.ptr)
  llvm.func internal @raises(%a: i64, %b: f64) -> f64 attributes {py.entry = {allocates = false, throws = true, type = (i64, f64) -> f64}} {
    llvm.return %b : f64
  }
  llvm.func internal @plain(%a: i1) -> i1 attributes {py.entry = {allocates = false, throws = false, type = (i1) -> i1}} {
    llvm.return %a : i1
  }
  llvm.func internal @other(%a: i64) -> i64 {
    llvm.return %a : i64
  }
}
