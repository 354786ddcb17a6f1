# The virtual environment .venv of the checkout and the extension module in it. Stamps make a second run cheap: a stamp
# holds the digest of what a product was made from, and equal digests mean that there is nothing to do.

VENV="$ROOT/.venv"
BUILD_INPUTS=(Cargo.toml Cargo.lock pyproject.toml .cargo dialects passes backends runtime frontend-py/core frontend-py/session frontend-py/pyext)

# Digest of the contents of tracked and new files under the given paths.
digest() {
    (
        cd "$ROOT" || exit 1
        if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
            git ls-files -z --cached --others --exclude-standard -- "$@" | sort -z
        else
            find "$@" -type f -not -name '*.so' -not -path '*/__pycache__/*' -print0 2>/dev/null | sort -z
        fi | xargs -0 -r sha256sum 2>/dev/null
        printf '%s\n' "${NUMBRA_LLVM_PREFIX:-}"
    ) | sha256sum | cut -d' ' -f1
}

stamp_matches() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

make_venv() { rm -rf "$VENV" && "$PYTHON" -m venv "$VENV"; }

ensure_venv() {
    local want
    want=$(digest tools/requirements.txt)
    stamp_matches "$VENV/.requirements" "$want" && [ -x "$VENV/bin/python" ] && return
    if ! [ -x "$VENV/bin/python" ] || ! "$VENV/bin/python" -c '' 2>/dev/null; then
        find_python
        step venv "Creating .venv with $("$PYTHON" --version)" make_venv ||
            fail "could not create .venv." "On Debian: apt-get install python3-venv"
    fi
    step pip "Installing Python packages into .venv" "$VENV/bin/python" -m pip install --disable-pip-version-check -r "$ROOT/tools/requirements.txt" ||
        fail "could not install the packages of tools/requirements.txt" "$VENV/bin/python -m pip install -r tools/requirements.txt"
    printf '%s\n' "$want" >"$VENV/.requirements"
}

activate_venv() {
    export VIRTUAL_ENV="$VENV" PATH="$VENV/bin:$PATH"
    unset PYTHONHOME
}

build_extension() { cd "$ROOT" && maturin develop --release --locked; }

# Builds the release extension and installs it editable: changes of Python files need no build.
ensure_extension() {
    local want
    want=$(digest "${BUILD_INPUTS[@]}")
    stamp_matches "$VENV/.extension" "$want" && compgen -G "$ROOT/frontend-py/python/numbra/_core*.so" >/dev/null && return
    step build "Building numbra (release; the first time takes minutes)" build_extension ||
        fail "the build failed; all of its output is in target/logs/build.log"
    printf '%s\n' "$want" >"$VENV/.extension"
}

write_library() { "$VENV/bin/python" -c 'import numbra; numbra._core.write_library(numbra.__path__[0] + "/lib")'; }

# The archive of the functions of numbra.lib, which the extension makes from their files.
ensure_library() {
    local want
    want=$(digest "${BUILD_INPUTS[@]}" frontend-py/python/numbra/lib)
    stamp_matches "$VENV/.library" "$want" && [ -f "$ROOT/frontend-py/python/numbra/lib/library.bin" ] && return
    step library "Compiling the library in Python" write_library || fail "numbra.lib does not compile; see target/logs/library.log"
    printf '%s\n' "$want" >"$VENV/.library"
}

# Everything that a script needs. Cheap when nothing changed.
ensure_all() {
    use_llvm_prefix
    # The machine was looked at when the stamps were written: look again only when something is to be built.
    if ! [ -f "$VENV/.extension" ] || ! stamp_matches "$VENV/.extension" "$(digest "${BUILD_INPUTS[@]}")" || [ "${1:-}" = check ]; then
        ensure_packages
        ensure_cargo
    fi
    ensure_venv
    activate_venv
    ensure_extension
    ensure_library
}
