"""What compiled code calls for a universal function of the program: names of functions of the library, which do nothing elsewhere."""


def elementwise(function, x, y=None, z=None, out=None):
    """A function of up to three numbers on numbers and arrays, broadcast."""
    raise TypeError("elementwise is for compiled code")


def fits_loop(x, dtype):
    """Whether NumPy converts the elements of `x` to a scalar type by itself."""
    raise TypeError("fits_loop is for compiled code")


def no_loop(x, y=None, z=None):
    """The error of a universal function none of whose signatures takes the arguments."""
    raise TypeError("no_loop is for compiled code")
