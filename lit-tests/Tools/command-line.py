"""Bad command lines and inputs: a message and a nonzero status, never a crash."""
# RUN: not numba-opt %s --run 2>&1 | FileCheck %s --check-prefix=NEEDS
# NEEDS: --run needs a call, as in --run 'f(1, 2.5)'
# RUN: not numba-opt %s --run 'f(1' 2>&1 | FileCheck %s --check-prefix=SYNTAX
# SYNTAX: --run: f(1: unexpected EOF
# RUN: not numba-opt %s --run 'f + 1' 2>&1 | FileCheck %s --check-prefix=CALL
# CALL: --run: a call is needed
# RUN: not numba-opt %s --run 'f(x)' 2>&1 | FileCheck %s --check-prefix=LITERAL
# LITERAL: --run: arguments are literal numbers
# RUN: not numba-opt %s --run 'f([[1], [2, 3]])' 2>&1 | FileCheck %s --check-prefix=EVEN
# EVEN: --run: the lists of an array must have equal lengths
# RUN: not numba-opt %s --run 'f(9223372036854775808)' 2>&1 | FileCheck %s --check-prefix=WIDE
# WIDE: --run: 9223372036854775808 does not fit int64
# RUN: not numba-opt %s --run 'g(1)' 2>&1 | FileCheck %s --check-prefix=UNKNOWN
# UNKNOWN: command-line.py has no function "g"; it has f
# RUN: not numba-opt %s --run 'f(1, 2, 3)' 2>&1 | FileCheck %s --check-prefix=COUNT
# COUNT: error[NB0207]: `f` has 2 parameters, but 3 argument types are given
# RUN: not numba-opt %s --run 'f()' 2>&1 | FileCheck %s --check-prefix=FEW
# FEW: error[NB0207]
# RUN: numba-opt %s --run 'f(1)' | FileCheck %s --check-prefix=DEFAULT
# DEFAULT: {{^}}11{{$}}
# RUN: not numba-opt %s --no-such-pass --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=PASS
# PASS: --run takes passes and --pass-pipeline beside the input
# PASS: 'no-such-pass' does not refer to a registered pass
# RUN: not numba-opt %s --no-such-option 2>&1 | FileCheck %s --check-prefix=OPTION
# OPTION: Unknown command line argument '--no-such-option'
# RUN: not numba-opt %s --pass-pipeline='builtin.module(' 2>&1 | FileCheck %s --check-prefix=PIPELINE
# PIPELINE: error
# RUN: not numba-opt %s --pass-pipeline='func.func(cse)' --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=ANCHOR
# ANCHOR: --pass-pipeline: expected builtin.module(...)
# RUN: not numba-opt %s %s 2>&1 | FileCheck %s --check-prefix=TWO
# TWO: one input at a time
# RUN: not numba-opt %s --run 'f(1)' --specialize 'f(1)' 2>&1 | FileCheck %s --check-prefix=BOTH
# BOTH: leave out --specialize
# RUN: not numba-opt %t.missing.py 2>&1 | FileCheck %s --check-prefix=MISSING
# RUN: not numba-opt %t.missing.py --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=MISSING
# RUN: not numba-opt %t.missing.mlir --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=MISSING
# RUN: not numba-opt %t.missing.mlir 2>&1 | FileCheck %s --check-prefix=MISSING
# MISSING: No such file or directory
# RUN: %python -c "open('%t.latin.py', 'wb').write(b'def f(a):\n    return \'\xff\'\n')"
# RUN: not numba-opt %t.latin.py 2>&1 | FileCheck %s --check-prefix=TEXT
# RUN: not numba-opt %t.latin.py --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=TEXT
# TEXT: not UTF-8 text
# RUN: echo 'def f(:' > %t.syntax.py
# RUN: not numba-opt %t.syntax.py 2>&1 | FileCheck %s --check-prefix=PYTHON
# PYTHON: error[NB0001]: invalid syntax
# RUN: echo 'py.func @f(' > %t.bad.mlir
# RUN: not numba-opt %t.bad.mlir --run 'f(1)' 2>&1 | FileCheck %s --check-prefix=MLIR
# RUN: not numba-opt %t.bad.mlir 2>&1 | FileCheck %s --check-prefix=MLIR
# MLIR: bad.mlir:{{[12]}}:{{[0-9]+}}: error:
# RUN: not numba-opt %s --specialize 'f((1, 2))' --py-infer-types 2>&1 | FileCheck %s --check-prefix=INFER
# INFER: command-line.py:[[# @LINE + 6]]:12: error: [NB0200]
# RUN: numba-opt --print-pipelines | FileCheck %s --check-prefix=TABLE
# TABLE: builtin.module(py-infer-types,array-inline,eqsat-rewrite,array-fuse,array-from-elements,py-outline-parallel,py-insert-refcounts,convert-py-to-std,


def f(a, b=10):
    return a + b
