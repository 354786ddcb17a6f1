"""The documentation is true: README's example runs, and the tables of options, stages and diagnostics are those of the code."""
import io
import os
import pathlib
import re
import shutil
import subprocess
import sys
import textwrap

import numpy as np
import pytest

import numbra
from numbra import errors, njit

ROOT = pathlib.Path(__file__).resolve().parents[2]


def text(path):
    if not (ROOT / path).exists():
        pytest.skip("not in a checkout")
    return (ROOT / path).read_text()


def test_the_readme_example(tmp_path, capsys):
    example = re.search(r"```python\n(.*?)```", text("README.md"), re.DOTALL).group(1)
    file = tmp_path / "example.py"
    file.write_text(example)
    exec(compile(example, str(file), "exec"), {"__name__": "example", "__file__": str(file)})
    assert capsys.readouterr().out.strip() in example


def test_the_page_on_parallel_loops(tmp_path):
    example = "\n".join(re.findall(r"```python\n(.*?)```", text("docs/parallel.md"), re.DOTALL))
    file = tmp_path / "example.py"
    file.write_text(example)
    exec(compile(example, str(file), "exec"), {"__name__": "example", "__file__": str(file)})
    missing = [name for name in re.findall(r"\| `(\w+)\(", text("docs/parallel.md")) if not callable(getattr(numbra, name))]
    assert not missing


def test_the_page_on_rewriting(tmp_path, capsys):
    example, output = re.search(r"```python\n(.*?)```\n```\n(.*?)```", text("docs/rewriting.md"), re.DOTALL).groups()
    file = tmp_path / "example.py"
    file.write_text(example)
    exec(compile(example, str(file), "exec"), {"__name__": "example", "__file__": str(file)})
    shown = capsys.readouterr().out
    # The steps may come in another order, and the model's numbers change when it is measured anew.
    plain = [re.sub(r"  # cost.*", "", t).splitlines() for t in (shown, output)]
    assert plain[0][0] == plain[1][0] and plain[0][-1] == plain[1][-1] and len(plain[0]) == len(plain[1])
    rule = re.search(r"```\n(sine.*?)```", text("docs/rewriting.md"), re.DOTALL).group(1)
    try:
        numbra.rewrite_rules(rule)
    finally:
        numbra.rewrite_rules(None)


def plain_ir(line):
    """A line of a stage without what changes with other code around it or on another machine: numbers of values, names of registers, widths of vectors, comments."""
    line = re.sub(r"\s*(//|; preds).*", "", line)
    line = re.sub(r"%[\w.]+", "%", re.sub(r"\^bb\d+", "^bb", line))
    line = re.sub(r"<\d+ x double>", "<N x double>", re.sub(r"\.LBB\w+", ".LBB", line))
    return " ".join(re.sub(r"\b\d*\(%", "(%", line).split())


def stands_in(excerpt, output):
    """The first line of the excerpt that is not in the output in its place. Lines follow one another, but where a line `…` is between them; `…` in a line stands for any text."""
    lines = [plain_ir(line) for line in output.splitlines()]
    patterns = [plain_ir(line) for line in excerpt.splitlines()]
    matches = lambda pattern, line: re.fullmatch(".*".join(map(re.escape, pattern.split("…"))), line)
    parts = [[]]
    for pattern in patterns:
        parts[-1].append(pattern) if pattern != "…" else parts.append([])
    at = 0
    for part in filter(None, parts):
        places = (k for k in range(at, len(lines) - len(part) + 1) if all(map(matches, part, lines[k:])))
        at = next(places, None)
        if at is None:
            return "\n".join(part)
        at += len(part)
    return None


def test_the_excerpts_of_an_expression_are_those_of_the_stages(tmp_path):
    page = text("docs/internals/expression.md")
    example = re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1)
    file = tmp_path / "example.py"
    file.write_text(example)
    names = {"__name__": "example"}
    exec(compile(example, str(file), "exec"), names)
    stages = re.findall(r"\*\*(\w+)\*\*:[^`]*(?:`[^`\n]+`[^`]*)*?```\w+\n(.*?)```", page, re.DOTALL)
    assert [stage for stage, _ in stages] == ["untyped", "typed", "rewritten", "fused", "std", "llvm", "llvmir", "asm"]
    for stage, excerpt in stages:
        output = names["scaled"].inspect_ir(stage=stage)
        if stage == "asm" and "vmulpd" not in output:
            continue    # another machine
        assert stands_in(excerpt, output) is None, stage
    told = io.StringIO()
    numbra.explain_rewrite(names["scaled"], np.ones(4), 2.0, file=told)
    assert stands_in(re.search(r"```text\n(.*?)```", page, re.DOTALL).group(1), told.getvalue()) is None
    # What is compared can differ.
    assert stands_in("a\n…\nc\nd", "a\nb\nc\nd") is None and stands_in("a\nc", "a\nb\nc") == "a\nc" and stands_in("b\n…\na", "a\nb") == "a"


