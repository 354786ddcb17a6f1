"""Functions that are passed by their signature: one machine code for all functions of the signature."""
import math
import threading

import numbra
import numpy as np
import pytest
from numbra import njit, types

real = types.FunctionType(types.float64(types.float64))


@njit
def square(x):
    return x * x


@njit("float64(float64)")
def half(x):
    return x / 2


@njit
def whole(x):
    return 3


@njit
def picky(x):
    if x < 0:
        raise ValueError("negative", x)
    return x


@njit(types.float64(real, types.float64, types.int64))
def integrate(f, width, n):
    total = 0.0
    for i in range(n):
        total += f((i + 0.5) * width / n)
    return total * width / n


def test_one_version_serves_all_functions_of_a_signature():
    assert integrate(square, 1.0, 1000) == pytest.approx(1 / 3, abs=1e-6) and integrate(half, 2.0, 4) == 1.0
    # What converts to the result that the signature says.
    assert integrate(whole, 1.0, 4) == 3.0
    # Arguments are converted to the signature as for other functions.
    assert integrate(square, 3, 300) == pytest.approx(9, abs=1e-3)
    for k in range(20):
        assert integrate(njit(lambda x: x + k), 1.0, 2) == 0.5 + k
    assert len(integrate.signatures) == 1 and str(integrate.signatures[0][0]) == "FunctionType(float64(float64))"
    # Versions for signatures are not versions for calls from Python.
    assert whole.signatures == [] and whole(1) == 3


def test_signatures_as_strings():
    apply = njit("float64(FunctionType(float64(float64)), float64)")(lambda f, x: f(x) + f(2))
    assert apply(square, 3.0) == 13.0 and apply(half, 1.0) == 1.5


def test_exceptions_of_the_function():
    with pytest.raises(ValueError) as error:
        integrate(picky, -1.0, 3)
    assert error.value.args == ("negative", -1 / 6) and integrate(picky, 1.0, 1) == 0.5

    @njit(types.int64(types.FunctionType(types.int64(types.int64)), types.int64))
    def walk(f, n):
        return f(n) if n <= 0 else f(n) + walk(f, n - 1)

    assert walk(njit(lambda i: 2 * i), 4) == 20

    deep = types.FunctionType(types.int64(types.int64))

    @njit(types.int64(deep, deep, types.int64))
    def turns(f, g, n):
        return n if n <= 0 else turns(g, f, f(n))

    assert turns(njit(lambda i: i - 1), njit(lambda i: i - 2), 10) <= 0

    @njit(types.int64(deep, types.int64))
    def endless(f, n):
        return n if n < 0 else endless(f, f(n) + 1) + 1

    with pytest.raises(RecursionError):
        endless(njit(lambda i: i), 0)


def test_functions_in_tuples_and_lists():
    @njit(types.float64(types.UniTuple(real, 3), types.int64, types.float64))
    def pick(fs, i, x):
        return fs[i](x)

    fs = (square, half, whole)
    assert [pick(fs, i, 3.0) for i in range(3)] == [9.0, 1.5, 3.0] and pick(fs, -1, 0.0) == 3.0
    with pytest.raises(IndexError):
        pick(fs, 3, 0.0)

    def plain(fs, x):
        f = fs[0]
        for i in range(len(fs)):
            g = fs[i]
            if i % 2 == 0:
                f = g
            x = f(x)
        for h in fs:
            x += h(x)
        return x

    chain = njit(types.float64(types.List(real), types.float64))(plain)
    # More functions than a union would hold.
    many = [njit((lambda k: lambda x: x * 0.5 + k)(k)) for k in range(20)]
    assert chain(many, 2.0) == plain([lambda x, k=k: x * 0.5 + k for k in range(20)], 2.0)
    one = [njit("float64(float64)")(lambda x: x + 1), square]
    assert chain(one, 2.0) == plain([lambda x: x + 1, lambda x: x * x], 2.0)
    with pytest.raises(numbra.TypingError, match="has 2 parameters; defaults do not count"):
        chain([square, njit(lambda x, y=1: x)], 1.0)


def test_functions_are_returned():
    @njit(real(real, real, types.boolean))
    def choose(f, g, first):
        return f if first else g

    assert choose(square, half, True) is square and choose(square, half, False) is half

    @njit
    def mixed(first):
        def use(f, x):
            return f(x)
        return use(square, 2.0) if first else use(half, 2.0)

    assert mixed(True) == 4.0 and mixed(False) == 1.0

    @njit(types.float64(types.Optional(real), types.float64))
    def perhaps(f, x):
        if f is None:
            return x
        return f(x)

    assert perhaps(None, 3.0) == 3.0 and perhaps(square, 3.0) == 9.0


def test_a_choice_between_a_signature_and_a_function():
    @njit(types.float64(real, types.boolean, types.float64))
    def choose(f, other, x):
        g = half if other else f
        return g(x)

    assert choose(square, True, 3.0) == 1.5 and choose(square, False, 3.0) == 9.0


