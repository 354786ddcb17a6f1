//! Source text to untyped `py` IR, and to diagnostics: the printed results are compared with `snapshots/`.
#![allow(clippy::unwrap_used)]
use melior::ir::operation::{OperationLike, OperationPrintingFlags};
use numbra_abi::DType;
use numbra_dialects::{Code, Diagnostic, Span, py::{ArrayTy, Layout, Ty}, registry::new_context};
use numbra_frontend_core::{FunctionId, FunctionSource, Hint, Host, ModuleId, Options, Value, build::{root_symbol, specialize}, build_module, import_file, refusal, render::render};
use std::sync::Arc;

/// The IR of a file, which must be valid.
fn ir(text: &str) -> String {
    let context = new_context();
    match import_file(&context, "file.py", text) {
        Ok(module) => {
            assert!(module.as_operation().verify(), "invalid IR:\n{}", module.as_operation());
            format!("{text}\n---\n{}", module.as_operation())
        }
        Err(errors) => panic!("{}", shown(text, &errors)),
    }
}

fn shown(text: &str, errors: &[Diagnostic]) -> String {
    let source: Arc<str> = text.into();
    render(errors, &|file| (file == "file.py").then(|| source.clone()), false)
}

/// The rendered diagnostics of a file, which must have some.
fn errors(text: &str) -> String {
    let context = new_context();
    match import_file(&context, "file.py", text) {
        Ok(module) if refusal::all(&module).is_empty() => panic!("no error:\n{}", module.as_operation()),
        Ok(module) => shown(text, &refusal::all(&module)),
        Err(errors) => shown(text, &errors),
    }
}

macro_rules! snapshots {
    ($view:ident: $($name:ident $text:literal;)*) => {
        $(#[test]
        fn $name() {
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, { insta::assert_snapshot!(stringify!($name), $view($text)) });
        })*
    };
}

