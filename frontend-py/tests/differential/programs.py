"""Strategies for whole functions over the language: statements around the expressions of `expressions`."""
import dataclasses

from hypothesis import strategies as st

from .expressions import Scope, array_target, combine, divisor, expression, one, pick
from .reference import W

RAISES = ["ValueError", "IndexError", "KeyError", "RuntimeError", "ZeroDivisionError", "OverflowError"]
RESULT = ["i0", "i1", "f0", "f1", "b0"]


@dataclasses.dataclass(frozen=True)
class Program:
    """Two modules of one structure, each with `program` and the functions that it calls; the parameters by name and kind."""
    text: str
    reference: str
    parameters: tuple


class Statements:
    """Draws statements; both texts grow line by line, `lines` holding (depth, text, reference)."""

    def __init__(self, draw, scope, budget):
        self.draw, self.scope, self.budget = draw, scope, budget
        self.lines, self.names = [], 0

    def line(self, depth, form, *parts, reference=None):
        made = combine(form, *parts, reference=reference)
        self.lines.append((depth, made.text, made.reference))

    def expression(self, type_, depth=2):
        return expression(self.draw, self.scope, type_, depth)

    def fresh(self, prefix):
        self.names += 1
        return f"{prefix}{self.names}"

    def block(self, depth, loop, size=3):
        """One to `size` statements; variables that begin in a block are not read after it."""
        known = {kind: list(getattr(self.scope, kind)) for kind in ("int", "float", "bool", "tuples")}
        for _ in range(self.draw(st.integers(1, size))):
            self.statement(depth, loop)
        for kind, names in known.items():
            setattr(self.scope, kind, names)

    def statement(self, depth, loop):
        self.budget -= 1
        nested = self.budget > 0 and depth < 4
        pick(self.draw, [(5, lambda: self.assign(depth)), (3, lambda: self.augment(depth)), (1, lambda: self.pair(depth)), (2, lambda: self.store(depth)), (1, lambda: self.store_slice(depth)),
                         (1, lambda: self.tuple(depth)), (1, lambda: self.reduction(depth)), (1, lambda: self.leave(depth, loop)),
                         *([(3, lambda: self.branch(depth, loop)), (3, lambda: self.for_range(depth)), (2, lambda: self.while_loop(depth)), (2, lambda: self.for_array(depth))] if nested else [])])

    def assign(self, depth):
        type_ = one(self.draw, ["int", "float", "bool"])
        value = self.expression(type_, 3)
        known = getattr(self.scope, type_)
        own = [n for n in known if not n.startswith("k")]        # loop variables are left alone
        name = one(self.draw, own) if own and self.draw(st.booleans()) else self.fresh(type_[0] + "v")
        self.line(depth, f"{name} = {{0}}", value)
        if name not in known:
            known.append(name)

    def augment(self, depth):
        type_, operators = one(self.draw, [("int", ["+", "-", "*", "//", "%", "^", "|", "&"]), ("float", ["+", "-", "*", "/"])])
        own = [n for n in getattr(self.scope, type_) if not n.startswith("k")]
        if not own:
            return self.assign(depth)
        name, operator = one(self.draw, own), one(self.draw, operators)
        right = divisor(self.draw, type_).replace("1}", "0}") if operator in ("//", "%", "/") else "{0}"
        self.line(depth, f"{name} {operator}= {right}", self.expression(type_), reference=f"{name} = W({name} {operator} {right})")

    def pair(self, depth):
        type_ = one(self.draw, ["int", "float"])
        own = [n for n in getattr(self.scope, type_) if not n.startswith("k")]
        if len(own) < 2:
            return self.assign(depth)
        a, b = own[:2]
        self.line(depth, f"{a}, {b} = {{0}}, {{1}}", self.expression(type_), self.expression(type_))

    def tuple(self, depth):
        name = self.fresh("t")
        self.line(depth, f"{name} = ({{0}}, {{1}})", self.expression("int"), self.expression("float"))
        self.scope.tuples.append(name)

    def store(self, depth):
        if not self.scope.arrays:
            return self.assign(depth)
        name = one(self.draw, list(self.scope.arrays))
        element = self.scope.arrays[name][0]
        target, value = array_target(self.draw, self.scope, name, 1), self.expression(element)
        operator = one(self.draw, ["", "", "+", "*"])
        # The value of an augmented assignment is read before the right side is computed, the index is computed once.
        if operator:
            self.line(depth, f"{{0}} {operator}= {{1}}", target, value, reference=f"{{0}} = W({element}({{0}}) {operator} {{1}})")
        else:
            self.line(depth, "{0} = {1}", target, value)

    def store_slice(self, depth):
        flat = [n for n, (_, rank) in self.scope.arrays.items() if rank == 1]
        if not flat:
            return self.assign(depth)
        name = one(self.draw, flat)
        part = one(self.draw, ["1:", ":-1", "::2", "::-1", "2:4", "-3:", ":"])
        if self.draw(st.booleans()):
            self.line(depth, f"{name}[{part}] = {{0}}", self.expression(self.scope.arrays[name][0], 1))
        else:    # an overlapping copy
            a, b = one(self.draw, [("1:", ":-1"), (":-1", "1:"), ("::-1", ":"), (":", "::-1"), ("2:", ":-2")])
            self.line(depth, f"{name}[{a}] = {name}[{b}]")

    def reduction(self, depth):
        flat = [n for n, (_, rank) in self.scope.arrays.items() if rank == 1]
        if not flat:
            return self.assign(depth)
        name = one(self.draw, flat)
        element = self.scope.arrays[name][0]
        target = self.fresh(element[0] + "v")
        zero = "0" if element == "int" else "0.0"
        part = one(self.draw, ["", "[::2]", "[::-1]", "[1:]"])
        if self.draw(st.booleans()):
            self.line(depth, f"{target} = sum({name}{part}, {zero})", reference=f"{target} = total({name}{part}.tolist(), {zero})")
        else:
            function = one(self.draw, ["min", "max"])
            self.line(depth, f"{target} = {function}({name}{part})", reference=f"{target} = {function}({name}{part}.tolist())")
        getattr(self.scope, element).append(target)

    def leave(self, depth, loop):
        """return, raise, assert, break, continue; mostly under a condition, so that something can follow."""
        condition = self.expression("bool")
        kind = one(self.draw, ["return", "return", "raise", "assert", *(["break", "continue"] * 4 if loop else [])])
        if kind == "assert":
            return self.line(depth, "assert {0}, 'asserted'", condition)
        self.line(depth, "if {0}:", condition)
        text = {"return": "return ({})".format(", ".join(RESULT)), "raise": f"raise {one(self.draw, RAISES)}('raised')"}.get(kind, kind)
        self.line(depth + 1, text)

    def branch(self, depth, loop):
        self.line(depth, "if {0}:", self.expression("bool"))
        self.block(depth + 1, loop)
        if self.draw(st.booleans()):
            self.line(depth, "elif {0}:", self.expression("bool"))
            self.block(depth + 1, loop)
        if self.draw(st.booleans()):
            self.line(depth, "else:")
            self.block(depth + 1, loop)

    def loop_else(self, depth, loop):
        if self.draw(st.integers(0, 3)) == 0:
            self.line(depth, "else:")
            self.block(depth + 1, loop, 2)

    def for_range(self, depth):
        name = self.fresh("k")
        bounds = one(self.draw, ["{0} % 6", "-2, {0} % 5", "{0} % 7, -3, -1", "1, 12, 1 + {0} % 4", "5, 0, -2"])
        self.line(depth, f"for {name} in range({bounds}):", self.expression("int", 1))
        self.scope.int.append(name)
        self.block(depth + 1, True)
        self.scope.int.remove(name)
        self.loop_else(depth, False)

    def while_loop(self, depth):
        fuel = self.fresh("k")
        self.line(depth, f"{fuel} = {self.draw(st.integers(1, 7))}")
        self.line(depth, f"while {fuel} > 0 and {{0}}:", self.expression("bool"))
        self.line(depth + 1, f"{fuel} -= 1")
        self.scope.int.append(fuel)
        self.block(depth + 1, True)
        self.scope.int.remove(fuel)
        self.loop_else(depth, False)

    def for_array(self, depth):
        flat = [n for n, (_, rank) in self.scope.arrays.items() if rank == 1]
        if not flat:
            return self.for_range(depth)
        name = one(self.draw, flat)
        element = self.scope.arrays[name][0]
        value, count = self.fresh("k"), self.fresh("k")
        form = one(self.draw, ["for", "enumerate", "zip"])
        if form == "for":
            self.line(depth, f"for {value} in {name}:")
        elif form == "enumerate":
            self.line(depth, f"for {count}, {value} in enumerate({name}):")
        else:
            self.line(depth, f"for {count}, {value} in zip(range(5), {name}[::-1]):")
        # CPython iterates over NumPy scalars; the reference works with Python's.
        self.lines.append((depth + 1, None, f"{value} = {element}({value})"))
        getattr(self.scope, element).append(value)
        counted = form != "for"
        if counted:
            self.scope.int.append(count)
        self.block(depth + 1, True)
        getattr(self.scope, element).remove(value)
        if counted:
            self.scope.int.remove(count)
        self.loop_else(depth, False)


