"""`stencil`: a function of an element and its neighbours, which are named by relative indices, as a function of whole arrays."""
import ast
import inspect
import textwrap

from ._generated import function as generated
from .errors import UnsupportedError

_DRIVER = """
{kernel}

def {name}({parameters}):
    if {inside}:
        first = {name}_at({parameters}, {lows})
    else:
        first = {name}_at({window}, {lows})
    result = {new}
{loops}
    return result
"""


class _Shift(ast.NodeTransformer):
    """Adds the position to the indices of the arrays that are indexed relatively, and notes which indices there are."""

    def __init__(self, names, neighborhood):
        self.names, self.neighborhood, self.offsets, self.used = names, neighborhood, [], set()

    def visit_Subscript(self, node):
        self.generic_visit(node)
        if not isinstance(node.value, ast.Name) or node.value.id not in self.names:
            return node
        if not isinstance(node.ctx, ast.Load):
            raise UnsupportedError("a stencil returns its result: it does not assign to elements of its arrays")
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if self.offsets and len(parts) != len(self.offsets):
            raise UnsupportedError("all relative indices of a stencil have one number of dimensions")
        self.offsets = self.offsets or [set() for _ in parts]
        for seen, part in zip(self.offsets, parts):
            try:
                seen.add(int(ast.literal_eval(part)))
            except (ValueError, TypeError):
                if self.neighborhood is None:
                    raise UnsupportedError(f"the index {ast.unparse(part)!r} of a stencil is no constant: give the option neighborhood=((low, high), ...)") from None
        self.used.add(node.value.id)
        shifted = [ast.BinOp(ast.Name(f"_i{k}", ast.Load()), ast.Add(), part) for k, part in enumerate(parts)]
        node.slice = shifted[0] if len(shifted) == 1 else ast.Tuple(shifted, ast.Load())
        return node


def _build(function, cval, neighborhood, standard_indexing):
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    if not isinstance(definition, ast.FunctionDef):
        raise UnsupportedError("a stencil is a function that is written with `def`")
    names = [a.arg for a in definition.args.args]
    shift = _Shift([n for n in names if n not in standard_indexing], neighborhood)
    definition.decorator_list, definition.returns = [], None
    for argument in definition.args.args:
        argument.annotation = None
    definition.body = [shift.visit(statement) for statement in definition.body]
    if not shift.offsets or names[0] not in shift.used:
        raise UnsupportedError("the first argument of a stencil is an array, which it indexes relatively")
    bounds = neighborhood or [(min(0, *seen), max(0, *seen)) for seen in shift.offsets]
    if len(bounds) != len(shift.offsets):
        raise ValueError(f"neighborhood has {len(bounds)} dimensions, the indices of the stencil {len(shift.offsets)}")
    rank, name = len(bounds), function.__name__
    definition.name = f"{name}_at"
    definition.args.args += [ast.arg(f"_i{k}") for k in range(rank)]
    low, high = [max(0, -a) for a, _ in bounds], [max(0, b) for _, b in bounds]
    shape = f"({', '.join(str(a + b + 1) for a, b in zip(low, high))},)"
    indices = ", ".join(f"i{k}" for k in range(rank))
    loops = [f"{'    ' * (k + 1)}for i{k} in range({low[k]}, {names[0]}.shape[{k}] - {high[k]}):" for k in range(rank)]
    loops.append(f"{'    ' * (rank + 1)}result[{indices}] = {name}_at({', '.join(names)}, {indices})")
    text = _DRIVER.format(
        kernel=ast.unparse(ast.fix_missing_locations(definition)), name=name, parameters=", ".join(names), lows=", ".join(map(str, low)),
        inside=" and ".join(f"{names[0]}.shape[{k}] > {low[k] + high[k]}" for k in range(rank)),
        window=", ".join(f"_np.zeros({shape}, {n}.dtype)" if n in shift.used else n for n in names),
        new=f"_np.zeros({names[0]}.shape, first.dtype)" if not cval else f"_np.full({names[0]}.shape, {cval!r}, first.dtype)", loops="\n".join(loops))
    return text, name


def stencil(func_or_mode="constant", **options):
    """Compiles a function of relative indices to one of whole arrays: `@stencil`, or `@stencil(cval=..., neighborhood=..., standard_indexing=...)`.

    The result has the shape of the first array. Where a neighbour would lie outside of it, the result is `cval`, 0 unless it is given.
    """
    unknown = set(options) - {"cval", "neighborhood", "standard_indexing"}
    if unknown:
        raise TypeError(f"unknown option {unknown.pop()!r} of stencil; the options are cval, neighborhood, standard_indexing")
    if isinstance(func_or_mode, str):
        if func_or_mode != "constant":
            raise ValueError(f"the mode of a stencil is 'constant', not {func_or_mode!r}")
        return lambda function: stencil(function, **options)
    import numpy

    from . import njit

    function = func_or_mode
    text, name = _build(function, options.get("cval"), options.get("neighborhood"), options.get("standard_indexing", ()))
    space = {**function.__globals__, **inspect.getclosurevars(function).nonlocals, "_np": numpy}
    made = generated(text, name, space)
    # The other one calls it; it is looked up when that is compiled.
    space[f"{name}_at"] = njit(space[f"{name}_at"])
    return made
