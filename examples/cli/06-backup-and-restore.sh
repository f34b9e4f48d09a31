#!/bin/sh
# Makes an encrypted backup of configuration and secrets and restores it. Usage: 06-backup-and-restore.sh PASSPHRASE_FILE
# Values of secrets and passphrases come from files or standard input, never from the command line, where others could see them.
set -eu
passphrase=$1
archive=$(mktemp -u)

printf 'not a good token' | netmod secret set example-token
netmod firewall add example-backup --action reject --protocol tcp --local-port 23
netmod config backup "$archive" --passphrase-file "$passphrase"

netmod firewall remove example-backup
netmod secret remove example-token

netmod config restore-backup "$archive" --passphrase-file "$passphrase" --comment 'restored from the backup'
netmod firewall list example-backup
netmod secret list
netmod config generations

netmod firewall remove example-backup
netmod secret remove example-token
rm "$archive"
