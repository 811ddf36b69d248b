#!/usr/bin/env bash
# The example city from the command line: imported from files as they arrive, asked everything.
#   tests/golden/huanzhou.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
city=$work/huanzhou.fangding
returns=$work/huanzhou-来表

# ---- import --------------------------------------------------------------------------------------
run new "$city" --example huanzhou
expect_rc 0
expect_err '377 个来表'
expect_err '退 147 行'
csv show '洹西钢铁有限公司(示例)'
firm=$(awk -F, '$1 == "代码" { print $3 }' "$work/.out")
[ ${#firm} -eq 18 ] && pass || fail "no credit code for 洹西钢铁: $out"

# Once more into an empty city, to see the findings.
first=$city
city=$work/second.fangding
run new "$city" --name 洹州市 --code 990500
expect_rc 0
csv import "$returns"
expect_rc 1 # a file was sent back whole
awk '/^$/ { part++; next } part == 0' "$work/.out" >"$work/files.csv"
awk '/^$/ { part++; next } part == 1' "$work/.out" | tabs >"$work/findings.tsv"
same_text "kinds of files, encodings, states, rows" huanzhou-files.txt \
    "$(awk -F, 'NR > 1 { k = $2 " " $4 " " $9; n[k]++; a[k] += $6; r[k] += $7 } END { for (k in n) print k, n[k], a[k], r[k] }' "$work/files.csv" | LC_ALL=C sort)"

# Every planted error is found, and nothing but planted errors.  Near names that differ by one
# character are no errors: they are compared here again.  awk may count bytes, so a character is three.
tabs "$returns/.预置差错.csv" | tr -d '\r' | tail -n +2 >"$work/planted.tsv"
near() { awk -F'\t' '$5 == "near-name"' "$work/findings.tsv"; }
same 'names that are equal' '1' "$(near | grep -c '名称与另一主体相同')"
same 'both codes of the equal names' "$(awk -F'\t' '$4 == "重名" { print $2 }' "$work/planted.tsv" | sort)" \
    "$(near | awk -F'\t' '/名称与另一主体相同/ { print $8 " " $9 }' | grep -oE '9199[0-9A-Z]{14}' | sort -u)"
same 'near names that are not near' '' "$(near | awk -F'\t' '
    function fold(s) { sub(/^[^ ]* /, "", s); gsub(/有限责任公司/, "有限公司", s); return s }
    !/名称与另一主体相同/ {
        a = fold($8); b = fold($9); n = length(a); m = length(b)
        for (p = 0; p < n && substr(a, p + 1, 1) == substr(b, p + 1, 1);) p++
        for (q = 0; q < n - p && q < m - p && substr(a, n - q, 1) == substr(b, m - q, 1);) q++
        if (n - p - q > 3 || m - p - q > 3 || (n - p - q == 0 && m - p - q == 0)) print $3 ": " a " / " b
    }')"
same_text 'findings by file and rule' huanzhou-findings.txt \
    "$(awk -F'\t' 'NR > 1 && $5 != "near-name" { print $1, $5, $6 }' "$work/findings.tsv" | LC_ALL=C sort | uniq -c | sed 's/^ *//' | LC_ALL=C sort)"
# The same from the list of what was planted: cells in doubt and returns missing, code by code.
planted() { awk -F'\t' -v what="$1" '$1 ~ /2024-12/ && index($4, what) { print $2 }' "$work/planted.tsv" | sort; }
doubtful() { awk -F'\t' '$9 == "in doubt" { print $5 }' | sort; }
csv export facts --item dispatch_output --at 2024-12
same 'output without power, in doubt' "$(planted 有产值无用电)" "$(tabs "$work/.out" | doubtful)"
csv export facts --item orders --at 2024-01..12
same 'orders ×10, in doubt' "$(planted 单位疑似千元)" "$(tabs "$work/.out" | doubtful)"
tabs "$work/.out" | awk -F'\t' 'NR > 1 { print $5 }' | sort >"$work/reported"
csv export enterprises --at 2024
tabs "$work/.out" | awk -F'\t' 'NR > 1 && $2 == "是" { print $1 }' | sort >"$work/due"
same 'missing returns' "$(planted 缺报)" "$(comm -23 "$work/due" "$work/reported")"
csv export facts --item dispatch_output --at 2024-08
same 'the row with damaged bytes' "$(awk -F'\t' '$4 == "行内字节损坏" { print $2 }' "$work/planted.tsv")" \
    "$(comm -23 "$work/due" <(tabs "$work/.out" | awk -F'\t' 'NR > 1 { print $5 }' | sort))"
csv export facts --item dispatch_output --at 2024-10
same 'nothing of the file in thousands was taken' '0' "$(grep -c '重点企业调度表_内河县' "$work/.out" || true)"
csv import "$returns"
same 'the same again changes nothing' '0' "$(awk -F, '/^$/ { exit } NR > 1 { n += $6 } END { print n + 0 }' "$work/.out")"

# What is sent back: the sender's own format and encoding, with the reason in a last column.
back=$work/huanzhou-来表-退回
head -1 "$back/月报/2024-08/重点企业调度表_滑台县.退回.csv" | iconv -f GB18030 -t UTF-8 >"$work/.out" || true
said='the returned CSV, in the encoding of its sender'
expect 统一社会信用代码
expect 退回原因
same 'files sent back' "$(printf '%s\n' 年报/2024年能源205-1.退回.xlsx 月报/2024-08/重点企业调度表_滑台县.退回.csv | sort)" \
    "$(cd "$back" && find . -type f | sed 's/^\.\///' | sort)"
city=$first

# ---- status --------------------------------------------------------------------------------------
run status
expect_rc 0
expect '应报1180户 已报1171 缺9 待核12'
expect '催报 9户:汤源县2户、内河县3户、滑台县4户'
expect '停产走访 11 户(限产4、无订单3、检修2、搬迁1、破产1)'
expect '若规上年均增5%,战新年均需 2026年54.3% | 2027年35.7% | 2028年27.3%'
expect '按10.5%不变,2027年约16.2%'
expect '13.9% + 85.8% = 99.7%'
expect '企业统计原始资料:本角色不可见(统计法)'
expect_text huanzhou-status.txt '!/^   (快照|下一步) /'
for value in 13.9 10.5 42.6 85.8 55.5 2.07; do
    expect_match "${value}%【公·示】 +${value}%【算·示】"
done
"$root/tools/readme_screen.sh" "$fangding" "$city" >"$work/.out" 2>&1 && pass || fail "the screen in the READMEs: $(tail -1 "$work/.out")"
csv status
expect_rc 0
run status --format json
same 'status as JSON is one document' 'valid' "$(sqlite3 :memory: "select case json_valid(readfile('$work/.out')) when 1 then 'valid' else 'not valid' end")"
run status --lang en
expect_rc 0

# ---- target --------------------------------------------------------------------------------------
run target emerging_30 --growth 5
expect_rc 0
expect_text huanzhou-target.txt
run target emerging_30 --growth 6
expect '总量年均增长 6%'
run target
expect emerging_30

# ---- measure -------------------------------------------------------------------------------------
csv measure sei_share --from 2018 --to 2024
expect_line 'indicator,period,value,unit,state,n'
expect_rows 7
expect_match '^sei_share,2018,4\.0999[0-9]*,%,,1137$'
expect_line 'sei_share,2024,13.9,%,,1180'
csv measure sei_share,high_energy_share --at 2024 --by county
expect_line 'indicator,county,county_name,period,value,unit,state,n,suppressed'
expect_rows 18
expect_line 'high_energy_share,990504,鼎北区,2024,,%,缺报,,primary'
expect_match '^high_energy_share,990501,洹东区,2024,,%,缺报,,secondary$'
csv measure high_energy_share --at 2024 --by county --role 统计
expect_match '^high_energy_share,990504,鼎北区,2024,10\.8'
# What is hidden depends neither on the table nor on the order of its dimensions.
hidden_of() { awk -F'\t' -v a="$1" -v b="$2" '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["suppressed"] != "" && $at[a] != "residual" { print $at[a] (b == "" ? "" : " " $at[b]) }' | sort; }
for by in county chain division industry; do
    for year in 2023 2024; do
        csv measure value_added_total --by $by --at $year
        tabs "$work/.out" | hidden_of $by ''
    done | sort -u >"$work/hidden"
    csv growth value_added_total --by $by --from 2023 --to 2024
    same "hidden by $by, in growth as in the levels of both years" "$(cat "$work/hidden")" \
        "$(tabs "$work/.out" | hidden_of part '')"
done
[ "$(wc -l <"$work/hidden")" -ge 4 ] && pass || fail "few classes of industry are hidden: $(cat "$work/hidden")"
csv measure value_added_total --by county,industry --at 2024
tabs "$work/.out" | hidden_of county industry >"$work/hidden"
csv measure value_added_total --by industry,county --at 2024
same 'hidden cells, whichever dimension comes first' "$(cat "$work/hidden")" "$(tabs "$work/.out" | hidden_of county industry)"
csv measure traditional_share,high_energy_share,rd_gdp,division_count --at 2024
expect_match '^traditional_share,2024,85\.(7999|8000)[0-9]*,%,,1180$'
expect_line 'high_energy_share,2024,55.5,%,,391'
expect_match '^rd_gdp,2024,2\.0[67][0-9]*,%,,'
expect_line 'division_count,2024,36,类,,1180'
csv measure stopped_count,reduced_count --at 2024-01..12
expect_match '^stopped_count,2024-01..12,11,户,'
expect_match '^reduced_count,2024-01..12,37,户,'
csv measure sei_share --at 2024 --where '规模 = 大型'
expect_rc 0
run audit --last 1
expect '规模 = 大型'
csv measure dispatch_revenue_growth --at 2024-01..12 --by chain --where '规模 = 大型'
expect_rc 0

run measure firm_count --at 2024 --by enterprise --where '利润总额 > 80000 万元' # bisects a firm's return
expect_rc 3
expect_err '筛选条件用到企业统计原始资料'

# The same line drawn by a definition, in four disguises; what draws none is taken.
asked=$city city=$work/lines.fangding
cp "$asked" "$city"
indicator() { # indicator ID FORMULA [more lines]
    printf '指标 试 %s / %s\n  对象  企业      期间 年      单位 万元\n  汇总  %s\n  缺数  %s\n' "$1" "$1" "$2" "${3:-任一缺报 → 缺报}" >"$work/$1.ding"
    run define "$work/$1.ding"
}
for formula in '合计(营业收入, 条件 利润总额 > 80000 万元)' '合计(最小(利润总额, 80000 万元))' \
    '合计(绝对值(利润总额 − 80000 万元))'; do
    indicator drawn "$formula"
    expect_rc 3
    expect_err '在企业统计原始资料上设条件或门槛'
done
indicator drawn '合计(利润总额)' '合计(利润总额) > 80000 万元 → 不适用'
expect_rc 3
expect_err '在企业统计原始资料上设条件或门槛'
indicator plain '合计(利润总额) − 合计(营业成本)' '合计(营业收入) = 0 → 不适用'
expect_rc 0
indicator by_size '合计(利润总额, 条件 规模 = 大型)'
expect_rc 0
indicator dispatched '合计(调度营业收入, 条件 调度营业收入 > 80000 万元)'
expect_rc 0
city=$asked

# ---- conversion, opportunities -------------------------------------------------------------------
csv conversion city --from 2023 --to 2024
expect_rc 0
expect_match '^start,12\.9110450701,'
expect_match '^end,13\.9000000000,'
same 'conversion city: start and parts make the end' 0.0000000000 "$(awk -F, '
    NR > 1 && $1 != "change" { gsub(/\./, "", $2); sum += $1 == "end" ? -$2 : $2 }
    END { printf "%.10f", sum / 1e10 }' "$work/.out")"
csv conversion city --out enterprises # rests on returns
expect_rc 3
expect_err '只给出全市合计'
csv conversion city --from 2023 --to 2024 --out groups --by county --role 统计
expect_rows 9
csv opportunities city --top 3
expect_rc 0
expect_match '^洹东区,28 '
csv opportunities city --top 0
expect '否,六大高耗能行业'

# ---- why -----------------------------------------------------------------------------------------
csv why dispatch_revenue_total --at 2024-01..12 --county 洹西区 --largest 1
expect_rc 0
expect_match "cell,示例;来表「1678432.8」,重点企业调度表_洹西区.xlsx,重点企业调度表_洹西区,营业收入\(万元\)/1—本月累计,8,$firm\$"
csv why sei_share --at 2024 --county 洹西区
expect '原始资料:本角色不可见(统计法)'
expect_no ',cell,'
expect_no ',subject,'
csv why sei_share --at 2024 --county 洹西区 --largest 1 --role 统计
expect_match ',cell,示例;来表「[0-9]+」,2024年财务状况B103-1.xlsx,2024年财务状况B103-1,其中：本年折旧211;本年,[0-9]+,9199'
csv why high_energy_share --at 2024 --depth 3
expect_no 27539.3 # the cell that measure --by county hides
csv why sei_share --at 2024 --where '行业 = 2822' # fewer than three firms
expect 保密
expect_no ',sum,'
expect_rc 0

# ---- growth --------------------------------------------------------------------------------------
# Parts, residual and total add up; the columns follow from base and current.
adds_up() {
    tabs "$work/.out" | awk -F'\t' '
        function near(a, b) { d = a - b; return d < 1e-6 && d > -1e-6 }
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        $1 == "total" { for (i = 3; i <= NF; i++) total[i] = $i; next }
        { for (i = 3; i <= NF; i++) sum[i] += $i }
        at["base"] && !near($at["current"] - $at["base"], $at["increment"]) { print $1 ": increment" }
        END {
            split(at["base"] ? "base current increment base_share contribution pull" : "base_share contribution pull", need, " ")
            for (k in need) if (!near(sum[at[need[k]]], total[at[need[k]]])) print need[k] ": " sum[at[need[k]]] " against " total[at[need[k]]]
            if (at["growth"] && !near(total[at["pull"]], total[at["growth"]])) print "pull of the whole is its growth"
        }'
}
csv growth dispatch_revenue --to 2024-01..12 --by chain --reported
expect_rows 14
same 'growth of dispatch revenue adds up' '' "$(adds_up)"
csv growth county_growth --to 2024-01..12 --by county
expect_rows 11
same 'verified growth by county adds up' '' "$(adds_up)"
expect_match '^residual,'
csv growth value_added --from 2023 --to 2024 --by county
same 'growth of value added adds up' '' "$(adds_up)"
run growth value_added --from 2023 --to 2024 --by enterprise
expect_rc 3
expect_err '不能分企业给出(统计法)'
csv growth depreciation --from 2023 --to 2024 --by industry
same 'no part of fewer than three firms' '' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && $1 != "residual" && $5 != "" && $10 < 3')"
expect ',primary'

# ---- publish, attack -----------------------------------------------------------------------------
run publish va_county_chain --at 2024
expect_rc 0
expect '线性规划攻击没有找到可推算的格'
csv published va_county_chain --at 2024
expect_line '2024,value_added_total,,合计,,合计,,合计,640,亿元,1180,公布'
same 'a hidden cell has neither value nor count' '' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && $12 != "公布" && ($9 != "" || $11 != "")')"
same 'no county is the sum of its shown chains and one hidden' '' "$(tabs "$work/.out" | awk -F'\t' '
    NR > 1 && $3 != "" && $5 != "" { if ($12 == "公布") shown[$3]++; else hidden[$3]++ }
    END { for (c in hidden) if (hidden[c] == 1) print c }')"
run publish va_county_division --at 2024 # a second cube of the item would tell the first one's cells
expect_rc 3
csv published va_county_chain --at 2024 --role 浏览
expect_line '2024,value_added_total,,合计,,合计,,合计,640,亿元,1180,公布'

# ---- history, correct, as-of ---------------------------------------------------------------------
csv history "$firm" dispatch_output
before=$(grep '^2024-01..12,current' "$work/.out")
expect_match '^2024-01..12,current,1665240.0000,万元,,[0-9]+,重点企业调度表_洹西区.xlsx,重点企业调度表_洹西区,工业总产值'
csv snapshots
snapshot=$(tail -1 "$work/.out" | cut -d, -f1)
csv measure dispatch_output_total --at 2024-01..12
total=$out
run correct 洹西钢铁 dispatch_output 812345.67 --at 2024-01..12 --reason 电话核实
expect_rc 0
csv history 洹西钢铁 dispatch_output
expect_line "$before"
expect_match '^2024-01..12,current,812345.6700,万元,,[0-9]+,.*true,电话核实'
csv measure dispatch_output_total --at 2024-01..12 --as-of "$snapshot"
same 'as of the snapshot before' "$total" "$out"
csv measure dispatch_output_total --at 2024-01..12
same 'after the correction, 亿元' "$(printf '%s\n' "$total" | awk -F, 'NR == 2 { printf "%.6f", $3 - (1665240 - 812345.67) / 10000 }')" \
    "$(printf '%s\n' "$out" | awk -F, 'NR == 2 { print $3 }')"
run correct "$firm" vat 1 --at 2024 --reason 试
expect_rc 3
expect_err '统计报表只能由填报单位更正'
csv audit --last 2
expect 'corrected 洹西钢铁有限公司(示例)'

# ---- export, 鼎言 --------------------------------------------------------------------------------
csv export enterprises --at 2024
expect_match '^uscc,above_scale,chain,'
csv export facts --item sei_output --at 2024
expect_rows 0
expect_err '2360 条企业统计原始资料:本角色不可见'
csv export facts --item sei_output --at 2024 --role 统计
expect_rows 2360
run export definitions
printf '%s\n' "$out" >"$work/definitions.ding"
run ding check "$work/definitions.ding"
expect_rc 0
run ding check "$root/definitions"
expect_rc 0
run ding format "$root/definitions/targets.ding"
expect_text huanzhou-format.txt
printf '%s\n' "$out" >"$work/once.ding"
run ding format "$work/once.ding"
same 'formatting twice is formatting once' "$(cat "$work/once.ding")" "$out"
run ding format "$root/definitions/targets.ding" --lang en
printf '%s\n' "$out" >"$work/english.ding"
run ding format "$work/english.ding" --lang zh
same 'there and back' "$(cat "$work/once.ding")" "$out"
run ding explain "$root/definitions/targets.ding"
expect_rc 0
expect 战新占比
printf '指标 错 / wrong\n  对象 企业    期间 年    单位 %%\n  范围 规上 = 是\n  公式 营业收人 ÷ 资产总计\n  缺数 任一缺报 → 缺报\n  来源 B103-1\n' >"$work/wrong.ding"
run ding check "$work/wrong.ding"
expect_rc 1
expect 营业收人
expect 营业收入
expect_match '^[^ ]*wrong\.ding:4:[0-9]+: '

# ---- projects and works ---------------------------------------------------------------------------
# Every figure once more by awk, from the ledger and the example's own tables.
examples=$root/examples/huanzhou
csv projects
expect_rows 48
tabs "$work/.out" >"$work/projects.tsv"
same 'lights of investment by the rule of 银川' '' "$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    $at["plan"] > 0 { gap = 100 - 100 * $at["done"] / $at["plan"]; want = gap > 30 ? "red" : gap > 10 ? "yellow" : "green"
        if (want != $at["light"]) print $1, want, $at["light"] }' "$work/projects.tsv")"
csv projects --light 红
same 'projects with a red light' "$(awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["overall"] == "red"' "$work/projects.tsv" | wc -l)" "$(($(grep -c '' "$work/.out") - 1))"
run projects
expect '未核实(unverified)'
# Every cut of the cube adds up: chain × county to the totals of the matrix, chain × county × work to
# what the registers hold, counted here again.
csv matrix
awk '/^$/ { part++; next } part == 3' "$work/.out" | tabs >"$work/cells.tsv"
awk '/^$/ { part++; next } part == 4' "$work/.out" | tabs >"$work/states.tsv"
same 'cells that do not add up' '' "$(awk -F'\t' '
    NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
    { n = $at["firms"] + 0 }
    $1 != "" && $2 != "" { chain[$1] += n; county[$2] += n; all += n; next }
    $1 != "" { of_chain[$1] = n; next }
    $2 != "" { of_county[$2] = n; next }
    { total = n }
    END { for (c in of_chain) if (of_chain[c] != chain[c]) print c, of_chain[c], chain[c]
          for (c in of_county) if (of_county[c] != county[c]) print c, of_county[c], county[c]
          if (total != all || total == 0) print total, all }' "$work/cells.tsv")"
of_work() { awk -F'\t' -v work="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["work"] == work { n += $at["count"] } END { print n + 0 }' "$work/states.tsv"; }
same 'cells of a work' '117 117 117 117 117' "$(tail -n +2 "$work/states.tsv" | cut -f3 | sort | uniq -c | awk '{ printf "%s%s", sep, $1; sep = " " }')"
of_type() { awk -F'\t' -v wanted="$1" 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } ($at["type"] == "技改") == wanted' "$work/projects.tsv" | wc -l; }
same '工业技改 over all cells' "$(of_type 1)" "$(of_work W1)"
same '新上项目 over all cells' "$(of_type 0)" "$(of_work W2)"
csv records lead
same '开放合作 over all cells' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && $2 != "落地" && $2 != "流失"' | wc -l)" "$(of_work W3)"
csv records platform
same '产业创新 over all cells' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && $2 == "运行"' | wc -l)" "$(of_work W4)"
csv services
same '助企服务 over all cells' "$(tabs "$work/.out" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } { n += $at["open"] } END { print n }')" "$(of_work W5)"
csv lead-cells
expect_rows 25
same 'declared lead cells are those of the matrix' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 { print $4, $2, $6 }' | sort)" \
    "$(awk -F'\t' '$3 == "true" { print $1, $2, $12 }' "$work/cells.tsv" | sort)"
csv projects --stage 投产 --chain 食品制造
same 'no other stage or chain' '' "$(tabs "$work/.out" | awk -F'\t' 'NR > 1 && ($6 != "投产" || $4 != "U2") { print $1 }')"
csv project HZ2023012
expect 'HZ2023012'
expect '验〔2024〕012号'
csv projects check
expect_rc 0
expect_match '^warning,gate-missing,HZ2023007,.*台账写达效,凭据只到签约'
expect_no '^fault'
csv leads
head -7 "$work/.out" | tabs >"$work/funnel.tsv"
same 'funnel: how many are or were at each stage' "$(awk -F, 'NR > 1 { s = $2; if (s == "流失") s = $NF; n[s == "" ? "线索" : s]++ }
    END { split("线索 对接 在谈 签约 落地", o, " "); for (i = 5; i > 0; i--) { t += n[o[i]]; r[i] = t } for (i = 1; i <= 5; i++) print o[i], r[i] }' "$examples/leads.csv")" \
    "$(awk -F'\t' 'NR > 1 && NR <= 6 { print $1, $3 }' "$work/funnel.tsv")"
csv parks
same 'output per mu of used parcels whose output is known' "$(awk -F, 'NR > 1 && $2 == "在用" && $7 != "" { o[$4] += $7; a[$4] += $6 } END { for (p in o) printf "%s %.6f\n", p, o[p] / a[p] }' "$examples/parcels.csv" | sort)" \
    "$(tabs "$work/.out" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $at["output_per_mu"] != "" { printf "%s %.6f\n", $1, $at["output_per_mu"] }' | sort)"
csv renovations --by chain
same 'renovations by chain' "$(awk -F, 'NR > 1 { n[$8]++ } END { for (c in n) print c, n[c] }' "$examples/renovations.csv" | sort)" \
    "$(awk '/^$/ { exit } { print }' "$work/.out" | tabs | awk -F'\t' 'NR > 1 { print $1, $2 }' | sort)"
csv cell 食品制造 汤源县
expect_match '^U2,990506,W3,,yellow,5,在谈4 超时1 落地0,'
expect_match '^U2,990506,W4,,,2,平台2 研发覆盖'
expect_match '^U2,990506,W5,,red,[0-9]+,未结[0-9]+ 超期[0-9]+ 停产'
run chain-scale 新材料 --growth 8
expect_err '现有 62.0 亿元,目标 100 亿元'
run chain-scale 新材料 --growth 8 --slip HZ2023040=12
expect_err '2027 年'
run chain-scale 文化旅游
expect '不并入工业增加值'
expect_err '不测算'
# A gate is not skipped, by hand or by file; nothing is written then.
run record move project HZ2023036 达效
expect_rc 3
expect_err '缺凭据:投产日期'
printf '项目编号,进程,最近变更日期,投产日期,竣工验收\nHZ2023017,达效,2025-01-05,2025-01-05,示例验收单\nHZ2023036,投产,2025-02-01,2025-02-01,示例验收单\n' >"$work/项目关口台账.csv"
csv import "$work/项目关口台账.csv" --dry-run
expect_rc 1
expect_match 'gate'
expect_match '^[^,]*,project_gates,[^,]*,UTF-8,2,1,1,'
# The same on a plain file, without any city.
city=
csv projects --data "$root/tests/reference/projects.csv"
expect_rows 6
expect_match '^A,.*,yellow,'
city=$first
csv parks KF03 --why
expect '项目,HZ2023013,'
expect ',true,4000,0,'
expect '企业,91990503MA'
csv chain-scale E2 --slip HZ2023099=6
expect_rc 3
expect_err 'HZ2023039'

# ---- trace, doctor, audit ------------------------------------------------------------------------
csv trace
expect_rows 105
csv doctor
expect_rc 0
expect_no ■
run audit verify
expect_rc 0
expect_err 审计链完整

# ---- bad calls -----------------------------------------------------------------------------------
bad_call() { # RC TEXT WORD…
    local code=$1 text=$2
    shift 2
    run "$@"
    expect_rc "$code"
    expect_err "$text"
}
bad_call 2 '是不是 measure' mesure sei_share
bad_call 2 'measure 缺少参数' measure
bad_call 2 'measure 没有选项 --size' measure sei_share --size 3
bad_call 2 '选项 --at 缺少值' measure sei_share --at
bad_call 2 '参数 at 的值不对:20244' measure sei_share --at 20244
bad_call 2 '参数 at 的值不对:2024-13' measure sei_share --at 2024-13
bad_call 2 '参数 depth 的值不对' why sei_share --depth deep
bad_call 2 '没有这种输出格式:pdf' measure sei_share --format pdf
bad_call 2 '没有这个角色' status --role 市长
bad_call 2 '多余的参数' status now
bad_call 3 '是不是「sei_share」' measure sei_shar
bad_call 3 '是不是「dispatch_revenue」' growth dispatch_revenu --to 2024 --by chain
bad_call 3 '没有叫「contty」的维度' measure sei_share --at 2024 --by contty
bad_call 3 '没有这个目标' target emerging_99
bad_call 3 '没有这个发布表' publish nothing --at 2024
bad_call 3 '没有这个对象' show 无此企业
bad_call 3 '没有快照 99' status --as-of 99
bad_call 3 'XLSX 要写到文件' measure sei_share --format xlsx
bad_call 3 '找不到这个文件或文件夹' import "$work/nowhere.csv"
bad_call 3 '看不懂' measure sei_share --where '规模 规模'
: >"$work/empty.csv"
run import "$work/empty.csv"
expect_rc 1
expect '没有可读的工作表或内容'
city=$work/nowhere.fangding
bad_call 3 '找不到城市文件' status
city=$work/empty.csv
bad_call 3 '不是城市文件' status
city=$root/README.md
bad_call 3 '不是城市文件' status
head -c 40000 "$first" >"$work/cut.fangding"
city=$work/cut.fangding
bad_call 3 '已损坏' status
run doctor
expect_rc 1
city=
bad_call 2 '需要城市文件' status
bad_call 3 '' new "$first"
close_tests