snapshots! { ir:
    arithmetic "def f(a, b):\n    c = a + b * 2 - a / 3 // b % 5 ** 2\n    return -c @ ~a << 1 >> 2 & 3 | 4 ^ +b\n";
    if_elif_else "def f(x):\n    if x > 0:\n        y = 1\n    elif x < 0:\n        y = -1\n    else:\n        y = 0\n    return y\n";
    while_else_break_continue "def f(n):\n    i = 0\n    while i < n:\n        i += 1\n        if i == 3:\n            continue\n        if i == 7:\n            break\n    else:\n        i = -1\n    return i\n";
    while_true "def f(n):\n    while True:\n        n = n - 1\n        if n < 0:\n            return n\n";
    for_sum "def f(a):\n    total = 0.0\n    for x in a:\n        total += x\n    return total\n";
    nested_loops "def f(n, m):\n    s = 0\n    for i in range(n):\n        for j in range(m):\n            if j > i:\n                break\n            s += i * j\n    return s\n";
    for_else "def f(a, x):\n    for i, v in enumerate(a):\n        if v == x:\n            found = i\n            break\n    else:\n        return -1\n    return found\n";
    maybe_unbound "def f(n):\n    for i in range(n):\n        x = i\n    return x + i\n";
    never_bound "def f(c):\n    if c:\n        del c\n        return c\n    y = y + 1\n    return y\n";
    bound_once_checked "def f(c):\n    if c:\n        x = 1\n    y = x\n    return x + y\n";
    boolean_values "def f(a, b, c):\n    return a and b or not c\n";
    boolean_conditions "def f(a, b, c):\n    if (a and b) or not c:\n        return 1\n    return 0\n";
    comparison_chain "def f(a, b, c):\n    if a < b <= c != 0:\n        return a == b is not None\n    return a not in (b, c)\n";
    conditional_expression "def f(a, b):\n    return a if a > b else b\n";
    unpacking "def f(a, b):\n    a, b = b, a\n    (c, [d, e]), g = x = a\n    return c + d * e - g, x\n";
    subscripts "import numpy as np\ndef f(a, i, j):\n    a[i, j] = a[i][j] + a[..., 1:, ::2, np.newaxis][-1]\n    a[i] += 1\n    return a[:], a[()]\n";
    calls "import math\nfrom math import sqrt as root, pi\n\ndef h(x, y=2.5, z=(1, None, 'a')):\n    return x + y\n\ndef f(x):\n    return h(x, z=x, y=root(x)) + math.floor(pi) + abs(x)\n" ;
    raise_and_assert "def f(x):\n    assert x > 0, \"positive\"\n    assert x < 10\n    if x == 5:\n        raise ValueError(\"five\") from None\n    elif x == 6:\n        raise ZeroDivisionError\n    return x\n";
    literals "def f():\n    '''Says what it does.'''\n    return (1, -1, 18446744073709551615, -9223372036854775808, 1.5, -0.0, 1e400, 2j, True, None, ..., 'a\"b' 'c', 0x10)\n";
    walrus "def f(x):\n    while (y := x - 1) > 0:\n        x = y\n    return y\n";
    dead_code "def f(x):\n    while x:\n        y = x\n        x = y - 1\n        continue\n        x = y\n    return x\n    x = 1\n    if x:\n        return 2\n";
    recursion "def even(n):\n    return True if n == 0 else odd(n - 1)\n\ndef odd(n):\n    return False if n == 0 else even(n - 1)\n";
    attributes "def f(a):\n    return a.shape[0] * a.T.strides[1]\n";
    global_constants "N = 3 * 4 - 2\nSCALE = -1.5\nNAMES = ('a', N)\nW = 2 ** 0.5\nZ = 1 + 0j\n\ndef f(x):\n    global N\n    return x * N + SCALE, NAMES, W\n";
    decorators "from numba import njit\n\n@njit(fastmath={'contract', 'nsz'}, boundscheck=False,\n      error_model='numpy')\ndef f(x):\n    return x\n\n@njit\ndef g(x): return f(x)\n\nh = njit(lambda x, y=1: g(x) + y)\n\ndef main():\n    print([1])\n";
    condition_only_loop_variable "def f(n):\n    flag = False\n    while not flag:\n        if n > 10:\n            flag = True\n        n += 1\n    return n\n";
    kinds_of_parameters "def f(a, /, b=1, *, c, d=2.5):\n    return a, b, c, d\n\ng = lambda *, x: f(x, c=x), lambda y: y\n\ndef h(x):\n    return f(x, c=x)\n";
    lambdas_on_one_line "from numba import njit\np, q = njit(lambda x: x + 1), njit(lambda x: x * 2)\n";
    parameters "def f(a, *args, b=1, **options):\n    return a\n";
    calls_with_unpacking "def f(a, b):\n    return max(*a, 1, *a, **b)\n";
    nested_functions "def f(a, n):\n    def even(k, z=n, w=3):\n        return a if k == 0 else odd(k - 1)\n    def odd(k):\n        return n if k == 0 else even(k - 1)\n    g = lambda x: even(x) + (lambda: x)()\n    return g, even, odd\n";
    starred_targets "def f(t):\n    a, *b = t\n    return (*b, a)\n";
    trivial_argument_removed "def f(n, k):\n    i = 0\n    while i < n:\n        i += k\n        if i > 100:\n            k = 0\n            break\n    return k\n";
    captured_and_assigned "def f(a):\n    x = a\n    g = lambda y: x + y\n    if a:\n        x = 2\n    return g(1)\n";
    shared_variables "def f(a):\n    def g():\n        nonlocal a\n        a = a + h()\n    def h():\n        return x\n    if a:\n        x = 1\n    g()\n    return a\n";
}

