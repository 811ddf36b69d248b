#!/usr/bin/env bash
# House rules that a grep can hold: floors, lengths, READMEs, SQL built from text, words left open.
set -u
cd "$(dirname "$0")/.."
bad=0
complain() { echo "$1"; bad=1; }

# Floors: an engine or a ground floor reaches no store, no verb, no face.
engines="base table io ding solve returns measure analysis policy disclosure industry innovation green service plan example"
for room in $engines; do
    [ -d "src/$room" ] || continue
    hits=$(grep -rnE '#include *"(store|app|http|cli|report)/' "src/$room") && complain "reaches up: $hits"
done
for leg in industry innovation green service; do
    for other in industry innovation green service; do
        [ "$leg" = "$other" ] || [ ! -d "src/$leg" ] && continue
        hits=$(grep -rnE "#include *\"$other/" "src/$leg") && complain "a leg leans on another: $hits"
    done
done
# SQL only in the store, and never glued together from text.
hits=$(grep -rnlE '#include *[<"]sqlite3\.h' src | grep -v '^src/store/') && complain "SQL outside the store: $hits"
hits=$(grep -rnE '"(SELECT|INSERT|UPDATE|DELETE)[^"]*%s' src) && complain "SQL from text: $hits"
for file in $(git ls-files -co --exclude-standard 'src/*.c' 'src/*.h' 'include/*.h'); do
    n=$(wc -l <"$file")
    [ "$n" -le 900 ] || complain "long file ($n lines): $file"
done
for room in src/*/; do [ -f "${room}README.md" ] || complain "no README.md in $room"; done
hits=$(git grep -nIE 'TODO|FIXME|XXX' -- src include definitions) && complain "left open: $hits"
hits=$(git grep -nIE '\b(strcpy|strcat|sprintf|gets)\(' -- 'src/*.c') && complain "unbounded: $hits"
exit $bad
