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

# Status of all of them in one call; a package nobody knows prints nothing.
installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "${wanted[@]}" 2> /dev/null || true)"
PATH="$PATH:/usr/sbin:/sbin"
missing=()
for name in "${wanted[@]}"; do
  [[ "$installed" == *" installed:$name "* ]] && continue
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

updated=no
for name in "${missing[@]}"; do
  if [ "$updated" = no ] && ! apt-cache policy "$name" 2> /dev/null | grep -q 'Candidate: [^(]'; then
    echo "update the package lists"
    apt update || echo "apt-get update failed; going on with the lists there are"
    updated=yes
  fi
  echo "install $name ($(sed -nE "s/^${name}[[:space:]]+# ([^;]*);.*/\1/p" "$list"))"
  if ! apt install --no-install-recommends "$name"; then
    if [ "$updated" = no ]; then
      echo "update the package lists"
      apt update || true
      updated=yes
    fi
    apt install --no-install-recommends "$name" || echo "$name could not be installed; what needs it will say so"
  fi
done
