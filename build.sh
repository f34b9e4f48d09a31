#!/usr/bin/env bash
# Front door for Linux: sees to what is needed, then hands over to build/Net.Build. `./build.sh help` lists the tasks.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

command -v dotnet > /dev/null || PATH="$HOME/.dotnet:/usr/share/dotnet:/usr/lib/dotnet:$PATH"
if ! dotnet --list-sdks 2> /dev/null | grep -q '^10\.'; then
  echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download/dotnet/10.0 (or dotnet-install.sh --channel 10.0)" >&2
  exit 1
fi

case "${1:-help}" in
  demo | run | install) ./build/install-packages.sh runtime ;;
  test | soak) ./build/install-packages.sh runtime test ;;
  bench) ./build/install-packages.sh runtime test bench ;;
esac

tool=artifacts/bin/Net.Build/release/Net.Build.dll
if [ ! -f "$tool" ] || [ -n "$(find build/Net.Build Directory.*.* global.json -newer "$tool" -print -quit)" ]; then
  # Shown only when it fails: the tool's own lines are what matters.
  log="$(dotnet build build/Net.Build -c Release -nologo -v:q 2>&1)" || { echo "$log" >&2; exit 1; }
  touch "$tool"
fi
exec dotnet "$tool" "$@"
