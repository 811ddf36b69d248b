#!/usr/bin/env bash
# The screen in both READMEs is what `status` prints for the example city.
#   tools/readme_screen.sh FANGDING CITY          compare (exit 1 when it differs)
#   tools/readme_screen.sh FANGDING CITY --write  put the present screen in
set -euo pipefail
cd "$(dirname "$0")/.."
fangding=$1 city=$2
screen=$(mktemp)
trap 'rm -f "$screen" "$screen.new"' EXIT
# The snapshot line changes with every definition; the path is the reader's.
"$fangding" status --city "$city" | grep -vE '^   (快照|下一步) ' >"$screen"
for readme in README.md README.zh-CN.md; do
    awk -v screen="$screen" '
        /^<!-- \/screen -->$/ { inside = 0 }
        !inside { print }
        /^<!-- screen -->$/ { inside = 1; print "```"; while ((getline line < screen) > 0) print line; close(screen); print "```" }
    ' "$readme" >"$screen.new"
    if [ "${3:-}" = --write ]; then cp "$screen.new" "$readme"
    elif ! diff -u "$readme" "$screen.new"; then echo "$readme: the screen is not what status prints" >&2; exit 1; fi
done
