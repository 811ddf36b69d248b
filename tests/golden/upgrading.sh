#!/usr/bin/env bash
# Indices, the three factors, coupling, maturity and events on the example city, each worked out a second time.
#   tests/golden/upgrading.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
city=$work/huanzhou.fangding
run new "$city" --example huanzhou
expect_rc 0

# ---- trace ---------------------------------------------------------------------------------------
csv trace
for row in A1 A3 A4 A5 A6; do expect_match "^$row,.*●算出"; done

# ---- index city ----------------------------------------------------------------------------------
run index city
expect_rc 0
expect three_factors
csv index city new_quality --at 2024 --out cells
expect_rc 0
expect_rows 90
tabs "$work/.out" >"$work/cells.tsv"
csv index city new_quality --at 2024
expect_err '内河县最高'
tabs "$work/.out" >"$work/scores.tsv"
same 'cells add up to the scores' '' "$(awk -F'\t' '
    FNR == 1 { split("", at); for (i = 1; i <= NF; i++) at[$i] = i; next }
    NR == FNR { sum[$1] += $at["contribution"]; weight[$1] += $at["weight"]; next }
    { d = sum[$1] - $at["score"]; if (d > 1e-9 || d < -1e-9 || weight[$1] < 0.999999 || weight[$1] > 1.000001) print $1, d }' \
    "$work/cells.tsv" "$work/scores.tsv")"
# A cell is the indicator as measured, and its command opens it down to the return.
csv measure rd_intensity --at 2024 --by county
same 'the value of a cell is that of the indicator' "$(awk -F, '$2 == "990501" { printf "%.9f", $5 }' "$work/.out")" \
    "$(awk -F'\t' '$1 == "990501" && $4 == "rd_intensity" { printf "%.9f", $6 }' "$work/cells.tsv")"
