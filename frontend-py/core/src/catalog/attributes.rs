//! Which attributes Python's objects have, whether or not compiled code can use them: what `hasattr` answers.
use numbra_abi::DType;
use numbra_dialects::py::Ty;

/// Of every object.
const OBJECT: &str = "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ __init__ __init_subclass__ __le__ __lt__ \
     __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ __sizeof__ __str__ __subclasshook__";

/// Of arrays.
const ARRAY: &str =
    "T __abs__ __add__ __and__ __array__ __array_finalize__ __array_function__ __array_interface__ __array_namespace__ __array_priority__ __array_struct__ \
     __array_ufunc__ __array_wrap__ __bool__ __class_getitem__ __complex__ __contains__ __copy__ __deepcopy__ __delitem__ __divmod__ __dlpack__ \
     __dlpack_device__ __float__ __floordiv__ __getitem__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ __imod__ __imul__ __index__ __int__ \
     __invert__ __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ __ixor__ __len__ __lshift__ __matmul__ __mod__ __mul__ __neg__ __or__ __pos__ \
     __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ __rsub__ \
     __rtruediv__ __rxor__ __setitem__ __setstate__ __sub__ __truediv__ __xor__ all any argmax argmin argpartition argsort astype base byteswap choose clip \
     compress conj conjugate copy ctypes cumprod cumsum data device diagonal dot dtype dump dumps fill flags flat flatten getfield imag item itemsize mT \
     max mean min nbytes ndim nonzero partition prod put ravel real repeat reshape resize round searchsorted setfield setflags shape size sort squeeze std \
     strides sum swapaxes take to_device tobytes tofile tolist trace transpose var view";

/// Of `complex`.
const COMPLEX: &str =
    "__abs__ __add__ __bool__ __complex__ __getnewargs__ __mul__ __neg__ __pos__ __pow__ __radd__ __rmul__ __rpow__ __rsub__ __rtruediv__ __sub__ \
     __truediv__ conjugate imag real";

/// Of `float`.
const FLOAT: &str =
    "__abs__ __add__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getformat__ __getnewargs__ __int__ __mod__ __mul__ __neg__ __pos__ \
     __pow__ __radd__ __rdivmod__ __rfloordiv__ __rmod__ __rmul__ __round__ __rpow__ __rsub__ __rtruediv__ __sub__ __truediv__ __trunc__ as_integer_ratio \
     conjugate fromhex hex imag is_integer real";

/// Of NumPy's scalars.
const GENERIC: &str =
    "T __abs__ __add__ __and__ __array__ __array_interface__ __array_namespace__ __array_priority__ __array_struct__ __array_wrap__ __bool__ \
     __class_getitem__ __copy__ __deepcopy__ __divmod__ __float__ __floordiv__ __getitem__ __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ \
     __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ __rrshift__ __rshift__ __rsub__ \
     __rtruediv__ __rxor__ __setstate__ __sub__ __truediv__ __xor__ all any argmax argmin argsort as_integer_ratio astype base byteswap choose clip \
     compress conj conjugate copy cumprod cumsum data device diagonal dtype dump dumps fill flags flat flatten getfield imag is_integer item itemsize max \
     mean min nbytes ndim nonzero prod put ravel real repeat reshape resize round searchsorted setfield setflags shape size sort squeeze std strides sum \
     swapaxes take to_device tobytes tofile tolist trace transpose var view";

/// Of `bool` and `int`.
const INT: &str =
    "__abs__ __add__ __and__ __bool__ __ceil__ __divmod__ __float__ __floor__ __floordiv__ __getnewargs__ __index__ __int__ __invert__ __lshift__ __mod__ \
     __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __round__ __rpow__ \
     __rrshift__ __rshift__ __rsub__ __rtruediv__ __rxor__ __sub__ __truediv__ __trunc__ __xor__ as_integer_ratio bit_count bit_length conjugate \
     denominator from_bytes imag numerator real to_bytes";

/// Of lists.
const LIST: &str =
    "__add__ __class_getitem__ __contains__ __delitem__ __getitem__ __iadd__ __imul__ __iter__ __len__ __mul__ __reversed__ __rmul__ __setitem__ append \
     clear copy count extend index insert pop remove reverse sort";

/// Of strings.
const STR: &str =
    "__add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize casefold center count encode endswith \
     expandtabs find format format_map index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper \
     join ljust lower lstrip maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith \
     strip swapcase title translate upper zfill";

/// Of tuples.
const TUPLE: &str =
    "__add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ count index";

/// Whether the Python object that a value of the type stands for has an attribute.
pub fn python_has(t: &Ty, name: &str) -> bool {
    let own = match t {
        Ty::Scalar(DType::Bool | DType::Int64) => INT,
        Ty::Scalar(DType::Float64) => FLOAT,
        Ty::Scalar(DType::Complex128) => COMPLEX,
        Ty::Scalar(_) => GENERIC,
        Ty::Array(_) => ARRAY,
        Ty::Tuple(_) => TUPLE,
        Ty::List(_) => LIST,
        Ty::Str | Ty::Literal(_) => STR,
        _ => "",
    };
    [OBJECT, own].iter().any(|names| names.split_ascii_whitespace().any(|n| n == name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_python_s() {
        assert!(python_has(&Ty::INT, "bit_length") && python_has(&Ty::INT, "__hash__") && !python_has(&Ty::INT, "shape"));
        assert!(python_has(&Ty::FLOAT, "is_integer") && !python_has(&Ty::FLOAT, "") && !python_has(&Ty::None, "real"));
    }
}
