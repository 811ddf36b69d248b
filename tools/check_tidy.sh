#!/usr/bin/env bash
# clang-tidy over every source of a configured build folder.
set -eu
cd "$(dirname "$0")/.."
git ls-files 'src/*.c' | xargs -P "$(nproc)" -n 8 clang-tidy --quiet -p "$1" --warnings-as-errors='*'
