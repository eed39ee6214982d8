# What `lottery` and `dev` share: finding .NET, building one at a time, and Debian's packages. POSIX sh; the caller
# sets $root, the folder of the repository.
# shellcheck shell=sh disable=SC2154

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$*"
    exit 1
}

# Sets $dotnet. A dotnet without an SDK of version 10 or later can still run what is built.
find_dotnet() {
    for dotnet in dotnet "${DOTNET_ROOT:-}/dotnet" "${HOME:-}/.dotnet/dotnet"; do
        if command -v "$dotnet" >/dev/null 2>&1; then return; fi
    done
    fail "lottery: the .NET SDK 10 or later is needed and no dotnet was found; install it from https://dotnet.microsoft.com/download."
}

need_sdk() {
    "$dotnet" --list-sdks 2>/dev/null | grep -q '^[1-9][0-9]' ||
        fail "lottery: building needs the .NET SDK 10 or later, and '$dotnet --list-sdks' lists none; install it from https://dotnet.microsoft.com/download."
}

# Holds the lock of the tree until the shell ends, so that two builds never write the same files. Descriptor 9 must
# not reach the build: its servers outlive it and would keep the lock.
lock() {
    if ! { mkdir -p "$root/artifacts" 2>/dev/null && [ -w "$root/artifacts" ]; }; then
        fail "lottery: $root/artifacts cannot be written, so nothing can be built there; build in a writable copy."
    fi
    if command -v flock >/dev/null 2>&1; then
        exec 9>"$root/artifacts/build.lock"
        flock 9
        return
    fi
    # macOS has no flock: a link is made by one process alone, names its maker, and is stale when that has gone.
    until ln -s $$ "$root/artifacts/build.lock.maker" 2>/dev/null; do
        maker=$(readlink "$root/artifacts/build.lock.maker") || continue
        if kill -0 "$maker" 2>/dev/null; then sleep 0.2; else rm -f "$root/artifacts/build.lock.maker"; fi
    done
}

unlock() {
    exec 9>&-
    if [ "$(readlink "$root/artifacts/build.lock.maker" 2>/dev/null)" = $$ ]; then rm -f "$root/artifacts/build.lock.maker"; fi
}

# Runs a command that takes no descriptor 9, and takes it along when this shell is told to stop.
run_build() {
    "$@" 9>&- &
    child=$!
    trap 'kill "$child" 2>/dev/null; wait "$child"; unlock; exit 130' INT
    trap 'kill "$child" 2>/dev/null; wait "$child"; unlock; exit 143' TERM HUP
    result=0
    wait "$child" || result=$?
    trap - INT TERM HUP
    return "$result"
}

on_debian_as_root() { [ -e /etc/debian_version ] && command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; }

# install PACKAGE: prints the command, then runs it; its words are shown only when it fails.
install() {
    say "apt-get install -y $1"
    log=$(mktemp)
    if ! apt_install "$1" >"$log" 2>&1; then
        say "apt-get update"
        if ! { apt-get update && apt_install "$1"; } >"$log" 2>&1; then
            tail -n 20 "$log" >&2
            rm -f "$log"
            return 1
        fi
    fi
    rm -f "$log"
}

apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$1" </dev/null; }

# Looks where the program looks.
has_fashion_mnist() {
    for folder in "${LOTTERY_DATA:+$LOTTERY_DATA/fashion-mnist}" \
        "${XDG_CACHE_HOME:-${HOME:-}/.cache}/lottery/fashion-mnist" /usr/share/datasets/fashion-mnist; do
        for file in "$folder"/*-ubyte "$folder"/*-ubyte.gz; do
            if [ -e "$file" ]; then return; fi
        done
    done
    return 1
}

# Fails where it is not here and cannot be installed without asking.
get_fashion_mnist() { has_fashion_mnist || { on_debian_as_root && install dataset-fashion-mnist; }; }

has_chromium() { [ -x "${LOTTERY_CHROMIUM:-/usr/bin/chromium}" ]; }

# For the tests of pages; fails where it is not here and cannot be installed without asking.
get_chromium() { has_chromium || { on_debian_as_root && install chromium; }; }

has_slurm() { [ -x /usr/sbin/slurmctld ] && [ -x /usr/sbin/slurmd ] && [ -x /usr/sbin/munged ]; }

# For the tests of studies on a cluster, which start daemons of their own; fails where it is not here and cannot be installed without asking.
get_slurm() { has_slurm || { on_debian_as_root && install munge && install slurm-wlm; }; }

# The emulator of kernels takes any C++ compiler.
has_compiler() { command -v clang++ >/dev/null 2>&1 || command -v clang++-14 >/dev/null 2>&1 || command -v g++ >/dev/null 2>&1; }

# For the tests of a card's kernels, which are compiled for this processor; fails where it is not here and cannot be installed without asking.
get_compiler() { has_compiler || { on_debian_as_root && install clang; }; }

# What NativeAOT links with.
has_native() { { command -v clang || command -v gcc; } >/dev/null 2>&1 && { [ "$(uname -s)" = Darwin ] || [ -e /usr/include/zlib.h ]; }; }

# For native programs; fails where it is not here and cannot be installed without asking.
get_native() { has_native || { on_debian_as_root && install clang && install zlib1g-dev; }; }
