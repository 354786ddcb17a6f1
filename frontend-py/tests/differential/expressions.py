"""Strategies for typed expressions. Each is a pair of texts: the program's, and the reference's (see `reference`)."""
import dataclasses

from hypothesis import strategies as st


@dataclasses.dataclass(frozen=True)
class Expression:
    """The text to compile and the text that CPython runs."""
    text: str
    reference: str

    @staticmethod
    def same(text):
        return Expression(text, text)


@dataclasses.dataclass
class Scope:
    """What may be read: names of variables by type, and functions `name(int, float) -> int`."""
    int: list
    float: list
    bool: list
    arrays: dict          # name -> (element type, rank)
    functions: list
    tuples: list          # names of (int, float) pairs


INTS = [0, 1, 2, 3, 5, 7, -1, -2, -3, 10, 63, 64, 255, -128, 1000, 2**31 - 1, -2**31, 2**53 + 1, 2**62, 2**63 - 1, -2**63 + 1]
FLOATS = ["0.0", "(-0.0)", "1.0", "0.5", "(-1.5)", "2.25", "3.0", "(-7.0)", "1e300", "1e-300", "0.1", "123456789.125"]
COMPARISONS = ["<", "<=", "==", "!=", ">", ">="]


def expression(draw, scope, type_, depth):
    """Draws an expression of a type: "int", "float" or "bool"."""
    return {"int": integer, "float": floating, "bool": boolean}[type_](draw, scope, depth)


def pick(draw, table):
    """One of (weight, function) pairs; shrinks towards the first."""
    wide = [function for weight, function in table for _ in range(weight)]
    return wide[draw(st.integers(0, len(wide) - 1))]()


def one(draw, choices):
    return choices[draw(st.integers(0, len(choices) - 1))]


def combine(form, *parts, reference=None):
    """Fills both texts; `reference` is the form of the second where it is another."""
    return Expression(form.format(*(p.text for p in parts)), (reference or form).format(*(p.reference for p in parts)))


def integer(draw, scope, depth):
    def sub(type_="int"):
        return expression(draw, scope, type_, depth - 1)

    def literal():
        value = one(draw, INTS)
        return Expression.same(str(value) if value >= 0 else f"({value})")

    def variable():
        return Expression.same(one(draw, scope.int)) if scope.int else literal()

    def arithmetic():
        operator, right = one(draw, ["+", "-", "*", "//", "%", "&", "|", "^"]), "{1}"
        if operator in ("//", "%"):
            right = divisor(draw, "int")
        return combine(f"({{0}} {operator} {right})", sub(), sub(), reference=f"W({{0}} {operator} {right})")

    def shift():
        operator, mask = one(draw, [("<<", 63), (">>", 63)])
        return combine(f"({{0}} {operator} ({{1}} & {mask}))", sub(), sub(), reference=f"W({{0}} {operator} ({{1}} & {mask}))")

    def power():
        exponent = one(draw, [0, 1, 2, 3, 5])
        return combine(f"({{0}} ** {exponent})", sub(), reference=f"W({{0}} ** {exponent})")

    def unary():
        form = one(draw, ["(-{0})", "(~{0})", "abs({0})", "(+{0})"])
        return combine(form, sub(), reference=f"W({form})")

    def choice():
        return combine("({1} if {0} else {2})", sub("bool"), sub(), sub())

    def logical():
        return combine(f"({{0}} {one(draw, ['and', 'or'])} {{1}})", sub(), sub())

    def extreme():
        return combine(f"{one(draw, ['min', 'max'])}({{0}}, {{1}})", sub(), sub())

    def divided():
        part, right = one(draw, [0, 1]), divisor(draw, "int")
        return combine(f"divmod({{0}}, {right})[{part}]", sub(), sub(), reference=f"W(divmod({{0}}, {right})[{part}])")

    def converted():
        if scope.float and draw(st.booleans()):
            name = one(draw, scope.float)
            return Expression.same(f"(int({name}) if abs({name}) < 1e15 else 0)")
        return combine("int({0})", sub("bool"))

    def call():
        if not scope.functions:
            return arithmetic()
        return combine(f"{one(draw, scope.functions)}({{0}}, {{1}})", sub(), sub("float"))

    def element():
        return array_element(draw, scope, "int", depth) or variable()

    def length():
        if not scope.arrays:
            return literal()
        name = one(draw, list(scope.arrays))
        rank = scope.arrays[name][1]
        return Expression.same(one(draw, [f"len({name})", f"{name}.shape[{rank - 1}]", f"{name}.size", f"{name}.ndim"]))

    def of_tuple():
        return Expression.same(f"{one(draw, scope.tuples)}[0]") if scope.tuples else variable()

    if depth <= 0:
        return pick(draw, [(3, variable), (1, literal)])
    return pick(draw, [(3, variable), (2, literal), (6, arithmetic), (1, shift), (1, power), (1, unary), (1, choice), (1, logical), (1, extreme),
                       (1, divided), (1, converted), (1, call), (2, element), (1, length), (1, of_tuple)])


