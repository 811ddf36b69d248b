#!/usr/bin/env bash
# Published cases: every command of tests/reference/commands.csv gives the expected file, row for row by the leading
# columns that tell rows apart (row by row in order where these are measured numbers), number for number within a tolerance.  Skipped where the shared cases are not there.
#   tests/golden/cases.sh FANGDING [CASES]
set -uo pipefail
fangding=$(realpath "$1")
here=$(cd "$(dirname "$0")/../.." && pwd)
cases=${2:-$here/../shared/cases}
[ -d "$cases" ] || { echo "no folder of shared cases"; exit 77; }
cases=$(cd "$cases" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
good=0 bad=0

# Tolerances are those of the cases' READMEs. Input–output: relative 1e-8, absolute 1e-10 of the largest number of the
# column; printed values of a manual: half a unit of their fourth decimal, and a little.
# Reflections lose digits by their nature: 18 steps shrink differences to 1e-7 of the values, and the published
# numbers carry that noise (1e-7); the state coefficient of a production function is where a sum of squares is lowest,
# and published to 1e-5. The GDP of the Kaya case was cut to 12 digits after its effects were computed: where GDP hardly
# moves (IRL 1999-2000, -1.494 of 11,000) its two effects differ by 1.5e-8, and exact arithmetic on the file's own numbers
# agrees with ours. Optima of programs 1e-6. Everything else agrees to the tolerance of the cases' README.
compare() { # EXPECTED GOT KIND
    awk -F, -v tolerance=1e-8 -v loose="mor18_z,d_affluence,d_carbon_intensity" -v looser="b_k" -v kind="$3" '
        function clean(s) { gsub(/^"|"$|\r/, "", s); return s }
        function number(s) { return s ~ /^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$/ }
        function key(k,   i, s) { if (ordered) return "|" (FNR - 1); s = ""; for (i = 1; i <= k; i++) s = s "|" clean($(at[i])); return s }
        FNR == NR {
            if (FNR == 1) { n = NF; for (i = 1; i <= n; i++) name[i] = clean($i); next }
            rows++
            for (i = 1; i <= n; i++) {
                e = expected[rows, i] = clean($i)
                if (number(e)) { if (e < 0) e = -e; if (e > largest[i]) largest[i] = e }
            }
            next
        }
        FNR == 1 {
            for (k = 1; k <= n; k++) {      # leading columns that tell the rows apart
                split("", seen); twice = 0
                for (r = 1; r <= rows; r++) { s = ""; for (i = 1; i <= k; i++) s = s "|" expected[r, i]; if (s in seen) twice++; seen[s] = r }
                if (!twice) break
            }
            if (k > n) k = n
            for (r = 1; r <= rows; r++) if (number(expected[r, 1]) && expected[r, 1] ~ /\./) ordered = 1
            if (ordered) k = 0
            for (i = 1; i <= NF; i++) column[clean($i)] = i
            for (i = 1; i <= n; i++) { if (!(name[i] in column)) { print "no column " name[i]; failed++ } at[i] = column[name[i]] }
            for (r = 1; r <= rows; r++) { s = ordered ? "|" r : ""; for (i = 1; i <= k; i++) s = s "|" expected[r, i]; want[s] = r }
            next
        }
        {
            s = key(k)
            if (!(s in want)) next
            r = want[s]; delete want[s]
            for (i = k + 1; i <= n; i++) {
                e = expected[r, i]; g = clean($(at[i])); compared++
                if (number(e) && number(g)) {
                    d = e - g; if (d < 0) d = -d; size = e < 0 ? -e : e; if (size < 1) size = 1
                    t = (index("," loose ",", "," name[i] ",") ? 1e-7 : index("," looser ",", "," name[i] ",") ? 1e-5 : tolerance) * size
                    if (kind == "io") { t = 1e-8 * (e < 0 ? -e : e); if (t < 1e-10 * largest[i]) t = 1e-10 * largest[i] }
                    if (kind == "published") t = 6e-5
                    if (kind == "lp") t = 1e-6 * size
                    if (d > t) { if (failed++ < 5) print s " " name[i] ": expected " e ", got " g }
                } else if (e != g) { if (failed++ < 5) print s " " name[i] ": expected " e ", got " g }
            }
        }
        END {
            for (s in want) { if (failed++ < 5) print "missing row " s }
            if (!compared) { print "nothing was compared"; failed++ }
            exit failed > 0
        }' "$1" "$2"
}

while IFS=, read -r case output command; do
    [ "$case" != case ] || continue
    folder=$cases/$case
    [ -d "$folder" ] || { echo "no case $case"; bad=$((bad + 1)); continue; }
    command=${command#\"} command=${command%\"} # quoted where it holds commas
    read -r -a words <<<"$command"
    words[0]=$fangding
    kind=${case%%/*}
    case $case in io/lp_*) kind=lp ;; esac
    [[ "$output" != published* ]] || kind=published
    expected=$folder/$output
    if [[ "$output" == *.gz ]]; then expected=$work/expected.csv; gzip -dc "$folder/$output" >"$expected"; fi
    if (cd "$folder" && "${words[@]}") >"$work/got.csv" 2>"$work/err" && compare "$expected" "$work/got.csv" "$kind"; then
        good=$((good + 1))
    else
        echo "FAIL $case/$output: $command"; head -3 "$work/err"; bad=$((bad + 1))
    fi
done <"$here/tests/reference/commands.csv"
echo "$good cases good, $bad bad"
[ $bad -eq 0 ] && [ $good -gt 0 ]
