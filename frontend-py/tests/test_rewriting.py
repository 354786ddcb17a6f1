"""Array expressions in their cheapest equal form: the same results with and without rewriting, arrays that stay arrays of their own, and what users are told."""
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import numbra
from numbra import njit

from .differential.sources import function

RANDOM = np.random.default_rng(23)


def plain(body, parameters):
    """A Python function of these parameters from the lines of its body."""
    return function("\n".join(body), ", ".join(parameters))[0]


def told(function, *args, **options):
    out = io.StringIO()
    numbra.explain_rewrite(function, *args, file=out, **options)
    return out.getvalue().splitlines()


def outcome(f, arguments):
    """What a call gives, or the error that it raises, and what it leaves of its arguments."""
    arguments = [a.copy() if isinstance(a, np.ndarray) else a for a in arguments]
    try:
        result = f(*arguments)
    except Exception as error:
        result = type(error).__name__
    return result, arguments


def same_bits(one, other):
    if isinstance(one, (tuple, list)):
        return isinstance(other, type(one)) and len(one) == len(other) and all(map(same_bits, one, other))
    if isinstance(one, str) or isinstance(other, str):
        return one == other
    one, other = np.asarray(one), np.asarray(other)
    if one.dtype != other.dtype or one.shape != other.shape:
        return False
    if one.dtype.kind == "f":
        # One NaN is as good as another.
        one, other = (np.where(np.isnan(x), np.nan, x).astype(x.dtype) for x in (one, other))
        return np.array_equal(np.signbit(one), np.signbit(other)) and np.array_equal(one, other, equal_nan=True)
    return np.array_equal(one, other)


LEAVES = st.sampled_from(["a", "b", "c", "a", "b", "c", "k", "1.0", "2.0", "0.0", "-1.0", "0.5", "a[::-1]", "b[::-1]"])
UNARY = st.sampled_from(["(-{0})", "np.abs({0})", "np.sqrt(np.abs({0}))", "({0} * 1.0)", "({0} - 0.0)", "({0})**2", "np.floor({0})", "np.ceil({0})", "({0} / 4.0)", "(0.0 + {0})"])
BINARY = st.sampled_from(["({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} + {0})", "np.minimum({0}, {1})", "np.maximum({0}, {1})", "({0} / {1})", "np.where({0} > {1}, {0}, {1})"])
EXPRESSIONS = st.recursive(
    LEAVES,
    lambda inner: st.builds(lambda f, x: f.format(x), UNARY, inner) | st.builds(lambda f, x, y: f.format(x, y), BINARY, inner, inner),
    max_leaves=7,
)
ROOTS = st.sampled_from(["{0}", "({0}).sum()", "np.max(({0}) + a)", "({0} + a)[1:]", "({0} + a)[::-1] * 1.0", "(a < {0})", "~(a >= {0})", "({0} + a)[0]", "({0} + a)[7] * 2.0", "np.abs({0} + a)[2] + np.max({0})"])

SPECIAL = np.array([0.0, -0.0, 1.0, -2.5, np.inf, -np.inf, np.nan, 3.0])
CASES = [
    (SPECIAL, np.roll(SPECIAL, 3), SPECIAL[::-1].copy(), -0.0),
    (SPECIAL, np.ones(1), SPECIAL, 2.0),
    (SPECIAL, SPECIAL, np.arange(8.0), np.inf),
    (SPECIAL, np.ones(3), SPECIAL, 1.0),
    (np.empty(0), np.ones(1), np.empty(0), 1.0),
]


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.builds(lambda r, e: r.format(e), ROOTS, EXPRESSIONS), min_size=1, max_size=3))
def test_rewriting_changes_no_bit(expressions):
    f = plain([*(f"t{i} = {e}" for i, e in enumerate(expressions)), "return " + ", ".join(f"t{i}" for i in range(len(expressions)))], ("a", "b", "c", "k"))
    rewritten, as_written = njit(f), njit(f)
    with pytest.MonkeyPatch.context() as patch:
        for case in CASES:
            patch.delenv("NUMBRA_REWRITE", raising=False)
            found = outcome(rewritten, case)
            patch.setenv("NUMBRA_REWRITE", "0")
            expected = outcome(as_written, case)
            assert same_bits(found[0], expected[0]), (expressions, found[0], expected[0])


