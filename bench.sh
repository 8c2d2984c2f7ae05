#!/usr/bin/env bash
# Measures our server and others side by side, and writes bench/results/load.md and load.json. Linux.
# ./bench.sh --quick takes about a minute when all is built, ./bench.sh an hour and more; ./bench.sh --help tells the options.
# What the servers are built with is installed if that can be done; a server that cannot be had is left out, and named with the reason.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

install_packages() { # as far as that goes: what is missing afterwards shows when the servers are built
    local as_root=()
    if ((EUID != 0)); then
        sudo -n true 2>/dev/null || return 0
        as_root=(sudo -n)
    fi
    "${as_root[@]}" apt-get update -q || true
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" || true
}

missing=()
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
[[ -e /usr/include/zlib.h ]] || missing+=(zlib1g-dev)
command -v taskset >/dev/null || missing+=(util-linux)
if ((${#missing[@]} > 0)); then
    install_packages "${missing[@]}"
fi

dotnet build bench/Load -c Release -v quiet -nologo </dev/null
exec dotnet bench/Load/bin/Release/net10.0/Load.dll "$@"
