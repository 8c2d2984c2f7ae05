#!/usr/bin/env bash
# Fuzzes the parsers: builds, instruments a copy of the library in artifacts/fuzz, and runs a target with input after input.
#
# ./fuzz.sh TARGET MINUTES        one target, or `all`: each for so long
# ./fuzz.sh smoke [SECONDS]       each target for some seconds, 7 unless said, with the same seed every time
# ./fuzz.sh list                  the targets
# ./fuzz.sh replay TARGET FILE    an input once more, with the library as it is shipped
# ./fuzz.sh distill TARGET        adds the best of what was found on this machine to fuzz/corpus
#
# Each target ends with a line "ok TARGET" or "FAILED TARGET". The exit code is 0 only when all are well.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

project=fuzz/Waffle.WebSockets.Fuzz
plain=$project/bin/Release/net10.0/Waffle.WebSockets.Fuzz.dll
instrumented_folder=artifacts/fuzz/bin
instrumented=$instrumented_folder/Waffle.WebSockets.Fuzz.dll

# What takes all memory fails a run, and not the machine: 1 GiB.
export DOTNET_GCHeapHardLimit=0x40000000

usage() {
    sed -n '3,12s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 2
}

build() {
    dotnet build "$project" -c Release -v quiet -nologo </dev/null
}

instrument() {
    build
    dotnet "$plain" instrument "$instrumented_folder"
}

failed=0
run() { # run TARGET SECONDS [SEED]
    local code=0
    dotnet "$instrumented" run "$@" || code=$?
    if ((code > 1)); then # the process itself ended: the input that did it is in a file
        dotnet "$plain" rescue "$1" || true
    fi
    if ((code == 0)); then
        echo "ok $1"
    else
        echo "FAILED $1"
        failed=1
    fi
}

case ${1:-} in
    list)
        build
        dotnet "$plain" list
        ;;
    replay)
        build
        dotnet "$plain" "$@"
        ;;
    distill)
        instrument
        dotnet "$instrumented" "$@"
        ;;
    smoke)
        instrument
        for target in $(dotnet "$plain" list); do
            run "$target" "${2:-7}" 1
        done
        ;;
    '' | -*) usage ;;
    *)
        (($# == 2)) || usage
        seconds=$(awk -v minutes="$2" 'BEGIN { print minutes * 60 }')
        instrument
        if [[ $1 == all ]]; then
            targets=$(dotnet "$plain" list)
        else
            targets=$1
        fi
        for target in $targets; do
            run "$target" "$seconds"
        done
        ;;
esac
exit "$failed"
