"""A pass from outside: numba-opt with the pass of tools/numba-opt/examples/count_ops.rs."""
# REQUIRES: examples
# RUN: count_ops %s --count-ops=dialect=py -o /dev/null 2>&1 | FileCheck %s --check-prefix=UNTYPED
# RUN: count_ops %s --specialize 'f(1)' --py-infer-types --count-ops -o /dev/null 2>&1 | FileCheck %s --check-prefix=TYPED
# RUN: count_ops %s --count-ops --run 'f(20)' 2>&1 | FileCheck %s --check-prefix=RAN
# RUN: count_ops --help | FileCheck %s --check-prefix=HELP

# UNTYPED: remark: 1 x py.binary
# UNTYPED: remark: 1 x py.constant
# TYPED: remark: 1 x py.binary
# TYPED-NOT: py.entity
# RAN: {{^}}41{{$}}
# HELP: --count-ops {{.*}}Report how many ops of each kind there are
# HELP: dialect=<string> (default ""): Count ops of this dialect only


def f(n):
    return n + 21
