# numba, the peer that the tools measure and compare with, in an environment of its own: .venv-numba, unless NUMBRA_BENCH_VENV_NUMBA names an interpreter that has it.

NUMBA_VENV="$ROOT/.venv-numba"
NUMBA_PYTHON="${NUMBRA_BENCH_VENV_NUMBA:-$NUMBA_VENV/bin/python}"
NUMBA_VERSION=$(sed -n 's/^NUMBA_VERSION = "\(.*\)"/\1/p' "$ROOT/tools/benchmarks/packages.py")

# SciPy has the BLAS that numba's linear algebra calls; without it numba's tests of that are skipped.
make_numba_venv() {
    rm -rf "$NUMBA_VENV" && "$VENV/bin/python" -m venv "$NUMBA_VENV" &&
        "$NUMBA_VENV/bin/python" -m pip install --disable-pip-version-check -r <(grep '^numpy' "$ROOT/tools/requirements.txt") "numba==$NUMBA_VERSION" scipy
}

ensure_numba() {
    if [ -z "${NUMBRA_BENCH_VENV_NUMBA:-}" ] && ! [ -f "$NUMBA_VENV/.numba-$NUMBA_VERSION" ]; then
        step numba "Installing numba $NUMBA_VERSION into .venv-numba" make_numba_venv || fail "numba $NUMBA_VERSION could not be installed; see target/logs/numba.log"
        touch "$NUMBA_VENV/.numba-$NUMBA_VERSION"
    fi
}