def test_the_first_steps_of_extending(tmp_path):
    """The rule is one that is applied, and the library function works in the file where it is put."""
    page = text("docs/internals/extending.md")
    rule = re.search(r"```text\n(.*?)```", page, re.DOTALL).group(1)
    told = io.StringIO()
    try:
        numbra.rewrite_rules(rule)
        numbra.explain_rewrite(njit(fastmath={"afn"})(lambda a: 2 * (np.sin(a) * np.cos(a))), np.ones(3), file=told)
    finally:
        numbra.rewrite_rules(None)
    assert "sine-of-twice" in told.getvalue()
    file = re.search(r"such as `(.*?)`", page).group(1)
    function = textwrap.dedent(re.search(r"```python\n(.*?)```", page, re.DOTALL).group(1))
    library = shutil.copytree(pathlib.Path(numbra.__file__).parent / "lib", tmp_path / "lib", ignore=shutil.ignore_patterns("*.bin", "__pycache__"))
    with open(library / file, "a") as there:
        there.write("\n\n" + function)
    program = tmp_path / "program.py"
    program.write_text("import numpy as np\nfrom numbra import njit\n\n\n@njit\ndef f(a, b):\n    return np.linalg.outer(a, b)\n\n\nprint(f(np.arange(3), np.arange(2)).tolist())\n")
    run = subprocess.run([sys.executable, program], env={**os.environ, "NUMBRA_LIBRARY": str(library)}, capture_output=True, text=True)
    assert run.stdout == "[[0, 0], [0, 1], [0, 2]]\n", run.stderr


def test_the_readme_diagnostic():
    quoted = re.search(r"```\n(error\[NB0200\].*?)```", text("README.md"), re.DOTALL).group(1)

    @njit
    def wrong(prices):
        total = 0.0
        for price in prices:
            total += price
        return total / prices.shape

    with pytest.raises(errors.TypingError) as caught:
        wrong(np.ones(3))
    for line in quoted.splitlines():
        if "-->" not in line:
            shown = re.sub(r"^ *\d* *\|? ?", "", line).strip()
            assert shown in str(caught.value), line


def test_the_table_of_options():
    table = text("docs/options.md")
    for name in ("boundscheck", "nogil", "debug", "cache"):
        assert f"| `{name}` |" in table
        njit(**{name: True})(lambda x: x)
    for name, values in {"error_model": ["python", "numpy"], "inline": ["never", "always"]}.items():
        assert f"| `{name}` |" in table
        for value in values:
            njit(**{name: value})(lambda x: x)
    flags = re.search(r"\| `fastmath` .*", table).group()
    njit(fastmath=set(re.findall(r"`(\w+)`", flags.split("|")[3])))(lambda x: x)


def test_the_table_of_diagnostics():
    code = dict(re.findall(r'(NB\d+)\s+\w+\s+"(.*?)";', text("dialects/src/diagnostic.rs")))
    documented = {c: (cls, meaning) for c, cls, meaning in re.findall(r"\| `(NB\d+)` \| `(\w+)` \| (.*?) \|", text("docs/diagnostics.md"))}
    assert {c: meaning for c, (_, meaning) in documented.items()} == code
    for cls, _ in documented.values():
        assert issubclass(getattr(errors, cls), (numbra.NumbaError, errors.NumbaWarning))


def test_the_table_of_stages():
    @njit
    def add(a, b):
        return a + b

    add(1, 2)
    for stage in re.findall(r"(?m)^\| `(\w+)` \|", text("docs/internals/stages.md")):
        assert add.inspect_ir(stage=stage)


def test_the_promises_about_differences_from_python():
    @njit
    def wrap(n):
        return n + 1

    @njit
    def power(n, m):
        return n ** m

    @njit
    def literal(n):
        return n ** -2

    @njit
    def unbound(n):
        if n > 0:
            x = n
        return x

    assert wrap(2**63 - 1) == -2**63
    with pytest.raises(ValueError):
        power(2, -1)
    assert literal(2) == 0.25
    with pytest.raises(UnboundLocalError):
        unbound(0)
    with pytest.raises(OverflowError):
        wrap(2**64)


def test_the_promotion_table():
    table = re.search(r"(?s)\| \| int8 .*?\n\n", text("docs/language.md")).group().splitlines()
    heads = [c.strip() for c in table[0].split("|")[2:-1]]
    for line in table[2:]:
        if not line.startswith("|"):
            continue
        cells = [c.strip(" *") for c in line.split("|")[1:-1]]
        for head, cell in zip(heads, cells[1:]):
            assert np.promote_types(cells[0], head) == cell
