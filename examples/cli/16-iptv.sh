#!/bin/sh
# Relays IPTV channels to two networks, each only while somebody watches. In a lab as 16-iptv.ps1 says.
# Usage: 16-iptv.sh [FROM] [TO1] [TO2]
set -eu
from="${1:-eth0}"
to1="${2:-lan1}"
to2="${3:-lan2}"
clean() {
    netmod relay rule remove 'example-channel-*'
    netmod relay settings set --querier ''
}
trap clean EXIT
netmod relay settings set --querier "$to1" --querier "$to2"
for number in 1 2 3; do
    netmod relay rule add "example-channel-$number" --interface "$from" --group "239.1.1.$number" --port 5000 \
        --to "$to1,pause" --to "$to2,destination=239.2.1.$number,ttl=4,pause"
done
netmod relay rule list 'example-channel-*'
netmod relay groups "$to1" "$to2" --role receiver
netmod relay rule disable example-channel-2
netmod relay rule enable example-channel-2
netmod relay statistics 'example-channel-*'
