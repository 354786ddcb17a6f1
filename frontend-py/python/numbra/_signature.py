"""Signatures: types of arguments and of a result."""


def need_type(value, what):
    """Raises for what is no type."""
    from .types import Type

    if not isinstance(value, Type):
        raise TypeError(f"{what} is a type such as float64 or int64[:], not {value!r}")


class Signature:
    """Types of the arguments and of the result; `return_type` is None when only the arguments are given."""

    __slots__ = ("return_type", "args")

    recvr = pysig = None

    def __init__(self, return_type, args):
        for i, t in enumerate(args, 1):
            need_type(t, f"argument {i} of a signature")
        self.return_type = return_type
        self.args = tuple(args)

    def __eq__(self, other):
        return (self.return_type, self.args) == (other.return_type, other.args) if isinstance(other, Signature) else NotImplemented

    def __hash__(self):
        return hash(self.args)

    def __repr__(self):
        arguments = ", ".join(map(repr, self.args)) + ("," if len(self.args) == 1 else "")
        return f"({arguments}) -> {self.return_type}"

    def __reduce__(self):
        return Signature, (self.return_type, self.args)

    def is_precise(self):
        """Whether the types are complete."""
        return self.return_type is not None


def signature(return_type, *args):
    """A signature from its types."""
    return Signature(return_type, args)
