//! From Python source: programs that must type, and diagnostics as users see them (compared with `snapshots/`).
use numbra_dialects::{Diagnostic, diagnostic::collect, py::{ArrayTy, Layout, Ty}, registry::new_context};
use numbra_abi::DType;
use numbra_frontend_core::{build::{root_symbol, specialize}, build_module, infer::{Entry, infer_types}, render::render, static_host::StaticHost};
use melior::ir::operation::OperationLike;
use std::sync::Arc;

/// A type in short: `i8`, or an array by rank and layout: `f8[2C]`, read-only `f8[2Cr]`.
fn ty(text: &str) -> Ty {
    let (dtype, rest) = text.split_once('[').unwrap_or((text, ""));
    let dtype = if dtype == "none" { return Ty::None } else { DType::from_name(dtype).unwrap() };
    if rest.is_empty() {
        return Ty::Scalar(dtype);
    }
    let layout = match &rest[1..2] {
        "C" => Layout::C,
        "F" => Layout::F,
        _ => Layout::A,
    };
    Ty::Array(ArrayTy { readonly: rest.contains('r'), ..ArrayTy::new(dtype, rest[..1].parse().unwrap(), layout) })
}

/// Compiles the function `f` of a file for these argument types up to typed IR.
fn compile(text: &str, types: &str) -> Result<(Entry, String), Vec<Diagnostic>> {
    let context = new_context();
    let types: Vec<Ty> = types.split_whitespace().map(ty).collect();
    let host = StaticHost::new("file.py", text).map_err(|d| vec![d])?;
    let mut module = build_module(&context, &host, host.function("f").unwrap())?;
    let symbol = root_symbol(&module).unwrap();
    specialize(&context, &mut module, &symbol, &types, None);
    let (result, diagnostics) = collect(&context, || {
        let entries = infer_types(&context, &module)?;
        assert!(module.as_operation().verify(), "{}", module.as_operation());
        Ok::<_, ()>(entries)
    });
    match result {
        Ok(entries) => Ok((entries[0].clone(), module.as_operation().to_string())),
        Err(()) => Err(diagnostics),
    }
}

fn shown(text: &str, errors: &[Diagnostic]) -> String {
    let source: Arc<str> = text.into();
    render(errors, &|file| (file == "file.py").then(|| source.clone()), false)
}

#[track_caller]
fn gives(text: &str, types: &str, result: &str) {
    match compile(text, types) {
        Ok((entry, printed)) => assert_eq!(entry.result.to_string(), result, "{printed}"),
        Err(errors) => panic!("{}", shown(text, &errors)),
    }
}

