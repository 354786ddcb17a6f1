"""Order by a key: `sorted`, `list.sort`, `min` and `max` with `key`. The key of each element is computed once, and equal keys leave the order as it was."""
from numbra.lib import implements


def _missing():
    return None


@implements("numbra.sort_by")
def sort_by(self, /, *, key=None, reverse=False):
    if key is None:
        self.sort(reverse=reverse)
    else:
        # Positions make keys distinct, so that elements themselves are never compared.
        sign = -1 if reverse else 1
        keyed = [(key(self[i]), sign * i) for i in range(len(self))]
        keyed.sort(reverse=reverse)
        items = self.copy()
        for place in range(len(items)):
            self[place] = items[abs(keyed[place][1])]


@implements("numbra.sorted_by")
def sorted_by(iterable, /, *, key=None, reverse=False):
    items = list(iterable)
    sort_by(items, key=key, reverse=reverse)
    return items


@implements("numbra.groups")
def groups(iterable, key):
    """Runs of elements with one key, as pairs of the key and the list of the elements."""
    found = []
    first = True
    for item in iterable:
        rank = item if key is None else key(item)
        if first or rank != found[-1][0]:
            found.append((rank, [item]))
            first = False
        else:
            found[-1][1].append(item)
    return found


def _largest(items, key, default):
    found = False
    for item in items:
        rank = item if key is None else key(item)
        if not found or rank > best_rank:  # noqa: F821
            best, best_rank, found = item, rank, True
    if not found:
        if default is _missing:
            raise ValueError("max() arg is an empty sequence")
        else:
            return default
    return best


def _smallest(items, key, default):
    found = False
    for item in items:
        rank = item if key is None else key(item)
        if not found or rank < best_rank:  # noqa: F821
            best, best_rank, found = item, rank, True
    if not found:
        if default is _missing:
            raise ValueError("min() arg is an empty sequence")
        else:
            return default
    return best


@implements("numbra.max_by")
def max_by(*args, key=None, default=_missing):
    if len(args) == 1:
        return _largest(args[0], key, default)
    else:
        return _largest(args, key, default)


@implements("numbra.min_by")
def min_by(*args, key=None, default=_missing):
    if len(args) == 1:
        return _smallest(args[0], key, default)
    else:
        return _smallest(args, key, default)
