"""Global and captured arrays are constants of the program."""
import numpy as np
import pytest

import numbra

TABLES = {
    "c": np.arange(12.0).reshape(3, 4),
    "f": np.asfortranarray(np.arange(12).reshape(3, 4)),
    "strided": np.arange(24, dtype=np.int16)[::2].reshape(3, 4),
    "complex": np.array([[1 + 2j, 3]]),
    "bool": np.array([[True, False]]),
    "empty": np.zeros((0, 3), np.float32),
}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_elements_of_a_captured_array(table):
    def total(a):
        s = table.dtype.type(0)
        for i in range(table.shape[0]):
            for j in range(table.shape[1]):
                s = s + table[i, j]
        return a + s

    expected = total(0)
    assert numbra.njit(total)(0) == expected


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES.keys())
def test_a_constant_is_returned_as_a_copy(table):
    compiled = numbra.njit(lambda: table)
    result = compiled()
    assert result.dtype == table.dtype and np.array_equal(result, table)
    result[...] = 0
    assert np.array_equal(compiled(), table)


def test_views_of_a_constant():
    table = np.arange(10)
    rows = numbra.njit(lambda i: table[i::2])
    assert rows(1).tolist() == table[1::2].tolist()
    del rows  # the code is gone, its result is not


def test_a_zero_dimensional_array():
    table = np.array(2.5)
    assert numbra.njit(lambda: table[()] + 1)() == 3.5


def test_later_changes_are_not_seen():
    table = np.array([1, 2, 3])
    f = numbra.njit(lambda: table[0])
    assert f() == 1
    table[0] = 7
    assert f() == 1


def test_a_constant_cannot_be_written():
    table = np.zeros(3)

    @numbra.njit
    def f():
        table[0] = 1.0

    with pytest.raises(numbra.TypingError, match="read-only"):
        f()


def test_a_large_array_is_refused():
    table = np.zeros(9 << 20)
    with pytest.raises(numbra.NumbaError, match="too large for a constant"):
        numbra.njit(lambda: table[0])()
