"""`numba.config`: settings that programs read."""
from . import _core

NUMBA_DEFAULT_NUM_THREADS = NUMBA_NUM_THREADS = _core.max_threads()
THREADING_LAYER = "default"
DISABLE_JIT = False
DEBUG = False
CACHE_DIR = ""
CAPTURED_ERRORS = "new_style"
