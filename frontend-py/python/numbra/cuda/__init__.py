"""`numba.cuda` where there is no device: kernels can be defined, and refuse to be launched."""
from .._absent import Absent, decorator

_WHY = "numbra compiles for the CPU"
jit = decorator("cuda.jit", _WHY)
gpus = ()
grid = gridsize = syncthreads = to_device = device_array = current_context = synchronize = select_device = get_current_device = Absent("cuda", _WHY)


def is_available():
    """Whether there is a device that kernels run on."""
    return False


def list_devices():
    """The devices: none."""
    return []


def detect():
    """Whether devices were found."""
    return False
