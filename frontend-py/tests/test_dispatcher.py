"""The dispatcher as an object: attributes, methods, pickling, garbage collection, threads."""
import copy
import functools
import gc
import inspect
import io
import pickle
import threading
import weakref

import numpy as np
import pytest

import numbra
from numbra import njit, types

from . import kernels


def test_it_looks_like_the_function():
    @njit
    def scaled(x: int, by=2):
        """Scales."""
        return x * by

    assert scaled.__name__ == "scaled" and scaled.__qualname__.endswith("<locals>.scaled") and scaled.__module__ == __name__
    assert scaled.__doc__ == "Scales." and scaled.__annotations__ == {"x": int}
    assert scaled.__wrapped__ is scaled.py_func and inspect.unwrap(scaled) is scaled.py_func
    assert str(inspect.signature(scaled)) == "(x: int, by=2)" == str(scaled.__signature__)
    assert repr(scaled) == f"CPUDispatcher({scaled.py_func!r})"
    assert callable(scaled) and hash(scaled) == hash(scaled)
    scaled.note = 5
    assert scaled.note == 5 and scaled.__dict__["note"] == 5


def test_attributes_of_the_function_are_copied():
    def plain():
        pass

    plain.mark = 1
    assert njit(plain).mark == 1


def test_update_wrapper_works_on_it():
    @functools.wraps(kernels.add)
    def wrapper(*args):
        return kernels.add(*args)

    assert wrapper(1, 2) == 3 and wrapper.__name__ == "add"


def test_pickle_and_copy():
    assert pickle.loads(pickle.dumps(kernels.add)) is kernels.add
    assert pickle.loads(pickle.dumps(kernels.Holder.double)) is kernels.Holder.double
    assert copy.copy(kernels.add) is copy.deepcopy(kernels.add) is kernels.add
    with pytest.raises((pickle.PicklingError, AttributeError)):
        pickle.dumps(njit(lambda x: x))


def test_methods():
    class Pair:
        @njit
        def first(self, other):
            return other

    with pytest.raises(numbra.TypingError, match="argument `self`.*Pair"):
        Pair().first(1)
    assert Pair.first is Pair.__dict__["first"]
    assert Pair().first.__func__ is Pair.first
    assert kernels.Holder().double(21) == kernels.Holder.double(21) == 42

    class Number(tuple):
        pass

    Number.twice = kernels.Holder.double
    with pytest.raises(numbra.TypingError):
        Number().twice()


def test_weak_references_and_collection():
    def make():
        @njit
        def f(x):
            return x

        f.itself = f
        return weakref.ref(f)

    reference = make()
    gc.collect()
    assert reference() is None


def test_collection_of_closures_and_defaults():
    class Token:
        pass

    token = Token()
    reference = weakref.ref(token)

    def make(token):
        @njit
        def f(x, y=token):
            return x

        return f

    f = make(token)
    del token
    gc.collect()
    assert reference() is not None
    del f
    gc.collect()
    assert reference() is None


def test_it_cannot_be_made_or_subclassed():
    kind = type(kernels.add)
    with pytest.raises(TypeError):
        kind()
    with pytest.raises(TypeError):
        type("Sub", (kind,), {})
    with pytest.raises(TypeError):
        kind.attribute = 1


