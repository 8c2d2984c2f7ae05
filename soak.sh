#!/usr/bin/env bash
# Lets good, stalled and hostile clients come and go at a server, for as long as you say, and looks for what is left of them. Linux.
# ./soak.sh 30 takes half an hour; ./soak.sh without arguments tells the options. Ctrl-C ends it early, with the summary.
# The exit code is 0 only when nobody was disturbed who kept to the rules, and nothing is left.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

dotnet build tests/Waffle.WebSockets.Soak -c Release -v quiet -nologo </dev/null
exec dotnet tests/Waffle.WebSockets.Soak/bin/Release/net10.0/Waffle.WebSockets.Soak.dll "$@"