def test_arrays_go_through():
    vector = types.FunctionType(types.float64[::1](types.float64[::1], types.float64))

    @njit(types.float64[::1](vector, types.float64[::1], types.int64))
    def repeat(f, a, n):
        for i in range(n):
            a = f(a, i)
        return a

    data = np.arange(5.0)
    assert np.array_equal(repeat(njit(lambda a, s: a * 2 + s), data, 3), ((data * 2) * 2 + 1) * 2 + 2)
    same = njit(lambda a, s: a)
    assert repeat(same, data, 2) is data

    fill = types.FunctionType(types.none(types.float64[:], types.int64))

    @njit(types.none(fill, types.float64[:]))
    def write(f, a):
        for i in range(len(a)):
            f(a, i)

    @njit
    def put(a, i):
        a[i] = i * i

    write(put, data[::2])
    assert data.tolist() == [0.0, 1.0, 1.0, 3.0, 4.0]


def test_functions_that_take_functions():
    @njit
    def twice(f, x):
        return f(f(x))

    @njit
    def cube(x):
        return x ** 3

    higher = types.FunctionType(types.float64(real, types.float64))

    @njit(types.float64(higher, real, types.float64))
    def compose(h, f, x):
        return h(f, x) + h(cube, x)

    assert compose(twice, half, 2.0) == 0.5 + 512.0


def test_kinds_of_arguments_and_results():
    signature = types.FunctionType(types.Tuple((types.boolean, types.complex128, types.unicode_type))(types.boolean, types.complex128, types.unicode_type, types.int8))

    @njit
    def turn(flag, z, text, n):
        return not flag, z * 2, text + str(n)

    @njit(types.Tuple((types.boolean, types.complex128, types.unicode_type))(signature, types.boolean))
    def call(f, flag):
        return f(flag, 1, "n", 7)

    assert call(turn, True) == (False, 2 + 0j, "n7") and call(turn, False) == (True, 2 + 0j, "n7")


def test_threads():
    results = []
    work = lambda: results.append(integrate(njit(lambda x: x), 1.0, 100))  # noqa: E731
    threads = [threading.Thread(target=work) for _ in range(4)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert np.allclose(results, 0.5) and len(results) == 4

    @njit
    def speak(x):
        print(x)
        return x

    assert integrate(speak, 1.0, 1) == 0.5


def test_wrong_uses():
    for source, text in [
        (lambda f, x: f(x=x), "no parameter names"),
        (lambda f, x: f(x, x), "takes 1 argument, but 2 are given"),
        (lambda f, x: f(1j), "complex128 is passed to a function that takes float64"),
        (lambda f, x: f.name, "no attribute"),
    ]:
        with pytest.raises(numbra.NumbaError, match=text):
            njit(types.float64(real, types.float64))(source)
    with pytest.raises(numbra.TypingError, match="texts` is passed as FunctionType.*but returns literal string"):
        @njit
        def texts(x):
            return "a"

        integrate(texts, 1.0, 1)
    with pytest.raises(numbra.TypingError, match="was compiled for other signatures"):
        integrate(njit("int64(int64)")(lambda x: x), 1.0, 1)
    with pytest.raises(TypeError):
        integrate(3, 1.0, 1)
    with pytest.raises(numbra.NumbaError, match="a Python function"):
        integrate(lambda x: x, 1.0, 1)
    with pytest.raises(numbra.NumbaError, match="undefined_name"):
        integrate(njit(lambda x: undefined_name), 1.0, 1)  # noqa: F821
    higher = types.FunctionType(types.float64(real, types.float64))
    for inner, text in [(np.sin, "decorate one with `njit`"), (njit(lambda x: 1j), "returns complex128, but the signature says"), (njit(lambda x, y: x), "does not take 1 argument")]:
        with pytest.raises(numbra.NumbaError, match=text):
            njit(types.float64(higher, types.float64))(lambda h, x: h(inner, x))


def test_library_functions_by_their_signature():
    assert integrate(np.sqrt, 1.0, 1000) == pytest.approx(2 / 3, abs=1e-4) and integrate(math.cos, 1.0, 1000) == pytest.approx(math.sin(1.0))
    assert integrate(abs, 1.0, 2) == 0.5 and integrate(float, 1.0, 2) == 0.5
    with pytest.raises(numbra.NumbaError, match="arctan2"):
        integrate(np.arctan2, 1.0, 2)


def test_many_functions_of_one_signature():
    def make(k):
        return njit("float64(float64)")(lambda x: x + k)

    functions = [make(k) for k in range(20)]

    @njit
    def at(fs, i, x):
        return fs[i](x)

    @njit
    def chain(fs, x):
        for f in fs:
            x = f(x)
        return x

    assert [at(functions, i, 0.5) for i in (0, 7, -1)] == [0.5, 7.5, 19.5] and [at(tuple(functions), i, 0.5) for i in (0, 7, -1)] == [0.5, 7.5, 19.5]
    assert chain(functions, 0.0) == chain(tuple(functions), 0.0) == 190.0
    # Other functions of the signature need no other version.
    before = len(chain.signatures)
    assert chain([make(2 * k) for k in range(17)], 0.0) == 272.0 and len(chain.signatures) == before


def test_types_of_functions(capsys):
    @njit
    def apply(f, x):
        return f(x)

    assert apply(square, 3.0) == 9.0 and apply(math.sqrt, 4.0) == 2.0
    numbra.explain(apply, square, 3.0)
    numbra.explain(integrate, square, 3.0, 2)
    assert "square" in capsys.readouterr().out
    apply.recompile()
    assert apply(square, 3.0) == 9.0 and apply(math.sqrt, 4.0) == 2.0 and "square" in str(numbra.typeof(square))
