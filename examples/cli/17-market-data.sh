#!/bin/sh
# Fans market data out: two lines carry the same packets, consumers get each packet once. In a lab as 17-market-data.ps1 says.
# Usage: 17-market-data.sh [FROM] [TO]...
set -eu
from="${1:-eth*}"
[ $# -gt 0 ] && shift
[ $# -gt 0 ] || set -- lan1 lan2 wan0
trap 'netmod relay rule remove example-market-data' EXIT
outputs=''
for to in "$@"; do
    outputs="$outputs --to $to,destination=239.3.9.1,dscp=46,ttl=4"
done
# shellcheck disable=SC2086 # one word per output
netmod relay rule add example-market-data --interface "$from" --group 239.1.9.1 --port 9000 --allow 10.1.0.0/24 \
    --duplicates suppress --analyze-sequence on $outputs
netmod relay rule list example-market-data --details
netmod relay workers
netmod relay rule set example-market-data --duplicates standby --standby-after 50ms --what-if
netmod relay trace example-market-data --max-packets 20 --duration 2s
netmod relay statistics example-market-data
netmod relay statistics example-market-data --reset