snapshots! { errors:
    several_at_once "def f(x):\n    a = [1, 2]\n    b = {'k': f\"{x}\"}\n    try:\n        c = {1}\n    except ValueError as e:\n        raise\n    with x as y:\n        yield y\n    for i in (j for j in x):\n        pass\n    return [k for k in x], lambda: 1\n";
    undefined_name "import math\ntotal = 1\n\ndef f(lenght):\n    for i in rnage(length):\n        totl = total + totla\n    return undefined_thing\n";
    targets "def f(a, b):\n    a.x = 1\n    c, *d = b\n    b.y += 1\n    del a[0]\n    global e\n    e = 1\n    e += 2\n    del e\n    return c\n";
    statements "def f(a):\n    import math\n    from math import sqrt\n    def g():\n        return a\n    class C:\n        pass\n    match a:\n        case 1:\n            pass\n    return b'x'\n";
    nonlocal_statement "def f(a):\n    def g():\n        nonlocal missing\n    nonlocal outside\n    return a\n";
    coroutine "async def f(a):\n    async for x in a:\n        await x\n    return a\n";
    large_integer "def f():\n    return 18446744073709551616 + -9223372036854775809\n";
    module_as_value "import numpy as np\nTABLE = {1: 2}\n\ndef f():\n    return np, TABLE, [TABLE]\n";
    syntax "def f(x):\n    return x +\n";
    syntax_keyword "def f(x)\n    return x\n";
    unicode_columns "def größe(größe):\n    return \"äöü\", größe + grösse\n";
    in_called_function "def g(x):\n    return {x}\n\ndef f(x):\n    return g(x) + [x]\n";
    loops_outside "def f(x):\n    if x:\n        break\n    continue\n";
}

/// A host with one function; its globals are builtins only.
struct One(FunctionSource);

impl Host for One {
    fn source(&self, _: FunctionId) -> Result<FunctionSource, Diagnostic> {
        Ok(self.0.clone())
    }
    fn global(&self, _: FunctionId, name: &str) -> Option<Value> {
        Some(Value::Entity(format!("builtins.{name}")))
    }
    fn attribute(&self, _: ModuleId, _: &str) -> Option<Value> {
        None
    }
}

fn one(text: &str, name: &str, first_line: usize) -> Result<String, String> {
    hinted(text, name, first_line, Hint::default())
}

fn hinted(text: &str, name: &str, first_line: usize, hint: Hint) -> Result<String, String> {
    let (defaults, keyword_defaults) = (vec![], vec![]);
    let source = FunctionSource {
        text: text.into(), file: "file.py".into(), name: name.into(), qualname: name.into(), first_line, hint, defaults, keyword_defaults, options: Options::default(),
    };
    let context = new_context();
    let module = build_module(&context, &One(source), 0).map_err(|e| shown(text, &e))?;
    assert!(module.as_operation().verify());
    if !refusal::all(&module).is_empty() {
        return Err(shown(text, &refusal::all(&module)));
    }
    let flags = OperationPrintingFlags::new().enable_debug_info(true, true);
    Ok(module.as_operation().to_string_with_flags(flags).unwrap())
}

#[test]
fn functions_are_found_wherever_they_are() {
    let text = "\
class C:
    @staticmethod
    @decorate(
1)
    def method(
        x,
    ):
        '''
text at the margin
        '''
        # comment
    # comment further left
        return x + 1

    def method2(self): return 2

def outer():
    def inner(x):
        if x:

            return (3 +
x)
        return 4
    return inner
async def late(x):
    return 5
pairs = [lambda x: x + 6, 0]
two = lambda x: 7, lambda x: 8
";
    for (name, line, holds) in [("method", 2, "constant 1"), ("method2", 15, "constant 2"), ("inner", 18, "constant 3"), ("<lambda>", 27, "constant 6"), ("renamed", 2, "constant 1"), ("renamed", 27, "constant 6")] {
        let ir = one(text, name, line).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(ir.contains(holds), "{name}: {ir}");
    }
    let inner = one(text, "inner", 18).unwrap();
    assert!(inner.contains("constant 4"), "{inner}");
    for (name, line, error) in [("late", 25, "NB0100"), ("<lambda>", 28, "NB0002"), ("gone", 7, "NB0002"), ("inner", 99, "NB0002")] {
        let text = one(text, name, line).expect_err(name);
        assert!(text.contains(error), "{name}: {text}");
    }
}

