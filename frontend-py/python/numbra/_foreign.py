"""Functions of C in compiled code: of `ctypes`, and objects that tell an address and a signature. And functions of the library, where an address is needed.

Each becomes a compiled function that calls the address. It lives, with the object that it stands for, as long as the process.
"""
import ctypes

_INTEGERS = ("c_bool", "c_byte", "c_ubyte", "c_short", "c_ushort", "c_int", "c_uint", "c_long", "c_ulong", "c_longlong", "c_ulonglong", "c_size_t", "c_ssize_t")
_ADDRESSES = (ctypes.c_void_p,)
# Functions of Python's own interface need the interpreter lock.
_PYTHON = 4

_COMPILED = {}


class Unusable(Exception):
    """Why a function cannot be called from compiled code."""


def _name_of(c_type):
    """The scalar type of a type of C; pointers are their addresses."""
    if c_type is None:
        return None
    if c_type is ctypes.c_double or c_type is ctypes.c_float:
        return "float64" if c_type is ctypes.c_double else "float32"
    if c_type in _ADDRESSES:
        return "uint64"
    for name in _INTEGERS:
        if c_type is getattr(ctypes, name):
            if name == "c_bool":
                return "bool"
            signed = c_type(-1).value < 0
            return f"{'int' if signed else 'uint'}{8 * ctypes.sizeof(c_type)}"
    raise Unusable(f"ctypes function with a value of type {getattr(c_type, '__name__', c_type)}, which is no number")


def _of_ctypes(function):
    if function.argtypes is None:
        raise Unusable("ctypes function without `argtypes`")
    if function._flags_ & _PYTHON:
        raise Unusable("ctypes function of Python's own interface")
    address = ctypes.cast(function, ctypes.c_void_p).value
    return address, _name_of(function.restype), [_name_of(t) for t in function.argtypes], getattr(function, "__name__", "function")


def _number(t):
    """The name of a scalar type of the signature of an object with an address."""
    from . import types

    if not isinstance(t, types.Number) or isinstance(t, types.Complex):
        raise Unusable(f"function at an address with a value of type {t}, which is no number")
    return t.name


def _of_protocol(value):
    from . import types

    signature = value.signature()
    result = None if signature.return_type == types.none else _number(signature.return_type)
    return value.__wrapper_address__(), result, [_number(t) for t in signature.args], type(value).__name__


def _written(address, result, arguments, name):
    """The compiled function of the address; small integers are extended, as C passes them."""
    import numpy as np

    from ._generated import function
    from .extending._builder import machine_function

    space = {"call": machine_function("call"), "ADDRESS": address, "RESULT": result and getattr(np, "bool_" if result == "bool" else result)}
    passed = []
    for i, t in enumerate(arguments):
        space[t] = getattr(np, "bool_" if t == "bool" else t)
        wide = {"int8": "int32", "int16": "int32", "uint8": "uint32", "uint16": "uint32"}.get(t)
        if wide:
            space[wide] = getattr(np, wide)
        passed.append(f"{wide}({t}(x{i}))" if wide else f"{t}(x{i})")
    name = name if name.isidentifier() else "function"
    names = ", ".join(f"x{i}" for i in range(len(arguments)))
    text = f"def {name}({names}):\n    return call({', '.join(['ADDRESS', 'RESULT', *passed])})\n"
    return function(text, name, space)


def compiled(value):
    """The compiled function that stands for a function of C, None for other objects; raises for those that cannot be called."""
    known = _COMPILED.get(id(value))
    if known is not None:
        return known[1]
    if isinstance(value, ctypes._CFuncPtr):
        made = _written(*_of_ctypes(value))
    elif hasattr(type(value), "__wrapper_address__"):
        made = _written(*_of_protocol(value))
    else:
        return None
    _COMPILED[id(value)] = value, made
    return made


def of_library(value, count):
    """The compiled function of so many arguments that calls a function of the library."""
    from ._generated import function

    known = _COMPILED.get((id(value), count))
    if known is None:
        names = ", ".join(f"x{i}" for i in range(count))
        made = function(f"def call({names}):\n    return library({names})\n", "call", {"library": value})
        known = _COMPILED[id(value), count] = value, made
    return known[1]
