//! Modules of the `llvm` dialect, compiled, loaded and run: the contract between compiled code, this back end and the runtime.
#![allow(clippy::unwrap_used, reason = "tests")]
use melior::ir::Module;
use numbra_abi::ExceptionKind;
use numbra_backend_api::{Artifact, Backend, OptLevel, Options};
use numbra_backend_cpu::{CpuBackend, Jit, LoadedModule, sleef_available};
use numbra_rt::{Argument, take_exception};

fn artifact(source: &str, options: Options) -> Result<Artifact, String> {
    let context = numbra_dialects::registry::new_context();
    let module = Module::parse(&context, source).ok_or("does not parse")?;
    CpuBackend::global().compile(module.as_operation(), &Options { verify: true, ..options })
}

fn compile(source: &str) -> Artifact {
    artifact(source, Options { ir: true, assembly: true, ..Options::default() }).unwrap()
}

fn load(source: &str) -> LoadedModule {
    Jit::global().unwrap().load(&compile(source)).unwrap()
}

/// Calls an entry: slots in, slots out, status.
fn call(module: &LoadedModule, name: &str, arguments: &[u64], results: &mut [u64]) -> i32 {
    let address = module.lookup(name).unwrap_or_else(|| panic!("no {name}"));
    // SAFETY: entries have this signature.
    let entry: extern "C" fn(*const u64, *mut u64) -> i32 = unsafe { std::mem::transmute(address) };
    entry(arguments.as_ptr(), results.as_mut_ptr())
}

const ADD: &str = r#"
llvm.func @"add(int64,int64)"(%a: i64, %b: i64) -> i64 attributes {sym_visibility = "private"} {
  %c = llvm.add %a, %b : i64
  llvm.return %c : i64
}
llvm.func @"entry:add(int64,int64)"(%args: !llvm.ptr, %result: !llvm.ptr) -> i32 {
  %p = llvm.getelementptr %args[1] : (!llvm.ptr) -> !llvm.ptr, i64
  %a = llvm.load %args : !llvm.ptr -> i64
  %b = llvm.load %p : !llvm.ptr -> i64
  %c = llvm.call @"add(int64,int64)"(%a, %b) : (i64, i64) -> i64
  llvm.store %c, %result : i64, !llvm.ptr
  %ok = llvm.mlir.constant(0 : i32) : i32
  llvm.return %ok : i32
}"#;

#[test]
fn adds() {
    for level in [OptLevel::O0, OptLevel::O1, OptLevel::O2, OptLevel::O3] {
        let a = artifact(ADD, Options { level, ..Options::default() }).unwrap();
        assert_eq!(a.symbols, ["entry:add(int64,int64)"]);
        assert_eq!((a.ir, a.assembly), (None, None));
        let m = Jit::global().unwrap().load(&Artifact { ir: None, assembly: None, ..artifact(ADD, Options { level, ..Options::default() }).unwrap() }).unwrap();
        let mut result = [0];
        assert_eq!(call(&m, "entry:add(int64,int64)", &[40, 2], &mut result), 0);
        assert_eq!(result, [42]);
        assert!(m.lookup("add(int64,int64)").is_none());
    }
}

#[test]
fn texts_are_made_when_asked_for() {
    let a = compile(ADD);
    assert!(a.ir.unwrap().contains("define"), "optimised IR");
    assert!(a.assembly.unwrap().contains("entry:add(int64,int64)"));
}

#[test]
fn equal_names_in_two_modules_are_two_functions() {
    let a = load("llvm.func @f() -> i64 { %c = llvm.mlir.constant(1 : i64) : i64  llvm.return %c : i64 }");
    let b = load("llvm.func @f() -> i64 { %c = llvm.mlir.constant(2 : i64) : i64  llvm.return %c : i64 }");
    let run = |m: &LoadedModule| {
        // SAFETY: the signature above.
        let f: extern "C" fn() -> i64 = unsafe { std::mem::transmute(m.lookup("f").unwrap()) };
        f()
    };
    assert_eq!((run(&a), run(&b)), (1, 2));
    drop(a);
    assert_eq!(run(&b), 2);
}

