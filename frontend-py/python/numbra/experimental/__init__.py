"""`numba.experimental`: its decorators can be named and applied; what they decorate refuses to be used."""
import sys
import types

from .._absent import Absent, decorator

_WHY = "compiled code has no classes of its own; use named tuples, arrays or records"
jitclass = decorator("jitclass", _WHY)
structref = types.ModuleType(__name__ + ".structref", "Mutable structures, which numbra does not have.")
structref.register = decorator("structref.register", _WHY)
structref.StructRefProxy = object
structref.define_proxy = structref.define_attributes = structref.define_constructor = Absent("structref", _WHY)
sys.modules[structref.__name__] = structref

__all__ = ["jitclass", "structref"]
