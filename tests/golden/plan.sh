#!/usr/bin/env bash
# The plan on the example city: the base is the published share, and every answer stands.
#   tests/golden/plan.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
city=$work/huanzhou.fangding
run new "$city" --example huanzhou --months 1
expect_rc 0

# ---- the base ------------------------------------------------------------------------------------
csv plan --out path --nothing
expect_rc 0
same 'a year without changes has 13.9 %' '13.9 13.9 13.9 13.9 13.9 13.9' \
    "$(awk -F, 'NR > 1 && $1 { printf "%s%.9g", n++ ? " " : "", $4 }' "$work/.out")"
for role in industry statistics; do
    csv plan --out base --role $role
    same "the base of the role $role adds up" '640.000000 88.960000' \
        "$(awk -F, 'NR > 1 && $1 { v += $3; e += $4 } END { printf "%.6f %.6f", v, e }' "$work/.out")"
done

# ---- answers -------------------------------------------------------------------------------------
csv plan
same 'each year has its proof' '0' "$(awk -F, 'NR > 1 && $1 && $6 != "true"' "$work/.out" | wc -l)"
largest() { awk -F, -v y="$1" '$1 == y { printf "%.9f", $2 }' "$work/.out"; }
before=$(largest 2027)
csv plan --set 'finance+10%'
after=$(largest 2027)
awk -v a="$before" -v b="$after" 'BEGIN { exit !(b > a) }' && pass || fail "more investment gives no larger share: $before, $after"
csv plan --out compare --set share=24 --slip HZ2023040=12
same 'a late project moves the share' '1' "$(awk -F, '$1 == 2027 && $4 < -0.01' "$work/.out" | wc -l)"
expect_err '2027.'
csv plan --out why
expect 'share,'
same 'policies in the contradiction, all verified' '0' "$(awk -F, 'NR > 1 && $1 && $4 != "true"' "$work/.out" | wc -l)"
csv plan --out bridge --set share=20
same 'the bridge ends at the target' '20.000000 20.000000' \
    "$(awk -F, '$2 ~ /^(base|existing|retire|build|project|residual)$/ { sum += $6 } $2 == "plan" { end = $6 } END { printf "%.6f %.6f", sum, end }' "$work/.out")"
csv plan --out bridge
same 'and says what is missing where it cannot' '30.000000' \
    "$(awk -F, '$2 == "plan" || $2 == "gap" { sum += $6 } END { printf "%.6f", sum }' "$work/.out")"
csv plan --out programme --set share=20
expect 'build,'
expect 'project,'
csv plan --role viewer
expect_rc 3

# ---- another solver ------------------------------------------------------------------------------
run plan export "$work/plan.mps" --set share=20
expect_rc 0
csv lp "$work/plan.mps"
ours=$(awk -F, 'NR == 2 { printf "%.4f", $3 }' "$work/.out")
expect ',holds'
if command -v glpsol >/dev/null; then
    same 'glpsol finds the same optimum' "$ours" \
        "$(glpsol --freemps "$work/plan.mps" -o "$work/glp.txt" >/dev/null; awk '/^Objective:/ { printf "%.4f", $4 }' "$work/glp.txt")"
fi
close_tests
