#!/bin/sh
# The life of a network: its key and backup, an invitation, certificates, rotation and revocation. Usage: 14-membership.sh PASSPHRASE_FILE
set -eu
netmod overlay network add example-office
netmod overlay network export example-office example-office.netkey --passphrase-file "$1"
network=$(netmod overlay network list example-office --output json | sed -n 's/.*"publicKey": "\(.*\)".*/\1/p')
netmod overlay add example-office --listen-port 47901 --network-key "$network"

# On the other host: netmod overlay join --file invitation.txt
(umask 077 && netmod overlay invitation add example-office --valid-for 1h --needs-approval --group staff > invitation.txt)
netmod overlay join-request list example-office --pending

netmod overlay certificate list example-office
echo "to approve: netmod overlay join-request approve ID; to take a membership back: netmod overlay certificate revoke example-office SERIAL"
echo "a new key for this node, with the same address: netmod overlay identity rotate default"
