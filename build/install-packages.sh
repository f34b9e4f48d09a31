#!/usr/bin/env bash
# Installs what is missing of build/packages.txt on Debian and its kin; elsewhere says what to install. Arguments: uses to install.
set -euo pipefail
list="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/packages.txt"

wanted=()
for use in "$@"; do
  while IFS= read -r name; do wanted+=("$name"); done < <(sed -nE "s/^([a-z0-9][a-z0-9.+-]*)[[:space:]]+#.*; ${use}\$/\1/p" "$list")
done
[ ${#wanted[@]} -gt 0 ] || exit 0

if ! command -v dpkg-query > /dev/null || ! command -v apt-get > /dev/null; then
  echo "This is not Debian; please see to it that these are there (named as in Debian): ${wanted[*]}"
  exit 0
fi

# Debian 12 has the QUIC library in its backports only, and headers that are too old beside it. Nothing else is ever taken from there: that suite's
# priority is below the others', so a package comes from it only when asked for by name.
release="$(sed -nE 's/^(ID|VERSION_ID)="?([a-z0-9.]+)"?$/\2/p' /etc/os-release 2> /dev/null | sort | tr '\n' ' ')"
comes_from_backports() { [ "$release" = "12 debian " ] && [[ "$1" == libngtcp2-* ]]; }

# Debian 12 has an older library of AES than 13, whose package needs nothing but a C library: it is taken as a file, by lists of its own, so that the suite is not added to the host.
comes_from_trixie() { [ "$release" = "12 debian " ] && [ "$(dpkg --print-architecture)" = amd64 ] && [ "$1" = libipsec-mb2 ]; }

# Other systems have one of the two; the other is not missing there.
has_other_version() {
  local other
  case "$1" in libipsec-mb1) other=libipsec-mb2 ;; libipsec-mb2) other=libipsec-mb1 ;; *) return 1 ;; esac
  [[ "$installed" == *" installed:$other "* ]] && ! comes_from_trixie "$1" && ! apt-cache policy "$1" 2> /dev/null | grep -q 'Candidate: [^(]'
}

# Status of all of them in one call; a package nobody knows prints nothing. Debian 13 has some libraries under a name with t64 behind it.
installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "${wanted[@]}" "${wanted[@]/%/t64}" 2> /dev/null || true)"
PATH="$PATH:/usr/sbin:/sbin"
missing=()
for name in "${wanted[@]}"; do
  if [[ "$installed" == *" installed:$name "* || "$installed" == *" installed:${name}t64 "* ]]; then
    comes_from_backports "$name" && dpkg --compare-versions "$(dpkg-query -W -f='${Version}' "$name")" lt 1.11 || continue
  fi
  # The programs may have come another way (Node.js from its makers brings its own npm and refuses Debian's).
  programs="$(sed -nE "s/^${name}[[:space:]]+#.*; provides ([^;]*);.*/\1/p" "$list")"
  absent="$programs"
  for program in $programs; do
    command -v "$program" > /dev/null && absent="${absent/$program/}"
  done
  [ -n "$programs" ] && [ -z "${absent// /}" ] && continue
  missing+=("$name")
done
[ ${#missing[@]} -gt 0 ] || exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if ! command -v sudo > /dev/null; then
    echo "Please install as root: apt-get install ${missing[*]}"
    exit 0
  fi
  # Without a terminal nobody can type a password.
  if [ -t 0 ]; then as_root=(sudo); else as_root=(sudo -n); fi
fi

apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" < /dev/null > /dev/null
}

mirror() {
  local uri
  uri="$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' 2> /dev/null | head -n 1)"
  echo "${uri:-http://deb.debian.org/debian}"
}

# Fetches a package of trixie, checked by Debian's keys as any other, into a folder; nothing of the host's package system changes.
fetch_from_trixie() {
  local options=(-qq -o "Dir::Etc::sourcelist=$2/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o "Dir::State::lists=$2/lists" -o "Dir::State::status=$2/status" -o "Dir::Cache=$2/cache" -o APT::Sandbox::User=root
    -o Acquire::Languages=none -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::Retries=2)
  mkdir -p "$2/lists/partial" "$2/cache/archives/partial"
  : > "$2/status"
  printf 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] %s trixie main\n' "$(mirror)" > "$2/sources.list"
  apt-get "${options[@]}" update > /dev/null && (cd "$2" && apt-get "${options[@]}" download "$1" > /dev/null)
}

# Once, and only where the suite is not there yet under whatever name.
add_backports() {
  grep -rqs bookworm-backports /etc/apt/sources.list /etc/apt/sources.list.d && return
  echo "add bookworm-backports to the package sources (for the QUIC library)"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "$(mirror)" \
    | "${as_root[@]}" tee /etc/apt/sources.list.d/bookworm-backports.sources > /dev/null
}

updated=no
for name in "${missing[@]}"; do
  if comes_from_backports "$name"; then
    add_backports || echo "the package sources could not be changed; what needs the QUIC library will say so"
    break
  fi
done

for name in "${missing[@]}"; do
  has_other_version "$name" && continue
  if comes_from_trixie "$name"; then
    echo "install $name ($(sed -nE "s/^${name}[[:space:]]+# ([^;]*);.*/\1/p" "$list"))"
    folder="$(mktemp -d)"
    { fetch_from_trixie "$name" "$folder" && apt install --no-install-recommends "$folder"/"$name"_*.deb && installed+="installed:$name "; } \
      || echo "$name could not be fetched from Debian 13 and installed; what needs it does without"
    rm -rf "$folder"
    continue
  fi
  if [ "$updated" = no ] && ! apt-cache policy "$name" 2> /dev/null | grep -q 'Candidate: [^(]'; then
    echo "update the package lists"
    apt update || echo "apt-get update failed; going on with the lists there are"
    updated=yes
  fi
  echo "install $name ($(sed -nE "s/^${name}[[:space:]]+# ([^;]*);.*/\1/p" "$list"))"
  source="$name"
  comes_from_backports "$name" && source="$name/bookworm-backports"
  if ! apt install --no-install-recommends "$source"; then
    if [ "$updated" = no ]; then
      echo "update the package lists"
      apt update || true
      updated=yes
    fi
    apt install --no-install-recommends "$source" || { echo "$name could not be installed; what needs it will say so"; continue; }
  fi
  installed+="installed:$name "
done
