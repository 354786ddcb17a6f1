"""Threads of parallel loops: how many there are, and how much each does at a time."""
from contextlib import contextmanager

from . import _core


def prange(*args):
    """`range`, whose loop runs on several threads in functions compiled with `parallel=True`."""
    return range(*args)


def get_num_threads():
    """How many threads parallel loops use that this thread starts; `NUMBRA_NUM_THREADS` in the environment sets the largest number."""
    return _core.threads()


def set_num_threads(n):
    """Sets how many threads parallel loops use that this thread starts. Raises ValueError unless `n` is from 1 to the number at the start."""
    if not _core.set_threads(_integer("n", n)):
        raise ValueError(f"the number of threads must be from 1 to {_core.max_threads()}, not {n}")


def get_thread_id():
    """The number of this thread: 0 in threads of the program, from 1 on in those that numbra made."""
    return _core.thread_number()


def get_parallel_chunksize():
    """How many iterations a thread takes at a time; 0 where that is left to numbra."""
    return _core.chunk_size()


def set_parallel_chunksize(n):
    """Sets how many iterations of parallel loops that this thread starts a thread takes at a time, and returns what it was; 0 leaves it to numbra."""
    if _integer("n", n) < 0:
        raise ValueError(f"a chunk has at least one iteration, not {n}; 0 leaves the size to numbra")
    return _core.set_chunk_size(n)


@contextmanager
def parallel_chunksize(n):
    """`with parallel_chunksize(n):` sets the number of iterations as `set_parallel_chunksize` does, and puts it back at the end."""
    before = set_parallel_chunksize(n)
    try:
        yield before
    finally:
        set_parallel_chunksize(before)


def threading_layer():
    """The name of what runs parallel loops: numbra's own threads."""
    return "numbra"


def _integer(name, value):
    from operator import index

    try:
        return index(value)
    except TypeError:
        raise TypeError(f"{name} must be an integer, not {value!r}") from None