#[test]
fn programs() {
    for (text, types, result) in [
        ("def f(n):\n    a, b = 0, 1\n    while a < n:\n        a, b = b, a + b\n    return a\n", "i8", "int64"),
        ("def f(x, y):\n    return x if x > y else y\n", "i8 f8", "float64"),
        ("def f(a):\n    s = 0\n    for i, v in enumerate(a):\n        s += i * v\n    return s\n", "f4[1C]", "float64"),
        ("def f(a, b):\n    s = 0.0\n    for x, y in zip(a, b):\n        s += x * y\n    return s, len(a)\n", "f8[1A] f4[1C]", "Tuple(float64, int64)"),
        ("import numpy as np\ndef f(n, m):\n    r = np.zeros((n, m), dtype=np.int32)\n    for i in range(n):\n        for j in range(m):\n            r[i, j] = i ^ j\n    return r\n", "i8 i8", "array(int32, 2d, C)"),
        ("def f(a):\n    for row in a:\n        for i in range(row.shape[0]):\n            row[i] += 1\n", "f8[2F]", "none"),
        ("def f(a):\n    return a[1:-1, ::2].T, a[None, ..., 0], a[0]\n", "f8[2C]", "Tuple(array(float64, 2d, A), array(float64, 2d, A), array(float64, 1d, C))"),
        ("import math\ndef f(x):\n    if x < 0:\n        raise ValueError('negative', x)\n    return math.sqrt(x) + math.pi\n", "i8", "float64"),
        ("def g(n):\n    return n if n < 2 else g(n - 1) + g(n - 2)\ndef f(n):\n    return g(n) + g(2.5)\n", "i8", "float64"),
        ("def f(x, y=2, z=0.5):\n    return x * y + z\n", "i8 i8 f8", "float64"),
        ("def g(x, y=2, z=0.5):\n    return x * y + z\ndef f(x):\n    return g(x), g(x, z=1), g(y=x, x=1)\n", "i8", "Tuple(float64, int64, float64)"),
        ("def g(x, /, y=2, *, z=0.5, w):\n    return x * y + z - w\ndef f(x):\n    return g(x, w=1), g(x, 3, z=1, w=x)\n", "i8", "Tuple(float64, int64)"),
        ("import numpy as np\ndef g(x, z=1j, t=(1, 2.5j), k=abs, e=..., n=None):\n    return z * x, t, k(x)\ndef f(x):\n    return g(x)\n", "i8", "Tuple(complex128, Tuple(int64, complex128), int64)"),
        ("def g(x, y={}, z=({}, 1)):\n    return x\ndef f(x):\n    return g(x, 1, z=2)\n", "i8", "int64"),
        ("def f(a):\n    for v in a:\n        if v > 0:\n            found = v\n            break\n    return found\n", "i8[1C]", "int64"),
        ("def f(x):\n    return 1 < x <= 5 and not x == 3 or x in (7, 8)\n", "i8", "bool"),
        ("def f(x):\n    y = None\n    if x is None:\n        y = 1\n    else:\n        y = x + 1\n    return y\n", "none", "int64"),
        ("def f(z):\n    return abs(z) ** 2 + (z * z.conjugate()).real, z.imag, 2j * z\n", "c16", "Tuple(float64, float64, complex128)"),
        ("import numpy as np\ndef f(x):\n    return np.uint8(x) + 1, np.float32(x) * 2.0, np.int64(x) / 2, np.sqrt(np.float32(x))\n", "i8", "Tuple(uint8, float32, float64, float32)"),
        ("import numpy as np\ndef f(a):\n    h = np.uint64(14695981039346656037)\n    for v in a:\n        h = (h ^ np.uint64(v)) * np.uint64(1099511628211)\n    return h\n", "u1[1C]", "uint64"),
        ("def f(i):\n    u = (i, 1.5)[1:] + (i, 2.5)\n    x, (y, z) = u[0], (u[-1], len(u))\n    return x, y, z\n", "i8", "Tuple(float64, float64, int64)"),
        ("def f(n):\n    assert n > 0, 'n must be positive'\n    return divmod(n, 3), pow(n, 2, 7), round(n / 3), round(n / 3, 2), sum((n, 1)), max(n, 2), min((n, 0.5))\n", "i8",
         "Tuple(Tuple(int64, int64), int64, int64, float64, int64, int64, float64)"),
        ("def f(a):\n    return a.sum(), a.mean(), a.min(), a.argmax(), a.any(), a.copy(), a.size * a.itemsize == a.nbytes\n", "i4[2F]",
         "Tuple(int64, float64, int32, int64, bool, array(int32, 2d, C), bool)"),
        ("import numpy as np\ndef f(a):\n    b = np.empty_like(a)\n    b[...] = a\n    b[0] = 7\n    b[:, 1] = a[:, 0]\n    return np.full(3, 1.5), np.arange(4), np.ones(a.shape, a.dtype), b\n", "f4[2A]",
         "Tuple(array(float64, 1d, C), array(int64, 1d, C), array(float32, 2d, C), array(float32, 2d, C))"),
        ("import numpy as np\nimport math\ndef f(a, x):\n    return np.round(x, 2), np.around(a[0]), np.size(a), np.shape(a), np.ndim(a), math.prod((x, 2)), math.prod(a)\n", "f4[1C] f8",
         "Tuple(float64, float32, int64, Tuple(int64), int64, float64, float32)"),
        ("def g(h, x, d):\n    return h(x) + d(x)\ndef twice(x):\n    return 2 * x\ndef f(x):\n    return g(twice, x, float)\n", "i8", "float64"),
        ("def f(a, b):\n    m = 0\n    for i in range(len(a)):\n        if a[i] and not b[i] or a[i] != b[i]:\n            m |= 1 << i\n    return m, a[0] & b[0], a[0] + b[0]\n", "b1[1C] b1[1C]", "Tuple(int64, bool, int64)"),
        ("def f(x):\n    if x > 0:\n        return x\n", "i8", "Optional(int64)"),
        ("def f(x):\n    y = None\n    if x > 0:\n        y = x * 2\n    return y + 1\n", "i8", "int64"),
        ("def f(x):\n    y = None\n    if x > 0:\n        y = 0.5\n    return x if y is None else y, y or 2, None if y is None and x else y\n", "i8", "Tuple(float64, float64, Optional(float64))"),
        ("def f(x):\n    y = (x, x)\n    if x:\n        y = x\n    if isinstance(y, int):\n        return y\n    return y[0] * 0.5\n", "i8", "float64"),
        ("def f(x):\n    y = (x, 1.5) if x else x\n    return y if x else None\n", "i8", "Union(none, Tuple(int64, float64), int64)"),
        ("import numpy as np\ndef f(x):\n    if isinstance(x, (float, np.ndarray)):\n        return x.no_such\n    return hasattr(x, 'real'), type(x) is int, callable(f), issubclass(np.int32, np.integer)\n", "i8", "Tuple(bool, bool, bool, bool)"),
        ("def f(n):\n    s = slice(1, n)\n    return range(n), s, s.start, s.step, s.indices(9), n in range(3), range(n)[1], ..., (n, 1).index(2)\n", "i8",
         "Tuple(range(int64), slice, int64, none, Tuple(int64, int64, int64), bool, int64, ellipsis, int64)"),
        ("def f(n):\n    i = 0\n    for i in range(n):\n        pass\n    for i in (0.5, 1.5):\n        pass\n    return i\n", "i8", "float64"),
    ] {
        gives(text, types, result);
    }
}

