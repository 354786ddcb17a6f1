//! Source text to untyped `py` IR, and to diagnostics: the printed results are compared with `snapshots/`.
#![allow(clippy::unwrap_used)]
use melior::ir::operation::OperationLike;
use numbra_dialects::registry::new_context;
use numbra_frontend_core::{import_file, render::render};
use std::{fmt::Write, sync::Arc};

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

fn shown(text: &str, errors: &[numbra_dialects::Diagnostic]) -> String {
    let source: Arc<str> = text.into();
    render(errors, &|file| (file == "file.py").then(|| source.clone()), false)
}

/// The rendered diagnostics of a file, which must have some.
fn errors(text: &str) -> String {
    let context = new_context();
    match import_file(&context, "file.py", text) {
        Ok(module) => panic!("no error:\n{}", module.as_operation()),
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
    trivial_argument_removed "def f(n, k):\n    i = 0\n    while i < n:\n        i += k\n        if i > 100:\n            k = 0\n            break\n    return k\n";
}
