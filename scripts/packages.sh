# shellcheck shell=bash
# Finding programs and, on Debian and Ubuntu, installing the packages they are in (sourced).

# may_install: whether system packages can be installed without asking anybody.
may_install() {
    command -v apt-get >/dev/null || return 1
    ((EUID == 0)) || sudo -n true 2>/dev/null
}

# packages PACKAGE...: installs Debian packages. The package lists are only fetched when the ones
# at hand do not suffice.
packages() {
    may_install || return 1
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
    ((EUID == 0)) || apt=(sudo -n "${apt[@]}")
    {
        "${apt[@]}" install --no-install-recommends "$@" 2>/dev/null ||
            { "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"; }
    } >&2
}

# need PROGRAM PACKAGE...: finds a program or installs it, and says how where it may not.
need() {
    local program=$1
    shift
    command -v "$program" >/dev/null && return 0
    packages "$@" && command -v "$program" >/dev/null && return 0
    echo "$program is missing. Install it and run this again: sudo apt-get install $*" >&2
    return 1
}

# need_cargo: finds the Rust toolchain, where rustup puts it too. It is the one thing that is not installed here.
need_cargo() {
    command -v cargo >/dev/null || PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$PATH"
    command -v cargo >/dev/null && return 0
    echo "cargo is missing. Install Rust with rustup: https://rustup.rs" >&2
    return 1
}

# cache: the folder for what is costly to make and can be thrown away at any time.
cache() { echo "${XDG_CACHE_HOME:-$HOME/.cache}/throughline"; }
