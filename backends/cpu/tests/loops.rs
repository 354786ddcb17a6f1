//! What becomes of loops: how often their code is there.
#![allow(clippy::unwrap_used, reason = "tests")]
use melior::ir::Module;
use numbra_backend_api::{Backend, Options};
use numbra_backend_cpu::{CpuBackend, Jit};

// In each of `n` rounds a loop is run if one flag is set, and another if the other one is.
const NEST: &str = r#"
llvm.func @entry(%args: !llvm.ptr, %data: !llvm.ptr) -> i32 {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  %ok = llvm.mlir.constant(0 : i32) : i32
  %n = llvm.load %args : !llvm.ptr -> i64
  %p1 = llvm.getelementptr %args[1] : (!llvm.ptr) -> !llvm.ptr, i64
  %p2 = llvm.getelementptr %args[2] : (!llvm.ptr) -> !llvm.ptr, i64
  %f1 = llvm.load %p1 : !llvm.ptr -> i64
  %f2 = llvm.load %p2 : !llvm.ptr -> i64
  %c1 = llvm.icmp "ne" %f1, %zero : i64
  %c2 = llvm.icmp "ne" %f2, %zero : i64
  llvm.br ^outer(%zero : i64)
^outer(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^exit
^body:
  llvm.cond_br %c1, ^first(%zero : i64), ^between
^first(%j: i64):
  %q = llvm.getelementptr %data[%j] : (!llvm.ptr, i64) -> !llvm.ptr, i64
  %x = llvm.load %q : !llvm.ptr -> i64
  %y = llvm.add %x, %i : i64
  llvm.store %y, %q : i64, !llvm.ptr
  %j1 = llvm.add %j, %one : i64
  %again = llvm.icmp "slt" %j1, %n : i64
  llvm.cond_br %again, ^first(%j1 : i64), ^between
^between:
  llvm.cond_br %c2, ^second(%zero : i64), ^next
^second(%k: i64):
  %r = llvm.getelementptr %data[%k] : (!llvm.ptr, i64) -> !llvm.ptr, i64
  %u = llvm.load %r : !llvm.ptr -> i64
  %v = llvm.xor %u, %i : i64
  llvm.store %v, %r : i64, !llvm.ptr
  %k1 = llvm.add %k, %one : i64
  %still = llvm.icmp "slt" %k1, %n : i64
  llvm.cond_br %still, ^second(%k1 : i64), ^next
^next:
  %i1 = llvm.add %i, %one : i64
  llvm.br ^outer(%i1 : i64)
^exit:
  llvm.return %ok : i32
}"#;

#[test]
fn loops_inside_of_a_loop_stand_once() {
    let context = numbra_dialects::registry::new_context();
    let module = Module::parse(&context, NEST).unwrap();
    let artifact = CpuBackend::global().compile(module.as_operation(), &Options { verify: true, ir: true, ..Options::default() }).unwrap();
    let vectors = artifact.ir.as_deref().unwrap_or_default().lines().filter(|line| line.starts_with("vector.body")).count();
    assert_eq!(vectors, 2, "{:?}", artifact.ir);
    let module = Jit::global().unwrap().load(&artifact).unwrap();
    for (first, second) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let mut found = [5u64; 100];
        // SAFETY: the entry has this signature.
        let entry: extern "C" fn(*const u64, *mut u64) -> i32 = unsafe { std::mem::transmute(module.lookup("entry").unwrap()) };
        assert_eq!(entry([100u64, first, second].as_ptr(), found.as_mut_ptr()), 0);
        let expected = (0..100).fold(5u64, |x, i| {
            let x = if first == 1 { x + i } else { x };
            if second == 1 { x ^ i } else { x }
        });
        assert_eq!(found, [expected; 100]);
    }
}
