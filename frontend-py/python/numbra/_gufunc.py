"""`guvectorize`: a function of arrays applied along the leading axes of larger ones, by a layout such as `(m,n),(n)->(m)`."""
import re

from . import types
from ._generated import function as generated
from ._ufunc import chosen, is_signature, kernel_of, outputs, overlaps, parsed, stored

_SIDE = re.compile(r"\(([^()]*)\)")
_LOOP = """
def loop({names}):
    if {last}.ndim == {rank}:
        kernel({core})
    else:
        for i in range({last}.shape[0]):
            loop({items})
"""


def read_layout(text):
    """The names of the core dimensions of inputs and outputs: `(n),()->(n)` is `[("n",), ()], [("n",)]`."""
    plain = "".join(text.split())
    sides = plain.split("->")
    if len(sides) != 2 or not all(re.fullmatch(r"\(\w*(,\w+)*\)(,\(\w*(,\w+)*\))*", side) for side in sides):
        raise ValueError(f"{text!r} is not a layout; write for example '(m,n),(n)->(m)'")
    return [[tuple(part.split(",")) if part else () for part in _SIDE.findall(side)] for side in sides]


class GUFunc:
    """A compiled function of arrays that loops over the axes before those which its layout names."""

    def __init__(self, function, signatures, layout, options):
        self._inputs, self._outputs = read_layout(layout)
        self.nin, self.nout, self.signature = len(self._inputs), len(self._outputs), "".join(layout.split())
        self._kernel = kernel_of(function, options)
        self._signatures = signatures
        count = self.nin + self.nout
        if function.__code__.co_argcount != count or any(len(s.args) != count for s in signatures):
            raise TypeError(f"the layout {layout!r} has {count} operands: {function.__name__}() and its signatures need as many parameters")
        self.identity = options.get("identity")
        self.__name__, self.__qualname__, self.__doc__, self.__module__ = function.__name__, function.__qualname__, function.__doc__, function.__module__
        self.__wrapped__ = function
        self._loops = {}

    def __repr__(self):
        return f"<numbra gufunc {self.__name__!r} {self.signature}>"

    @property
    def nargs(self):
        """Inputs and outputs."""
        return self.nin + self.nout

    @property
    def py_func(self):
        """The Python function."""
        return self.__wrapped__

    def _loop(self, rows):
        """The loop over the leading axes; `rows` says which inputs without core dimensions the function takes as arrays of one element."""
        if rows not in self._loops:
            names = [f"x{i}" for i in range(self.nargs)]
            core = [name if dims or i >= self.nin or i in rows else f"{name}[0]" for i, (name, dims) in enumerate(zip(names, self._inputs + self._outputs))]
            text = _LOOP.format(names=", ".join(names), last=names[-1], rank=max(1, len(self._outputs[-1])), core=", ".join(core), items=", ".join(f"{n}[i]" for n in names))
            self._loops[rows] = generated(text, "loop", {"kernel": self._kernel}, error_model="numpy")
        return self._loops[rows]

    def __call__(self, *arguments, out=None):
        import numpy as np

        if len(arguments) not in (self.nin, self.nargs):
            raise TypeError(f"{self.__name__}() takes {self.nin} positional arguments, or {self.nargs} with the outputs, but {len(arguments)} were given")
        outs = outputs(self.__name__, self.nout, arguments[self.nin:], out)
        arguments = arguments[:self.nin]
        rows = frozenset()
        if self._signatures:
            loops = [tuple(getattr(t, "dtype", t) for t in s.args) for s in self._signatures]
            loops = [tuple(t.dtype if isinstance(t, types.Type) else t for t in loop) for loop in loops]
            loop = chosen(self.__name__, arguments, loops)
            taken = self._signatures[loops.index(loop)]
            rows = frozenset(i for i, dims in enumerate(self._inputs) if not dims and isinstance(taken.args[i], types.Array))
        elif any(o is None for o in outs):
            raise TypeError(f"{self.__name__}() needs its outputs as arguments: without signatures their types are not known")
        else:
            loop = tuple(np.asarray(a).dtype for a in (*arguments, *outs))
        inputs = [np.asarray(a).astype(d, copy=False) for a, d in zip(arguments, loop)]
        outer, sizes = self._shapes(inputs, outs)
        made = []
        for dims, given, dtype in zip(self._outputs, outs, loop[self.nin:]):
            direct = given is not None and given.dtype == dtype and not any(overlaps(a, given) for a in inputs)
            made.append(given if direct else np.empty(outer + tuple(sizes[d] for d in dims), dtype))
        operands = []
        for i, (a, dims) in enumerate(zip(inputs + made, self._inputs + self._outputs)):
            core = tuple(sizes[d] for d in dims)
            whole = a if i >= self.nin else np.broadcast_to(a, outer + core) if a.shape != outer + core else a
            # So that each operand is an array where the loops end.
            operands.append(whole if dims else whole[..., None])
        self._loop(rows)(*operands)
        results = [m if given is None or m is given else stored(self.__name__, given, m) for m, given in zip(made, outs)]
        results = [r if r.ndim or given is not None else r[()] for r, given in zip(results, outs)]
        return results[0] if self.nout == 1 else tuple(results)

    def _shapes(self, inputs, outs):
        """The lengths of the leading axes, and those of the core dimensions by name."""
        import numpy as np

        sizes, outers = {}, []
        for i, (a, dims) in enumerate(zip([*inputs, *outs], self._inputs + self._outputs)):
            if a is None:
                continue
            what = f"Input operand {i}" if i < self.nin else f"Output operand {i - self.nin}"
            if a.ndim < len(dims):
                raise ValueError(f"{self.__name__}: {what} does not have enough dimensions (has {a.ndim}, gufunc core with signature {self.signature} requires {len(dims)})")
            split = a.ndim - len(dims)
            if i < self.nin:
                outers.append(a.shape[:split])
            elif a.shape[:split] != np.broadcast_shapes(*outers):
                raise ValueError(f"{self.__name__}: {what} has the leading axes {a.shape[:split]}, not {np.broadcast_shapes(*outers)}")
            for name, size in zip(dims, a.shape[split:]):
                known = sizes.setdefault(name, int(name) if name.isdigit() else size)
                if known != size:
                    raise ValueError(f"{self.__name__}: {what} has a mismatch in its core dimension {dims.index(name)}, with gufunc signature {self.signature} (size {size} is different from {known})")
        for dims in self._outputs:
            for name in dims:
                if name.isdigit():
                    sizes.setdefault(name, int(name))
                if name not in sizes:
                    raise ValueError(f"{self.__name__}: the dimension {name!r} of the output is that of no input: pass the output")
        return np.broadcast_shapes(*outers), sizes


def guvectorize(signatures_or_layout, layout=None, **options):
    """Makes a generalized universal function of a function that writes its results to its last parameters.

    `@guvectorize(["void(float64[:], float64, float64[:])", ...], "(n),()->(n)")`, or only the layout: then the types are those of the
    arguments, and the outputs must be given. Outputs without core dimensions are arrays of one element. Options as for `vectorize`.
    """
    if layout is None:
        if not isinstance(signatures_or_layout, str):
            raise TypeError("guvectorize needs a layout: write for example guvectorize(['void(float64[:], float64[:])'], '(n)->(n)')")
        signatures, layout = [], signatures_or_layout
    else:
        if not is_signature(signatures_or_layout):
            raise TypeError(f"guvectorize takes signatures and a layout, not {signatures_or_layout!r}")
        signatures = parsed(signatures_or_layout)
    return lambda function: GUFunc(function, signatures, layout, options)
