"""Programs of `tools/bench arrays`: each is one function of plain NumPy code, which every package runs as it is.

What another spelling needs beside it: NumExpr a string (`numexpr_forms`), C a function of the same name (`arrays.c`), JAX another function where it refuses this one.
Functions see `np` and `erf` of their module, which a worker replaces by its package's.
"""
import dataclasses
from typing import Callable

from . import elementwise, reductions, selection, stencils


@dataclasses.dataclass(frozen=True)
class Program:
    """A row of the tables."""
    function: Callable            # called with `arguments(n)`
    arguments: Callable           # of a size, the number of elements of the largest array that the program has or, without fusion, would have
    memory_bound: bool = True     # whether a good program waits for memory at large sizes: it can be compared with a copy
    jax: Callable | None = None   # what JAX runs instead: it has no assignment
    selects: bool = False         # whether the size of the result depends on values, which JAX's compiled functions do not have

    @property
    def name(self):
        return self.function.__name__


MODULES = (elementwise, reductions, stencils, selection)
PROGRAMS = {p.name: p for p in (Program(*row[:2], **(row[2] if len(row) > 2 else {})) for module in MODULES for row in module.PROGRAMS)}
SIZES = {"1e3": 1_000, "1e5": 100_000, "1e7": 10_000_000}
