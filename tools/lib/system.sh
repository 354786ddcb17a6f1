# What the machine must have: LLVM and MLIR 22, a C++ compiler, cargo, Python. Installs Debian packages where it may;
# elsewhere says what is missing and the command that installs it.

DEBIAN_LLVM=(llvm-22-dev libmlir-22-dev mlir-22-tools llvm-22-tools libclang-22-dev clang-22 lld-22 libpolly-22-dev)
DEBIAN_OTHER=(build-essential libzstd-dev libxml2-dev zlib1g-dev libffi-dev libedit-dev libsleef-dev libsleef3)
RUST_VERSION=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' "$ROOT/Cargo.toml")

# NUMBRA_LLVM_PREFIX names another LLVM 22 installation; its tools come first on PATH.
use_llvm_prefix() {
    LLVM_PREFIX=${NUMBRA_LLVM_PREFIX:-/usr/lib/llvm-22}
    if [ -n "${NUMBRA_LLVM_PREFIX:-}" ]; then
        export MLIR_SYS_220_PREFIX=$LLVM_PREFIX TABLEGEN_220_PREFIX=$LLVM_PREFIX
    fi
    export PATH="$LLVM_PREFIX/bin:$PATH"
}

missing_packages() {
    local package
    for package in "$@"; do
        case "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" in
            *" installed") ;;
            *) printf '%s ' "$package" ;;
        esac
    done
}

# One dpkg-query for all, as this runs at every start.
packages_present() {
    local wanted=$# found
    found=$(dpkg-query -W -f '${Status}\n' "$@" 2>/dev/null | grep -c ' installed$')
    [ "$found" = "$wanted" ]
}

apt_update_and_install() {
    local as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo -n)
    "${as_root[@]}" apt-get -o Acquire::Retries=3 update || return
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 install -y --no-install-recommends "$@"
}

ensure_packages() {
    local wanted=("${DEBIAN_OTHER[@]}")
    [ -n "${NUMBRA_LLVM_PREFIX:-}" ] || wanted+=("${DEBIAN_LLVM[@]}")
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        check_tools
        return
    fi
    packages_present "${wanted[@]}" && return
    install_missing "${wanted[@]}"
}

# Installs those of the packages that are missing, or ends with the command that a person can run.
install_missing() {
    local missing
    read -ra missing <<<"$(missing_packages "$@")"
    local by_hand="apt-get update && apt-get install ${missing[*]}"
    if [ "$(id -u)" != 0 ] && ! { command -v sudo >/dev/null && sudo -n true 2>/dev/null; }; then
        fail "these Debian packages are missing: ${missing[*]}" "Install them as root, then run this again:" "sudo sh -c '$by_hand'"
    fi
    step apt "Installing ${#missing[@]} Debian packages" apt_update_and_install "${missing[@]}" ||
        fail "could not install: ${missing[*]}" "The command was: $by_hand" \
            "Where your release has no LLVM 22, set NUMBRA_LLVM_PREFIX to an installation of LLVM and MLIR 22 (see README.md)."
}

# Without Debian's package manager: name what is absent.
check_tools() {
    local tool absent=()
    for tool in cc c++ ld.lld "$LLVM_PREFIX/bin/mlir-tblgen" "$LLVM_PREFIX/bin/llvm-config"; do
        command -v "$tool" >/dev/null || absent+=("$tool")
    done
    [ ${#absent[@]} = 0 ] && return
    fail "missing: ${absent[*]}" "This is not a Debian system, so install a C++ compiler, lld, and LLVM and MLIR 22 with their development files," \
        "then name the LLVM installation: NUMBRA_LLVM_PREFIX=/path/to/llvm-22 $0"
}

ensure_cargo() {
    if ! command -v cargo >/dev/null && [ -x "$HOME/.cargo/bin/cargo" ]; then
        export PATH="$HOME/.cargo/bin:$PATH"
    fi
    command -v cargo >/dev/null ||
        fail "cargo is missing: numbra is built with Rust $RUST_VERSION or newer." "Install it with rustup: rustup toolchain install $RUST_VERSION" \
            "(rustup is the installer of the Rust project; on Debian 13 and later: apt-get install rustup)"
    local have
    have=$(cargo --version | sed 's/cargo \([0-9.]*\).*/\1/')
    [ "$(printf '%s\n' "$RUST_VERSION" "$have" | sort -V | head -n 1)" = "$RUST_VERSION" ] ||
        fail "cargo $have is too old: Rust $RUST_VERSION or newer is needed." "rustup update stable"
}

python_is_usable() {
    command -v "$1" >/dev/null && "$1" -c 'import sys, venv, ensurepip; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

# Sets PYTHON: 3.11 where there is one, else any of 3.10 to 3.13.
find_python() {
    local candidate version tried=${1:-}
    for candidate in ${NUMBRA_PYTHON:-} python3.11 "$HOME"/.pyenv/versions/3.11.*/bin/python3 python3 python3.12 python3.13 python3.10; do
        if python_is_usable "$candidate"; then
            PYTHON=$(command -v "$candidate")
            return
        fi
    done
    if [ -z "$tried" ] && command -v apt-get >/dev/null && [ -n "$(missing_packages python3 python3-venv)" ]; then
        install_missing python3 python3-venv
        find_python again
        return
    fi
    version=$(python3 --version 2>/dev/null || echo none)
    fail "no Python of 3.10 to 3.13 with the modules venv and ensurepip was found (python3: $version)." \
        "On Debian: apt-get install python3 python3-venv"
}
