#!/bin/sh
# Shows what happened, then follows what happens until Ctrl+C. Changes nothing.
set -eu
netmod events --newest 10
netmod events --watch --area paths,firewall
