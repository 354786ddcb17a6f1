# Peers of tools/bench arrays: each in an environment of its own, .venv-NAME, unless NUMBRA_BENCH_VENV_NAME (in capitals) names an interpreter that has it.

PEERS=$(sed -n 's/^PEER_VERSIONS = {\(.*\)}/\1/p' "$ROOT/tools/benchmarks/packages.py" | tr -d '", ' | sed 's/\([a-z]\+\):\([0-9.]\+\)/\1==\2 /g')

# make_peer_venv FOLDER REQUIREMENT: SciPy comes with each; it has the functions that NumPy lacks, and the products of matrices that numba calls.
make_peer_venv() {
    [ -x "$1/bin/python" ] || "$VENV/bin/python" -m venv "$1" &&
        "$1/bin/python" -m pip install --disable-pip-version-check -r <(grep '^numpy' "$ROOT/tools/requirements.txt") scipy "$2"
}

ensure_peers() {
    local peer name variable
    for peer in $PEERS "numba==$NUMBA_VERSION"; do
        name=${peer%%==*} variable=NUMBRA_BENCH_VENV_${peer%%==*}
        variable=${variable^^}
        [ -n "${!variable:-}" ] || [ -f "$ROOT/.venv-$name/.peer-$peer" ] && continue
        step "$name" "Installing $peer into .venv-$name" make_peer_venv "$ROOT/.venv-$name" "$peer" || fail "$peer could not be installed; see target/logs/$name.log"
        touch "$ROOT/.venv-$name/.peer-$peer"
    done
}
