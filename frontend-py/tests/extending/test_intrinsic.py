"""Intrinsics: code written with the builder, compared with what Python and NumPy compute."""
import ctypes
import math
import struct

import numpy as np
import pytest

from numbra import errors, njit, types
from numbra.errors import TypingError
from numbra.extending import box, intrinsic, lower_builtin, make_attribute_wrapper, models, register_model, type_callable

INTEGERS = [types.int8, types.int16, types.int32, types.int64, types.uint8, types.uint16, types.uint32, types.uint64]


@intrinsic
def bits_of(typingctx, x):
    """The bits of a float."""
    if not isinstance(x, types.Float):
        return None
    result = types.int64 if x.bitwidth == 64 else types.int32

    def codegen(context, builder, signature, args):
        (x,) = args
        return builder.bitcast(x, signature.return_type)

    return result(x), codegen


def of_integers(*operations):
    @intrinsic
    def f(typingctx, x):
        def codegen(context, builder, signature, args):
            return builder.make(signature.return_type, [getattr(builder, name)(args[0]) for name in operations])

        return types.UniTuple(x, len(operations))(x), codegen

    return f


COUNTS = of_integers("ctpop", "ctlz", "cttz", "bitreverse", "bswap", "neg", "not_")


def test_bits_of_floats():
    @njit
    def f(x):
        return bits_of(x)

    for x in (0.0, -0.0, 1.5, math.inf, -math.pi):
        assert f(x) == struct.unpack("q", struct.pack("d", x))[0]
        assert f(np.float32(x)) == struct.unpack("i", struct.pack("f", x))[0]
    with pytest.raises(TypingError, match=r"no overload of `.*bits_of` takes \(int64\)"):
        f(1)