#[test]
fn variables_may_hold_types_that_do_not_join_where_none_reads_both() {
    gives("def f(a, n):\n    for x in a:\n        n += x\n    for x in ((1, 2), (3, 4)):\n        n += x[0]\n    return n\n", "i8[1C] i8", "int64");
}

macro_rules! refusals {
    ($($name:ident $types:literal $text:literal;)*) => {
        $(#[test]
        fn $name() {
            let shown = match compile($text, $types) {
                Ok((_, printed)) => panic!("no error:\n{printed}"),
                Err(errors) => shown($text, &errors),
            };
            insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, { insta::assert_snapshot!(concat!("infer_", stringify!($name)), shown) });
        })*
    };
}

refusals! {
    union_operand "i8" "def f(x):\n    y = (x, x)\n    if x > 0:\n        y = x * 2\n    return y + 1\n";
    optional_none_only "i8" "def f(x):\n    y = None\n    if x > 0:\n        y = x * 2\n    if y is None:\n        return y + 1\n    return y\n";
    type_of_a_union "i8" "def f(x):\n    y = None if x > 0 else x\n    return type(y) is int\n";
    array_arithmetic "f8[1C] f8" "def f(a, x):\n    return a * x\n";
    unknown_function "f8" "import numpy as np\ndef f(x):\n    return np.sqr(x)\n";
    unknown_attribute "f8[1C]" "def f(a):\n    return a.shap[0]\n";
    wrong_arguments "f8" "import math\ndef f(x):\n    return math.sqrt(x, 2), math.atan2(x)\n";
    readonly_store "f8[1Cr]" "def f(a):\n    a[0] = 1\n";
    truth_of_an_array "f8[1C]" "def f(a):\n    if a:\n        return 1\n    return 0\n";
    heterogeneous_loop "f8" "def f(x):\n    s = 0\n    for v in (1, x, (x, x)):\n        s += v\n    return s\n";
    error_in_a_callee "f8" "def shift(v, n):\n    return v << n\n\ndef f(x):\n    return shift(x, 2)\n";
    never_returns "i8" "def f(n):\n    return f(n - 1)\n";
    too_many_indices "f8[1C] i8" "def f(a, i):\n    b = a\n    return b[i, 0] + a[0.5]\n";
    no_such_dtype "i8" "import numpy as np\ndef f(n):\n    return np.zeros(n, dtype='f16')\n";
    default_that_cannot_be_compiled "i8" "def g(x, y={}):\n    return x\n\ndef f(x):\n    return g(x)\n";
    default_with_a_part_that_cannot_be_compiled "i8" "def g(x, y=(1, {})):\n    return x\n\ndef f(x):\n    return g(x)\n";
    keyword_only_by_position "i8" "def g(x, *, y=1):\n    return x\n\ndef f(x):\n    return g(x, 2)\n";
    positional_only_by_keyword "i8" "def g(x, /):\n    return x\n\ndef f(x):\n    return g(x=x)\n";
    keyword_only_missing "i8" "def g(x, *, y, z=1):\n    return x\n\ndef f(x):\n    return g(x)\n";
    method_of_a_number "f8" "def f(x):\n    return x.conjugat()\n";
    mask_index "f8[1C] b1[1C]" "def f(a, m):\n    return a[m]\n";
    iterator_result "i8" "def f(n):\n    return zip(range(n))\n";
}
