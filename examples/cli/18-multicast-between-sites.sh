#!/bin/sh
# Carries a group over a network without multicast. Run it on both gateways; in the lab of examples/relay/lab.json these are gateway and branch.
# Usage: 18-multicast-between-sites.sh head|branch [HEAD_ADDRESS] [BRANCH_ADDRESS]
set -eu
site="${1:-head}"
head="${2:-192.0.2.1}"
branch="${3:-192.0.2.2}"
trap 'netmod relay rule remove "example-site-$site"' EXIT
if [ "$site" = head ]; then
    netmod relay rule add example-site-head --interface eth0 --group 239.1.1.1 --port 5000 \
        --to "wan0,destination=$branch,port=15000,source=interface,ttl=64,bit-rate=50000000,oversize=fragment" --confirm-within 1m
else
    netmod relay rule add example-site-branch --interface wan0 --group "$branch" --port 15000 --allow "$head" \
        --to "lan0,destination=239.1.1.1,port=5000,source=interface,ttl=1" --confirm-within 1m
fi
netmod config confirm
netmod relay rule list "example-site-$site" --details
netmod relay groups
netmod relay statistics "example-site-$site"
