"""Which of numba's test modules are run, by family. `MEASURED` families are the core of the language; the others show what is still to come."""

# Family -> (whether it counts as core, modules of numba.tests without the prefix "test_").
FAMILIES = {
    "builtins": (True, "builtins numconv conversion casting numberctor maxmin python_int hashing print map_filter_reduce nan"),
    "operators": (True, "operators intwidth multi3 numbers"),
    "indexing": (True, "indexing fancy_indexing storeslice overlap boundscheck"),
    "slices and tuples": (True, "slices tuples unpack_sequence chained_assign mixed_tuple_unroller"),
    "flow control": (True, "flow_control conditions_as_predicates controlflow range iteration dataflow ssa return_values exceptions try_except errormodels byteflow "
                           "looplifting"),
    "math and complex": (True, "mathlib complex mandelbrot blackscholes"),
    "ufuncs and array expressions": (True, "ufuncs array_exprs"),
    "array attributes and methods": (True, "array_attr array_methods array_reductions array_manipulation array_constants array_iterators array_return dyn_array "
                                           "array_analysis"),
    "records": (True, "record_dtype recarray_usecases"),
    "dates": (True, "npdatetime"),
    "closures and inlining": (True, "closure inlining make_function_to_jit_function"),
    "recursion": (True, "recursion"),
    "function types": (True, "function_type dyn_func nested_calls interproc"),
    "constants and programs": (True, "globals auto_constants usecases enums locals analysis literal_dispatch copy_propagate optional"),
    "NumPy functions": (False, "np_functions sort polynomial linalg comprehension"),
    "containers": (False, "lists sets dictobject dicts listobject heapq"),
    "strings": (False, "unicode unicode_array"),
    "generators": (False, "generators"),
    "random numbers": (False, "random"),
}

CORE = [family for family, (core, _) in FAMILIES.items() if core]


def family_of(module):
    """The family that lists the module, or None."""
    return next((family for family, (_, names) in FAMILIES.items() if module in names.split()), None)


def all_modules():
    """Names without the prefix, in the order of the table."""
    return [name for _, names in FAMILIES.values() for name in names.split()]