def floating(draw, scope, depth):
    def sub(type_="float"):
        return expression(draw, scope, type_, depth - 1)

    def literal():
        return Expression.same(one(draw, FLOATS))

    def variable():
        return Expression.same(one(draw, scope.float)) if scope.float else literal()

    def arithmetic():
        operator, right = one(draw, ["+", "-", "*", "/", "//", "%"]), "{1}"
        if operator in ("/", "//", "%"):
            right = divisor(draw, "float")
        return combine(f"({{0}} {operator} {right})", sub(), sub())

    def mixed():
        operator = one(draw, ["+", "-", "*", "/"])
        if draw(st.booleans()):
            return combine(f"({{0}} {operator} {divisor(draw, 'float') if operator == '/' else '{1}'})", sub("int"), sub())
        return combine(f"({{0}} {operator} {divisor(draw, 'int') if operator == '/' else '{1}'})", sub(), sub("int"))

    def quotient():
        right = divisor(draw, "int")
        return combine(f"({{0}} / {right})", sub("int"), sub("int"), reference=f"div({{0}}, {right})")

    def unary():
        return combine(one(draw, ["(-{0})", "abs({0})", "(+{0})", "math.fabs({0})", "math.sqrt(abs({0}))"]), sub())

    def choice():
        return combine("({1} if {0} else {2})", sub("bool"), sub(), sub())

    def extreme():
        return combine(f"{one(draw, ['min', 'max', 'math.copysign'])}({{0}}, {{1}})", sub(), sub())

    def converted():
        return combine("float({0})", sub(one(draw, ["int", "bool"])))

    def element():
        return array_element(draw, scope, "float", depth) or variable()

    def of_tuple():
        return Expression.same(f"{one(draw, scope.tuples)}[1]") if scope.tuples else variable()

    if depth <= 0:
        return pick(draw, [(3, variable), (1, literal)])
    return pick(draw, [(3, variable), (2, literal), (6, arithmetic), (2, mixed), (2, quotient), (1, unary), (1, choice), (1, extreme), (1, converted), (2, element), (1, of_tuple)])


def boolean(draw, scope, depth):
    def sub(type_="bool"):
        return expression(draw, scope, type_, depth - 1)

    def literal():
        return Expression.same(one(draw, ["True", "False"]))

    def variable():
        return Expression.same(one(draw, scope.bool)) if scope.bool else literal()

    def comparison():
        type_ = one(draw, ["int", "float"])
        return combine(f"({{0}} {one(draw, COMPARISONS)} {{1}})", sub(type_), sub(type_))

    def chain():
        type_ = one(draw, ["int", "float"])
        return combine(f"({{0}} {one(draw, COMPARISONS)} {{1}} {one(draw, COMPARISONS)} {{2}})", sub(type_), sub(type_), sub(type_))

    def mixed():
        operator = one(draw, COMPARISONS)
        return combine(f"({{0}} {operator} {{1}})", sub("int"), sub("float"), reference=f"(float({{0}}) {operator} {{1}})")

    def logical():
        return combine(f"({{0}} {one(draw, ['and', 'or', '==', '!=', '&', '|', '^'])} {{1}})", sub(), sub())

    def negation():
        return combine("(not {0})", sub(one(draw, ["bool", "int", "float"])))

    def membership():
        return combine(f"({{0}} {one(draw, ['in', 'not in'])} ({{1}}, 2, -3))", sub("int"), sub("int"))

    if depth <= 0:
        return pick(draw, [(1, variable), (1, comparison_of_leaves(draw, scope))])
    return pick(draw, [(5, comparison), (1, literal), (1, variable), (1, chain), (1, mixed), (1, logical), (1, negation), (1, membership)])


def comparison_of_leaves(draw, scope):
    def comparison():
        type_ = one(draw, ["int", "float"])
        return combine(f"({{0}} {one(draw, COMPARISONS)} {{1}})", expression(draw, scope, type_, 0), expression(draw, scope, type_, 0))
    return comparison


def divisor(draw, type_):
    """The form of a right operand of a division: mostly one that is not 0, so that programs get further."""
    if draw(st.integers(0, 7)) == 0:
        return "{1}"
    return "({1} | 1)" if type_ == "int" else "(abs({1}) + 0.5)"


def index(draw, scope, name, axis, depth):
    """An index of an axis: mostly within bounds (also negative), at times anything, which may raise IndexError."""
    if draw(st.integers(0, 9)) == 0:
        return expression(draw, scope, "int", 0)
    inner = expression(draw, scope, "int", min(depth - 1, 1))
    # An empty axis makes the modulus 0: ZeroDivisionError on both sides.
    return combine(f"({{0}} % {name}.shape[{axis}])", inner)


def array_element(draw, scope, type_, depth):
    """`a[i]` or `m[i, j]` of an array with such elements, as an expression; None where there is no such array."""
    names = [name for name, (element, _) in scope.arrays.items() if element == type_]
    if not names:
        return None
    target = array_target(draw, scope, one(draw, names), depth)
    return Expression(target.text, f"{type_}({target.reference})")


def array_target(draw, scope, name, depth):
    """The same as something to assign to."""
    indices = [index(draw, scope, name, axis, depth) for axis in range(scope.arrays[name][1])]
    form = ", ".join(f"{{{i}}}" for i in range(len(indices)))
    return combine(f"{name}[{form}]", *indices)
