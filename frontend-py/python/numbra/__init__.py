"""numbra compiles Python functions to machine code.

    import numbra

    @numbra.njit
    def mean(values):
        total = 0.0
        for value in values:
            total += value
        return total / len(values)

Only what a decorator needs is imported here; `types`, `errors` and the rest load on first use.
"""
from . import _core

_core.set_library(__path__[0] + "/lib")
__version__ = _core.__version__
version_info = tuple(map(int, __version__.split(".")[:3]))

_SUBMODULES = ("types", "errors", "core", "config", "cuda", "experimental", "extending", "np", "typed")
# Functions that are loaded when they are first named, and their modules.
_LATER = {
    "vectorize": "_ufunc", "guvectorize": "_gufunc", "stencil": "_stencil", "literal_unroll": "_literals", "literally": "_literals",
    "objmode": "_absent", "cfunc": "_absent",
}
_ERRORS = (
    "NumbaError", "TypingError", "UnsupportedError", "LoweringError", "InternalError", "InternalCompilerError", "NumbaTypeError", "NumbaValueError",
    "NumbaIndexError", "NumbaAttributeError", "NumbaAssertionError", "NumbaKeyError", "NumbaNotImplementedError", "NumbaRuntimeError", "NumbaWarning",
    "NumbaPerformanceWarning", "NumbaDeprecationWarning", "NumbaPendingDeprecationWarning", "NumbaTypeSafetyWarning", "NumbaExperimentalFeatureWarning",
)
_TYPES = (
    "int8", "int16", "int32", "int64", "intp", "intc", "int_", "long_", "longlong", "short", "char", "ssize_t", "uint8", "uint16", "uint32", "uint64",
    "uintp", "uintc", "uint", "ulong", "ulonglong", "ushort", "uchar", "byte", "size_t", "float32", "float64", "double", "complex64", "complex128",
    "boolean", "bool_", "none", "void", "b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f4", "f8", "c8", "c16",
)
_THREADS = (
    "prange", "get_num_threads", "set_num_threads", "get_thread_id", "get_parallel_chunksize", "set_parallel_chunksize", "parallel_chunksize", "threading_layer",
)

__all__ = [
    "njit", "jit", *_THREADS, "pndindex", "typeof", "from_dtype", "explain", "explain_rewrite", "rewrite_rules", "literal_unroll", "literally", "vectorize", "guvectorize", "stencil", "types", "errors", "__version__", *_ERRORS,
    *(name for name in _TYPES if name not in ("none", "void")),
]


def njit(signature_or_function=None, **options):
    """Compile a function to machine code.

    `@njit`, `@njit(option=...)`, `@njit("float64(float64)")` or `@njit([signature, ...])`. Without a signature a version is compiled
    at the first call with each combination of argument types; with signatures exactly those are compiled, at once.

    Options: boundscheck, error_model, fastmath, nogil, parallel, inline, debug, cache, rewrite_rules.
    """
    if options:
        from ._options import check

        checked = check(options)
    else:
        checked = {}
    if type(signature_or_function) is _Function:
        return _core.dispatcher(signature_or_function, checked, options)
    if signature_or_function is None:
        return lambda function: _compile_lazily(function, checked, options)
    from ._inspection import compile_eagerly, parse_signatures, refuse

    if isinstance(signature_or_function, _core.Dispatcher) or callable(signature_or_function) and not _is_type(signature_or_function):
        refuse(signature_or_function)
    signatures = parse_signatures(signature_or_function)
    return lambda function: compile_eagerly(_compile_lazily(function, checked, options), signatures)


def jit(signature_or_function=None, **options):
    """The same as `njit`: numbra has no object mode."""
    return njit(signature_or_function, **options)



def typeof(value):
    """The type that numbra gives to a Python value."""
    from . import types

    return types.from_code(_core.typeof_code(value))


def from_dtype(dtype):
    """The type of the elements of arrays with a NumPy dtype."""
    from . import types

    return types.from_dtype(dtype)


def explain(function, *args, file=None):
    """Print how the types come about when the function is called with these arguments; nothing is called.

    For the function and for each that it calls: the types of its expressions and variables, with the values that they were made of, and
    then the error, if there is one. `def scale(x, n): return x * n` gives for `explain(scale, 2, 0.5)`

        scale(x: int64, n: float64) -> float64
          1: x * n :: float64  <- from x :: int64, n :: float64
    """
    from ._explain import explain

    explain(function, args, file)


def explain_rewrite(function, *args, file=None, statistics=False):
    """Print what becomes of array expressions when the function is called with these arguments; nothing is called.

    For each expression that is rewritten: what is written, the rules applied one after the other, what is computed instead, and estimates of the time that all
    expressions that were looked at together take, in nanoseconds of a model machine. `def scale(a): return (a * 2.0) * 1.0 + 0.5` has for an array `a` the line

        mul-one  a * 2.0 + 0.5
    """
    from ._rewriting import explain_rewrite

    explain_rewrite(function, args, file, statistics)


def rewrite_rules(rules):
    """Use the rules of a file, or of a text, beside numbra's own for what is compiled from now on; None for numbra's alone.

    Rules that do not parse, or that say to be exact and are not, raise ValueError with their places.
    """
    from ._rewriting import rewrite_rules

    rewrite_rules(rules)


def _compile_lazily(function, checked, options):
    if type(function) is not _Function:
        from ._inspection import refuse

        refuse(function)
    return _core.dispatcher(function, checked, options)


def _is_type(value):
    from . import types

    return isinstance(value, (types.Type, types.Signature))


_Function = type(njit)


def __getattr__(name):
    if name.startswith("_"):
        # `from . import _module` asks for an attribute first: nobody reads the error, and what was meant takes milliseconds to find.
        raise AttributeError(f"module 'numbra' has no attribute {name!r}", name=name, obj=None)
    if name in _SUBMODULES:
        from importlib import import_module

        return import_module("." + name, __name__)
    if name in _TYPES:
        from . import types as home
    elif name in _ERRORS:
        from . import errors as home
    elif name in _THREADS:
        from . import _threads as home
    elif name in _LATER:
        from importlib import import_module

        home = import_module("." + _LATER[name], __name__)
    elif name == "pndindex":
        from numpy import ndindex as pndindex

        globals()[name] = pndindex
        return pndindex
    else:
        from ._inspection import missing_name

        raise AttributeError(missing_name(name), name=name, obj=None)
    value = globals()[name] = getattr(home, name)
    return value


def __dir__():
    return sorted({*globals(), *__all__, "none", "void", "core", "extending"})
