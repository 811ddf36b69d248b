#!/usr/bin/env bash
set -eu
cd "$(dirname "$0")/.."
cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 -j "$(nproc)" \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches -Iinclude -Isrc -DFD_VERSION='"x"' src