#[test]
fn lambdas_of_one_line_are_told_apart() {
    let line = "ä = lambda a: (lambda b: b + 1)(a) - 2, lambda c: c * 3, lambda c: (c\n  * 4)\n";
    let at = |code: [(usize, usize); 2]| Hint { code: Some(code), parameters: None };
    let named = |name: &str| Hint { code: None, parameters: Some(vec![name.into()]) };
    // Columns count bytes: `ä` has two.
    for (hint, holds) in [
        (at([(1, 15), (1, 39)]), "constant 2"), (at([(1, 26), (1, 31)]), "constant 1"), (at([(1, 51), (1, 56)]), "constant 3"), (at([(1, 69), (2, 5)]), "constant 4"),
        (named("b"), "constant 1"),
    ] {
        let ir = hinted(line, "<lambda>", 1, hint.clone());
        if holds == "constant 2" {
            // The outer one, with the inner one as a function of its own.
            assert!(ir.as_ref().is_ok_and(|ir| ir.contains(holds) && ir.contains("<lambda>.<locals>.<lambda>")), "{hint:?}: {ir:?}");
        } else {
            assert!(ir.as_ref().is_ok_and(|ir| ir.contains(holds)), "{hint:?}: {ir:?}");
        }
    }
    for hint in [named("c"), named("d"), at([(7, 1), (7, 2)]), Hint::default()] {
        let error = hinted(line, "<lambda>", 1, hint.clone()).expect_err("ambiguous");
        assert!(error.contains("NB0002") && error.contains("or this one?"), "{hint:?}: {error}");
    }
}

#[test]
fn text_may_be_an_indented_function_alone() {
    for text in ["    def f(x):\n        return x\n", "\tdef f(x):\n\t\treturn x", "    @njit\n    def f(x): return x", "\n\n  def f(x):\n    return x\n"] {
        one(text, "f", 1 + text.len() - text.trim_start_matches('\n').len()).unwrap_or_else(|e| panic!("{e}"));
    }
    one("        f = njit(lambda x: x)\n", "<lambda>", 1).unwrap_or_else(|e| panic!("{e}"));
}

#[test]
fn locations_are_exact_ranges_in_characters() {
    let ir = one("# ä\n\nclass C:\n    def f(größe,\n          y):\n        return größe + y[0]\n", "f", 4).unwrap();
    for location in ["file.py:4:11 to :16", "file.py:5:11 to :12", "file.py:6:24 to :28", "file.py:6:16 to :28", "file.py:6:9 to :28", "file.py:4:9 to :10"] {
        assert!(ir.contains(location), "{location} in {ir}");
    }
}

#[test]
fn long_and_deep_functions_are_built() {
    let mut long = String::from("def f(x):\n    y = 0\n");
    for i in 0..3000 {
        long += &format!("    if x == {i}:\n        y += {i}\n");
    }
    long += "    return y\n";
    one(&long, "f", 1).unwrap();
    let deep = format!("def f(x):\n    return {}x{}\n", "(-".repeat(3000), ")".repeat(3000));
    one(&deep, "f", 1).unwrap();
    let sum = format!("def f(x):\n    return x{}\n", " + x".repeat(3000));
    one(&sum, "f", 1).unwrap();
    let chain = format!("def f(x):\n    if {}x:\n        return 1\n", "x and x or ".repeat(3000));
    one(&chain, "f", 1).unwrap();
}

#[test]
fn requests_are_added_to_the_function() {
    let context = new_context();
    let mut module = import_file(&context, "file.py", "def f(a, b):\n    return a\n").unwrap();
    let array = Ty::Array(ArrayTy::new(DType::Float64, 2, Layout::C));
    assert_eq!(root_symbol(&module).as_deref(), Some("f"));
    for request in [[Ty::INT, Ty::FLOAT], [Ty::tuple([Ty::BOOL, Ty::None]), array], [Ty::INT, Ty::FLOAT]] {
        assert!(specialize(&context, &mut module, "f", &request, None));
    }
    assert!(!specialize(&context, &mut module, "g", &[], None));
    assert!(module.as_operation().verify());
    let text = module.as_operation().to_string();
    assert!(text.contains("py.specialize = [(si64, f64) -> (), (tuple<i1, none>, !py.array<f64, 2, \"C\">) -> ()]"), "{text}");
}

