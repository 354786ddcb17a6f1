"""Struct proxies: the fields of a value of the program's types as attributes, for code generators."""


def create_struct_proxy(fe_type, kind="value"):
    """The class of proxies of a type, which is called with the context, the builder, and a value to begin with."""
    from ..extending._models import model_of

    members = dict(model_of(fe_type)._members)

    class Proxy:
        """Fields are read and assigned; `_getvalue()` makes the value."""

        def __init__(self, context, builder, value=None):
            fields = {name: builder.extract_value(value, name) for name in members} if value is not None else {}
            self.__dict__.update(_builder=builder, _fields=fields)

        def __getattr__(self, name):
            if name not in self._fields:
                raise AttributeError(f"the field {name!r} of {fe_type} " + ("has no value yet" if name in members else f"does not exist; its fields are {', '.join(members)}"))
            return self._fields[name]

        def __setattr__(self, name, value):
            if name not in members:
                raise AttributeError(f"{fe_type} has no field {name!r}; its fields are {', '.join(members)}")
            self._fields[name] = value

        def _getvalue(self):
            return self._builder.make(fe_type, [getattr(self, name) for name in members])

    return Proxy
