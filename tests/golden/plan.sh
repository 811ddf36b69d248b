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

# ---- at once, and scenarios ----------------------------------------------------------------------
csv plan
cold=$(awk -F, 'NR > 1 && $1 ~ /^20/ { printf "%s%.6f", n++ ? " " : "", $2 }' "$work/.out")
run plan ask --short --format json
same 'asked at once it says the same' "$cold" \
    "$(tr '{' '\n' <"$work/.out" | sed -n 's/.*"year":20[0-9]*,"largest_share":\([0-9.]*\),.*/\1/p' | awk '{ printf "%s%.6f", n++ ? " " : "", $1 }')"
csv plan ask --slip HZ2023040=24
expect '本情景,2027,'
expect_match '^本情景,.*,-0\.[0-9]+$'
run plan save 一 --set finance+20%
expect_rc 0
printf 'limit,scope,year,value\nenergy,*,*,104\nslip,HZ2023040,,6\n' >"$work/change.csv"
run plan save 二 --file "$work/change.csv"
expect_rc 0
printf 'limit,scope,year,value\nenergy,*,*,many\n' >"$work/bad.csv"
run plan save 三 --file "$work/bad.csv"
expect_rc 3
csv plan compare 一,二
expect '能耗总量,'
expect '推迟 HZ2023040'
csv plan --saved 一
same 'a saved scenario is its changes' "$(csv plan --set finance+20%; cat "$work/.out")" "$(csv plan --saved 一; cat "$work/.out")"
run record move scenario 一 删除
expect_rc 3
run plan drop 一
expect_rc 0
csv plan scenarios
expect_no '一,'
run chain-scale E3 --about 康复
expect '里程碑'
expect '100 亿元,2028年'
expect '按环节认企业' # its scale is not the block's: both say so
run chain block rehab
expect 'chain-scale CHAIN --about'

# ---- one table of a report, whole plants, late scenarios -------------------------------------------
run plan report "$work/bridge.xlsx" --out bridge --set share=16
expect_rc 0
expect '从现值到规划'
expect_no '什么在卡脖子'
run plan export "$work/plan.mps" --out why
expect_err '没有选项 --out'
if command -v cbc >/dev/null; then
    run plan --out programme --lot 1 --seconds 60
    expect_rc 0
    expect '线性松弛的上限 26.21%'
fi

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
