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

# Once, and only where the suite is not there yet under whatever name.
add_backports() {
  grep -rqs bookworm-backports /etc/apt/sources.list /etc/apt/sources.list.d && return
  local mirror
  mirror="$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' 2> /dev/null | head -n 1)"
  echo "add bookworm-backports to the package sources (for the QUIC library)"
  printf 'Types: deb\nURIs: %s\nSuites: bookworm-backports\nComponents: main\nSigned-By: /usr/share/keyrings/debian-archive-keyring.gpg\n' "${mirror:-http://deb.debian.org/debian}" \
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
    apt install --no-install-recommends "$source" || echo "$name could not be installed; what needs it will say so"
  fi
done
