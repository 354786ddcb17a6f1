"""The process of `tools/bench library`: prints one JSON line for each function, with the least times of NumPy and of numbra.

The two take turns, so that both meet the same state of the machine. `python -m benchmarks.library_probe ROUNDS [WORD...]`: only functions
whose names contain one of the words.
"""
import gc
import inspect
import json
import sys
import time

import numpy as np

from . import library_cases

SECONDS = 0.02


def agree(ours, theirs):
    if isinstance(theirs, tuple):
        return isinstance(ours, tuple) and len(ours) == len(theirs) and all(map(agree, ours, theirs))
    if theirs is None:
        return ours is None
    kind = np.asarray(theirs).dtype
    if np.shape(ours) != np.shape(theirs) or np.shape(theirs) and ours.dtype != kind:
        return False
    return np.allclose(ours, theirs, rtol=2e-5 if kind == np.float32 else 1e-9)


def least(function, values):
    """The least processor time of single calls, each of whose results is gone before the next. What other programs do meanwhile does not count."""
    best, until = float("inf"), time.perf_counter() + SECONDS
    while True:
        began = time.thread_time()
        result = function(*values)
        best = min(best, time.thread_time() - began)
        del result
        if time.perf_counter() >= until:
            return best


def measure(name, function, values, rounds):
    import numbra
    began = time.perf_counter()
    compiled = numbra.njit(function)
    changed = [v.copy() if isinstance(v, np.ndarray) else v for v in values]
    ours = compiled(*changed)
    first = time.perf_counter() - began
    # Arguments that functions change: both start with the same ones.
    expected = [v.copy() if isinstance(v, np.ndarray) else v for v in values]
    see = library_cases.COMPARED.get(name, lambda result, *_: result)
    if not agree(see(ours, *changed), see(function(*expected), *expected)) or not all(map(agree, changed, expected)):
        raise ValueError("another result than NumPy's")
    del ours, changed, expected
    times = []
    for _ in range(rounds):
        times.append((least(compiled, values), least(function, values)))
    return {"numbra": min(t[0] for t in times), "numpy": min(t[1] for t in times), "first": first}


def main():
    rounds, words = int(sys.argv[1]), sys.argv[2:]
    values = library_cases.arguments()
    gc.disable()
    for name, function in library_cases.CASES.items():
        if words and not any(w in name for w in words):
            continue
        given = [values[p].copy(order="K") for p in inspect.signature(function).parameters]
        try:
            answer = measure(name, function, given, rounds)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"}
        print(json.dumps({"name": name, **answer}), flush=True)


if __name__ == "__main__":
    main()
