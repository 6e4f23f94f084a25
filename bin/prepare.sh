# Sourced by the commands beside it: makes .venv from a lock file, and installs Debian packages that are missing.
# Safe to run again, also after a try that failed half-way: a marker is written only when all is in place.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { printf '%s\n' "$*"; }
fail() { printf 'Cannot go on: %s\n' "$*" >&2; exit 1; }

# install_debian PACKAGE…: as root, or through sudo.
install_debian() {
    command -v apt-get >/dev/null || fail "this needs the packages $* and there is no apt-get here; install them by hand."
    local as_root=()
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "this needs the Debian packages $*; ask an administrator to install them (there is no sudo here)."
        as_root=(sudo)
    fi
    say "Installing Debian packages: $*"
    "${as_root[@]}" apt-get update -qq || fail "apt-get update failed; look at its message above."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null \
        || fail "apt-get could not install $*; look at its message above."
}

find_python() {
    local candidate
    for candidate in python3.11 python3 python3.12 python3.13; do
        if command -v "$candidate" >/dev/null && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$candidate"
            return
        fi
    done
}

# make_environment LOCK: .venv holding exactly what LOCK names, and this project in editable form.
make_environment() {
    local lock=$1 python marker
    marker=".venv/.holds-$(cat requirements*.lock setup.cfg | sha256sum | cut -c1-16)-$lock"
    # The development lock holds everything that the plain one holds, at the same versions.
    if [ -e "$marker" ] || { [ "$lock" = requirements.lock ] && [ -e "${marker%requirements.lock}requirements-dev.lock" ]; }; then
        return
    fi
    python=$(find_python)
    if [ -z "$python" ]; then
        install_debian python3 python3-venv
        python=$(find_python)
        [ -n "$python" ] || fail "Python 3.11 or newer is needed, and Debian's python3 is older."
    fi
    "$python" -c 'import ensurepip, venv' 2>/dev/null || install_debian python3-venv
    if [ -e .venv ] && [ ! -w .venv ]; then
        fail "the folder .venv belongs to another user; remove it (it holds nothing of yours) and try again."
    fi
    say "Making .venv and installing the locked packages (a minute or two the first time)"
    "$python" -m venv --clear .venv || fail "the virtual environment could not be made; is the disk full or the folder read-only?"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r "$lock" \
        || fail "the packages in $lock could not be installed; is the package index reachable from here? Nothing is half done: run the command again."
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e . \
        || fail "the project itself could not be installed into .venv; look at the message above."
    touch "$marker"
}
