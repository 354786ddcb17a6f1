# Strings: literals stay constants, joined with others they are strings of the run time.
# RUN: numba-opt %s --run 'greeting(7)' | FileCheck %s --check-prefix=TEXT
# RUN: numba-opt %s --run 'count(3)' | FileCheck %s --check-prefix=COUNT
# RUN: not numba-opt %s --run 'refuse(2.5)' 2>&1 | FileCheck %s --check-prefix=RAISED


# TEXT: 13
def greeting(n):
    return len(f"hello, {n:>5}!")


# COUNT: 6
def count(n):
    text = ""
    for i in range(n):
        text += "ab"
    return len(text) + text.find("ba") - 1


# RAISED: ValueError: bad value 2.50
def refuse(x):
    raise ValueError(f"bad value {x:.2f}")
