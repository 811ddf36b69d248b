# Shared by the golden tests: run fangding, compare, count.  Source it after setting fangding and city.
#   out, err, rc hold what the last run() printed and answered.
good=0 bad=0 out='' err='' rc=0
golden=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
unset FANGDING_CITY FANGDING_LANG
export NO_COLOR=1 LC_ALL=C.UTF-8

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

pass() { good=$((good + 1)); }
fail() { bad=$((bad + 1)); printf 'FAIL %s\n' "$*"; }

# run WORD…: the program on the city of the test.
run() {
    FANGDING_CITY=${city:-} "$fangding" "$@" >"$work/.out" 2>"$work/.err"
    rc=$?
    out=$(cat "$work/.out") err=$(cat "$work/.err")
    said="fangding $*"
}
csv() { run "$@" --format csv; }

expect_rc() { # CODE
    if [ "$rc" -eq "$1" ]; then pass; else fail "$said: exit $rc, expected $1: $(head -2 "$work/.err" | tr '\n' ' ')"; fi
}

# A whole line of the output is TEXT.
expect_line() {
    if grep -qxF -- "$1" "$work/.out"; then pass; else
        fail "$said: no line"; printf '    expected: %s\n' "$1"
        printf '    nearest:  %s\n' "$(grep -F -- "$(printf '%s' "$1" | cut -d, -f1-2)" "$work/.out" | head -1)"
    fi
}
# Some line of the output has TEXT in it; `expect_no` the contrary.
expect() { if grep -qF -- "$1" "$work/.out"; then pass; else fail "$said: nothing says: $1"; fi; }
expect_no() { if grep -qF -- "$1" "$work/.out"; then fail "$said: should not say: $(grep -F -m1 -- "$1" "$work/.out")"; else pass; fi; }
expect_match() { if grep -qE -- "$1" "$work/.out"; then pass; else fail "$said: nothing matches: $1"; fi; }
expect_err() { if grep -qF -- "$1" "$work/.err"; then pass; else fail "$said: the message should say: $1"; sed 's/^/    found: /' "$work/.err" | head -3; fi; }
expect_rows() { # N: lines under the header
    local n
    n=$(($(grep -c '' "$work/.out") - 1))
    if [ "$n" -eq "$1" ]; then pass; else fail "$said: $n rows, expected $1"; fi
}

# same NAME EXPECTED FOUND: two texts, the first line that differs is named.
same() {
    if [ "$2" = "$3" ]; then pass; return; fi
    fail "$1"
    diff <(printf '%s\n' "$2") <(printf '%s\n' "$3") | grep '^[<>]' | head -6 | sed 's/^</    expected:/; s/^>/    found:   /'
}
# same_text NAME FILE FOUND: the same with a text of tests/golden; GOLDEN_WRITE=1 writes it instead.
same_text() {
    if [ -n "${GOLDEN_WRITE:-}" ]; then printf '%s\n' "$3" >"$golden/$2"; fi
    same "$1 (tests/golden/$2)" "$(cat "$golden/$2")" "$3"
}
# expect_text FILE [awk program]: the output, perhaps filtered, is tests/golden/FILE to the letter.
expect_text() {
    local found
    found=$(if [ -n "${2:-}" ]; then awk "$2" "$work/.out"; else cat "$work/.out"; fi)
    if [ -n "${GOLDEN_WRITE:-}" ]; then printf '%s\n' "$found" >"$golden/$1"; fi
    if [ "$found" = "$(cat "$golden/$1")" ]; then pass; return; fi
    fail "$said: differs from tests/golden/$1"
    diff "$golden/$1" <(printf '%s\n' "$found") | grep -E '^([<>]|[0-9])' | head -8 | sed 's/^</    expected:/; s/^>/    found:   /; s/^\([0-9].*\)/    line \1/'
}

# A CSV file with plain commas inside quotes → one with tabs, so that awk can split it.
tabs() {
    awk '{
        line = $0; n = length(line); s = ""; quoted = 0
        for (i = 1; i <= n; i++) {
            c = substr(line, i, 1)
            if (c == "\"") { if (quoted && substr(line, i + 1, 1) == "\"") { s = s "\""; i++ } else quoted = !quoted }
            else if (c == "," && !quoted) s = s "\t"
            else s = s c
        }
        print s
    }' "$@"
}

close_tests() {
    echo "$good good, $bad bad"
    [ "$bad" -eq 0 ] && [ "$good" -gt 0 ]
}