/// Raises IndexError through two frames, the inner of which owns an allocation.
const RAISE: &str = r#"
llvm.mlir.global private constant @file("dir/some.py") : !llvm.array<11 x i8>
llvm.mlir.global private constant @function("take") : !llvm.array<4 x i8>
llvm.mlir.global private constant @site() : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)> {
  %u = llvm.mlir.undef : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %kind = llvm.mlir.constant(0 : i32) : i32
  %line = llvm.mlir.constant(7 : i32) : i32
  %file = llvm.mlir.addressof @file : !llvm.ptr
  %file_len = llvm.mlir.constant(11 : i64) : i64
  %function = llvm.mlir.addressof @function : !llvm.ptr
  %function_len = llvm.mlir.constant(4 : i64) : i64
  %null = llvm.mlir.zero : !llvm.ptr
  %zero = llvm.mlir.constant(0 : i64) : i64
  %0 = llvm.insertvalue %kind, %u[0] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %1 = llvm.insertvalue %line, %0[1] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %2 = llvm.insertvalue %file, %1[2] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %3 = llvm.insertvalue %file_len, %2[3] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %4 = llvm.insertvalue %function, %3[4] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %5 = llvm.insertvalue %function_len, %4[5] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %6 = llvm.insertvalue %null, %5[6] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  %7 = llvm.insertvalue %zero, %6[7] : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
  llvm.return %7 : !llvm.struct<(i32, i32, ptr, i64, ptr, i64, ptr, i64)>
}
llvm.func @nb_enter() -> !llvm.ptr attributes {no_unwind}
llvm.func @nb_leave(!llvm.ptr) attributes {no_unwind}
llvm.func @nb_alloc(i64, i32) -> !llvm.ptr attributes {no_unwind}
llvm.func @nb_free(!llvm.ptr) attributes {no_unwind}
llvm.func @nb_raise_index(!llvm.ptr, i64, i64, i64) attributes {passthrough = ["noreturn", "cold"]}
llvm.func @nb_int_pow(!llvm.ptr, i64, i64) -> i64
llvm.func @nb_catch(!llvm.ptr, !llvm.ptr) attributes {no_unwind}
llvm.func @nb_personality(...) -> i32
llvm.func @inner(%i: i64) -> i64 attributes {sym_visibility = "private", passthrough = ["noinline"]} {
  %n = llvm.mlir.constant(3 : i64) : i64
  %zero = llvm.mlir.constant(0 : i64) : i64
  %out = llvm.icmp "uge" %i, %n : i64
  llvm.cond_br %out, ^raise, ^ok
^raise:
  %site = llvm.mlir.addressof @site : !llvm.ptr
  llvm.call @nb_raise_index(%site, %i, %zero, %n) : (!llvm.ptr, i64, i64, i64) -> ()
  llvm.unreachable
^ok:
  %two = llvm.mlir.constant(2 : i64) : i64
  %r = llvm.mul %i, %two : i64
  llvm.return %r : i64
}
llvm.func @outer(%i: i64) -> i64 attributes {sym_visibility = "private", passthrough = ["noinline"]} {
  %bytes = llvm.mlir.constant(1000 : i64) : i64
  %zeroed = llvm.mlir.constant(1 : i32) : i32
  %block = llvm.call @nb_alloc(%bytes, %zeroed) : (i64, i32) -> !llvm.ptr
  %r = llvm.call @inner(%i) : (i64) -> i64
  %slot = llvm.getelementptr %block[1] : (!llvm.ptr) -> !llvm.ptr, i64
  %data = llvm.load %slot : !llvm.ptr -> !llvm.ptr
  llvm.store volatile %r, %data : i64, !llvm.ptr
  llvm.call @nb_free(%block) : (!llvm.ptr) -> ()
  llvm.return %r : i64
}
llvm.func @"entry:take"(%args: !llvm.ptr, %result: !llvm.ptr) -> i32 attributes {personality = @nb_personality} {
  %i = llvm.load %args : !llvm.ptr -> i64
  %null = llvm.mlir.zero : !llvm.ptr
  %mark = llvm.call @nb_enter() : () -> !llvm.ptr
  %r = llvm.invoke @outer(%i) to ^ok unwind ^raised : (i64) -> i64
^ok:
  llvm.store %r, %result : i64, !llvm.ptr
  llvm.call @nb_leave(%mark) : (!llvm.ptr) -> ()
  %zero = llvm.mlir.constant(0 : i32) : i32
  llvm.return %zero : i32
^raised:
  %pad = llvm.landingpad (catch %null : !llvm.ptr) : !llvm.struct<(ptr, i32)>
  %e = llvm.extractvalue %pad[0] : !llvm.struct<(ptr, i32)>
  llvm.call @nb_catch(%e, %mark) : (!llvm.ptr, !llvm.ptr) -> ()
  %one = llvm.mlir.constant(1 : i32) : i32
  llvm.return %one : i32
}
llvm.func @"entry:power"(%args: !llvm.ptr, %result: !llvm.ptr) -> i32 attributes {personality = @nb_personality} {
  %p = llvm.getelementptr %args[1] : (!llvm.ptr) -> !llvm.ptr, i64
  %a = llvm.load %args : !llvm.ptr -> i64
  %b = llvm.load %p : !llvm.ptr -> i64
  %site = llvm.mlir.addressof @site : !llvm.ptr
  %null = llvm.mlir.zero : !llvm.ptr
  %r = llvm.invoke @nb_int_pow(%site, %a, %b) to ^ok unwind ^raised : (!llvm.ptr, i64, i64) -> i64
^ok:
  llvm.store %r, %result : i64, !llvm.ptr
  %zero = llvm.mlir.constant(0 : i32) : i32
  llvm.return %zero : i32
^raised:
  %pad = llvm.landingpad (catch %null : !llvm.ptr) : !llvm.struct<(ptr, i32)>
  %e = llvm.extractvalue %pad[0] : !llvm.struct<(ptr, i32)>
  llvm.call @nb_catch(%e, %null) : (!llvm.ptr, !llvm.ptr) -> ()
  %one = llvm.mlir.constant(1 : i32) : i32
  llvm.return %one : i32
}"#;

