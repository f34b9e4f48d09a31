#!/bin/sh
# Sends all other traffic of this host through a peer, and takes that back by itself unless the way out works. Usage: 13-exit-node.sh PEER
# On the exit node itself: netmod overlay route add example-home 0.0.0.0/0 --masquerade, and a rule that allows it.
set -eu
netmod overlay peer set example-home "$1" --exit-node on
netmod overlay set example-home --exit-node "$1" --kill-switch on --what-if
netmod overlay set example-home --exit-node "$1" --kill-switch on --confirm-within 30s
if ping -c 2 -W 2 1.1.1.1 > /dev/null; then
    netmod config confirm
else
    netmod config restore
fi
