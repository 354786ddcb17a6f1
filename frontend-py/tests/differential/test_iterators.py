"""`iter` and `next`, `itertools`, and what else is consumed where it stands."""
import itertools
import operator

import numpy as np
import numbra
import pytest
from numbra import njit

from .check import same


@pytest.mark.parametrize("n", [0, 1, 2, 5])
def test_iter_and_next(n):
    def of_range(n):
        it = iter(range(n))
        return next(it, -9), next(it, -1), next(it, -2), next(it, -3)

    def steps(n):
        it = iter(range(0, 3 * n, 3))
        total = 0
        for _ in range(n + 2):
            total = total * 10 + next(it, 1)
        return total

    def of_array(n):
        a = np.arange(n) * 1.5
        it = iter(a)
        first = next(it, -1.0)
        total = 0.0
        for x in it:
            total += x
        for x in it:
            total += 1000
        return first, total, next(it, 0.5)

    def of_list(n):
        items = [k * 2 for k in range(n)]
        it = iter(items)
        total = 0
        for x in it:
            if x > 3:
                break
            total += x
        rest = list(it)
        items.append(7)
        items.append(8)
        return total, rest, next(it, -1), sum(it)

    def grouped(n):
        it = iter(range(n))
        return [p for p in zip(it, it)]

    def left_where_python_leaves_it(n):
        it = iter(range(10))
        out = [(a, b) for a, b in zip(range(n), it)]
        more = [(a, b) for a, b in zip(it, range(n))]
        return out, more, next(it, -1)

    def objects_are_iterators(n):
        e = enumerate([4, 5, 6])
        first = next(e)
        z = zip(range(n), range(1, n + 1))
        a = [p for p in z]
        b = [p for p in z]
        r = reversed(range(n))
        return first, list(e), list(e), a, b, next(r, -1), sum(r)

    def passed(n):
        def skip(it, k):
            for _ in range(k):
                next(it, 0)
        it = iter(range(10))
        skip(it, n)
        return next(it, -1), list(it)

    def of_tuple(n):
        it = iter((n, 2 * n, 3 * n))
        t = next(it) + next(it)
        return t, next(it), next(it, None)

    def first_that(n):
        return next((k for k in range(10) if k * k > n), -1), next(k for k in range(10) if k >= n), next(map(abs, (-3, n)))

    for function in (of_range, steps, of_array, of_list, grouped, left_where_python_leaves_it, objects_are_iterators, passed, of_tuple, first_that):
        same(function, n)


@pytest.mark.parametrize("n", [0, 1, 4])
def test_itertools_in_loops(n):
    def counts(n):
        out = []
        for i in itertools.count():
            if i >= n:
                break
            out.append(i)
        for i in itertools.count(10, step=-3):
            if i < -n:
                break
            out.append(i)
        for i, x in zip(itertools.count(5), [7, 8, 9]):
            out.append(i * x)
        return out

    def repeats(n):
        out = [x for x in itertools.repeat(n, 3)]
        for x in itertools.repeat(1):
            out.append(x)
            if len(out) > 5:
                break
        for k, x in zip(range(5), itertools.cycle([n, 2])):
            out.append(k * x)
        for x in itertools.cycle([]):
            out.append(99)
        return out, list(map(operator.add, range(n), itertools.repeat(10)))

    def chains(n):
        out = []
        for x in itertools.chain(range(n), [7, 8], np.arange(3), ()):
            if x == 1:
                continue
            out.append(x)
        for x in itertools.chain(range(n), (y * y for y in range(n))):
            out.append(x)
        for x in itertools.chain():
            out.append(99)
        return out, list(itertools.chain.from_iterable([[n, 1], [], [2]])), sum(itertools.chain([n], (2, 3)))

    def slices(n):
        return (list(itertools.islice(range(10), n)), list(itertools.islice(range(10), n, None)), list(itertools.islice(itertools.count(3), n, 9, 2)),
                list(itertools.islice([5, 6, 7], 1, 100)), [x for x in itertools.islice((k * k for k in range(9)), 2, 8, 3)])

    def conditions(n):
        p = lambda x: x < n
        a = [0, 3, 5, 1, 0]
        return (list(itertools.takewhile(p, a)), list(itertools.dropwhile(p, a)), list(itertools.filterfalse(p, a)), list(itertools.filterfalse(None, a)),
                list(itertools.compress(a, [n, 0, 1, 1])))

    def sums(n):
        a = [n, 2, 3]
        return (list(itertools.accumulate(a)), list(itertools.accumulate(a, operator.mul)), list(itertools.accumulate(a, initial=10)), list(itertools.accumulate(range(n))),
                list(itertools.accumulate(a, lambda x, y: x - y, initial=1)), [x for x in itertools.accumulate(np.arange(n) * 0.5)])

    def pairs(n):
        return list(itertools.pairwise(range(n))), list(itertools.starmap(pow, [(2, n), (3, 2)])), [a * b for a, b in itertools.pairwise([1, n, 5])]

    def longest(n):
        return list(itertools.zip_longest(range(n), [7, 8], fillvalue=-1)), [0 if b is None else b for a, b in itertools.zip_longest(range(3), range(n))]

    for function in (counts, repeats, chains, slices, conditions, sums, pairs, longest):
        same(function, n)