@pytest.mark.parametrize("t", INTEGERS, ids=str)
def test_bit_tricks(t):
    @njit
    def f(x):
        return COUNTS(x)

    n = t.bitwidth
    for value in (0, 1, 6, t.minval, t.maxval, 100):
        word = value & ((1 << n) - 1)
        text = format(word, f"0{n}b")
        wrap = lambda x: t(np.array(x & ((1 << n) - 1), f"uint{n}").view(t.name).item())  # noqa: E731
        expected = (
            text.count("1"), n if word == 0 else n - word.bit_length(), n if word == 0 else len(text) - len(text.rstrip("0")), wrap(int(text[::-1], 2)),
            wrap(int.from_bytes(word.to_bytes(n // 8, "little"), "big")), wrap(-value), wrap(~value),
        )
        got = f(t(value))
        assert tuple(int(x) & ((1 << n) - 1) for x in got) == tuple(int(x) & ((1 << n) - 1) for x in expected)


BINARY = ["add", "sub", "mul", "sdiv", "udiv", "srem", "urem", "and_", "or_", "xor", "shl", "lshr", "ashr"]


@intrinsic
def integer_operations(typingctx, x, y):
    def codegen(context, builder, signature, args):
        x, y = args
        results = [getattr(builder, name)(x, y) for name in BINARY]
        flags = [c(op, x, y) for c in (builder.icmp_signed, builder.icmp_unsigned) for op in ("==", "!=", "<", "<=", ">", ">=")]
        return builder.make(signature.return_type, results + flags + [builder.select(flags[2], x, y)])

    return types.Tuple([x] * len(BINARY) + [types.boolean] * 12 + [x])(x, y), codegen


def test_integer_operations():
    @njit
    def f(x, y):
        return integer_operations(x, y)

    mask = (1 << 64) - 1
    for x, y in ((17, 5), (-17, 5), (-17, 60), (1, 1), (-(2**63), 2)):
        u, v = x & mask, y & mask
        signed = lambda n: (n & mask) - (1 << 64 if n & (1 << 63) else 0)  # noqa: E731
        expected = [x + y, x - y, x * y, math.trunc(abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)), u // v, int(math.copysign(1, x)) * (abs(x) % abs(y)), u % v, x & y, x | y, x ^ y, u << y, u >> y, x >> y]
        flags = [x == y, x != y, x < y, x <= y, x > y, x >= y, u == v, u != v, u < v, u <= v, u > v, u >= v]
        assert f(x, y) == (*map(signed, expected), *flags, min(x, y))


@intrinsic
def float_operations(typingctx, x, y):
    def codegen(context, builder, signature, args):
        x, y = args
        half = builder.constant(signature.args[0], 0.5)
        results = [builder.fadd(x, y), builder.fsub(x, y), builder.fmul(x, y), builder.fdiv(x, y), builder.frem(x, y), builder.fneg(x), builder.fma(x, y, half)]
        flags = [c(op, x, y) for c in (builder.fcmp_ordered, builder.fcmp_unordered) for op in ("==", "!=", "<", "<=", ">", ">=")]
        return builder.make(signature.return_type, results + flags + [builder.fcmp_ord(x, y), builder.fcmp_uno(x, y)])

    return types.Tuple([x] * 7 + [types.boolean] * 14)(x, y), codegen


@pytest.mark.parametrize("scalar", [np.float64, np.float32])
def test_float_operations(scalar):
    @njit
    def f(x, y):
        return float_operations(x, y)

    for x, y in ((1.5, -2.25), (7.0, 3.0), (math.nan, 1.0), (math.inf, 2.0)):
        x, y = scalar(x), scalar(y)
        nan = bool(np.isnan(x))
        with np.errstate(all="ignore"):
            results = [x + y, x - y, x * y, x / y, np.fmod(x, y), -x, x * y + scalar(0.5)]
        ordered = [x == y, x != y and not nan, x < y, x <= y, x > y, x >= y]
        unordered = [o or nan for o in ordered]
        got = f(x, y)
        np.testing.assert_array_equal(got[:7], results)
        assert list(got[7:]) == [bool(b) for b in (*ordered, *unordered, not nan, nan)]


@intrinsic
def conversions(typingctx, i, x):
    def codegen(context, builder, signature, args):
        i, x = args
        small = builder.trunc(i, types.int16)
        single = builder.fptrunc(x, types.float32)
        values = [
            small, builder.sext(small, types.int32), builder.zext(small, types.int32), builder.sitofp(small, types.float64), builder.uitofp(small, types.float64),
            builder.fptosi(x, types.int8), builder.fptoui(x, types.uint64), builder.fpext(single, types.float64), builder.zext(builder.trunc(i, types.boolean), types.int64),
        ]
        return builder.make(signature.return_type, values)

    wanted = [types.int16, types.int32, types.int32, types.float64, types.float64, types.int8, types.uint64, types.float64, types.int64]
    return types.Tuple(wanted)(i, x), codegen


def test_conversions():
    @njit
    def f(i, x):
        return conversions(i, x)

    assert f(0x1FFFE, 100.1) == (-2, -2, 0xFFFE, -2.0, 65534.0, 100, 100, float(np.float32(100.1)), 0)


@intrinsic
def unchecked(typingctx, a, i):
    """`a[i]` without a look at the bounds."""
    size = a.dtype.bitwidth // 8

    def codegen(context, builder, signature, args):
        a, i = args
        address = builder.add(builder.array_data(a), builder.mul(i, builder.constant(types.int64, size)))
        value = builder.load(address, signature.return_type)
        builder.store(builder.constant(signature.return_type, 1), address)
        return value

    return a.dtype(a, types.int64), codegen


def test_memory():
    @njit
    def total(a):
        result = a.dtype.type(0)
        for i in range(len(a)):
            result += unchecked(a, i)
        return result

    for dtype in (np.float64, np.float32, np.int16, np.uint64):
        a = np.arange(10).astype(dtype)
        assert total(a) == 45
        np.testing.assert_array_equal(a, np.ones(10, dtype))

    @njit
    def flags(a):
        n = 0
        for i in range(len(a)):
            if first_bool(a, i):
                n += 1
        return n

    @intrinsic
    def first_bool(typingctx, a, i):
        return types.boolean(a, i), lambda context, builder, signature, args: builder.load(builder.add(builder.array_data(args[0]), args[1]), types.boolean)

    assert flags(np.array([True, False, True])) == 2


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double, ctypes.c_int32)(lambda x, n: x * n)
ADDRESS = ctypes.cast(CALLBACK, ctypes.c_void_p).value


@intrinsic
def c_functions(typingctx, x):
    def codegen(context, builder, signature, args):
        (x,) = args
        n = builder.constant(types.int32, 3)
        by_address = builder.call(ADDRESS, [x, n], types.float64)
        by_name = builder.call("labs", [builder.constant(types.int64, -5)], types.int64)
        python = context.compile_internal(builder, lambda a, b: a + b, types.float64(x.type, x.type), [x, by_address])
        return builder.make(signature.return_type, [by_address, by_name, python])

    return types.Tuple((types.float64, types.int64, types.float64))(types.float64), codegen


def test_functions_of_c():
    @njit
    def f(x):
        return c_functions(x)

    assert f(2.5) == (7.5, 5, 10.0)
    # The argument is converted to what the signature says.
    assert f(2) == (6.0, 5, 8.0)


@intrinsic
def tuple_tail(typingctx, t, n):
    if not isinstance(n, types.IntegerLiteral):
        raise errors.RequireLiteralValue("n must be a constant")
    kept = t.types[n.literal_value:]

    def codegen(context, builder, signature, args):
        return builder.make(signature.return_type, [builder.extract_value(args[0], n.literal_value + i) for i in range(len(kept))])

    return types.Tuple(kept)(t, n), codegen


def test_tuples_and_constants():
    @njit
    def f(t):
        return tuple_tail(t, 1), tuple_tail(t, 3)

    @njit
    def g(t, n):
        return tuple_tail(t, n)

    a = np.arange(3)
    (x, y), empty = f((1, 2.5, a))
    assert x == 2.5 and y is a and empty == ()
    with pytest.raises(TypingError, match="n must be a constant"):
        g((1, 2), 1)


class Pair:
    def __init__(self, x, y):
        self.x, self.y = x, y


class PairType(types.Type):
    def __init__(self):
        super().__init__("pair")


@register_model(PairType)
class PairModel(models.StructModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, [("x", types.int64), ("y", types.float64)])


make_attribute_wrapper(PairType, "x", "x")
box(PairType)(lambda typ, x, y: Pair(x, y))


@type_callable(Pair)
def type_pair(context):
    def typer(x, y):
        return PairType()

    return typer


@lower_builtin(Pair, types.Integer, types.Float)
def make_pair(context, builder, signature, args):
    from numbra.core import cgutils

    pair = cgutils.create_struct_proxy(signature.return_type)(context, builder)
    pair.x, pair.y = args
    pair.x = builder.add(pair.x, builder.constant(types.int64, 100))
    other = cgutils.create_struct_proxy(signature.return_type)(context, builder, value=pair._getvalue())
    other.y = builder.fneg(other.y)
    return other._getvalue()


def test_code_generators_of_constructors():
    @njit
    def f(x, y):
        return Pair(x, y)

    pair = f(1, 2.5)
    assert (pair.x, pair.y) == (101, -2.5)
    # Without one the fields are the arguments.
    pair = f(True, 2)
    assert (pair.x, pair.y) == (1, 2.0)


@pytest.mark.parametrize("codegen, says", [
    (lambda c, b, s, a: b.add(b.constant(types.int32, 1), a[0]), "`numbra.machine.add` takes integers of one type, here int32, not int64"),
    (lambda c, b, s, a: b.fadd(a[0], a[0]), "`numbra.machine.fadd` takes floats, not int64"),
    (lambda c, b, s, a: b.trunc(a[0], types.int64), "`numbra.machine.trunc` takes what it converts to int64, not int64"),
    (lambda c, b, s, a: b.zext(b.bitcast(a[0], types.int32), types.int64), "`numbra.machine.bitcast` takes what it converts to int32"),
    (lambda c, b, s, a: b.add(a[0]), "`add` takes 2 operands, not 1"),
    (lambda c, b, s, a: b.add(a[0], 1), "operands are values of the builder, not 1"),
    (lambda c, b, s, a: b.addd(a[0], a[0]), "did you mean 'fadd'|did you mean 'add'"),
    (lambda c, b, s, a: b.cbranch(a[0]), "no operation 'cbranch'"),
    (lambda c, b, s, a: b.icmp_signed("=", a[0], a[0]), "comparisons are"),
    (lambda c, b, s, a: b.call("no_such_function_of_c", []), "no function of C with the name"),
    (lambda c, b, s, a: b.constant(types.float64, 1), "returned a value of type float64, but the signature says int64"),
    (lambda c, b, s, a: None, "returned a value of type none, but the signature says int64"),
    (lambda c, b, s, a: c.get_constant(types.int64, 1), "builder.constant"),
])
def test_mistakes_are_told_at_the_call(codegen, says):
    @intrinsic
    def wrong(typingctx, x):
        return types.int64(x), codegen

    @njit
    def f(x):
        return wrong(x)

    with pytest.raises(TypingError, match=says):
        f(1)


def test_wrong_uses():
    import numbra.extending

    with pytest.raises(errors.NumbaNotImplementedError, match="in compiled code only"):
        bits_of(1.5)
    with pytest.raises(TypeError, match="parameters by position only"):
        intrinsic(lambda typingctx, *args: None)
    with pytest.raises(errors.NumbaNotImplementedError, match="numbra has no `lower_cast`"):
        numbra.extending.lower_cast(types.int64, types.float64)
    with pytest.raises(AttributeError):
        numbra.extending.no_such_name

    @intrinsic
    def half(typingctx, x):
        return types.int64(x)

    @njit
    def f(x):
        return half(x)

    with pytest.raises(TypingError, match="it returns a signature and a code generator, or None"):
        f(1)
