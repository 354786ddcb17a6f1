"""The builder that intrinsics write machine code with: it records operations, which the compiler types and checks like any function.

A value is a name in the recorded function; its `type` is a type of `numbra.types`.
"""
import keyword

from .. import _core, types
from .._generated import code
from ..errors import LoweringError
from ._registry import Entry, register

# Operations by name: how many arguments, and what type the result has. They are the compiler's, see `infer/machine.rs`.
OPERATIONS = {name: (count, gives) for name, count, gives in _core.machine_operations()}


def _named(path):
    def operation(*arguments):
        raise TypeError(f"{path} is an operation of compiled code")

    operation.__name__ = path.rpartition(".")[2]
    _core.name_object(operation, path)
    return operation


_FUNCTIONS = {name: _named(f"numbra.machine.{name}") for name in OPERATIONS}


def machine_function(name):
    """The function that means an operation of the machine in compiled code."""
    return _FUNCTIONS[name]


_ADDRESS = _named("numbra.intrinsics.address")
_SIGNED = {"==": "eq", "!=": "ne", "<": "slt", "<=": "sle", ">": "sgt", ">=": "sge"}
_UNSIGNED = {"==": "eq", "!=": "ne", "<": "ult", "<=": "ule", ">": "ugt", ">=": "uge"}
_FLOAT = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}


class Value:
    """A value of the code that is being written."""

    __slots__ = ("name", "type")

    def __init__(self, name, type):
        self.name, self.type = name, type

    def __repr__(self):
        return f"<value of type {self.type}>"


class Builder:
    """Methods write one operation each and return its value; they have LLVM's names."""

    def __init__(self, what):
        self._what = what
        self._lines = []
        self._globals = {}
        self._count = 0

    def _fresh(self, prefix):
        self._count += 1
        return f"{prefix}{self._count}"

    def _use(self, value):
        if not isinstance(value, Value):
            raise LoweringError(f"{self._what}: operands are values of the builder, not {value!r}; `builder.constant(type, value)` makes one of a number")
        return value.name

    def _global(self, prefix, value):
        for name, known in self._globals.items():
            if known is value:
                return name
        name = self._fresh(prefix)
        self._globals[name] = value
        return name

    def _record(self, text, type):
        name = self._fresh("v")
        self._lines.append(f"{name} = {text}")
        return Value(name, type)

    def _call(self, operation, *operands, type=None, named=None):
        count, gives = OPERATIONS[operation]
        texts = [self._use(v) for v in operands]
        if named is not None:
            texts.insert(1, self._type(named) if named != types.none else "None")
        if operation != "call" and len(texts) != count:
            raise LoweringError(f"{self._what}: `{operation}` takes {count - (named is not None)} operands, not {len(operands)}")
        results = {"same": operands[-1].type if operands else None, "bool": types.boolean, "named": named, "none": types.none}
        return self._record(f"{self._global('op', _FUNCTIONS[operation])}({', '.join(texts)})", results[gives])

    def _type(self, t):
        if not isinstance(t, types.Number):
            raise LoweringError(f"{self._what}: the machine's types are those of numbers, such as types.int64, not {t!r}")
        return self._global("t", t)

    def __getattr__(self, name):
        operation = name.rstrip("_")
        if name.startswith("_") or operation not in OPERATIONS:
            from difflib import get_close_matches

            close = get_close_matches(name, [*OPERATIONS, *(n for n in dir(type(self)) if not n.startswith("_"))], 1)
            raise AttributeError(f"the builder has no operation {name!r}" + (f"; did you mean {close[0]!r}?" if close else "; blocks and branches are written in Python, with overload"))
        if OPERATIONS[operation][1] == "named":
            return lambda value, to: self._call(operation, value, named=to)
        return lambda *operands: self._call(operation, *operands)

    def icmp_signed(self, comparison, a, b):
        """Comparison of integers with a sign, by Python's operator."""
        return self._call(f"icmp_{self._comparison(_SIGNED, comparison)}", a, b)

    def icmp_unsigned(self, comparison, a, b):
        """Comparison of integers without a sign."""
        return self._call(f"icmp_{self._comparison(_UNSIGNED, comparison)}", a, b)

    def fcmp_ordered(self, comparison, a, b):
        """Comparison of floats that does not hold for NaN."""
        return self._call("fcmp_one" if comparison == "!=" else f"fcmp_o{self._comparison(_FLOAT, comparison)}", a, b)

    def fcmp_unordered(self, comparison, a, b):
        """Comparison of floats that holds for NaN."""
        return self._call(f"fcmp_u{self._comparison(_FLOAT, comparison)}", a, b)

    def _comparison(self, table, comparison):
        if comparison not in table:
            raise LoweringError(f"{self._what}: comparisons are {', '.join(table)}, not {comparison!r}")
        return table[comparison]

    def neg(self, a):
        """-a, of an integer"""
        return self.sub(self.constant(a.type, 0), a)

    def not_(self, a):
        """All bits inverted."""
        return self._record(f"not {self._use(a)}", types.boolean) if a.type == types.boolean else self.xor(a, self.constant(a.type, -1 if a.type.signed else a.type.maxval))

    def constant(self, type, value):
        """A number as a value of a type."""
        if type == types.none:
            return self._record("None", types.none)
        return self._record(f"{self._type(type)}({self._global('c', type(value))})", type)

    def call(self, function, args, type=types.none):
        """Calls a function of C, by its address or by the name of one that the process has, with a result of this type."""
        if isinstance(function, str):
            import ctypes

            try:
                function = ctypes.cast(getattr(ctypes.CDLL(None), function), ctypes.c_void_p).value
            except AttributeError:
                raise LoweringError(f"{self._what}: the process has no function of C with the name {function!r}") from None
        if isinstance(function, int):
            function = self.constant(types.int64, function)
        return self._call("call", function, *args, named=type)

    def array_data(self, array):
        """The address of an array's first element. It is good as long as the function around has the array."""
        if not isinstance(array.type, types.Array):
            raise LoweringError(f"{self._what}: array_data takes an array, not {array.type}")
        return self._record(f"{self._global('op', _ADDRESS)}({self._use(array)})", types.int64)

    def extract_value(self, value, index):
        """An element of a tuple by its position, or a field of a value of the program's types, by position or name."""
        t = value.type
        if isinstance(t, types.BaseTuple):
            return self._record(f"{self._use(value)}[{int(index)}]", t.types[index])
        from ._models import model_of

        members = model_of(t)._members
        index = [n for n, _ in members].index(index) if isinstance(index, str) else index
        return self._record(f"{self._global('field', _getter(index))}({self._use(value)})", members[index][1])

    def make(self, type, values):
        """A tuple, or a value of one of the program's types, of its elements or fields."""
        texts = [self._use(v) for v in values]
        if isinstance(type, types.BaseTuple):
            return self._record(f"({''.join(t + ', ' for t in texts)})", type)
        return self._record(f"{self._global('make', _maker(type))}({', '.join(texts)})", type)

    def call_python(self, function, args, type):
        """Calls a Python function, which is compiled."""
        from .. import njit

        dispatcher = function if isinstance(function, _core.Dispatcher) else njit(function)
        return self._record(f"{self._global('f', dispatcher)}({', '.join(map(self._use, args))})", type)


