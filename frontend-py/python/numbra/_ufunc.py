"""`vectorize`: a function of numbers as a NumPy universal function."""
from . import types
from ._generated import function as generated
from .errors import UnsupportedError

_IGNORED = ("nopython", "cache", "target", "identity", "forceobj", "writable_args")
_LOOP = """
def loop({names}, out):
    if out.ndim == 0:
        out[()] = kernel({first})
    elif out.ndim == 1:
        for i in range(out.shape[0]):
            out[i] = kernel({items})
    else:
        for i in range(out.shape[0]):
            loop({items}, out[i])
"""

# What compiled code calls has as many parameters as the library's function for it takes.
_MOST_COMPILED = 3


def kernel_of(function, options):
    """The compiled function; quotients by zero are those of NumPy. Options that say how numba builds a ufunc mean nothing here."""
    from . import njit

    if options.get("forceobj"):
        raise UnsupportedError("option forceobj=True is not supported: numbra has no object mode")
    if options.get("target", "cpu") not in ("cpu", "parallel"):
        raise UnsupportedError(f"target {options['target']!r} is not supported: ufuncs run on the CPU")
    return njit(error_model="numpy", **{name: value for name, value in options.items() if name not in _IGNORED})(function)


def parsed(signatures):
    """Signatures from a list of them, or from one."""
    from ._inspection import parse_signature

    return [parse_signature(s) for s in (signatures if isinstance(signatures, list) else [signatures])]


def is_signature(value):
    """Whether it is what a decorator takes as one signature or several."""
    return isinstance(value, (str, list, tuple, types.Type, types.Signature))


def fits(value, dtype):
    """Whether NumPy converts an argument to a loop's type by itself. Python's numbers are weak."""
    import numpy as np

    if isinstance(value, bool) or not isinstance(value, (int, float, complex)) or isinstance(value, np.generic):
        return np.can_cast(np.asarray(value).dtype, dtype, "safe")
    order = "iufc" if isinstance(value, int) else "fc" if isinstance(value, float) else "c"
    return dtype.kind in order


def chosen(name, values, loops):
    """The first of the loops, each a sequence of dtypes, that takes the arguments."""
    for loop in loops:
        if all(fits(value, dtype) for value, dtype in zip(values, loop)):
            return loop
    raise TypeError(f"ufunc {name!r} not supported for the input types, and the inputs could not be safely coerced to any supported types according to the casting rule ''safe''")


def outputs(name, given, rest, keyword):
    """The output arrays of a call, given by position or as `out=`, or None."""
    if rest and keyword is not None:
        raise TypeError("cannot specify 'out' as both a positional and keyword argument")
    out = rest or (keyword if isinstance(keyword, tuple) else None if keyword is None else (keyword,))
    if out is None or not out:
        return (None,) * given
    if len(out) != given:
        raise ValueError(f"{name}() has {given} output{'s' if given > 1 else ''}, but {len(out)} are given")
    return tuple(out)


def overlaps(value, out):
    """Whether writing to an output may change an argument before it is read."""
    import numpy as np

    if not np.may_share_memory(value, out):
        return False
    return value.shape != out.shape or value.strides != out.strides or value.dtype != out.dtype or value.ctypes.data != out.ctypes.data


def stored(name, out, result, where=True):
    """Writes a result to an output by NumPy's rule of casting."""
    import numpy as np

    if not np.can_cast(result.dtype, out.dtype, "same_kind"):
        raise TypeError(f"Cannot cast ufunc {name!r} output from {result.dtype!r} to {out.dtype!r} with casting rule 'same_kind'")
    np.copyto(out, result, casting="same_kind", where=where)
    return out


