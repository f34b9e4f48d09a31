#!/bin/sh
# Joins two sites by their gateways: run it on both, each with the other's key and network. The overlay is that of 11-two-laptops.sh.
# Usage: 12-site-to-site.sh PEER_KEY HOST:PORT LOCAL_NETWORK REMOTE_NETWORK
set -eu
netmod overlay peer add example-home branch --key "$1" --endpoint "$2" --subnet "$4"
netmod overlay route add example-home "$3"
netmod overlay set example-home --accept-routes on
netmod overlay policy add example-home example-sites --from "$3,$4" --to "$3,$4"
netmod overlay route list example-home
netmod overlay graph example-home
