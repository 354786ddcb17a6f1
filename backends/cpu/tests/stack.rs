//! Which allocations become slots of the frame: one module for each reason why one does, or does not.
#![allow(clippy::unwrap_used, reason = "tests")]
use melior::ir::Module;
use numbra_backend_api::{Backend, OptLevel, Options};
use numbra_backend_cpu::CpuBackend;

/// How many allocations the optimiser leaves in `@f`, whose body this is. `%size` is an argument, `%n` another one.
fn allocations(body: &str) -> usize {
    let source = format!(
        r#"
llvm.func @nb_alloc(i64, i32) -> (!llvm.ptr {{llvm.noalias}}) attributes {{passthrough = ["nounwind", "willreturn"]}}
llvm.func @nb_free(!llvm.ptr) attributes {{passthrough = ["nounwind", "willreturn"]}}
llvm.func @elsewhere(!llvm.ptr)
llvm.func @forgetful(!llvm.ptr {{llvm.nocapture}})
llvm.func @f(%size: i64, %n: i64, %place: !llvm.ptr) -> !llvm.ptr {{
  %empty = llvm.mlir.constant(0 : i32) : i32
  %zeroed = llvm.mlir.constant(1 : i32) : i32
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %three = llvm.mlir.constant(24 : i64) : i64
  %null = llvm.mlir.zero : !llvm.ptr
{body}
}}"#
    );
    let context = numbra_dialects::registry::new_context();
    let module = Module::parse(&context, &source).unwrap();
    let options = Options { verify: true, ir: true, level: OptLevel::O3, ..Options::default() };
    let ir = CpuBackend::global().compile(module.as_operation(), &options).unwrap().ir.unwrap();
    ir.matches("call ptr @nb_alloc").count()
}

#[test]
fn what_stays_inside_is_promoted() {
    // Written and read, by an index that is not known too, counted and freed.
    let used = r#"
  %a = llvm.call @nb_alloc(%three, %zeroed) : (i64, i32) -> !llvm.ptr
  %data = llvm.getelementptr %a[64] : (!llvm.ptr) -> !llvm.ptr, i8
  %element = llvm.getelementptr %data[%n] : (!llvm.ptr, i64) -> !llvm.ptr, i64
  llvm.store %n, %element : i64, !llvm.ptr
  %x = llvm.load %data : !llvm.ptr -> i64
  llvm.store %x, %place : i64, !llvm.ptr
  llvm.call @forgetful(%data) : (!llvm.ptr) -> ()
  %count = llvm.atomicrmw sub %a, %one acq_rel : !llvm.ptr, i64
  %last = llvm.icmp "eq" %count, %one : i64
  llvm.cond_br %last, ^free, ^end
^free:
  llvm.call @nb_free(%a) : (!llvm.ptr) -> ()
  llvm.br ^end
^end:
  llvm.return %null : !llvm.ptr"#;
    assert_eq!(allocations(used), 0);
    // Made in each iteration, and compared as a number.
    let looped = r#"
  llvm.br ^head(%zero : i64)
^head(%i: i64):
  %a = llvm.call @nb_alloc(%three, %empty) : (i64, i32) -> !llvm.ptr
  llvm.store %i, %a : i64, !llvm.ptr
  llvm.call @forgetful(%a) : (!llvm.ptr) -> ()
  %number = llvm.ptrtoint %a : !llvm.ptr to i64
  %other = llvm.ptrtoint %place : !llvm.ptr to i64
  %distance = llvm.sub %number, %other : i64
  %near = llvm.icmp "ult" %distance, %n : i64
  %next = llvm.add %i, %one : i64
  llvm.cond_br %near, ^head(%next : i64), ^end
^end:
  llvm.return %null : !llvm.ptr"#;
    assert_eq!(allocations(looped), 0);
}