class UFunc:
    """A compiled function of numbers that is applied to each element of arrays, with broadcasting."""

    nout = 1
    signature = None

    def __init__(self, function, signatures, options):
        self._kernel = kernel_of(function, options)
        self._loops = []
        for s in signatures:
            if s.return_type is None:
                raise TypeError(f"a signature of vectorize has a result: write for example 'float64(float64)', not {s!r}")
            self._loops.append(tuple(t.dtype for t in (*s.args, s.return_type)))
        self.nin = function.__code__.co_argcount
        if any(len(loop) != self.nin + 1 for loop in self._loops):
            raise TypeError(f"the signatures of {function.__name__}() must have {self.nin} arguments")
        self.identity = options.get("identity")
        self.__name__, self.__qualname__, self.__doc__, self.__module__ = function.__name__, function.__qualname__, function.__doc__, function.__module__
        self.__wrapped__ = function
        names = [f"x{i}" for i in range(self.nin)]
        text = _LOOP.format(names=", ".join(names), first=", ".join(f"{n}[()]" for n in names), items=", ".join(f"{n}[i]" for n in names))
        self._options = {name: value for name, value in options.items() if name not in _IGNORED}
        self._in_compiled_code = None
        self._loop = generated(text, "loop", {"kernel": self._kernel}, error_model="numpy", boundscheck=False)

    def __repr__(self):
        return f"<numbra ufunc {self.__name__!r}>"

    @property
    def nargs(self):
        """Inputs and outputs."""
        return self.nin + self.nout

    @property
    def types(self):
        """The loops by NumPy's letters."""
        return ["".join(d.char for d in loop[:-1]) + "->" + loop[-1].char for loop in self._loops]

    @property
    def ntypes(self):
        """How many loops there are."""
        return len(self._loops)

    @property
    def py_func(self):
        """The Python function."""
        return self.__wrapped__

    @property
    def _compiled(self):
        """The compiled function that a call in compiled code means, or None where there is none."""
        if self._in_compiled_code is None and self.nin <= _MOST_COMPILED:
            self._in_compiled_code = self._written()
        return self._in_compiled_code

    def _written(self):
        from . import _elementwise as names

        options = {**self._options, "error_model": "numpy"}
        space = {"kernel": self._kernel, "elementwise": names.elementwise, "fits_loop": names.fits_loop, "no_loop": names.no_loop}
        given = [f"x{i}" for i in range(self.nin)]
        padded = ", ".join(given + ["None"] * (_MOST_COMPILED - self.nin))
        names, body = ", ".join(given), []
        for k, (*types_of, result) in enumerate(self._loops):
            space |= {f"t{k}_{i}": d.type for i, d in enumerate(types_of)} | {f"r{k}": result.type}
            converted = ", ".join(f"t{k}_{i}({x})" for i, x in enumerate(given))
            generated(f"def kernel{k}({names}):\n    return r{k}(kernel({converted}))\n", f"kernel{k}", space, **options)
            condition = " and ".join(f"fits_loop({x}, t{k}_{i})" for i, x in enumerate(given))
            body.append(f"    if {condition}:\n        return elementwise(kernel{k}, {padded}, out)\n")
        body.append(f"    return no_loop({names})\n" if self._loops else f"    return elementwise(kernel, {padded}, out)\n")
        return generated(f"def ufunc({names}, out=None):\n" + "".join(body), "ufunc", space, **options)

    def _resolved(self, values):
        """The dtypes of the inputs and of the result."""
        import numpy as np

        if self._loops:
            return chosen(self.__name__, values, self._loops)
        own = tuple(np.asarray(v).dtype for v in values)
        compiled = self._kernel.compile(tuple(map(types.from_dtype, own)))
        return (*own, compiled.signature.return_type.dtype)

    def __call__(self, *arguments, out=None, where=True):
        import numpy as np

        if not self.nin <= len(arguments) <= self.nin + 1:
            raise TypeError(f"{self.__name__}() takes from {self.nin} to {self.nin + 1} positional arguments but {len(arguments)} were given")
        (out,) = outputs(self.__name__, 1, arguments[self.nin:], out)
        arguments = arguments[:self.nin]
        *own, result = self._resolved(arguments)
        inputs = [np.asarray(a).astype(d, copy=False) for a, d in zip(arguments, own)]
        shape = np.broadcast_shapes(*(a.shape for a in inputs))
        if where is not True:
            shape = np.broadcast_shapes(shape, np.shape(where))
        if out is not None and np.broadcast_shapes(shape, out.shape) != out.shape:
            raise ValueError(f"non-broadcastable output operand with shape {out.shape} doesn't match the broadcast shape {np.broadcast_shapes(shape, out.shape)}")
        if out is not None and out.dtype == result and where is True and not any(overlaps(a, out) for a in inputs):
            return self._run(inputs, out)
        made = self._run(inputs, np.empty(shape if out is None else out.shape, result))
        if out is not None:
            return stored(self.__name__, out, made, where)
        return made if shape else made[()]

    def _run(self, inputs, out):
        import numpy as np

        shape = out.shape
        if out.ndim > 1 and out.flags.c_contiguous and all(a.ndim == 0 or a.shape == shape and a.flags.c_contiguous for a in inputs):
            target, shape = out.reshape(-1), (out.size,)
            inputs = [a if a.ndim == 0 else a.reshape(-1) for a in inputs]
        else:
            target = out
        self._loop(*(a if a.shape == shape else np.broadcast_to(a, shape) for a in inputs), target)
        return out

    def outer(self, a, b, **options):
        """The function of each element of one array with each of another."""
        import numpy as np

        a, b = np.asarray(a), np.asarray(b)
        return self(a.reshape(a.shape + (1,) * b.ndim), b, **options)

    def _folded(self, a, axis):
        """An array with the axis to reduce first, in the type of the results."""
        import numpy as np

        if self.nin != 2:
            raise ValueError("reduce only supported for binary functions")
        a = np.asarray(a)
        *own, result = self._resolved((a, a))
        return np.moveaxis(a, axis, 0), np.result_type(result)

    def reduce(self, array, axis=0, keepdims=False, initial=None):
        """All elements along an axis put together, from the first on."""
        import numpy as np

        if axis is None:
            array, axis = np.ravel(array), 0
        rows, dtype = self._folded(array, axis)
        first = initial if initial is not None else self.identity if len(rows) == 0 else None
        if first is None and len(rows) == 0:
            raise ValueError(f"zero-size array to reduction operation {self.__name__} which has no identity")
        total = rows[0].astype(dtype) if first is None else np.full(rows.shape[1:], first, dtype)
        for row in rows[1 if first is None else 0:]:
            total = self(total, row)
        return np.expand_dims(total, axis) if keepdims else total if total.ndim else total[()]

    def accumulate(self, array, axis=0):
        """What `reduce` has along an axis after each element."""
        import numpy as np

        rows, dtype = self._folded(array, axis)
        result = np.empty(rows.shape, dtype)
        for i, row in enumerate(rows):
            result[i] = row if i == 0 else self(result[i - 1], row)
        return np.moveaxis(result, 0, axis)


def vectorize(signatures_or_function=(), **options):
    """Makes a NumPy universal function of a function of numbers.

    `@vectorize`, `@vectorize(option=...)` or `@vectorize(["float64(float64, float64)", ...])`. Without signatures the function is compiled for
    the types of the arguments; with them, the first one to which NumPy converts the arguments safely is taken. The result is called from Python
    with arrays and numbers, `out=` and `where=`, and has `reduce`, `accumulate` and `outer`. Quotients by zero are NumPy's.

    Options: those of `njit`; identity, for `reduce`; target ("cpu" or "parallel", which both run on one thread), nopython, cache.
    """
    if callable(signatures_or_function) and not is_signature(signatures_or_function):
        return UFunc(signatures_or_function, [], options)
    signatures = [] if isinstance(signatures_or_function, (list, tuple)) and not signatures_or_function else parsed(signatures_or_function)
    return lambda function: UFunc(function, signatures, options)
