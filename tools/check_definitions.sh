#!/usr/bin/env bash
# Every shipped definition parses and checks; its canonical print parses to the same, and it is told
# in words, in both languages.
set -eu
fangding=$(realpath "$1")
cd "$(dirname "$0")/.."
"$fangding" ding check definitions
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0 n=0
for file in $(find definitions -name '*.ding' | sort); do
    "$fangding" ding format "$file" >"$work/zh.ding"
    "$fangding" ding format "$work/zh.ding" >"$work/again.ding"
    "$fangding" ding format "$work/zh.ding" --lang en >"$work/en.ding"
    "$fangding" ding format "$work/en.ding" --lang zh >"$work/back.ding"
    for other in again back; do
        cmp -s "$work/zh.ding" "$work/$other.ding" || { echo "$file: $other differs"; diff "$work/zh.ding" "$work/$other.ding" | head -10; bad=1; }
    done
    for lang in zh en; do
        "$fangding" ding explain "$file" --lang $lang >"$work/words" 2>"$work/error" && [ -s "$work/words" ] ||
            { echo "$file: not told in words ($lang)"; head -3 "$work/error"; bad=1; }
    done
    n=$((n + 1))
done
echo "$n files print and parse to the same"
[ $bad -eq 0 ] && [ $n -gt 0 ]
