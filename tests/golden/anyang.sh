#!/usr/bin/env bash
# The city of published figures: each comes out with its source; what has no data says so and is no zero.
#   tests/golden/anyang.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
city=$work/anyang.fangding
example=$root/examples/anyang

run new "$city" --example anyang
expect_rc 0
expect_err '5 个来表'

# ---- what was published, against the file it came from -------------------------------------------
# Figures of other places (the province, a township) are sent back with the reason, targets go to the
# register of promises; every other row comes out with its value, unit and source.
tabs "$example/公开数字.csv" | tr -d '\r' >"$work/given.tsv"
cut -f2 <(tabs "$example/县区.csv" | tr -d '\r') | tail -n +2 >"$work/places"
echo 全市 >>"$work/places"
awk -F'\t' 'NR == FNR { place[$1] = 1; next } FNR > 1 && $7 !~ /目标/ { s = $5; sub(/（.*/, "", s); if (!(s in place)) print $1 }' \
    "$work/places" "$work/given.tsv" | sort >"$work/elsewhere"
same 'figures of other places are sent back' "$(cat "$work/elsewhere")" \
    "$(tabs "$work/anyang-来表-退回/公开数字.退回.csv" | tr -d '\r' | tail -n +2 | cut -f1 | sort)"
same 'each with the reason' "$(wc -l <"$work/elsewhere")" "$(grep -c '范围不是本市或它的县区' "$work/anyang-来表-退回/公开数字.退回.csv")"
csv show figures
expect_line 'id,name,period,place,value,unit,marks,source,file,row'
# 1.5 万套 and 15000 套 are the same.
whole='function whole(v, u) { if (u ~ /^万/) v *= 10000; if (u ~ /^亿/) v *= 100000000; return sprintf("%.12g", v) }'
tabs "$work/.out" | awk -F'\t' "$whole"' NR > 1 { print $10 "\t" whole($5, $6) "\t" $8 }' | sort -n >"$work/shown.tsv"
awk -F'\t' "$whole"' NR == FNR { place[$1] = 1; next }
    FNR > 1 && $7 !~ /目标/ { s = $5; sub(/（.*/, "", s); if (s in place) print FNR "\t" whole($3, $4) "\t" $6 }' \
    "$work/places" "$work/given.tsv" >"$work/due.tsv"
same 'row, value and source of each figure' "$(cat "$work/due.tsv")" "$(cat "$work/shown.tsv")"
same 'no figure without a source' '' "$(awk -F'\t' '$3 == ""' "$work/shown.tsv")"
csv why sei_share
expect_match '^sei_share,.*,2018年,安阳市,4\.1,%,,.*习近平经济思想研究'
expect_match '^sei_share,.*,2024年,安阳市,13\.9,%,,.*习近平经济思想研究'
csv why rd_gdp
expect_match '^rd_gdp,.*,2024年,安阳市,2\.07,%,'
csv export facts
same 'nothing but published facts' '' "$(tabs "$work/.out" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["origin"] != "published"')"

# ---- the screen ----------------------------------------------------------------------------------
run status
expect_rc 0
expect_text anyang-status.txt '!/^   (快照|下一步) /'
expect '战新占规上      13.9%【公】'
expect '停产企业        缺数据'
expect '还没有月报'
expect_no 公·示
expect_no '【示】 '
same 'nothing computed from data there is none of' '' "$(printf '%s\n' "$out" | grep -E '(^| )[●▲○■].* 0(户|%|\.0)' || true)"
expect_match '战新占规上 +13\.9%【公】 较2018年\+9\.8点'
expect_match '高耗能占比 +55\.5%【公】 年份推定'
run status --lang en
expect_rc 0

# ---- no data is no zero --------------------------------------------------------------------------
csv measure sei_share
expect_rc 3
expect_err 没有数据
csv measure stopped_count
expect_rc 3
csv measure firm_count,value_added_total,stopped_count,division_count,rd_gdp --at 2024
expect_rc 0
same 'no number anywhere' '' "$(awk -F, 'NR > 1 && $3 != ""' "$work/.out")"
same 'and a state on each' '' "$(awk -F, 'NR > 1 && $5 !~ /缺报|不适用/' "$work/.out")"
csv growth value_added --from 2023 --to 2024 --by county
same 'no growth of nothing' '' "$(awk -F, 'NR > 1 { for (i = 3; i <= NF; i++) if ($i != "") print }' "$work/.out")"
csv publish va_county_chain --at 2024
same 'nothing to publish' '' "$(awk -F, 'NR > 1 && $3 ~ /[0-9]/' "$work/.out")"
csv export enterprises
expect_rows 0

# ---- promises, target, trace ---------------------------------------------------------------------
csv records promise
expect_rc 0
expect '原文为「2—3年时间」'
same 'promises listed' "$(tail -n +2 "$example/承诺登记.csv" | cut -d, -f1 | sort)" "$(tail -n +2 "$work/.out" | cut -d, -f1 | sort)"
same 'each with its sentence and source' '' "$(tabs "$work/.out" | awk -F'\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["sentence"] == "" || $at["reference"] == "" { print $1 }')"
run target emerging_30 --growth 5
expect_rc 0
expect_match '^2027 +3 +35\.7 +16\.2'
csv trace
expect_rows 105
run audit verify
expect_rc 0
close_tests