#[test]
fn what_others_may_see_is_not() {
    let after = |code: &str| allocations(&format!("  %a = llvm.call @nb_alloc(%three, %empty) : (i64, i32) -> !llvm.ptr\n  llvm.store %n, %a : i64, !llvm.ptr\n{code}"));
    assert_eq!(after("  llvm.return %a : !llvm.ptr"), 1);
    assert_eq!(after("  llvm.store %a, %place : !llvm.ptr, !llvm.ptr\n  llvm.return %null : !llvm.ptr"), 1);
    assert_eq!(after("  llvm.call @elsewhere(%a) : (!llvm.ptr) -> ()\n  llvm.return %null : !llvm.ptr"), 1);
    let number = "  %p = llvm.ptrtoint %a : !llvm.ptr to i64\n  %q = llvm.add %p, %n : i64\n  llvm.store %q, %place : i64, !llvm.ptr\n  llvm.return %null : !llvm.ptr";
    assert_eq!(after(number), 1);
    // A view of it.
    assert_eq!(after("  %v = llvm.getelementptr %a[%n] : (!llvm.ptr, i64) -> !llvm.ptr, i64\n  llvm.return %v : !llvm.ptr"), 1);
    // The address of its data, which the header has.
    let loaded = "  %word = llvm.getelementptr %a[8] : (!llvm.ptr) -> !llvm.ptr, i8\n  %v = llvm.load %word : !llvm.ptr -> !llvm.ptr\n  llvm.return %v : !llvm.ptr";
    assert_eq!(after(loaded), 1);
    // One of two.
    let joined = "  %c = llvm.icmp \"eq\" %n, %zero : i64\n  %v = llvm.select %c, %a, %place : i1, !llvm.ptr\n  llvm.return %v : !llvm.ptr";
    assert_eq!(after(joined), 1);
}

#[test]
fn what_outlives_an_iteration_is_not() {
    // The array of one iteration is read while that of the next one is made.
    let carried = r#"
  %first = llvm.call @nb_alloc(%three, %zeroed) : (i64, i32) -> !llvm.ptr
  llvm.br ^head(%zero, %first : i64, !llvm.ptr)
^head(%i: i64, %old: !llvm.ptr):
  %a = llvm.call @nb_alloc(%three, %empty) : (i64, i32) -> !llvm.ptr
  %x = llvm.load %old : !llvm.ptr -> i64
  %y = llvm.add %x, %i : i64
  llvm.store %y, %a : i64, !llvm.ptr
  llvm.call @forgetful(%a) : (!llvm.ptr) -> ()
  %next = llvm.add %i, %one : i64
  %more = llvm.icmp "slt" %next, %n : i64
  llvm.cond_br %more, ^head(%next, %a : i64, !llvm.ptr), ^end
^end:
  llvm.return %null : !llvm.ptr"#;
    // The first one is made once.
    assert_eq!(allocations(carried), 1);
}

#[test]
fn what_is_large_is_not() {
    let of = |size: &str| allocations(&format!("  %bytes = llvm.mlir.constant({size} : i64) : i64\n  %a = llvm.call @nb_alloc(%bytes, %empty) : (i64, i32) -> !llvm.ptr\n  llvm.call @forgetful(%a) : (!llvm.ptr) -> ()\n  llvm.return %null : !llvm.ptr"));
    assert_eq!((of("0"), of("1024"), of("1032"), of("-8")), (0, 0, 1, 1));
    let unknown = "  %a = llvm.call @nb_alloc(%size, %empty) : (i64, i32) -> !llvm.ptr\n  llvm.call @forgetful(%a) : (!llvm.ptr) -> ()\n  llvm.return %null : !llvm.ptr";
    assert_eq!(allocations(unknown), 1);
    // 4096 bytes in all: three of 1088.
    let many: String = (0..5).map(|i| format!("  %a{i} = llvm.call @nb_alloc(%bytes, %empty) : (i64, i32) -> !llvm.ptr\n  llvm.call @forgetful(%a{i}) : (!llvm.ptr) -> ()\n")).collect();
    assert_eq!(allocations(&format!("  %bytes = llvm.mlir.constant(1024 : i64) : i64\n{many}  llvm.return %null : !llvm.ptr")), 2);
}
