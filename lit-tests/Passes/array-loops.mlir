// The loops of reductions, scans and assignments of elements.
// RUN: numba-opt %s --convert-py-to-std | FileCheck %s

// CHECK-DAG: #[[MASK:.*]] = #llvm.loop_vectorize<predicateEnable = true>
// CHECK-DAG: #[[MASKED:.*]] = #llvm.loop_annotation<vectorize = #[[MASK]]>
// What is allocated is apart from all other memory.
// CHECK: llvm.func @nb_alloc(i64, i32) -> (!llvm.ptr {llvm.noalias})

py.func private @twice(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.binary add %x, %x : (f64, f64) -> f64
  py.return %y : f64
}

// A sum: blocks of 256 elements, which are added in any order; what each addition of a block loses is kept beside the sum.
// CHECK-LABEL: func.func private @total(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[DATA:.*]]: !llvm.ptr, %[[N:.*]]: i64, %{{.*}}: i64) -> f64
// CHECK: %[[BLOCK:.*]] = arith.constant 256 : i64
// CHECK: ^[[OUTER:bb[0-9]+]](%{{.*}}: i64, %[[SUM:.*]]: f64, %[[LOST:.*]]: f64):
// CHECK: arith.minsi %{{.*}}, %[[BLOCK]]
// CHECK: ^[[INNER:bb[0-9]+]](%{{.*}}: i64, %[[PART:.*]]: f64):
// CHECK: %[[X:.*]] = llvm.load
// CHECK-NEXT: %[[Y:.*]] = call @twice(%[[X]])
// CHECK-NEXT: arith.addf %[[PART]], %[[Y]] fastmath<reassoc>
// CHECK: cf.br ^[[INNER]](
// CHECK: arith.addf %[[SUM]], %[[PART]] : f64
// CHECK: arith.addf %[[LOST]],
// CHECK: cf.br ^[[OUTER]](
py.func private @total(%a: !py.array<f64, 1, "C">) -> f64 attributes {arg_names = ["a"]} {
  %r = py.builtin "array.reduce"(%a) {callee = @twice, kind = "sum"} : (!py.array<f64, 1, "C">) -> f64
  py.return %r : f64
}

// The largest element: none is an error, and NaN wins.
// CHECK-LABEL: func.func private @largest(
// CHECK: llvm.call @nb_raise
// CHECK: ^[[LOOP:bb[0-9]+]](%{{.*}}: i64, %[[BEST:.*]]: f64):
// CHECK: %[[X:.*]] = llvm.load
// CHECK-NEXT: %[[NEXT:.*]] = arith.maximumf %[[BEST]], %[[X]] fastmath<nsz>
// CHECK: cf.br ^[[LOOP]](%{{.*}}, %[[NEXT]] :
// CHECK: return %[[BEST]]
py.func private @largest(%a: !py.array<f64, 1, "C">) -> f64 attributes {arg_names = ["a"]} {
  %r = py.builtin "array.reduce"(%a) {kind = "max"} : (!py.array<f64, 1, "C">) -> f64
  py.return %r : f64
}

