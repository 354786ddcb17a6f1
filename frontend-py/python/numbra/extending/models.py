"""Models: what values of a program's types consist of in compiled code."""
from ..errors import NumbaNotImplementedError


class DataModel:
    """A type's fields: names and types."""

    def __init__(self, dmm, fe_type, members=()):
        from ..types import Type

        self.fe_type = self._fe_type = fe_type
        self._members = [(str(name), t) for name, t in members]
        for name, t in self._members:
            if not isinstance(t, Type):
                raise TypeError(f"the field {name!r} of {fe_type} has a type such as float64, not {t!r}")

    @property
    def fields(self):
        """Names of the fields."""
        return tuple(name for name, _ in self._members)

    def get_member_fe_type(self, name):
        """The type of a field."""
        return dict(self._members)[name]


class StructModel(DataModel):
    """Named fields, given as a list of names and types."""


class OpaqueModel(DataModel):
    """No fields: everything about the value is in its type."""

    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type)


class PrimitiveModel(DataModel):
    """One machine value; not available."""

    def __init__(self, *args):
        raise NumbaNotImplementedError("PrimitiveModel describes values in terms of LLVM types, which numbra does not show: use a StructModel with one field")
