"""Programs of any size, as source text, to measure what compiling them costs. The function to call is `main(x, y)`, of two floats."""

STEPS = (
    "    a = a * 1.0001 + b\n",
    "    if a > {i}:\n        b = b - {i}\n",
    "    for i{i} in range(3):\n        a = a + i{i}\n",
    "    b = math.sqrt(abs(a)) + b\n",
    "    a = a if b > a else b\n",
)


def long_function(lines):
    """One function of so many lines: arithmetic, branches and short loops."""
    text, count, i = [], 3, 0
    while count < lines:
        step = STEPS[i % len(STEPS)].format(i=i)
        text.append(step)
        count += step.count("\n")
        i += 1
    return "@njit\ndef main(x, y):\n    a = x\n    b = y\n" + "".join(text) + "    return a + b\n"


def many_functions(count):
    """So many small functions: chains of fifty, each of which calls the one before, and a function that calls all chains."""
    parts = []
    for i in range(count):
        body = f"x + {i}" if i % 50 == 0 else f"f{i - 1}(x) + {i}"
        parts.append(f"@njit\ndef f{i}(x):\n    return {body}\n")
    ends = [i for i in range(count) if i % 50 == 49 or i == count - 1]
    calls = "".join(f"    r = r + f{i}(x)\n" for i in ends)
    return "".join(parts) + f"@njit\ndef main(x, y):\n    r = y\n{calls}    return r\n"


def function_with_calls(lines, calls):
    """A function of so many lines that makes so many calls of ten other functions."""
    parts = [f"@njit\ndef g{i}(x, y):\n    return x * {i} + y\n" for i in range(10)]
    body = [f"    a = g{i % 10}(a, b)\n" for i in range(calls)]
    step = 0
    while len(body) < lines - 4:
        body.insert((7 * step) % (len(body) + 1), f"    b = b * 1.5 - a / ({step} + 2)\n")
        step += 1
    return "".join(parts) + "@njit\ndef main(x, y):\n    a = x\n    b = y\n" + "".join(body) + "    return a + b\n"


def library_call(expression):
    """A function that is one call of a NumPy function on an array of a hundred numbers."""
    return f"DATA = np.linspace(0.0, 1.0, 100)\n@njit\ndef first(a):\n    return {expression}\ndef main(x, y):\n    first(DATA)\n"


CASES = {
    **{f"one function, {n} lines": (long_function, n) for n in (100, 300, 1000, 2000, 5000)},
    **{f"{n} functions": (many_functions, n) for n in (50, 200, 1000)},
    "300 lines with 40 calls": (lambda n: function_with_calls(n, 40), 300),
    **{f"first `{e}`": (library_call, e) for e in ("np.sort(a)", "np.percentile(a, 50.0)", "np.unique(a)", "a * 2.0 + 1.0")},
}
# What the other compiler needs minutes for.
NUMBRA_ONLY = {"one function, 2000 lines", "one function, 5000 lines", "1000 functions"}
# Milliseconds; the aims.
AIMS = {"300 lines with 40 calls": 250, "first `np.sort(a)`": 60, "first `np.percentile(a, 50.0)`": 60, "first `np.unique(a)`": 60, "first `a * 2.0 + 1.0`": None}


def source(case):
    """The text of a case."""
    make, argument = CASES[case]
    return make(argument)