def helper(draw, name, functions):
    """A small function `(int, float) -> int`."""
    scope = Scope(["p"], ["q"], [], {}, list(functions), [])
    condition, early, late = expression(draw, scope, "bool", 2), expression(draw, scope, "int", 2), expression(draw, scope, "int", 3)
    text = [f"@njit\ndef {name}(p, q):", f"    if {condition.text}:", f"        return {early.text}", f"    return {late.text}"]
    reference = [f"def {name}(p, q):", f"    if {condition.reference}:", f"        return {early.reference}", f"    return {late.reference}"]
    return "\n".join(text) + "\n\n", "\n".join(reference) + "\n\n"


@st.composite
def programs(draw, arrays=True):
    """A program with parameters of fixed kinds; one may read a variable that is not always bound."""
    helpers = [helper(draw, f"h{i}", [f"h{j}" for j in range(i)]) for i in range(draw(st.integers(0, 2)))]
    kinds = {"x": ("float", 1), "n": ("int", 1), "m": ("float", 2)} if arrays else {}
    scope = Scope(["i0", "i1"], ["f0", "f1"], ["b0"], dict(kinds), [f"h{i}" for i in range(len(helpers))], ["t0"])
    body = Statements(draw, scope, 14)
    parameters = ("i0", "i1", "f0", "f1", "b0", "t0", *kinds)
    for _ in range(draw(st.integers(2, 6))):
        body.statement(1, False)
    if draw(st.integers(0, 7)) == 0:
        body.line(1, "if {0}:", body.expression("bool"))
        body.line(2, "late = {0}", body.expression("int"))
        body.line(1, "i0 ^= late", reference="i0 = W(i0 ^ late)")
    body.line(1, "return ({})".format(", ".join(RESULT)))
    head = f"def program({', '.join(parameters)}):\n"
    text = "import math\n\nfrom numbra import njit\n\n\n" + "".join(t for t, _ in helpers) + "@njit\n" + head + "".join(f"{'    ' * d}{t}\n" for d, t, _ in body.lines if t is not None)
    reference = f"import math\n\nfrom {W.__module__} import W, div, total\n\n\n" + "".join(r for _, r in helpers) + head + "".join(f"{'    ' * d}{r}\n" for d, _, r in body.lines)
    return Program(text, reference, parameters)
