# Shared by the golden tests: counting, and comparing with a line that says what differs.
good=0 bad=0
pass() { good=$((good + 1)); }
fail() { bad=$((bad + 1)); echo "FAIL $*"; }

# check_numbers NAME EXPECTED GOT TOLERANCE LEAST: both hold key columns and a number in the last; every key of EXPECTED
# must be in GOT with the same number within the relative tolerance, and there must be at least LEAST of them.
check_numbers() {
    local report
    if report=$(awk -F, -v tolerance="$4" -v least="$5" '
        { key = ""; for (i = 1; i < NF; i++) key = key "," $i }
        FNR == NR { expected[key] = $NF; keys++; next }
        key in expected {
            e = expected[key]; seen[key] = 1; n++
            d = e - $NF; if (d < 0) d = -d; size = e < 0 ? -e : e; if (size < 1e-9) size = 1
            if ($NF == "" || d > tolerance * size) { printf "  %s: recomputed %s, fangding %s\n", substr(key, 2), e, $NF; wrong++ }
        }
        END {
            for (k in expected) if (!(k in seen)) { printf "  %s: missing\n", substr(k, 2); wrong++ }
            if (n < least) { printf "  only %d numbers compared, %d wanted\n", n, least; wrong++ }
            printf "  %d numbers\n", n
            exit wrong > 0
        }' "$2" "$3"); then pass; echo "$1:$report"; else fail "$1"; echo "$report"; fi
}

# expect NAME PATTERN COMMAND…: the output (both streams) has a line that matches the extended regular expression.
expect() {
    local name=$1 pattern=$2 output
    shift 2
    output=$("$@" 2>&1) || true
    if grep -qE -- "$pattern" <<<"$output"; then pass; else fail "$name: no line matches: $pattern"; head -12 <<<"$output" | sed 's/^/  | /'; fi
}

# expect_status NAME STATUS COMMAND…
expect_status() {
    local name=$1 want=$2 status=0 output
    shift 2
    output=$("$@" 2>&1) || status=$?
    if [ $status -eq "$want" ]; then pass; else fail "$name: exit status $status, expected $want"; head -5 <<<"$output" | sed 's/^/  | /'; fi
}

# same_text NAME EXPECTED-FILE GOT-FILE
same_text() {
    if diff -u "$2" "$3" >/dev/null; then pass; else fail "$1"; diff -u "$2" "$3" | head -20; fi
}

finish() {
    echo "$good checks good, $bad bad"
    [ $bad -eq 0 ] && [ $good -gt 0 ]
}
