"""The table of scalar types, and the units of dates."""

# Name -> class, bits and the other names.
SCALARS = {
    "bool": ("Boolean", 8, "boolean bool_ b1"),
    "int8": ("Integer", 8, "i1 char"),
    "int16": ("Integer", 16, "i2 short"),
    "int32": ("Integer", 32, "i4 intc"),
    "int64": ("Integer", 64, "i8 int_ intp long_ longlong ssize_t"),
    "uint8": ("Integer", 8, "u1 uchar byte"),
    "uint16": ("Integer", 16, "u2 ushort"),
    "uint32": ("Integer", 32, "u4 uintc"),
    "uint64": ("Integer", 64, "u8 uint uintp ulong ulonglong size_t"),
    "float32": ("Float", 32, "f4"),
    "float64": ("Float", 64, "f8 double float_"),
    "complex64": ("Complex", 64, "c8"),
    "complex128": ("Complex", 128, "c16"),
}

UNITS = ("", "Y", "M", "W", "D", "h", "m", "s", "ms", "us", "ns", "ps", "fs", "as")
