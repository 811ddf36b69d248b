#!/usr/bin/env bash
# Fuzz every target for an equal share of the seconds given.  tools/fuzz.sh SECONDS
set -eu
cd "$(dirname "$0")/.."
cmake --preset fuzz >/dev/null
cmake --build build/fuzz -j "$(nproc)" >/dev/null
targets=$(find build/fuzz -maxdepth 1 -name 'fuzz_*' -type f -perm -u+x | sort)
share=$(($1 / $(echo "$targets" | wc -l)))
for target in $targets; do
    name=$(basename "$target")
    work=$(mktemp -d)
    "$target" -max_total_time="$share" -timeout=20 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/" "$work" "fuzz/corpus/$name"
    rm -rf "$work"
done
