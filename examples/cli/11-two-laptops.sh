#!/bin/sh
# Joins two hosts by an overlay: run it on both, each with the other's key and, on one side at least, its endpoint.
# Usage: 11-two-laptops.sh PEER_KEY [HOST:PORT]     The own key: netmod overlay identity list
set -eu
netmod overlay selftest
netmod overlay add example-home
netmod overlay show example-home
netmod overlay peer add example-home other --key "$1" ${2:+--endpoint "$2"}
netmod overlay policy add example-home out --from self
netmod overlay policy add example-home ssh --from other --to self --protocol tcp --port 22
netmod overlay peer list example-home
netmod overlay peer test example-home other --mtu || echo "no session yet: the reason is in the table"
echo "to remove it: netmod overlay remove example-home"