_getters = {}
_makers = {}


def _hidden(name, found, answer):
    def hidden(*arguments):
        raise TypeError("an operation of compiled code")

    hidden.__qualname__ = name
    register(_core.path_of(hidden), Entry(lambda *args: found, name, answer))
    return hidden


def _getter(index):
    if index not in _getters:
        _getters[index] = _hidden(f"field{index}", (index,), lambda found, entry, literal: ("field", found[0]))
    return _getters[index]


def _maker(t):
    if t not in _makers:
        _makers[t] = _hidden(f"make {t}", t, lambda found, entry, literal: ("construct", found._code()))
    return _makers[t]


class CodegenContext:
    """What code generators get as context."""

    def get_constant(self, type, value):
        """A constant; it belongs to no builder until it is used."""
        raise LoweringError("write `builder.constant(type, value)` for a constant")

    def compile_internal(self, builder, function, signature, args):
        """Calls a Python function."""
        return builder.call_python(function, args, signature.return_type)

    def cast(self, builder, value, from_type, to_type):
        """A conversion between numbers."""
        return value if from_type == to_type else builder._record(f"{builder._type(to_type)}({builder._use(value)})", to_type)


_count = 0


def function_of(name, parameters, argument_types, signature, codegen):
    """The function that a code generator writes for a signature."""
    global _count
    builder = Builder(f"`{name}`")
    context = CodegenContext()
    names = [f"{p}_" if keyword.iskeyword(p) else p for p in parameters]
    if len(signature.args) != len(names):
        raise LoweringError(f"`{name}`: the signature {signature} has {len(signature.args)} arguments, but the call has {len(names)}")
    values = [context.cast(builder, Value(n, given), given, wanted) if isinstance(wanted, types.Number) and isinstance(given, types.Number) else Value(n, given)
              for n, given, wanted in zip(names, argument_types, signature.args)]
    result = codegen(context, builder, signature, values)
    if hasattr(result, "_getvalue"):
        result = result._getvalue()
    if result is None:
        result = Value("None", types.none)
    text = builder._use(result)
    wanted = signature.return_type
    if wanted is not None and result.type is not None and result.type != wanted:
        raise LoweringError(f"`{name}`: the code generator returned a value of type {result.type}, but the signature says {wanted}")
    lines = [f"def {name}({', '.join(names)}):", *(f"    {line}" for line in builder._lines), f"    return {text}", ""]
    _count += 1
    space = dict(builder._globals)
    exec(code("\n".join(lines), f"<intrinsic {name} {_count}>"), space)
    return space[name]