#[test]
fn labels_in_other_files_and_missing_text_are_rendered() {
    let span = |file: &str, line, from, to| Some(Span { file: file.into(), start_line: line, start_column: from, end_line: line, end_column: to });
    let diagnostic = Diagnostic::error(Code::NB0201, span("file.py", 2, 12, 17), "no overload of `f` accepts these arguments")
        .label(span("file.py", 2, 12, 17), "called with (int64, array(float64, 1d, C))")
        .label(span("file.py", 1, 7, 8), "`a` is array(float64, 1d, C)")
        .label(span("gone.py", 7, 3, 9), "in this function")
        .note("candidates are\n  f(int64, int64)")
        .help("convert the array first");
    let internal = Diagnostic::error(Code::NB0900, None, "internal compiler error");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("rendered", shown("def g(a):\n    return f(1, a)\n", &[diagnostic, internal]));
    });
    let colour = render(&[Diagnostic::error(Code::NB0900, None, "text")], &|_| None, true);
    assert!(colour.contains('\x1b'), "{colour:?}");
}

/// A host whose one global is the value given, which is the default of the last parameter too.
struct Holding(Value);

impl Host for Holding {
    fn source(&self, _: FunctionId) -> Result<FunctionSource, Diagnostic> {
        let (file, name) = (String::from("file.py"), String::from("f"));
        let text = "def f(x=1):\n    return V\n".into();
        Ok(FunctionSource { text, file, qualname: name.clone(), name, first_line: 1, hint: Hint::default(), defaults: vec![self.0.clone()], keyword_defaults: vec![], options: Options::default() })
    }
    fn global(&self, _: FunctionId, name: &str) -> Option<Value> {
        (name == "V").then(|| self.0.clone())
    }
    fn attribute(&self, _: ModuleId, _: &str) -> Option<Value> {
        None
    }
}

#[test]
fn values_of_the_host_become_constants_and_defaults() {
    let bytes = |parts: &[u8]| {
        let mut all = [0; 16];
        all[..parts.len()].copy_from_slice(parts);
        all
    };
    let cases = [
        (Value::Scalar(DType::Int8, bytes(&[0xff])), "constant -1 : si8", "[-1 : si8]"),
        (Value::Scalar(DType::UInt16, bytes(&[0xff, 0xff])), "constant 65535 : ui16", "[65535 : ui16]"),
        (Value::Scalar(DType::Bool, bytes(&[1])), "constant true", "[true]"),
        (Value::Scalar(DType::Float32, bytes(&1.5f32.to_le_bytes())), "constant 1.500000e+00 : f32", "[1.500000e+00 : f32]"),
        (Value::Scalar(DType::Complex64, bytes(&[1f32.to_le_bytes(), 2f32.to_le_bytes()].concat())), "entity \"numpy.complex64\"", "{complex = [1.000000e+00 : f32, 2.000000e+00 : f32]}"),
        (Value::Scalar(DType::Complex128, bytes(&[1f64.to_le_bytes(), 2f64.to_le_bytes()].concat())), "entity \"builtins.complex\"", "{complex = [1.000000e+00, 2.000000e+00]}"),
        (Value::Complex(0.0, -1.0), "constant -1.000000e+00 : f64", "{complex = [0.000000e+00, -1.000000e+00]}"),
        (Value::UInt(u64::MAX), "constant 18446744073709551615 : ui64", "[18446744073709551615 : ui64]"),
        (Value::Tuple(vec![Value::None, Value::Tuple(vec![Value::Str("a".into())])]), "constant \"a\"", "[[unit, [\"a\"]]]"),
        (Value::Entity("math.sqrt".into()), "entity \"math.sqrt\"", "[{entity = \"math.sqrt\"}]"),
        (Value::Ellipsis, "py.ellipsis", "[{entity = \"builtins.Ellipsis\"}]"),
        (Value::Function(0), "py.function @f", "[@f]"),
        (Value::Float(f64::NAN), "constant 0x7FF8000000000000 : f64", "[0x7FF8000000000000 : f64]"),
    ];
    for (value, constant, default) in cases {
        let context = new_context();
        let module = build_module(&context, &Holding(value.clone()), 0).unwrap_or_else(|e| panic!("{value:?}: {e:?}"));
        assert!(module.as_operation().verify());
        let text = module.as_operation().to_string();
        assert!(text.contains(constant) && text.contains(default), "{value:?}: {text}");
    }
    for value in [Value::Module(1), Value::Unsupported("list".into())] {
        let context = new_context();
        let errors = refusal::all(&build_module(&context, &Holding(value), 0).expect("refused where control reaches it"));
        assert!(matches!(errors.as_slice(), [e] if e.code == Code::NB0104), "{errors:?}");
    }
}
