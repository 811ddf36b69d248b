#!/usr/bin/env bash
# The example city from files to answers: what is imported, refused, computed, explained, corrected, published.
#   tests/golden/huanzhou.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$fangding" new city.fangding --example huanzhou >/dev/null 2>new.err || { cat new.err; exit 1; }
export FANGDING_CITY=city.fangding
fd() { "$fangding" "$@"; }

# The screen, line by line; and the copy of it in the READMEs.
screen=$(fd status)
line() { if grep -qF -- "$1" <<<"$screen"; then pass; else fail "status lacks: $1"; fi; }
line '应报1180户 已报1171 缺9 待核12'
line '停产企业        11户'
line '减产超两成      37户'
line '2026年54.3% | 2027年35.7% | 2028年27.3%'
line '催报 9户:汤源县2户、内河县3户、滑台县4户'
line '停产走访 11 户(限产4、无订单3、检修2、搬迁1、破产1)'
line '两类不是互补的分类'
line '不宜直接外推'
for value in 13.9 10.5 42.6 85.8 55.5 2.07; do
    # Published and computed agree and stand side by side.
    if grep -qE -- "${value}%【公·示】 +${value}%【算·示】" <<<"$screen"; then pass; else fail "status: $value published and computed"; fi
done
expect_status "the screen in the READMEs" 0 "$here/../../tools/readme_screen.sh" "$fangding" "$work/city.fangding"

# Every planted error is found, and nothing is refused that was not planted.
planted=$(find . -name '.预置差错.csv')
refused=$(find . -path '*-退回/*' -type f | wc -l)
[ -n "$planted" ] && pass || fail "the example plants no errors"
[ "$refused" -eq 2 ] && pass || fail "files sent back: $refused, 2 expected (205-1, a broken GBK row)"
gbk=$(find . -path '*-退回/*' -name '重点企业调度表_滑台县*.csv')
if [ -n "$gbk" ] && head -1 "$gbk" | iconv -f GB18030 -t UTF-8 | grep -q 统一社会信用代码; then pass; else fail "the returned CSV keeps the sender's GBK"; fi

# Measures.
expect "shares by year" '^sei_share,2018,4\.(1|0999)[0-9]*,%,,1137$' fd measure sei_share --from 2018 --to 2024 --format csv
expect "shares by county" '^sei_share,990505,漳阳县,2024,1\.84' fd measure sei_share --at 2024 --by county --format csv
expect "a county with fewer than three is not shown" ',primary$' fd measure high_energy_share --at 2024 --by county --format csv
expect "conditions" '^firm_count,2024,' fd measure firm_count --at 2024 --where '规模 = 大型' --format csv
expect "growth adds up" '^total,合计,[^,]*,100(\.0*)?,100' fd growth county_growth --to 2024-01..12 --by county --format csv
expect "the residual is shown" '^residual,' fd growth dispatch_revenue --to 2024-01..12 --by chain --reported --format csv
expect "target at 5 %" '^2027,3,35\.(7|6[5-9])' fd target emerging_30 --growth 5 --format csv
expect "target at 6 %" '37\.0' fd target emerging_30 --growth 6
expect "sources" 'B204-1' fd show indicators

# Why: down to the cell of a file, and locked at statistical returns.
expect "why down to the cell" '重点企业调度表_洹西区.*营业收入\(万元\)/1—本月累计' fd why dispatch_revenue_total --at 2024-01..12 --county 洹西区
expect "why is locked" '统计法' fd why value_added_total --at 2024
expect "why for the statistician" '财务状况B103-1\.xlsx' fd why value_added_total --at 2024 --role 统计
if fd why value_added_total --at 2024 | grep -q 'B103-1\.xlsx'; then fail "why leaks a statistical return"; else pass; fi
if fd export facts --format csv 2>/dev/null | grep -q ',enterprise,.*,statistical$'; then fail "export leaks statistical returns"; else pass; fi
expect "export for the statistician" ',statistical$' fd export facts --item depreciation --at 2024 --role 统计 --format csv

# Time: corrections overlay, snapshots keep the past.
before=$(fd measure dispatch_output_total --at 2024-01..12 --format csv | tail -1)
snapshot=$(fd snapshots --format csv | tail -1 | cut -d, -f1)
expect_status "correct" 0 "$fangding" correct '洹西钢铁有限公司(示例)' dispatch_output 1 --at 2024-01..12 --reason '电话核实'
after=$(fd measure dispatch_output_total --at 2024-01..12 --format csv | tail -1)
[ "$before" != "$after" ] && pass || fail "a correction changes the sum"
[ "$(fd measure dispatch_output_total --at 2024-01..12 --as-of "$snapshot" --format csv | tail -1)" = "$before" ] && pass || fail "--as-of gives the past"
expect "history keeps both" '电话核实' fd history '洹西钢铁有限公司(示例)' dispatch_output --format csv
expect_status "the same folder twice" 0 "$fangding" import city-来表
[ "$(fd measure dispatch_output_total --at 2024-01..12 --format csv | tail -1)" = "$after" ] && pass || fail "the same files again change nothing"
expect "audit" '审计链完整:[4-9] 条' fd audit verify

# Publishing: the attack finds nothing, a second cube of the item is refused, suppressed cells have no figure.
expect "publish" '线性规划攻击没有找到' fd publish va_county_chain --at 2024
expect "published cells" '保密$' fd published va_county_chain --format csv
expect_status "a second cube" 3 "$fangding" publish va_county_division --at 2024
expect_status "a ratio cannot be published" 3 "$fangding" publish nosuch --at 2024

# The other verbs, formats, and messages that help.
expect "trace" '^A16,' fd trace --format csv
[ "$(fd trace --format csv | tail -n +2 | wc -l)" -eq 105 ] && pass || fail "trace has 105 rows"
expect "doctor" '审计链' fd doctor
expect "promises" '原句' fd records promise
expect "ding check" '0 处错误' fd ding check "$here/../../definitions"
expect "ding explain" '承诺:到 2027 年' fd ding explain "$here/../../definitions/targets.ding"
expect "json" '"sei_share"' fd measure sei_share --at 2024 --format json
expect "markdown" '^\| *期间' fd measure sei_share --at 2024 --format md
fd measure sei_share --at 2024 --format xlsx --output t.xlsx >/dev/null 2>&1 && head -c 2 t.xlsx | grep -q PK && pass || fail "xlsx"
expect "a misspelt indicator" 'sei_share' fd measure sei_shar --at 2024
expect_status "unknown verb" 2 "$fangding" measre
expect_status "unknown indicator" 3 "$fangding" measure nosuch
expect_status "bad period" 2 "$fangding" measure sei_share --at 2024-13
expect_status "no city" 3 "$fangding" measure sei_share --city nosuch.fangding
: >empty.fangding
expect_status "an empty file is no city" 3 "$fangding" status --city empty.fangding
printf '\x00\xff\xfe not a city' >junk.fangding
expect_status "junk is no city" 3 "$fangding" status --city junk.fangding
expect "a faulty definition names line and column" '^bad\.ding:2:[0-9]+: ' bash -c "printf '指标 甲 / jia\n  汇总 合计(没有这个)\n' >bad.ding; '$fangding' ding check bad.ding"
finish
