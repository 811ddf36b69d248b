#!/usr/bin/env bash
# Every shipped definition parses and checks; the canonical print parses to the same.
set -eu
fangding=$1
cd "$(dirname "$0")/.."
"$fangding" ding check definitions