fn raises(m: &LoadedModule) {
    let mut result = [0];
    assert_eq!(call(m, "entry:take", &[2], &mut result), 0);
    assert_eq!(result, [4]);
    assert_eq!(take_exception(), None);
    assert_eq!(call(m, "entry:take", &[5], &mut result), 1);
    let e = take_exception().unwrap();
    assert_eq!(e.kind, ExceptionKind::IndexError);
    assert_eq!(e.arguments, [Argument::Str("index 5 is out of bounds for axis 0 with size 3".into())]);
    assert_eq!((e.file.as_str(), e.function.as_str(), e.line), ("dir/some.py", "take", 7));
    assert_eq!(call(m, "entry:power", &[3, 4], &mut result), 0);
    assert_eq!(result, [81]);
    assert_eq!(call(m, "entry:power", &[3, -1i64 as u64], &mut result), 1);
    let e = take_exception().unwrap();
    assert_eq!(e.to_string(), "ValueError: Integers to negative integer powers are not allowed.");
}

#[test]
fn an_exception_unwinds_to_the_entry() {
    raises(&load(RAISE));
}

#[test]
fn exceptions_work_after_a_module_with_the_same_personality_is_gone() {
    for _ in 0..3 {
        raises(&load(RAISE));
    }
}

#[test]
fn an_exception_frees_what_the_call_has_allocated() {
    let m = load(RAISE);
    let resident = || -> u64 { std::fs::read_to_string("/proc/self/statm").unwrap().split(' ').nth(1).unwrap().parse().unwrap() };
    let rounds = |n: usize| for _ in 0..n {
        assert_eq!(call(&m, "entry:take", &[9], &mut [0]), 1);
        take_exception();
    };
    rounds(1000);
    let before = resident();
    rounds(50_000);
    // Leaks would have taken 50 MB, 12,000 pages.
    assert!(resident() < before + 2000, "{before} {}", resident());
}

#[test]
fn threads_compile_and_raise() {
    std::thread::scope(|s| {
        for _ in 0..4 {
            s.spawn(|| raises(&load(RAISE)));
        }
    });
}

