#!/bin/sh
# Measures every path at once; then asks for a yes or no, which is the exit code. Changes nothing.
set -eu
netmod path measure --count 20 --interval 20ms
if netmod path test; then
    echo 'every path answers'
else
    echo 'a path does not answer'
fi
