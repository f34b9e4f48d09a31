#!/bin/sh
# Keeps a route in the kernel, changes it, and takes it out again. Usage: 08-routes.sh NEXT_HOP
set -eu
netmod path route add example-lab --destination 198.18.0.0/15 --next-hop "$1" --metric 500 --what-if
netmod path route add example-lab --destination 198.18.0.0/15 --next-hop "$1" --metric 500
netmod path route set example-lab --metric 900
netmod path route list
netmod path route remove example-lab