def test_threads_compile_and_call():
    @njit
    def f(x, y):
        return x + y

    arguments = [(1, 2), (1.0, 2.0), (1, 2.0), (np.float32(1), np.float32(2)), (1j, 2)]
    failures = []

    def work():
        for _ in range(200):
            for a, b in arguments:
                if f(a, b) != 3 and f(a, b) != a + b:
                    failures.append((a, b))

    threads = [threading.Thread(target=work) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    assert not failures and len(f.signatures) == len(arguments)


def test_nogil_lets_other_threads_run():
    @njit(nogil=True)
    def spin(n):
        x = 0
        for i in range(n):
            x = (x * 3 + i) % 1000003
        return x

    spin(1)
    ticks = []
    done = threading.Event()

    def tick():
        while not done.wait(0.001):
            ticks.append(1)

    thread = threading.Thread(target=tick)
    thread.start()
    results = {spin(20_000_000) for _ in range(3)}
    done.set()
    thread.join()
    assert len(results) == 1 and len(ticks) > 20


def test_signatures_and_overloads():
    @njit
    def f(a, b=2.0):
        return a * b

    assert f.signatures == [] and f.overloads == {}
    f(1), f(1, 2)
    assert f.signatures == [(types.int64, types.float64), (types.int64, types.int64)]
    assert f.nopython_signatures == [types.float64(types.int64, types.float64), types.int64(types.int64, types.int64)]
    assert list(f.overloads) == f.signatures
    assert f.get_overload((types.int64, types.int64)).signature == types.int64(types.int64, types.int64)
    f.compile("float64(float64)")
    f.compile((types.int8, types.int8))
    assert (types.float64, types.float64) in f.signatures and len(f.signatures) == 4
    with pytest.raises(TypeError, match="has 3 argument types, the function has 2"):
        f.compile("i8(i8, i8, i8)")
    with pytest.raises(numbra.TypingError, match="returns .* but its signature says none"):
        f.compile("void(u1, u1)")
    assert f.compile("float32(u1, u1)").signature == types.float32(types.uint8, types.uint8)


def test_recompile_sees_changed_globals():
    global FACTOR
    FACTOR = 2

    @njit
    def f(x):
        return x * FACTOR

    assert f(10) == 20
    FACTOR = 3
    assert f(10) == 20
    f.recompile()
    assert f(10) == 30 and len(f.signatures) == 1


def test_disable_compile():
    @njit
    def f(x):
        return x + 1

    assert f(1) == 2
    f.disable_compile()
    assert f(1.5) == 2
    with pytest.raises(TypeError, match="no matching definition for argument types"):
        f(np.zeros(1))
    f.disable_compile(False)
    assert f(1.5) == 2.5


def test_inspection():
    @njit
    def f(x):
        return x + 1

    f(1), f(2.0)
    for stage in ("untyped", "typed", "std", "llvm", "llvmir", "asm"):
        assert f.inspect_ir(stage=stage, signature=(types.int64,))
    assert "py.func" in f.inspect_ir("untyped", "(i8,)")
    assert "py.binary" in f.inspect_ir("typed", "(i8,)")
    both = f.inspect_ir()
    assert "si64" in both and "f64" in both
    assert set(f.inspect_llvm()) == set(f.inspect_asm()) == set(f.signatures)
    assert "define" in f.inspect_llvm((types.int64,))
    with pytest.raises(ValueError, match="did you mean 'typed'"):
        f.inspect_ir("typd")


def test_inspect_types(capsys):
    @njit
    def norm(a, scale=2):
        total = 0.0
        for i, value in enumerate(a):
            total += value * scale / (i + 1)
        a[0, ...] = 1
        return np.sqrt(
            total) > 1

    norm(np.zeros(3, np.float32)), norm(np.zeros(3), 1.5)
    norm.inspect_types()
    shown = capsys.readouterr().out
    buffer = io.StringIO()
    norm.inspect_types(file=buffer)
    assert buffer.getvalue() == shown
    one = io.StringIO()
    norm.inspect_types(one, (types.float32[::1], types.int64))
    first, second = [part for part in shown.split("=" * 80 + "\n") if part]
    assert one.getvalue().startswith(first) and second not in one.getvalue()
    head, rule, file, *lines = first.splitlines()
    assert head == f"{norm.__qualname__} (array(float32, 1d, C), int64)" and rule == "-" * 80 and file == f"# File: {__file__}"
    assert second.splitlines()[0] == f"{norm.__qualname__} (array(float64, 1d, C), float64)"
    start = norm.py_func.__code__.co_firstlineno
    numbered = [line for line in lines if line.startswith("# --- LINE")]
    assert numbered == [f"# --- LINE {i} ---" for i in range(start, start + 8)]
    comments = [line.strip() for line in lines if line.lstrip().startswith("#   ")]
    assert comments == [
        "#   a :: array(float32, 1d, C)", "#   scale :: int64",
        "#   i, value :: int64", "#   i, value :: float32", "#   enumerate(a) :: enumerate(array(float32, 1d, C))",
        "#   total += value * scale / (i + 1) :: float64", "#   value * scale :: float64", "#   value * scale / (i + 1) :: float64", "#   i + 1 :: int64",
        "#   np.sqrt( total) :: float64", "#   np.sqrt( total) > 1 :: bool",
    ]
