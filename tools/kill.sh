#!/usr/bin/env bash
# Kill a writing process N times and look at the city file after each.  tools/kill.sh BUILD N
set -eu
"$1/store_kill" "$2"