// Along the first axis: the result begins as a copy of the first row; then the innermost loop goes over a part of a row that stays in the cache, four rows at a time, in their order.
// CHECK-LABEL: func.func private @columns(
// CHECK: %[[WIDTH:.*]] = arith.constant 4096 : i64
// CHECK: llvm.call @nb_alloc
// CHECK: arith.minsi %{{.*}}, %[[WIDTH]]
// CHECK: %[[FIRST:.*]] = llvm.load
// CHECK: llvm.store %[[FIRST]]
// CHECK: %[[PLACE:[0-9]+]] = llvm.getelementptr {{.*}} !llvm.ptr, f64
// CHECK-NEXT: %[[S0:.*]] = llvm.load %[[PLACE]]
// CHECK: %[[S1:.*]] = arith.addf %[[S0]], %{{.*}} : f64
// CHECK: %[[S2:.*]] = arith.addf %[[S1]], %{{.*}} : f64
// CHECK: %[[S3:.*]] = arith.addf %[[S2]], %{{.*}} : f64
// CHECK: %[[S4:.*]] = arith.addf %[[S3]], %{{.*}} : f64
// CHECK-NEXT: llvm.store %[[S4]], %[[PLACE]]
py.func private @columns(%a: !py.array<f64, 2, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.reduce"(%a) {axis = 0 : index, kind = "sum"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Along the last axis: a row at a time. Rows of fewer than 12 elements have a loop of their own that is no vector code and carries no lost parts.
// CHECK-LABEL: func.func private @rows(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %{{.*}}: !llvm.ptr, %{{.*}}: i64, %[[N:.*]]: i64, %{{.*}}: i64, %{{.*}}: i64)
// CHECK: arith.cmpi sge, %[[N]], %c12_i64
// CHECK: arith.addf %{{.*}}, %{{.*}} fastmath<reassoc>
// CHECK: ^[[FEW:bb[0-9]+]](%{{.*}}: i64, %[[SUM:.*]]: f64):
// CHECK: %[[NEXT:.*]] = arith.addf %[[SUM]], %{{.*}} fastmath<reassoc>
// CHECK: cf.br ^[[FEW]](%{{.*}}, %[[NEXT]] : i64, f64) {loop_annotation
// CHECK: llvm.store %[[SUM]],
py.func private @rows(%a: !py.array<f64, 2, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.reduce"(%a) {axis = 1 : index, kind = "sum"} : (!py.array<f64, 2, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// A scan: new memory, and the sum so far goes on from element to element, in order and exact. It begins with -0.0, which changes no first element.
// CHECK-LABEL: func.func private @running(
// CHECK: %[[ZERO:.*]] = arith.constant -0.000000e+00 : f64
// CHECK: llvm.call @nb_alloc
// CHECK: cf.br ^[[LOOP:bb[0-9]+]](%{{.*}}, %[[ZERO]] :
// CHECK: ^[[LOOP]](%{{.*}}: i64, %[[SUM:.*]]: f64):
// CHECK: %[[X:.*]] = llvm.load
// CHECK-NEXT: %[[NEXT:.*]] = arith.addf %[[SUM]], %[[X]] : f64
// CHECK: llvm.store %[[NEXT]]
// CHECK: cf.br ^[[LOOP]](%{{.*}}, %[[NEXT]] :
py.func private @running(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.scan"(%a) {kind = "sum"} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Elements that are assigned: operands that do not fit are an error; where memory does not overlap they are written in place, without other memory; where it does they go to new
// memory, which is copied in the end. The loop is the same. An operand of one element that is stretched is read from memory that is filled with it, by the same loop.
// CHECK-LABEL: func.func private @into(
// CHECK-SAME: %{{.*}}: !llvm.ptr, %[[TO:.*]]: !llvm.ptr, %[[N:.*]]: i64, %{{.*}}: i64, %{{.*}}: !llvm.ptr, %[[FROM:.*]]: !llvm.ptr, %[[M:.*]]: i64, %{{.*}}: i64)
// CHECK: arith.cmpi eq, %[[N]], %[[M]]
// CHECK: llvm.call @nb_raise
// CHECK: llvm.ptrtoint %[[TO]]
// CHECK: llvm.ptrtoint %[[FROM]]
// CHECK: cf.cond_br %[[APART:.*]] weights([2000, 1]), ^[[INPLACE:bb[0-9]+]], ^{{.*}}
// CHECK: ^[[INPLACE]]:
// CHECK-NEXT: cf.br ^[[WRITE:bb[0-9]+]](%{{.*}}, %[[TO]], %
// CHECK: ^[[WRITE]](%[[OWNER:.*]]: !llvm.ptr, %[[PLACE:.*]]: !llvm.ptr, %{{.*}}: i64):
// CHECK: %[[NEW:.*]] = llvm.call @nb_alloc
// CHECK: cf.br ^[[WRITE]](%[[NEW]], %
// CHECK: llvm.call @nb_fill(%{{.*}}, %[[FROM]],
// CHECK: %[[PART:.*]] = llvm.getelementptr inbounds %[[PLACE]][
// CHECK: %[[X:.*]] = llvm.load %{{.*}} : !llvm.ptr -> f64
// CHECK-NEXT: %[[Y:.*]] = call @twice(%[[X]])
// CHECK-NEXT: %[[Q:.*]] = llvm.getelementptr inbounds %[[PART]][
// CHECK-NEXT: llvm.store %[[Y]], %[[Q]]
// CHECK: cf.cond_br %[[APART]] weights([2000, 1]),
// CHECK: llvm.call @nb_copy(%[[TO]], %{{.*}}, %[[PLACE]],
// CHECK: llvm.call @nb_free(%[[OWNER]])
py.func private @into(%a: !py.array<f64, 1, "C">, %b: !py.array<f64, 1, "C">) -> none attributes {arg_names = ["a", "b"]} {
  %r = py.builtin "array.map_into"(%a, %b) {callee = @twice} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  %n = py.constant unit -> none
  py.return %n : none
}

// Parts of one array, of which the one that is read lies before the one that is written: in turns to the halves of a buffer of two blocks, from which a block is copied when the next one is there.
// CHECK-LABEL: func.func private @shift(
// CHECK: arith.divui %c65536_i64,
// CHECK: arith.muli %[[SIZE:.*]], %c2_i64
// CHECK: arith.ceildivsi %{{.*}}, %[[SIZE]]
// CHECK: llvm.call @nb_alloc
// CHECK: %[[ODD:.*]] = arith.andi %{{.*}}, %c1_i64
// CHECK: arith.muli %[[ODD]], %[[SIZE]]
// CHECK: call @twice(
// CHECK: llvm.call @nb_copy(
// CHECK: llvm.call @nb_free(
py.func private @shift(%a: !py.array<f64, 1, "C">) -> none attributes {arg_names = ["a"]} {
  %n = py.constant unit -> none
  %one = py.constant 1 : si64 -> si64
  %last = py.constant -1 : si64 -> si64
  %behind = py.slice %one, %n, %n : (si64, none, none) -> !py.slice<si64, none, none>
  %before = py.slice %n, %last, %n : (none, si64, none) -> !py.slice<none, si64, none>
  %to = py.getitem %a[%behind] : (!py.array<f64, 1, "C">, !py.slice<si64, none, none>) -> !py.array<f64, 1, "C">
  %from = py.getitem %a[%before] : (!py.array<f64, 1, "C">, !py.slice<none, si64, none>) -> !py.array<f64, 1, "C">
  %r = py.builtin "array.map_into"(%to, %from) {callee = @twice} : (!py.array<f64, 1, "C">, !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %n : none
}

py.func private @gauss(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.builtin "math.exp"(%x) : (f64) -> f64
  %z = py.builtin "math.erf"(%y) : (f64) -> f64
  py.return %z : f64
}
py.func private @one(%x: f64) -> f64 attributes {arg_names = ["x"]} {
  %y = py.builtin "math.exp"(%x) : (f64) -> f64
  py.return %y : f64
}

// Long straight-line code stands in a loop once, with a mask for the last vector. Not that of one function, nor where arrays go in steps: there a mask costs too much.
// CHECK-LABEL: func.func private @long(
// CHECK: llvm.getelementptr inbounds %{{.*}}[64]
// CHECK: call @gauss
// CHECK: cf.br ^{{.*}} {loop_annotation = #[[MASKED]]}
py.func private @long(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.map"(%a) {callee = @gauss} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
// CHECK-LABEL: func.func private @short(
// CHECK-NOT: loop_annotation
py.func private @short(%a: !py.array<f64, 1, "C">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.map"(%a) {callee = @one} : (!py.array<f64, 1, "C">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}
// CHECK-LABEL: func.func private @steps(
// CHECK: call @gauss
// CHECK: cf.br ^{{.*}} {loop_annotation = #[[MASKED]]}
// CHECK: call @gauss
// CHECK-NOT: loop_annotation
py.func private @steps(%a: !py.array<f64, 1, "A">) -> !py.array<f64, 1, "C"> attributes {arg_names = ["a"]} {
  %r = py.builtin "array.map"(%a) {callee = @gauss} : (!py.array<f64, 1, "A">) -> !py.array<f64, 1, "C">
  py.return %r : !py.array<f64, 1, "C">
}

// Rows are sorted by the runtime: on several threads where the function is compiled for that.
// CHECK-LABEL: func.func private @sorted(
// CHECK: llvm.call @nb_sort(
// CHECK-LABEL: func.func private @sorted_by_parts(
// CHECK: llvm.call @nb_sort_parallel(
// CHECK: llvm.call @nb_sort_positions_parallel(
py.func private @sorted(%a: !py.array<f64, 1, "C">) -> none attributes {arg_names = ["a"]} {
  %n = py.builtin "row.sort"(%a) : (!py.array<f64, 1, "C">) -> none
  py.return %n : none
}
py.func private @sorted_by_parts(%a: !py.array<f64, 1, "C">, %order: !py.array<si64, 1, "C">) -> none attributes {arg_names = ["a", "order"], options = {parallel = true}} {
  %n = py.builtin "row.sort"(%a) : (!py.array<f64, 1, "C">) -> none
  %m = py.builtin "row.sort_positions"(%a, %order) : (!py.array<f64, 1, "C">, !py.array<si64, 1, "C">) -> none
  py.return %m : none
}
