#!/bin/sh
# What peers may reach: a rule, the question whether a connection would pass, and the audit log. Usage: 15-overlay-policy.sh OVERLAY PEER
set -eu
netmod overlay policy add "$1" example-web --from "$2" --to self --protocol tcp --port 80,443 --day monday,friday --start 08:00 --end 18:00 --time-zone Europe/Berlin
netmod overlay policy list "$1"
netmod overlay policy test "$1" "$2" self 443 || echo "not now"
netmod overlay set "$1" --policy-test "$2:self:tcp/23:deny"
netmod overlay audit "$1" --denied --newest 20
netmod overlay policy remove "$1" example-web
