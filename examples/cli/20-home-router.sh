#!/bin/sh
# A home router: zones, default deny from outside, one shared address, a port forward. In a lab as 20-home-router.ps1 says.
# Usage: 20-home-router.sh [WAN] [LAN] [SERVER]
set -eu
wan="${1:-eth0}"
lan="${2:-lan0}"
server="${3:-192.168.1.10}"
clean() {
    netmod firewall profile set --enabled off
    netmod firewall forward remove 'example-*'
    netmod firewall zone remove 'example-*'
}
trap clean EXIT
netmod firewall zone add example-wan --interface "$wan" --masquerade on
netmod firewall zone add example-lan --interface "$lan" --inbound allow --forward-to example-wan
netmod firewall profile set --enabled on --confirm-within 2m
netmod config confirm
netmod firewall forward add example-web --port 80 --to-address "$server" --to-port 8080 --interface "$wan"
netmod firewall rule list --generated
netmod flow test 203.0.113.1 80 --source-address 203.0.113.2 --interface "$wan" --steps || true
netmod firewall stat
