#!/usr/bin/env bash
# clang-tidy over every source of a configured build folder, or over the files named.
#   tools/check_tidy.sh BUILD [FILE…]
# One file a run: several in one confuse the analyser's knowledge of va_list.
set -eu
cd "$(dirname "$0")/.."
build=$1
shift
if [ $# -gt 0 ]; then printf '%s\n' "$@"; else git ls-files 'src/*.c'; fi |
    xargs -P "$(nproc)" -n 1 clang-tidy --quiet -p "$build" --warnings-as-errors='*'