INTEGERS = st.recursive(
    st.sampled_from(["a", "b", "k", "1", "2", "0", "-1", "8"]),
    lambda inner: st.builds(lambda f, x, y: f.format(x, y), st.sampled_from(["({0} + {1})", "({0} - {1})", "({0} * {1})", "({0} & {1})", "({0} | {1})", "({0} ^ {1})", "(-{0})", "({0} // 8)", "({0} % 8)", "(~{0})", "np.minimum({0}, {1})", "({0})**2", "(a * {0}).sum()"]), inner, inner),
    max_leaves=6,
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(INTEGERS, st.sampled_from(["int64", "int32", "uint8"]))
def test_integers_wrap_as_numpys(expression, dtype):
    f = plain([f"return {expression} + a"], ("a", "b", "k"))
    info = np.iinfo(dtype)
    a = np.array([info.min, info.max, 0, 1, 7, 100], dtype)
    b = RANDOM.integers(info.min, info.max, 6, dtype)
    found = outcome(njit(f), (a, b, 3))[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NUMBRA_REWRITE", "0")
        assert same_bits(found, outcome(njit(f), (a, b, 3))[0]), expression


@pytest.mark.parametrize(
    "body",
    [
        ["t = a * 1.0", "t[0] = 50.0", "return t"],
        ["t = -(-a)", "a[0] = 50.0", "return t"],
        ["t = a * 2.0", "u = a * 2.0", "t[0] = 50.0", "return t, u"],
        ["t = a[::-1]", "u = t[::-1]", "u[0] = 50.0", "return t, u"],
        ["t = a + 1.0", "u = t[1:]", "u[0] = 50.0", "return t, u"],
        ["t = (a + 1.0)[1:]", "u = (a + 1.0)[1:]", "u[0] = 50.0", "return t, u"],
        ["t = a * 1.0", "a += 1.0", "u = a * 1.0", "return t, u"],
        ["t = (a + b)[1:]", "v = t[1:]", "t[1] = 50.0", "return v, t"],
        ["t = a * 1.0", "t += b * 1.0", "return t, a"],
        ["s = 0.0", "for i in range(3):", "    t = a * 1.0", "    t[i] = 9.0", "    s += (t - 0.0).sum()", "return s, a"],
    ],
    ids=lambda body: "; ".join(body),
)
def test_arrays_of_their_own_stay_so(body):
    f = plain(body, ("a", "b"))
    arguments = (np.arange(5.0), np.ones(5))
    found, expected = outcome(njit(f), arguments), outcome(f, arguments)
    assert same_bits(list(found[0]), list(expected[0])) and same_bits(found[1], expected[1])


@pytest.mark.parametrize("body", [
    ["return np.exp(a)[10] * 2.0"], ["t = np.exp(a)[10] * 2.0", "u = (a + b) * 1.0", "return t + u"], ["u = a + b", "t = np.exp(a)[10] * 2.0", "return (t + u) * 1.0"],
    ["m = np.max((a + b)[3:] * 2.0) + 1.0", "return m * a[10]"], ["t = (a + b)[10] * 2.0 + 0.5", "return t"],
    ["t = (a + b) * 1.0", "x = a[10]", "return t * x"], ["x = a[10]", "return (a + b) * 1.0 * x"], ["return ((a + b) * 1.0)[10]"], ["return (-(-(a + b)))[:2]"]], ids=lambda b: "; ".join(b))
def test_the_first_error_stays_the_first(body):
    f = plain(body, ("a", "b"))
    compiled = njit(f)
    for arguments in ((np.ones(3), np.ones(4)), (np.ones(3), np.ones(3)), (np.ones(3), np.ones(1))):
        found, expected = outcome(compiled, arguments)[0], outcome(f, arguments)[0]
        assert same_bits(found, expected)


def test_fast_math_flags_allow_more():
    f = plain(["return (a + 0.0) * 1.0"], ("a",))
    exact, fast = njit(f), njit(fastmath=True)(f)
    a = np.array([1.0, -2.0, 3.5])
    assert "a + 0.0" in told(exact, a)[-1] and "=> a " in told(fast, a)[-1]
    np.testing.assert_allclose(fast(a), f(a))
    # The flags go on to the functions of elements that rewriting makes.
    g = njit(fastmath=True)(plain(["return np.abs(-(a + b) * 1.0)"], ("a", "b")))
    assert 'fastmath = ["afn"' in g.inspect_ir("rewritten", None) if g(a, a) is not None and g.signatures else True


def test_what_users_are_told():
    def scaled(a, b):
        t = -(-a)
        return t * 1.0 + b

    lines = told(scaled, np.ones(3), np.ones(3))
    assert lines[0].startswith("test_what_users_are_told.<locals>.scaled(") and lines[0].endswith(": --a * 1.0 + b")
    assert any(line.split()[0] == "double-negation" for line in lines) and any(line.split()[0] == "mul-one" for line in lines)
    assert lines[-1].startswith("  => a + b  # cost ")
    before, after = lines[-1].split("# cost ")[1].split(" -> ")
    assert float(after) < float(before)
    assert "nodes" in told(scaled, np.ones(3), np.ones(3), statistics=True)[-1]
    assert told(lambda x: x + 1, 2) == ["nothing is rewritten"]
    assert "unknown" in "\n".join(told(lambda a: a.unknown, np.ones(3)))


def test_the_switch(monkeypatch):
    f = plain(["return a * 1.0 + b"], ("a", "b"))
    a = np.ones(3)
    first, second = njit(f), njit(f)
    first(a, a), second(a, a)
    assert "multiply" not in first.inspect_ir("rewritten").split("py.return")[0]
    monkeypatch.setenv("NUMBRA_REWRITE", "0")
    assert "multiply" in second.inspect_ir("rewritten").split("py.return")[0]


RULE = """
sine-of-twice: (mul 2 (mul (sin ?x) (cos ?x))) => (sin (mul 2 ?x))
    needs afn
    example x: float64[n]
"""


def test_rules_of_ones_own(tmp_path):
    f = njit(fastmath=True)(plain(["return 2.0 * (np.sin(a) * np.cos(a))"], ("a",)))
    a = np.linspace(-1, 1, 7)
    file = tmp_path / "my.rules"
    file.write_text(RULE)
    try:
        numbra.rewrite_rules(file)
        assert any("sine-of-twice" in line for line in told(f, a))
        np.testing.assert_allclose(f(a), np.sin(2 * a))
    finally:
        numbra.rewrite_rules(None)
    assert not any("sine-of-twice" in line for line in told(f, a))


def test_rules_of_one_function(tmp_path):
    body = plain(["return 2.0 * (np.sin(a) * np.cos(a))"], ("a",))
    a = np.linspace(-1, 1, 7)
    file = tmp_path / "my.rules"
    file.write_text(RULE)
    for rules in (RULE, file, str(file)):
        own, other = njit(fastmath=True, rewrite_rules=rules)(body), njit(fastmath=True)(body)
        assert any("sine-of-twice" in line for line in told(own, a)) and not any("sine-of-twice" in line for line in told(other, a))
        np.testing.assert_allclose(own(a), other(a))
        assert "element.sin" in own.inspect_ir("rewritten") and "element.cos" not in own.inspect_ir("rewritten")
    # Those that it calls have rules of their own, or none.
    inner = njit(fastmath=True)(body)
    outer = njit(fastmath=True, rewrite_rules=RULE)(lambda a: inner(a))
    assert not any("sine-of-twice" in line for line in told(outer, a))
    with pytest.raises(ValueError, match="<rules>:1:1: `wrong` does not hold"):
        njit(rewrite_rules="wrong: (add ?x 0) => ?x\n    exact\n    example x: float64[n]\n")
    with pytest.raises(TypeError, match="the name of a file with rules, or their text"):
        njit(rewrite_rules=1)


CHOICES = [
    "np.where(~(a > b), a * k, b * k)", "np.where(a > b, np.where(a > b, a, b), c)", "np.where(a > b, True, False)", "np.where(a == b, -a, -b) + np.clip(-(-a), -1.0, k)", "(-(-a)).astype(np.float32)",
    "np.maximum.accumulate(-(-a))[:3]", "np.minimum.accumulate(-a)", "np.max(np.maximum.accumulate(a))", "np.maximum.accumulate(a)[-1]", "np.add.accumulate(a * 1.0)", "np.multiply.accumulate(a)[0]",
    "np.where(a > 0, a, 0) * (a > 0)", "np.clip(a, b, c)", "(a > b).astype(np.int64).sum()",
    "np.where(k > 0.0, k, 1.0) * -a",
]


def test_choices_conversions_and_scans_are_looked_into():
    """`np.where`, `astype` and `np.clip` are functions of the library, which the rules see through."""
    f = plain([f"r{i} = {e}" for i, e in enumerate(CHOICES)] + ["return " + ", ".join(f"r{i}" for i in range(len(CHOICES)))], ("a", "b", "c", "k"))
    parts = [plain([f"return {e}"], ("a", "b", "c", "k")) for e in CHOICES]
    together, alone = njit(f), [njit(p) for p in parts]
    with np.errstate(all="ignore"):
        for case in CASES:
            for g, p in zip(alone, parts):
                found, expected = outcome(g, case)[0], outcome(p, case)[0]
                assert type(found) is type(expected) or not isinstance(expected, str), (found, expected)
                assert found == expected if isinstance(expected, str) else np.array_equal(found, expected, equal_nan=True), (found, expected)
            found, expected = outcome(together, case)[0], outcome(f, case)[0]
            assert found == expected if isinstance(expected, str) else all(np.array_equal(x, y, equal_nan=True) for x, y in zip(found, expected, strict=True))
    lines = told(parts[0], *CASES[0])
    assert "~" not in lines[-1] and "np.where(a > b, b" in lines[-1], lines
    assert told(parts[2], *CASES[0])[-1].startswith("  => a > b  #")


WRITES = [
    ["a[:] = -(-b)", "return a"], ["a += -(-b)", "return a"], ["a[1:] = a[:-1] * 1.0", "return a"], ["a[:] = a[::-1] * 1.0", "return a"], ["a *= b / 1.0", "return a, b"],
    ["t = a[::-1] * 1.0", "a[:] = t", "return t, a"], ["np.add(a, -(-b), out=a)", "return a"], ["a[1:3] += -(-a[0:2])", "return a"], ["a[:] = b * 1.0", "b[0] = 7.0", "return a, b"],
    ["t = -(-b)", "a[:] = t", "b[0] = 9.0", "return a, b, t"], ["a -= a[0] * (b * 1.0)", "return a"], ["a[...] = np.where(a > b, a, a)", "return a"],
]


@pytest.mark.parametrize("body", WRITES, ids="; ".join)
def test_what_is_written_to_arrays_is_rewritten_too(body):
    f = plain(body, ("a", "b"))
    for arguments in ((np.arange(5.0), np.ones(5) * 3), (np.arange(5.0), np.ones(1)), (np.arange(5.0), np.ones(4)), (np.empty(0), np.empty(0)), (np.arange(10.0)[::-2], np.arange(10.0)[::2])):
        found, expected = outcome(njit(f), arguments), outcome(f, arguments)
        assert isinstance(found[0], str) == isinstance(expected[0], str)
        assert same_bits(list(found[0]), list(expected[0])) and same_bits(found[1], expected[1])


def test_elements_that_are_only_written_are_not_copied():
    f = njit(plain(["a[:] = -(-b)", "return a"], ("a", "b")))
    f(np.ones(3), np.ones(3))
    text = f.inspect_ir("fused")
    assert "array.copy" not in text and "array.map" not in text


def test_inverses_and_traces_are_not_computed_whole():
    def solved(a, b):
        return np.linalg.inv(a) @ b

    def traced(a, b):
        return np.trace(a @ b)

    a, b = RANDOM.normal(size=(6, 6)) + 6 * np.eye(6), RANDOM.normal(size=(6, 4))
    for f, sides, shown in ((solved, (b, b.T.copy().T, b[:, 0], b[::2].repeat(2, 0)), "np.linalg.solve(a, b)"), (traced, (b, b.T.copy().T), "np.sum(a * b.T)")):
        fast = njit(fastmath=True)(f)
        for side in sides:
            np.testing.assert_allclose(fast(a, side), f(a, side), rtol=1e-12)
            assert told(fast, a, side)[-1].startswith(f"  => {shown}")
        assert told(f, a, b) == ["nothing is rewritten"]
        for arguments in ((np.zeros((2, 2)), np.ones((3, 3))), (np.ones((2, 3)), np.ones((3, 3))), (np.eye(2), np.ones((3, 3))), (np.ones((5, 1)), np.ones((3, 5))), (np.empty((0, 0)), np.empty((0, 0)))):
            found, expected = outcome(fast, arguments)[0], outcome(f, arguments)[0]
            assert found == expected if isinstance(expected, str) else np.allclose(found, expected)


def test_fast_math_keeps_differences_of_large_numbers():
    """Products are not spread over differences: squares of deviations keep their digits."""
    def spread(x):
        m = np.mean(x)
        d = x - m
        return np.mean(d * d), np.sum((x - m) ** 2), np.mean((x - m) * (x + m))

    def columns(x):
        return ((x - x.mean(axis=0)) ** 2).mean(axis=0)

    x = 1e8 + RANDOM.normal(size=(1000, 3))
    fast = njit(fastmath=True)
    np.testing.assert_allclose(fast(spread)(x[:, 0])[:2], spread(x[:, 0])[:2], rtol=1e-6)
    np.testing.assert_allclose(fast(columns)(x), columns(x), rtol=1e-6)


def test_parts_that_stay_do_not_hinder():
    def ridge(x, y, lam, eye):
        w = x.T @ y
        return np.linalg.inv(x.T @ x + lam * eye) @ w

    x, y = RANDOM.normal(size=(20, 4)), RANDOM.normal(size=20)
    fast = njit(fastmath=True)(ridge)
    assert told(fast, x, y, 0.1, np.eye(4))[-1].startswith("  => np.linalg.solve(x.T @ x + ")
    np.testing.assert_allclose(fast(x, y, 0.1, np.eye(4)), ridge(x, y, 0.1, np.eye(4)), rtol=1e-9)
    for wrong in ((x, y[1:], 0.1, np.eye(4)), (x, y, 0.1, np.eye(3)), (np.zeros((20, 4)), y, 0.0, np.eye(4)), (np.zeros((20, 4)), y, 0.0, np.eye(3)), (np.zeros((20, 4)), y[1:], 0.0, np.eye(4))):
        assert outcome(fast, wrong)[0] == outcome(ridge, wrong)[0] in ("ValueError", "LinAlgError")

    def factors_first(x, y, z):
        return np.linalg.inv(x) @ (y @ z)

    # Of the two errors the inverse's comes first, which it would not as part of the other form.
    wrong = np.zeros((2, 2)), np.ones((3, 2)), np.ones((3, 2))
    assert outcome(njit(fastmath=True)(factors_first), wrong)[0] == outcome(factors_first, wrong)[0] == "LinAlgError"


def test_flat_views_are_looked_through():
    f = plain(["t = np.ravel(x)", "t[0] = 5.0", "return np.sum((x * k).ravel()), np.max(-(-x).ravel()), x.ravel() * 1.0, np.ravel(x + 0.5)[1], t, (x.T * 2.0).ravel().max(), np.linalg.norm(x * 1.0)"], ("x", "k"))
    compiled = njit(f)
    for x in (RANDOM.integers(-9, 9, (3, 4)) * 1.0, np.ones((2, 3, 2)), np.ones((1, 2)), np.arange(12.0).reshape(3, 4).T, np.ones(4), np.empty((2, 0))):
        found, expected = outcome(compiled, (x, 3.0)), outcome(f, (x, 3.0))
        assert same_bits(found[0], expected[0]) and same_bits(found[1], expected[1])
    # No array is made for the product.
    g = njit(plain(["return (x * k).ravel().sum()"], ("x", "k")))
    g(np.ones((3, 4)), 2.0)
    assert "array.map" not in g.inspect_ir("fused")
    view = njit(plain(["t = (x * 1.0).ravel()", "u = x.ravel()", "u[1] = 7.0", "return t, u"], ("x",)))
    x = np.zeros((2, 2))
    t, u = view(x)
    assert t[1] == 0.0 and x[0, 1] == 7.0 == u[1]


def test_parts_of_long_expressions_have_names():
    def f(x, y):
        e = np.exp(x - np.max(x))
        p = e / np.sum(e)
        return -(-(p * np.log(p) + y * np.log(p) + np.sqrt(p) * np.exp(p) + np.cos(p) * y))

    lines = told(f, np.ones(3), np.ones(3))
    assert len(max(lines, key=len)) < 250 and " where t1 = " in lines[0], lines
    assert lines[0].index("t1 = ") < lines[0].index("t2 = ")
    assert "np.exp(x - np.max(x))" in lines[0]


@pytest.mark.parametrize("text", ["wrong: (add ?x 0) => ?x\n    exact\n    example x: float64[n]\n", "odd: (nothing ?x) => ?x\n    exact\n", "open: (add ?x ?y => ?x\n    exact\n"])
def test_wrong_rules_are_refused(text):
    with pytest.raises(ValueError, match="<rules>:1:"):
        numbra.rewrite_rules(text)


def test_views_and_shapes_are_looked_through():
    def f(x):
        t = x * 2.0 + 1.0
        return x.T.T * 1.0, t.shape[1], np.cumsum(x[0])[-1], x[::-1][::-1] - 0.0

    x = RANDOM.normal(size=(3, 4))
    compiled = njit(f)
    assert same_bits(compiled(x), f(x))
    ends = [line.split("  # cost")[0] for line in told(compiled, x) if line.startswith("  =>")]
    assert "  => x" in ends
    empty = np.empty((3, 0))
    assert outcome(compiled, (empty,))[0] == outcome(f, (empty,))[0] == "IndexError"


def test_a_part_is_taken_first_where_more_is_computed_of_it():
    f = plain(["return np.exp(x)[0] * 2.0 + 1.0"], ("x",))
    x = RANDOM.normal(size=(3, 4))
    assert told(njit(f), x)[-1].startswith("  => np.exp(x[0]) * 2.0 + 1.0")
    np.testing.assert_allclose(njit(f)(x), f(x), rtol=1e-14)
    assert outcome(njit(f), (np.empty((0, 3)),))[0] == outcome(f, (np.empty((0, 3)),))[0] == "IndexError"


def test_products_are_grouped_as_is_cheapest():
    def f(a, b, v):
        return a @ b @ v

    arguments = (RANDOM.normal(size=(5, 6)), RANDOM.normal(size=(6, 7)), RANDOM.normal(size=7))
    fast = njit(fastmath=True)(f)
    # There is a version for a matrix and a vector, since the program needs one.
    assert told(fast, *arguments)[-1].startswith("  => a @ (b @ v)")
    np.testing.assert_allclose(fast(*arguments), f(*arguments))
    assert told(njit(f), *arguments) == ["nothing is rewritten"]
    for shapes in (((5, 6), (5, 7), 7), ((5, 6), (6, 7), 6)):
        with pytest.raises(ValueError):
            fast(*map(np.ones, shapes))


def test_the_order_of_a_chain_is_chosen_by_lengths():
    def three(a, b, c):
        return a @ b @ c

    def four(a, b, c, d):
        return a @ (b @ c) @ d

    for f, count in ((three, 3), (four, 4)):
        fast = njit(fastmath=True)(f)
        for lengths in ((2, 3, 4, 5, 6), (9, 1, 9, 1, 9), (1, 8, 1, 8, 1), (7, 2, 6, 3, 5), (3, 0, 2, 0, 4), (0, 2, 3, 4, 5), (40, 30, 2, 20, 3)):
            arguments = [RANDOM.normal(size=lengths[k:k + 2]) for k in range(count)]
            np.testing.assert_allclose(fast(*arguments), f(*arguments), rtol=1e-9)
            for k in range(1, count):
                wrong = [*arguments[:k], np.ones((lengths[k] + 1, 2)), *arguments[k + 1:]]
                with pytest.raises(ValueError, match="mismatch in its core dimension 0"):
                    fast(*wrong)
        assert "multi_dot" in told(fast, *arguments)[-1]
        assert told(njit(f), *arguments) == ["nothing is rewritten"]
    # Products of numbers that are not multiplied anew: the order counts only for floats.
    integers = [np.arange(6).reshape(2, 3), np.arange(3).reshape(3, 1), np.arange(4).reshape(1, 4)]
    assert np.array_equal(njit(fastmath=True)(three)(*integers), three(*integers))


def test_a_form_that_cannot_be_compiled_hides_no_other():
    lines = told(plain(["return i // 8 + i % 8"], ("i",)), np.arange(-5, 20))
    assert lines[-1].startswith("  => (i >> 3) + (i & 7)"), lines
    f = plain(["return np.outer(x, y).sum() + (np.exp(x) * x)[1:-1].sum()"], ("x", "y"))
    x, y = RANDOM.normal(size=50), RANDOM.normal(size=70)
    assert np.isclose(njit(fastmath=True)(f)(x, y), f(x, y))
    chain = plain(["return a @ b @ v"], ("a", "b", "v"))
    arguments = RANDOM.normal(size=(4, 5)), RANDOM.normal(size=(5, 6)), RANDOM.normal(size=6)
    assert told(njit(fastmath=True)(chain), *arguments)[-1].startswith("  => a @ (b @ v)")
    assert told(chain, *arguments) == ["nothing is rewritten"]
    assert np.allclose(njit(fastmath=True)(chain)(*arguments), chain(*arguments))


EMPTY, FULL = np.empty(0), np.array([3.0, -1.0, 7.0, 2.0])


@pytest.mark.parametrize(
    "body",
    [
        ["return np.cumsum(a)[-1]"],
        ["return np.maximum.accumulate(a)[-1]"],
        ["return np.maximum.accumulate(a)[-1] + np.max(a)"],
        ["return np.max(-a), np.cumsum(a)[-1]"],
        ["return np.max((a * 2.0).reshape(2, 2))"],
        ["return (a * 2.0).reshape(3, -1).sum()"],
        ["return (a * 2.0).reshape(3, -1)[1, 0]"],
        ["return (a + a[1:]).reshape(2, 2).sum()"],
        ["return np.concatenate((a * 1.0, a)).max()"],
        ["return np.diag((a * 2.0).reshape(2, -1))"],
        ["return a[a > 100.0].max()"],
        ["return a[a > 1.0].sum(), len(a[a > 1.0]), a[(a > 1.0) & (a < 5.0)].size"],
        ["return np.where(a > 0.0, a, np.zeros_like(a)) * np.ones(a.shape), np.ones_like(a) * -2.0"],
        ["t = np.zeros(a.shape)", "u = np.zeros(a.shape)", "t[:1] = 5.0", "v = t * 1.0", "v[:1] = 6.0", "return t, u, v, np.full_like(a, 2.0) + a"],
        ["return np.zeros(len(a) - 4) + 1.0, np.full((2, len(a)), 3.0).sum(), (np.ones(len(a)) * 2.0)[1:]"],
        ["return range(len(a * 2.0))[2]"],
        ["return (3 in range(len(-a))), len(range(0, len(a), 2))"],
        ["return (a * 2.0)[None].reshape(-1)[::-1], np.squeeze((a * 2.0)[None], axis=0)"],
    ],
)
@pytest.mark.parametrize("flags", [False, {"reassoc"}])
def test_the_first_error_stays_the_first(body, flags):
    f = plain(body, ("a",))
    for given in (EMPTY, FULL, FULL[:3], FULL[::-1]):
        found = outcome(njit(f, fastmath=flags), (given,))[0]
        expected = outcome(f, (given,))[0]
        assert same_bits(found, expected), (found, expected)


def test_parts_of_complex_numbers_stay_views():
    def f(z):
        t = z * 2.0
        re = t.real
        re[0] = 50.0
        return t, re, z.real, (z + z).imag

    def g(z):
        re = z.real
        re[1] = 7.0
        return z * 1.0, np.conj(np.conj(z)), (z * np.conj(z)).real

    z = np.array([1 + 2j, -0.0 - 1j, complex(np.inf, 1), complex(1, np.nan)])
    for function in (f, g):
        (found, left), (expected, kept) = outcome(njit(function), (z,)), outcome(function, (z,))
        for x, y in zip((*found, *left), (*expected, *kept)):
            assert same_bits(np.asarray(x).real, np.asarray(y).real) and same_bits(np.asarray(x).imag, np.asarray(y).imag)


@pytest.mark.parametrize("dtype", [complex, float])
def test_transposed_maps_beside_each_other(dtype):
    def f(a, P, Q, k):
        chosen = np.where(~k[:, None], Q.T[::-1, :][::-1, :], np.reshape(np.transpose(np.transpose(P)), (4, 6)).T)
        difference = np.transpose(np.transpose(Q.T[::-1, :] - (P.T[0] + a)[:, None]))
        return chosen, difference, np.swapaxes((-P + (-Q.T)).T, 0, 1), (-P + (-Q.T)).T

    draw = np.random.default_rng(4)
    P, Q = draw.integers(-4, 5, (6, 4)).astype(dtype), draw.integers(-4, 5, (4, 6)).astype(dtype)
    arguments = (P[:, 0].copy(), P, Q, P[:, 1].real > 0)
    for found, expected in zip(njit(f, fastmath=True)(*arguments), f(*arguments)):
        assert np.array_equal(found, expected)
