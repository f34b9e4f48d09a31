#!/bin/sh
# Sends a multicast stream from one node of a lab and judges every packet in the other: loss, order, damage, latency.
# Builds the lab and takes it down again. Needs root, and no engine.
set -eu
lab=example-traffic
messages=$(mktemp)
netmod lab up pair --name "$lab"
trap 'netmod lab down "$lab"; rm -f "$messages"' EXIT
netmod lab exec "$lab" left -- ping -c 1 -w 5 10.1.0.2

# The receiver says that it listens; packets sent before would be lost.
netmod lab exec "$lab" right -- netmod traffic receive eth0=239.1.1.1:5000 --fail-on-loss --duration 20s 2> "$messages" &
receiver=$!
until grep -q listening "$messages"; do sleep 0.1; done
netmod lab exec "$lab" left -- netmod traffic send eth0 --to 239.1.1.1:5000 --rate 5000 --duration 2s

if wait "$receiver"; then
    echo 'every packet arrived once and intact'
else
    echo 'packets were lost, repeated or changed'
fi