command=$(awk -F'\t' '$1 == "990501" && $4 == "rd_intensity" { print $NF }' "$work/cells.tsv")
same 'the command below a cell' 'fangding why rd_intensity --at 2024 --county 990501' "$command"
run ${command#fangding }
expect_rc 0
expect 研发费用
csv index city new_quality --at 2024 --out change
same 'moves add up to the change of the score' '' "$(tabs "$work/.out" | awk -F'\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { before[$1] += $at["before"]; move[$1] += $at["move"]; upto[$1] = $at["upto"] }
    END { for (c in move) { d = before[c] + move[c] - upto[c]; if (d > 1e-9 || d < -1e-9) print c, d } }')"
csv index city new_quality --at 2024 --out sensitivity
expect_rows 9
run index city new_quality --at 2024
expect '熵权得分只在同一批里可比'
expect '示例和编辑模板'

# ---- weights frozen for a plan -------------------------------------------------------------------
unfrozen=$(awk -F'\t' '$1 == "990508" { print $4 }' "$work/scores.tsv")
run index freeze new_quality --today 2025-01-20
expect_rc 0
run index freeze new_quality --today 2025-01-21
expect_rc 3
expect_err '已冻结版本 1'
csv index city new_quality --at 2022 # another batch, the frozen weights
expect_rc 0
csv index city new_quality --at 2024 --out weights
same 'weights of the second batch are the frozen ones' "$(awk -F'\t' '$1 == "990501" && $4 == "rd_intensity" { printf "%.12g", $8 }' "$work/cells.tsv")" \
    "$(awk -F, '$1 == "rd_intensity" { printf "%.12g", $7 }' "$work/.out")"
run index city new_quality --at 2024
expect '权重冻结:版本 1,规划期 2021..2025'
run index city new_quality --at 2024 --method fixed
expect '试算:不是规划期内冻结的权重,不作数'
# A new edition: only with a reason; the old one stays in the history.
awk '/^指数 新质/ { take = 1 } /^指数 现代/ { take = 0 } take' "$root/definitions/indices.ding" |
    sed 's/^  版本 1/  替代 new_quality\n  版本 2/' >"$work/second.ding"
run define "$work/second.ding"
expect_rc 0
run index freeze new_quality --today 2025-02-01
expect_rc 3
expect_err -- '--reason'
run index freeze new_quality --today 2025-02-01 --reason '目录调整(示例)'
expect_rc 0
csv records index_weights
expect_rows 2
expect_match '^new_quality@1,停用'
expect_match '^new_quality@2,生效'
same 'the first score of 内河县 is that of the batch' yes "$(awk -v s="$unfrozen" 'BEGIN { print (s > 0.8 && s < 0.9) ? "yes" : s }')"

# ---- three factors, two systems ------------------------------------------------------------------
csv index city three_factors --at 2024
expect_rows 9
expect_match '^990508,内河县,2024,[0-9.]+,,.*劳动资料,缺 人均算力\(缺报\)'
same 'no score where a factor is missing' '' "$(tabs "$work/.out" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $1 == "990508" { print $at["combined"] $at["rank"] }')"
same 'combined by hand' '' "$(tabs "$work/.out" | awk -F'\t' '
    function abs(x) { return x < 0 ? -x : x }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["combined"] == "" { next }
    { a = $at["u_labour"]; b = $at["u_means"]; c = $at["u_objects"]; t = (a + b + c) / 3
      m = a > b ? a : b; m = m > c ? m : c
      C = sqrt((1 - (abs(a - b) + abs(a - c) + abs(b - c)) / 3) * sqrt(a * b * c / m / m / m))
      want = 0.8 * t + 0.2 * sqrt(C * t)
      if (abs(want - $at["combined"]) > 1e-9) print $1, want, $at["combined"] }')"
csv index city three_factors --at 2024 --out gaps
expect_rows 1
csv index couple new_quality modern_system --at 2024
expect_rows 9
same 'D by hand, its grade by tenths' '' "$(tabs "$work/.out" | awk -F'\t' '
    function abs(x) { return x < 0 ? -x : x }
    BEGIN { split("极度失调 严重失调 中度失调 轻度失调 濒临失调 勉强协调 初级协调 中级协调 良好协调 优质协调", grade, " ") }
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { a = $at["u_a"]; b = $at["u_b"]; t = (a + b) / 2; k = 2 * sqrt(a * b) / (a + b)
      C = sqrt((1 - abs(a - b)) * (a < b ? a / b : b / a)); d = sqrt(C * t)
      if (abs(sqrt(k * t) - $at["d_classic"]) > 1e-9 || abs(d - $at["d"]) > 1e-9 || grade[int(d * 10) + 1] != $at["grade"]) print $1 }')"
run index city nothing
expect_rc 3
expect_err 'three_factors'

# ---- maturity ------------------------------------------------------------------------------------
csv maturity city --out units --today 2024-12-31
tabs "$work/.out" >"$work/units.tsv"
expect_rows 191
csv export facts --item dispatch_output --at 2024-01..12
tabs "$work/.out" >"$work/output.tsv"
csv maturity city --by county --today 2024-12-31
same 'the roll-up is the mean weighted by output' "$(awk -F, '$1 == "合计" { printf "%.9f", $3 }' "$work/.out")" "$(awk -F'\t' '
    NR == FNR { if (FNR == 1) { for (i = 1; i <= NF; i++) at[$i] = i; next } if ($at["basis"] == "current") output[$at["code"]] = $at["value"]; next }
    FNR > 1 && $3 != "" && output[$1] != "" { s += output[$1] * $3; w += output[$1] } END { printf "%.9f", s / w }' "$work/output.tsv" "$work/units.tsv")"
coverage=$(awk -F, '$1 == "合计" { print $4 }' "$work/.out")
csv maturity city --by county --today 2025-12-31
same 'a year later less is known' yes "$(awk -F, -v c="$coverage" '$1 == "合计" { print ($4 < c) ? "yes" : $4 }' "$work/.out")"
csv maturity city --by chain --today 2027-11-30 # nearly all has expired: small groups go
same 'no group of fewer than three is shown' '' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && $6 < 3 && $3 != ""')"
expect ',primary'
csv maturity city --out directions
same 'four directions and their total, nine counties each' 40 "$(($(grep -c '' "$work/.out") - 1))"
csv maturity city --out priority --firm 洹西钢铁
expect_rows 1
expect_match ',raise,研发与专利 '
run maturity answer 洹西钢铁 Z9 3 --today 2024-12-31
expect_rc 3
run maturity answer 洹西钢铁 Z2 6 --today 2024-12-31
expect_rc 3
run maturity answer 洹西钢铁 Z2 4 --evidence 示例.pdf --today 2024-12-31
expect_rc 3
expect_err -- '--dated'
run maturity answer 洹西钢铁 Z2 4 --evidence 示例.pdf --dated 2024-11-01 --expires 2026-10-31 --today 2024-12-31
expect_rc 0
csv maturity city --out claims --firm 洹西钢铁 --today 2024-12-31
expect_match ',Z2,4,known,2026-10-31'

# ---- events --------------------------------------------------------------------------------------
csv event-study city
expect_rc 0
expect_match '^合计,36,36,36,.*,even$'
expect_err '看不出差别'
first=$out
csv event-study city
same 'the same each time' "$first" "$out"
csv event-study city --out events
expect_rows 36
for out_table in summary events path; do
    run event-study city --out $out_table --lang zh
    expect_no 导致
    run event-study city --out $out_table --lang en
    expect_no caused
done
run event-study city --metric sei_output # a statistical return
expect_rc 3
# A planted effect on plain files; without anybody alike only before and after are told.
awk 'BEGIN { srand(7); print "id,time,value,industry"
    for (u = 0; u < 40; u++) for (t = 2000; t < 2020; t++)
        printf "f%02d,%d,%.6f,%d\n", u, t, exp(3 + 0.01 * (u % 7) + 0.02 * (t - 2000) + 0.02 * (rand() - 0.5) + (u % 5 == 0 && t > 2009 ? 0.2 : 0)), 20 + u % 2 }' >"$work/panel.csv"
awk 'BEGIN { print "id,time,kind"; for (u = 0; u < 40; u += 5) printf "f%02d,2009,转型升级\n", u }' >"$work/events.csv"
city=
csv event-study "$work/panel.csv" --events "$work/events.csv" --window 4
expect_match '^合计,8,8,8,.*,higher$'
same 'the planted effect is found' yes "$(awk -F, '$1 == "合计" { print ($7 > 0.18 && $7 < 0.22 && $9 <= 0.01) ? "yes" : $7 " " $9 }' "$work/.out")"
grep -E '^(id|f00|f05)' "$work/panel.csv" >"$work/alone.csv"
csv event-study "$work/alone.csv" --events "$work/events.csv"
expect ',no_comparison'
expect_err '没有可比企业,只看得到前后变化'
close_tests
