"""`numba.typed`: its containers can be named, and refuse to be made."""
from ._absent import Absent

_WHY = "compiled functions take and make plain Python lists; there are no dictionaries in compiled code"
List = Absent("typed.List", _WHY)
Dict = Absent("typed.Dict", _WHY)

__all__ = ["Dict", "List"]