@pytest.mark.parametrize("n", [0, 1, 3])
def test_combinations(n):
    def products(n):
        out = []
        for i, j in itertools.product(range(n), [5, 6]):
            out.append(i * j)
            if i == 1:
                continue
        for t in itertools.product((0, 1), repeat=3):
            out.append(t[0] * 4 + t[1] * 2 + t[2])
        for t in itertools.product():
            out.append(len(t))
        return out

    def others(n):
        a = [10 * k for k in range(n)]
        return (list(itertools.permutations(a, 2)), list(itertools.combinations(a, 2)), list(itertools.combinations_with_replacement(a, 2)), list(itertools.combinations(range(4), r=3)),
                list(itertools.permutations(range(n), 3)), sum(x * y for x, y in itertools.combinations(a, 2)))

    def unchanged_by_the_loop(n):
        a = [1, 2]
        out = []
        for x, y in itertools.product(a, repeat=2):
            a.append(n)
            out.append(x * y)
        return out, a

    def stops(n):
        for i, j, k in itertools.product(range(3), repeat=3):
            if i * j * k == n:
                break
        else:
            return -1
        return i * 100 + j * 10 + k

    for function in (products, others, unchanged_by_the_loop, stops):
        same(function, n)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_builtins(n):
    def strict(n):
        total = 0
        for a, b in zip(range(n), [5, 6], strict=True):
            total += a * b
        return total

    def strict_of_three(n):
        return list(zip([1, 2], range(2), range(n), strict=True))

    def lazy(n):
        squares = [(i, x) for i, x in enumerate((k * k for k in range(n)), 1)]
        both = [(x, y) for x, y in zip((k + 1 for k in range(n)), map(abs, [-1, -2]))]
        x, y = map(abs, (-n, n))
        a, *b = (k for k in range(n))
        return squares, both, x + y, a, b

    def sentinel(n):
        items = [5, 3, n, 2]
        out = []
        for x in iter(items.pop, n):
            out.append(x)
        return out

    for function in (strict, strict_of_three, lazy, sentinel):
        same(function, n)


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_unpacking(n):
    def lists(n):
        items = list(range(n))
        a, *b = items
        return a, b

    def both_ends(n):
        first, *middle, last = [k * 2 for k in range(n)]
        return first, middle, last

    def of_arrays(n):
        first, *middle, last = np.arange(n) * 2
        return int(first + last), len(middle), int(sum(middle))

    def exact(n):
        x, y = np.arange(n) + 0.5
        return x * y

    def ranges(n):
        a, b, c = range(n)
        return a + b + c

    def rows(n):
        total = 0.0
        for x, y in np.arange(2.0 * n).reshape(n, 2):
            total += x * y
        return total

    for function in (lists, both_ends, of_arrays, exact, ranges, rows):
        same(function, n)


@pytest.mark.parametrize("a, b", [(0, 5), (3, -4), (-7, 100), (2, 2)])
def test_ranges(a, b):
    def slices(a, b):
        r = range(a, b)
        s = range(10, -10, -3)
        return r[1:], r[::-1], r[::2], s[a:b], s[::-2], s[2], r[-3:], len(r[b:a])

    def compares(a, b):
        return range(a, b) == range(a, b), range(a, b) != range(a, b, 2), range(b, a) == range(0), range(a, a + 1) == range(a, a + 1, 7), range(3) == 3

    def searches(a, b):
        r = range(a, b, 2)
        return r.index(a), r.count(a + 1), r.count(a + 2), r.count(2.0), range(5).index(True)

    def hashes(a, b):
        return hash(a), hash(b * 1.0), hash(b * 0.37), hash(a > b), hash((a, b, (0.5, True))), hash(()), hash(2.0 ** 70), hash(-2**63 + a - a), hash(2**61 - 1 + a - a)

    def contains(a, b):
        r = range(a, b, 2)
        return a in r, a * 1.0 in r, a + 0.5 in r, a + 0j in r, a + 1j in r, b not in r, float("nan") in r

    for function in (slices, compares, searches, hashes, contains):
        same(function, a, b)


