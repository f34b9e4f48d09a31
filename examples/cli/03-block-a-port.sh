#!/bin/sh
# Blocks a port, looks at the counter, and removes the rule again.
set -eu
port=${1:-8080}
netmod firewall add "example-block-$port" --action reject --protocol tcp --local-port "$port" --what-if
netmod firewall add "example-block-$port" --action reject --protocol tcp --local-port "$port" --comment 'example 03'
netmod firewall set "example-block-$port" --action block --remote-address 192.0.2.0/24,2001:db8::/32
netmod firewall list 'example-*'
netmod firewall disable "example-block-$port"
netmod firewall enable "example-block-$port"
netmod firewall remove "example-block-$port"
