#!/usr/bin/env bash
# clang-format decides the layout.
set -eu
cd "$(dirname "$0")/.."
git ls-files -co --exclude-standard '*.c' '*.h' | xargs clang-format --dry-run -Werror
