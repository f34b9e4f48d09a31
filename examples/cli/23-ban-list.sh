#!/bin/sh
# A ban list that a rule and you fill. Usage: 23-ban-list.sh [ADDRESS]
set -eu
offender="${1:-198.51.100.7}"
clean() {
    netmod firewall rule remove 'example-*'
    netmod firewall address-list remove 'example-*'
}
trap clean EXIT
netmod firewall address-list add example-banned --dynamic on --timeout 10m
netmod firewall rule add example-banned --action block --remote-address-list example-banned --position 1
netmod firewall rule add example-ssh-guard --action block --protocol tcp --local-port 22 --connection-state new \
    --rate-limit 10/minute --rate-per-source on --above-rate on --add-source-to example-banned --after example-banned
netmod firewall address-list put example-banned "$offender" --timeout 1h
netmod firewall address-list entries example-banned
netmod flow test 127.0.0.1 22 --source-address "$offender" --direction inbound || true
netmod firewall address-list take example-banned "$offender"
