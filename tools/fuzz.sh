#!/usr/bin/env bash
# Fuzz every target for an equal share of the seconds given.  tools/fuzz.sh SECONDS
# What breaks a target is left in build/fuzz/ and named; the other targets still get their turn.
set -eu
cd "$(dirname "$0")/.."
seconds=${1:?seconds}
mkdir -p build/fuzz
if ! { cmake --preset fuzz && cmake --build build/fuzz -j "$(nproc)"; } >build/fuzz/build.log 2>&1; then tail -40 build/fuzz/build.log; exit 1; fi
mapfile -t targets < <(find build/fuzz -maxdepth 1 -name 'fuzz_*' -type f -perm -u+x | sort)
[ ${#targets[@]} -gt 0 ] || { echo "no fuzz targets"; exit 1; }
share=$((seconds / ${#targets[@]}))
[ "$share" -gt 0 ] || share=1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
for target in "${targets[@]}"; do
    name=$(basename "$target")
    mkdir "$work/$name"
    if "$target" -max_total_time="$share" -timeout=20 -rss_limit_mb=2048 -artifact_prefix="build/fuzz/" "$work/$name" "fuzz/corpus/$name" >"$work/$name.log" 2>&1; then
        echo "$name: $(grep -oE 'Done [0-9]+ runs in [0-9]+' "$work/$name.log" | tail -1) s, $(find "$work/$name" -type f | wc -l) new inputs"
    else
        echo "$name: broken"; tail -40 "$work/$name.log"; bad=$((bad + 1))
    fi
done
[ $bad -eq 0 ]