/// `for i in range(n): out[i] = f(in[i])`
fn loop_over(function: &str, ty: &str) -> String {
    format!(r#"
llvm.func @{function}({ty}) -> {ty} attributes {{no_unwind, will_return, memory_effects = #llvm.memory_effects<other = none, argMem = none, inaccessibleMem = none, errnoMem = none, targetMem0 = none, targetMem1 = none>}}
llvm.func @loop(%in: !llvm.ptr {{llvm.noalias}}, %out: !llvm.ptr {{llvm.noalias}}, %n: i64) {{
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.br ^head(%zero : i64)
^head(%i: i64):
  %more = llvm.icmp "slt" %i, %n : i64
  llvm.cond_br %more, ^body, ^end
^body:
  %p = llvm.getelementptr %in[%i] : (!llvm.ptr, i64) -> !llvm.ptr, {ty}
  %q = llvm.getelementptr %out[%i] : (!llvm.ptr, i64) -> !llvm.ptr, {ty}
  %x = llvm.load %p : !llvm.ptr -> {ty}
  %y = llvm.call @{function}(%x) : ({ty}) -> {ty}
  llvm.store %y, %q : {ty}, !llvm.ptr
  %j = llvm.add %i, %one : i64
  llvm.br ^head(%j : i64)
^end:
  llvm.return
}}"#)
}

fn run_loop<T: Copy + Default>(m: &LoadedModule, input: &[T]) -> Vec<T> {
    // SAFETY: the signature of `loop_over`.
    let f: extern "C" fn(*const T, *mut T, i64) = unsafe { std::mem::transmute(m.lookup("loop").unwrap()) };
    let mut output = vec![T::default(); input.len()];
    f(input.as_ptr(), output.as_mut_ptr(), input.len() as i64);
    output
}

#[test]
fn mathematical_functions_in_loops_are_vectorised() {
    if !sleef_available() {
        return;
    }
    let a = compile(&loop_over("exp", "f64"));
    assert!(a.assembly.as_ref().unwrap().contains("Sleef_expd"), "{}", a.ir.unwrap());
    let m = Jit::global().unwrap().load(&a).unwrap();
    let input: Vec<f64> = (0..100).map(|i| f64::from(i) * 0.25 - 10.0).collect();
    for (x, y) in input.iter().zip(run_loop(&m, &input)) {
        assert!((y - x.exp()).abs() <= x.exp() * 1e-15, "exp({x}) = {y}");
    }
}

/// Distance in units in the last place.
fn distance(a: f64, b: f64) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() == b.is_nan() { 0 } else { u64::MAX };
    }
    let order = |x: f64| if x < 0.0 { -((x.to_bits() & (u64::MAX >> 1)) as i64) } else { x.to_bits() as i64 };
    order(a).abs_diff(order(b))
}

/// `out[0:lanes] = f(in[0:lanes], in[lanes:2*lanes])`, with the vector variant called by name.
fn one_vector(function: &str, lanes: usize, ty: &str, arguments: usize) -> String {
    let v = format!("vector<{lanes}x{ty}>");
    let (second, operands, types) = match arguments {
        1 => (String::new(), "%x", v.clone()),
        _ => (format!("%p = llvm.getelementptr %in[{lanes}] : (!llvm.ptr) -> !llvm.ptr, {ty}\n  %z = llvm.load %p {{alignment = 4 : i64}} : !llvm.ptr -> {v}"), "%x, %z", format!("{v}, {v}")),
    };
    format!(r#"
llvm.func @{function}({types}) -> {v}
llvm.func @loop(%in: !llvm.ptr, %out: !llvm.ptr, %n: i64) {{
  %x = llvm.load %in {{alignment = 4 : i64}} : !llvm.ptr -> {v}
  {second}
  %y = llvm.call @{function}({operands}) : ({types}) -> {v}
  llvm.store %y, %out {{alignment = 4 : i64}} : {v}, !llvm.ptr
  llvm.return
}}"#)
}

const WIDTHS: &[(usize, &str, &str)] = &[(16, "fma", "avx2128"), (32, "fma", "avx2"), (64, "avx512f", "avx512f")];
const POINTS: &[f64] = &[
    0.0, 5e-324, 1e-310, 2.3e-308, 1e-300, 1e-160, 1e-45, 1e-40, 1e-30, 1e-8, 0.1, 0.3, 0.5, 0.7, 0.99, 1.0, 1.01, 1.5, 2.0, 3.0, 10.0, 22.0, 38.0, 44.0, 88.0, 89.0, 100.0, 103.0, 104.0, 127.5, 128.0, 149.0, 308.2, 308.3,
    323.0, 700.0, 708.0, 709.5, 709.8, 710.0, 720.0, 744.0, 745.1, 746.0, 1000.0, 1021.0, 1023.5, 1024.0, 1073.0, 1075.0, 12345.678, 1e8, 1e15, 1e22, 1e38, 1e100, 1e155, 1e300, 1.7e308, f64::INFINITY, f64::NAN,
];
type Scalar = (&'static str, extern "C" fn(f64) -> f64, extern "C" fn(f32) -> f32);
type Scalar2 = (&'static str, extern "C" fn(f64, f64) -> f64, extern "C" fn(f32, f32) -> f32);
macro_rules! libm {
    ($($name:ident $single:ident;)* @ $($name2:ident $single2:ident;)*) => {
        unsafe extern "C" {
            $(safe fn $name(x: f64) -> f64; safe fn $single(x: f32) -> f32;)*
            $(safe fn $name2(x: f64, y: f64) -> f64; safe fn $single2(x: f32, y: f32) -> f32;)*
        }
        const UNARY: &[Scalar] = &[$((stringify!($name), $name, $single)),*];
        const BINARY: &[Scalar2] = &[$((stringify!($name2), $name2, $single2)),*];
    };
}
libm! {
    acos acosf; asin asinf; atan atanf; atanh atanhf; cbrt cbrtf; cos cosf; erf erff; exp expf; exp10 exp10f; exp2 exp2f; expm1 expm1f;
    log logf; log10 log10f; log2 log2f; sin sinf; tan tanf; tanh tanhf;
    @ atan2 atan2f; hypot hypotf; pow powf;
}

/// Distance of single-precision numbers in units in the last place.
fn distance32(a: f32, b: f32) -> u64 {
    if a.is_nan() || b.is_nan() {
        return if a.is_nan() == b.is_nan() { 0 } else { u64::MAX };
    }
    let order = |x: f32| if x < 0.0 { -i64::from(x.to_bits() & (u32::MAX >> 1)) } else { i64::from(x.to_bits()) };
    order(a).abs_diff(order(b))
}

#[test]
fn vector_variants_cover_the_range_of_the_scalar_functions() {
    if !sleef_available() {
        return;
    }
    let target = CpuBackend::global().target();
    let points: Vec<f64> = POINTS.iter().flat_map(|x| [*x, -x]).collect();
    let mut wrong = vec![];
    for &(bytes, _, suffix) in WIDTHS.iter().filter(|w| target.has("avx2") && target.has(w.1)) {
        let (lanes, lanes32) = (bytes / 8, bytes / 4);
        for &(name, f, f32) in UNARY {
            let m = load(&one_vector(&format!("Sleef_{name}d{lanes}_u10{suffix}"), lanes, "f64", 1));
            for &x in &points {
                let (y, want) = (run_loop(&m, &vec![x; lanes])[0], f(x));
                if distance(y, want) > 2 {
                    wrong.push(format!("{name}{lanes}({x:e}): vector {y:e}, scalar {want:e}"));
                }
            }
            let m = load(&one_vector(&format!("Sleef_{name}f{lanes32}_u10{suffix}"), lanes32, "f32", 1));
            for x in points.iter().map(|x| *x as f32) {
                let (y, want) = (run_loop(&m, &vec![x; lanes32])[0], f32(x));
                if distance32(y, want) > 2 {
                    wrong.push(format!("{name}f{lanes32}({x:e}): vector {y:e}, scalar {want:e}"));
                }
            }
        }
        for &(name, f, f32) in BINARY {
            let bound = if name == "hypot" { "u05" } else { "u10" };
            let m = load(&one_vector(&format!("Sleef_{name}d{lanes}_{bound}{suffix}"), lanes, "f64", 2));
            let m32 = load(&one_vector(&format!("Sleef_{name}f{lanes32}_{bound}{suffix}"), lanes32, "f32", 2));
            for &a in &points {
                for &b in &points {
                    let (y, want) = (run_loop(&m, &[vec![a; lanes], vec![b; lanes]].concat())[0], f(a, b));
                    if distance(y, want) > 2 {
                        wrong.push(format!("{name}{lanes}({a:e}, {b:e}): vector {y:e}, scalar {want:e}"));
                    }
                    let (a, b) = (a as f32, b as f32);
                    let (y, want) = (run_loop(&m32, &[vec![a; lanes32], vec![b; lanes32]].concat())[0], f32(a, b));
                    if distance32(y, want) > 2 {
                        wrong.push(format!("{name}f{lanes32}({a:e}, {b:e}): vector {y:e}, scalar {want:e}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} results\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_bad_module_is_an_error() {
    let broken = artifact("llvm.func @f() -> i64 { llvm.return }", Options::default());
    assert!(broken.is_err());
    let foreign = artifact("func.func @f() { return }", Options::default()).unwrap_err();
    assert!(foreign.contains("func.func") || foreign.contains("LLVM"), "{foreign}");
    // Refused by MLIR's translation or LLVM's verifier, after MLIR's own has passed it.
    let missing = compile("llvm.func @nowhere()\nllvm.func @f() { llvm.call @nowhere() : () -> ()  llvm.return }");
    let error = Jit::global().unwrap().load(&missing).err().unwrap();
    assert!(error.contains("nowhere"), "{error}");
}

#[test]
fn a_fatal_error_of_llvm_does_not_end_the_process() {
    let impossible = r#"llvm.func @f() -> i32 {
      %0 = llvm.call_intrinsic "llvm.nvvm.read.ptx.sreg.tid.x"() : () -> i32
      llvm.return %0 : i32
    }"#;
    let error = artifact(impossible, Options::default()).unwrap_err();
    assert!(error.contains("select"), "{error}");
    adds();
}

/// Prints where compile time goes, for the files in the variable `LATENCY` or for a small function.
#[test]
#[ignore = "a measurement"]
#[allow(clippy::print_stdout, reason = "what a measurement is for")]
fn latency() {
    let files = std::env::var("LATENCY").unwrap_or_default();
    let mut sources: Vec<(String, String)> = files.split_whitespace().map(|f| (f.to_string(), std::fs::read_to_string(f).unwrap())).collect();
    if sources.is_empty() {
        sources.push(("add".to_string(), ADD.to_string()));
    }
    let start = std::time::Instant::now();
    let jit = Jit::global().unwrap();
    println!("session {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    if std::env::var_os("LATENCY_WARM").is_some() {
        let start = std::time::Instant::now();
        CpuBackend::global().warm_up();
        println!("warm up {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
    }
    let context = numbra_dialects::registry::new_context();
    for (name, source) in sources {
        let module = Module::parse(&context, &source).unwrap();
        let mut best = [f64::INFINITY; 5];
        for round in 0..std::env::var("LATENCY_ROUNDS").map_or(30, |r| r.parse().unwrap()) {
            let start = std::time::Instant::now();
            let a = CpuBackend::global().compile(module.as_operation(), &Options::default()).unwrap();
            let compiled = start.elapsed().as_secs_f64();
            let start = std::time::Instant::now();
            let loaded = jit.load(&a).unwrap();
            let linked = start.elapsed().as_secs_f64();
            drop(loaded);
            let now = [a.timings.translate, a.timings.optimize, a.timings.generate, compiled, linked];
            if round == 0 {
                println!("{name}, first: translate {:.2} optimize {:.2} generate {:.2} all {:.2} load {:.2} ms", now[0] * 1e3, now[1] * 1e3, now[2] * 1e3, now[3] * 1e3, now[4] * 1e3);
            }
            for (best, now) in best.iter_mut().zip(now) {
                *best = best.min(now);
            }
        }
        println!("{name}, best: translate {:.2} optimize {:.2} generate {:.2} all {:.2} load {:.2} ms", best[0] * 1e3, best[1] * 1e3, best[2] * 1e3, best[3] * 1e3, best[4] * 1e3);
    }
}
