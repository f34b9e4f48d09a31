#!/bin/sh
# Limits SSH to one network. Not confirmed within the time, the change is taken back by itself.
# Usage: 04-safe-change-over-ssh.sh NETWORK [TIME] [PATH]    with PATH, a path that answers confirms; without, you do.
# Remove the rules later: netmod firewall remove example-ssh-block && netmod firewall remove example-ssh-allow
set -eu
network=$1
within=${2:-2m}

# Both rules in one transaction would need a file (see 10-configuration-as-code.sh). In this order nobody is shut out in between.
netmod firewall add example-ssh-allow --action allow --protocol tcp --local-port 22 --remote-address "$network"
netmod firewall add example-ssh-block --action block --protocol tcp --local-port 22 --confirm-within "$within"

if [ -n "${3:-}" ]; then
    netmod path test "$3" && netmod config confirm || netmod config restore
else
    printf 'Open a second SSH session. Does it work? (yes/no) '
    read -r answer
    if [ "$answer" = yes ]; then
        netmod config confirm
    else
        netmod config restore
    fi
fi
