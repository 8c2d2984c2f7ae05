#!/usr/bin/env bash
# Installs what the tests use, builds the solution, runs the test projects, and fuzzes each target for some seconds.
# ./test.sh Tests PackageTests runs only those two; ./test.sh fuzz only fuzzes.
# The last line of the output adds them up: "N passed, N failed" (", N skipped"). The exit code is 0 only when everything passed.
#
# CHROME_PATH        a Chromium or Chrome to use instead of the one on PATH or the distribution's
# PYTHON_PATH        a Python with the websockets package to use instead
# TEST_TIME_LIMIT    seconds that one test project may take, 600 unless set

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

configuration=Release
prefix=Waffle.WebSockets.
time_limit=${TEST_TIME_LIMIT:-600}
node_folder=tests/Waffle.WebSockets.Tests/Interop/node
passed=0 failed=0 skipped=0

finish() {
    local line="$passed passed, $failed failed"
    if ((skipped > 0)); then
        line+=", $skipped skipped"
    fi
    printf '\n%s\n' "$line"
    ((failed == 0)) || exit 1
    exit 0
}

fail() { # what went wrong outside of any test counts as one failure
    printf 'FAILED: %s\n' "$1"
    failed=$((failed + 1))
}

# Chromium, Node.js, Python with its websockets package, nginx, Redis, NATS, the tool ip, and what Native AOT links with

find_chrome() {
    if [[ -n ${CHROME_PATH:-} && -x $CHROME_PATH ]]; then
        echo "$CHROME_PATH"
    else
        command -v chromium || command -v google-chrome
    fi
}

find_python() { # the distribution's package is for the distribution's own Python, which need not be the first on PATH
    local python
    for python in ${PYTHON_PATH:+"$PYTHON_PATH"} python3 /usr/bin/python3; do
        if "$python" -c 'import websockets' 2>/dev/null; then
            command -v "$python"
            return
        fi
    done
    return 1
}

install_packages() {
    local as_root=()
    if ((EUID != 0)); then
        if ! sudo -n true 2>/dev/null; then
            echo "Missing packages: $*. Install them, or run this script as root or with a sudo that asks for no password."
            exit 1
        fi
        as_root=(sudo -n)
    fi
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@"
}

missing=()
find_chrome >/dev/null || missing+=(chromium)
command -v node >/dev/null || missing+=(nodejs)
command -v npm >/dev/null || missing+=(npm)
find_python >/dev/null || missing+=(python3-websockets)
command -v nginx >/dev/null || [[ -x /usr/sbin/nginx ]] || missing+=(nginx-light)
command -v redis-server >/dev/null || missing+=(redis-server)
command -v nats-server >/dev/null || [[ -x /usr/sbin/nats-server ]] || missing+=(nats-server)
command -v ip >/dev/null || [[ -x /usr/sbin/ip ]] || missing+=(iproute2)
command -v gcc >/dev/null || missing+=(gcc libc6-dev)
[[ -e /usr/include/zlib.h ]] || missing+=(zlib1g-dev)
if ((${#missing[@]} > 0)); then
    install_packages "${missing[@]}"
fi

CHROME_PATH=$(find_chrome)
PYTHON_PATH=$(find_python)
export CHROME_PATH PYTHON_PATH

# The projects to run: all, or those that were named

projects=()
fuzz=no
if (($# > 0)); then
    for name in "$@"; do
        if [[ $name == fuzz ]]; then
            fuzz=yes
            continue
        fi
        project=tests/$prefix${name#"$prefix"}
        if [[ $project != *Tests || ! -d $project ]]; then
            echo "There is no test project $name."
            exit 1
        fi
        projects+=("$project")
    done
else
    projects=(tests/*Tests)
    fuzz=yes
fi

# Build

if ! npm ci --prefix "$node_folder" --no-audit --no-fund --ignore-scripts </dev/null; then
    fail "npm ci in $node_folder"
    finish
fi

build_targets=(Waffle.WebSockets.slnx)
if (($# > 0)); then
    build_targets=("${projects[@]}")
fi

for target in "${build_targets[@]}"; do
    if ! dotnet build "$target" -c "$configuration" -v quiet -nologo </dev/null; then
        fail "the build of $target"
        finish
    fi
done

# Run

reports=$(mktemp -d)
trap 'rm -rf "$reports"' EXIT

count() { # count NAME REPORT: a number that the report's <assembly> element states, 0 if there is no report
    local number
    number=$({ grep -o '<assembly [^>]*>' "$2" || true; } | sed -n "1s/.* $1=\"\([0-9]*\)\".*/\1/p")
    echo "${number:-0}"
}

run_project() { # run_project FOLDER [LABEL]
    local project=$1 name report code=0 project_failed
    name=$(basename "$project")${2:+.$2}
    report=$reports/$name.xml
    printf '\n%s\n' "=== $name"

    timeout --kill-after=10 "$time_limit" dotnet run --no-build -c "$configuration" --project "$project" -- \
        --no-ansi --progress off --zero-tests-policy strict --xunit-diagnostics on --long-running 60 \
        --results-directory "$reports" --report-xunit-xml --report-xunit-xml-filename "$name.xml" </dev/null || code=$?

    touch "$report"
    project_failed=$(($(count failed "$report") + $(count errors "$report")))
    passed=$((passed + $(count passed "$report")))
    skipped=$((skipped + $(count skipped "$report")))
    failed=$((failed + project_failed))

    case $code in
        0) [[ -s $report ]] || fail "$name wrote no report" ;;
        8) fail "$name ran no tests" ;;
        124 | 137) fail "$name was still running after $time_limit seconds" ;;
        *) ((project_failed > 0)) || fail "$name ended with exit code $code" ;;
    esac
}

run_fuzz() { # each target counts as one test
    local log=$reports/fuzz.log code=0 targets_failed
    printf '\n%s\n' "=== fuzz"
    timeout --kill-after=10 "$time_limit" ./fuzz.sh smoke </dev/null 2>&1 | tee "$log" || code=$?
    targets_failed=$(grep -c '^FAILED ' "$log" || true)
    passed=$((passed + $(grep -c '^ok ' "$log" || true)))
    failed=$((failed + targets_failed))
    ((code == 0 || targets_failed > 0)) || fail "fuzz.sh ended with exit code $code"
}

# What a server sends takes one of two ways: straight into the socket, or through the server's pipe. Both are tested.
for project in "${projects[@]}"; do
    run_project "$project"
    case $project in
        */"$prefix"Tests | */"$prefix"ConformanceTests) WebSockets__DirectSocket=false run_project "$project" pipe ;;
    esac
done
if [[ $fuzz == yes ]]; then
    run_fuzz
fi

finish
