#!/bin/sh
# Shows the ways out of this host, whether they work, and why one of them is in use. Changes nothing.
set -eu
netmod status
netmod path list
netmod path list --details