def test_refusals():
    def kept(a):
        c = itertools.chain(a, a)
        return list(c)

    def returned(a):
        return iter(a)

    def from_turn_to_turn(a):
        it = iter(a)
        for k in range(3):
            next(it)
            it = iter(a)
        return next(it)

    def unknown_length(a):
        return list(itertools.combinations(a, len(a)))

    def no_iterator(a):
        return next(a)

    a = np.arange(4)
    texts = {kept: "cannot be kept", returned: "an iterator cannot be returned|cannot be returned", from_turn_to_turn: "one iterator in one turn", unknown_length: "must be a literal", no_iterator: "is not an iterator"}
    for function, text in texts.items():
        with pytest.raises(numbra.NumbaError, match=text):
            njit(function)(a)


def test_errors():
    @njit
    def ended(n):
        it = iter(range(n))
        next(it)
        return next(it)

    with pytest.raises(StopIteration):
        ended(1)
    assert ended(2) == 1

    def step(n):
        return list(itertools.islice(range(3), 0, 2, n))

    def stop(n):
        return list(itertools.islice(range(3), n))

    def start(n):
        return list(itertools.islice(range(3), n, 2))

    for n in (-1, -2, 0):
        for function in (step, stop, start):
            same(function, n)


def test_groups():
    def groups(a):
        return [(k, list(g)) for k, g in itertools.groupby(a)], [k for k, _ in itertools.groupby(a)], max([len(list(g)) for _, g in itertools.groupby(a)] + [0])

    def by_key(a):
        return [(k, sum(g)) for k, g in itertools.groupby(a, lambda x: x // 2)], [(k, len(list(g))) for k, g in itertools.groupby(sorted(a), key=lambda x: x > 1)]

    def of_a_generator(a):
        return [(k, list(g)) for k, g in itertools.groupby(x * x // 3 for x in a)]

    def once(a):
        found = []
        for k, g in itertools.groupby(a):
            n = 0
            for _ in g:
                n += 1
            found.append((k, n, list(g)))
        return found

    for values in ([1, 1, 2, 3, 3, 1], [5], [0, 0, 0]):
        for f in (groups, by_key, of_a_generator, once):
            same(f, values)
    same(groups, "aabcc")
    same(groups, np.array([1.5, 1.5, -2.0]))
    same(groups, np.zeros(0))


def test_tee():
    def two(a):
        x, y = itertools.tee(a)
        next(y, None)
        return list(zip(x, y)), list(x)

    def three(a):
        x, y, z = itertools.tee((2 * v for v in a), 3)
        next(y)
        next(z)
        next(z)
        return list(zip(x, y, z)), list(x)

    for values in (np.arange(5), [1, 2, 3], (4, 5, 6)):
        same(two, values)
        same(three, values)

    def unknown(a, n):
        return len(itertools.tee(a, n))

    def kept(a):
        found = []
        for _, g in itertools.groupby(a):
            found.append(g)
        return found

    with pytest.raises(numbra.NumbaError, match="literal number of iterators"):
        njit(unknown)([1], 2)
    with pytest.raises(numbra.NumbaError, match="cannot be put into a list"):
        njit(kept)([1])


def test_item_getters():
    def by_places(a):
        return sorted(a, key=operator.itemgetter(1)), sorted(a, key=operator.itemgetter(1, 0)), max(a, key=operator.itemgetter(-1)), list(map(operator.itemgetter(0, 1, -1), a))

    def at(a, i):
        return operator.itemgetter(i)(a), operator.itemgetter(slice(0, 2))(a), operator.itemgetter(0, i)(a), operator.itemgetter(5)((1, 2, 3, 4, 5, 6))

    same(by_places, [(1, 2.5), (2, 1.5), (0, 2.5)])
    same(at, [5, 6, 7], 2)
    same(at, [5, 6, 7], 3)
