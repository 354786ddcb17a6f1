"""Functions, attributes and types that a program gives to compiled code.

    @overload(scipy.special.expit)
    def expit_of(x):
        if isinstance(x, types.Float):
            return lambda x: 1 / (1 + math.exp(-x))

A typing function gets the types of the arguments of a call and returns the function to compile for them, or None.
"""
from ._intrinsics import Intrinsic as _Intrinsic, intrinsic, lower_builtin
from ._models import NativeValue, box, make_attribute_wrapper, models, register_model, type_callable, typeof_impl, unbox
from ._overloads import get_cython_function_address, is_jitted, overload, overload_attribute, overload_method, register_jitable

__all__ = [
    "NativeValue", "box", "get_cython_function_address", "intrinsic", "is_jitted", "lower_builtin", "make_attribute_wrapper", "models", "overload", "overload_attribute",
    "overload_method", "register_jitable", "register_model", "type_callable", "typeof_impl", "unbox",
]


def __getattr__(name):
    from ._intrinsics import refused

    return refused(name)
