#!/usr/bin/env bash
# The commands of policies as code, on a plain table and on the example city: tests/golden/policy.sh FANGDING
set -euo pipefail
fangding=$(readlink -f "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
failed=0

# same NAME EXPECTED ACTUAL
same() {
    if [ "$2" != "$3" ]; then
        echo "$1: expected"; echo "$2"; echo "got"; echo "$3"
        failed=1
    fi
}
has() { # has NAME TEXT PART
    case $2 in *"$3"*) ;; *) echo "$1: no \"$3\" in"; echo "$2"; failed=1 ;; esac
}

cat >firms.csv <<'END'
企业,成立日期,拥有核心知识产权,科技人员,职工总数,研发费用[-1],研发费用[-2],研发费用[-3],销售收入[-1],销售收入[-2],revenue[-3],境内研发费用[-1],境内研发费用[-2],境内研发费用[-3],高新技术产品收入[-1],总收入[-1],创新能力得分,一年内重大安全事故,一年内重大质量事故,一年内严重环境违法
甲厂,2010-01-01,是,30,200,600,560,520,21000,20000,19000,600,560,520,15000,21000,80,否,否,否
乙厂,2010-01-01,是,18,200,600,560,520,2.1亿元,20000,15000,600,560,520,15000,21000,80,否,否,否
丙厂,2025-01-01,是,30,200,600,,,9000,,,600,,,15000,21000,80,否,否,否
丁厂,2010-01-01,是,30,200,600,,520,21000,20000,19000,600,560,520,15000,21000,80,否,否,
戊厂,2010-01-01,是,30,200,600,,520,21000,20000,19000,600,560,520,1000,21000,70,否,否,
END

# gaps are 待补; what fails, fails whatever the gaps
same "check" "enterprise,policy,version,result,failing,missing,gap,gap_unit,amount
甲厂,hte,,不符合,研发强度,,120,万元,
乙厂,hte,,不符合,科技人员占比,,2,人,
丙厂,hte,,待人工,,,,,
丁厂,hte,,待补,,研发费用[2024];一年内严重环境违法,,,
戊厂,hte,,不符合,高新收入;创新能力,,11600,万元," \
    "$("$fangding" policy check --data firms.csv --policy hte --on 2026-06-30 --format csv)"
# a quotient by zero is no number: the divisor is what to ask about; a negative one is decided
sed -e '/乙厂\|丙厂\|丁厂\|戊厂/d' -e 's/,30,200,/,30,0,/' -e 's/,600,560,520,21000/,900,860,820,21000/' firms.csv >zero.csv
same "zero" "甲厂,hte,,待补,,职工总数[2026],,," "$("$fangding" policy check --data zero.csv --policy hte --on 2026-06-30 --format csv | tail -1)"
same "negative" "甲厂,hte,,不符合,科技人员占比,,,," "$("$fangding" policy check --data <(sed 's/,30,0,/,30,-200,/' zero.csv) --policy hte --on 2026-06-30 --format csv | tail -1)"
same "one enterprise" 2 "$("$fangding" policy check --data firms.csv --policy hte --on 2026-06-30 --enterprise 乙厂 --format csv | wc -l)"

# why, with the shortest way in
why=$("$fangding" policy why 甲厂 hte --data firms.csv --on 2026-06-30)
has "why" "$why" "应达 1800 万元,实际 1680 万元,差 120 万元"
has "next window" "$why" "按下一窗口测算"
why=$("$fangding" policy why 乙厂 hte --data firms.csv --on 2026-06-30)
has "coupled" "$why" "新增 3 人"
has "coupled" "$why" "转岗 2 人"

# scores: each one's own next band, by what the enterprise can move; of two ways to one sum the shorter
printf '企业,研发费用[-1],营业收入[-1],科技人员,职工总数,成本费用[-1],Ⅰ类知识产权,Ⅱ类知识产权,居民企业,限制淘汰类产品,近两年事故违法失信,严重违法失信,经营异常名录,有效高新技术企业,国家级科技奖励,省级以上研发机构,主导制定标准,资产总计[-1]\nA,59,1000,18,200,900,0,1,是,否,否,否,否,否,否,否,否,10000\nB,299.9,30000,30,100,1000,0,1,是,否,否,否,否,否,否,否,否,10000\n' >scores.csv
why=$("$fangding" policy why A sme_tech --data scores.csv --on 2026-06-30)
has "score" "$why" "综合得分 46 分 < 60 分"
has "score" "$why" "研发分一 40 分 → 50 分,研发费用差 1 万元"
has "score" "$why" "人员分 0 分 → 4 分,科技人员差 2 人(科技人员是职工总数的一部分:新增 3 人,或在现有职工总数中转岗 2 人)"
has "the other way" "$("$fangding" policy check --data scores.csv --policy sme_tech --on 2026-06-30 --format csv)" "A,sme_tech,,不符合,综合得分;人员得分,,14,分,,unverified
B,sme_tech,,不符合,收入,,10000,万元,,unverified"
cat >giants.csv <<'END'
企业,县区,产业链,细分市场年限,主营业务收入[-1],主营业务收入[-2],主营业务收入[-3],营业收入[-1],营业收入[-2],营业收入[-3],研发费用[-1],研发费用[-2],负债合计[-1],资产总计[-1],Ⅰ类知识产权,有效专精特新,细分市场占有率,发展质量得分,核心业务上系统,体系或产品认证,自主品牌,自建或共建研发机构,国家奖前三,专精特新有效期至,专精特新认定日
A,甲县,L1,4,9500,9000,8000,10000,9500,9000,800,700,7200,10000,4,是,11,70,是,是,是,是,否,2026-07-15,2023-07-16
B,甲县,L1,4,8500,8000,7500,10000,9500,9000,800,700,6500,10000,2,是,11,70,是,是,是,是,否,2027-09-01,2024-09-02
C,乙县,L2:0.6;L3:0.4,4,9900,9000,8000,10000,9500,9000,500,700,6500,10000,5,是,11,70,是,是,是,是,否,,
END
diff=$("$fangding" policy diff giant 2022 2026 --data giants.csv --on 2026-06-30 --format csv)
has "diff gains" "$diff" "A,不符合,待人工,得,负债率"
has "diff loses" "$diff" "B,符合,不符合,失,主营占比;知识产权"
what=$("$fangding" policy what-if giant --set 主营占比下限=80%,Ⅰ类知识产权下限=2项 --data giants.csv --on 2026-06-30 --format csv)
has "what-if" "$what" "B,不符合,待人工,得,主营占比;知识产权"
has "budget" "$what" "county,甲县,1,0"
ladder=$("$fangding" ladder --data giants.csv --on 2026-06-30 --format csv)
has "ladder alert" "$ladder" "A,专精特新,2026-07-15,30天内到期,小巨人"
has "ladder top" "$(printf '企业,小巨人有效期至,高企有效期至\nA,2026-07-15,2026-09-20\n' >top.csv; "$fangding" ladder --data top.csv --on 2026-06-30 --format csv)" "A,小巨人,2026-07-15,30天内到期,,,,,,,,A
A,高企,2026-09-20,90天内到期,"
has "ladder flow" "$ladder" "2024,未入梯度,专精特新,1"

# tables, letters, templates without amounts
has "table" "$("$fangding" policy table giant --lang en --format csv)" "主营占比"
has "unverified" "$("$fangding" policy check --data giants.csv --policy sme_tech --on 2026-06-30 --format csv)" "unverified"
has "list" "$("$fangding" policy list --format csv)" "golden_ten,科技创新金十条,模板"
same "templates grant nothing" 1 "$("$fangding" policy check --data giants.csv --policy golden_ten,talent_spring,post_housing,seedling --on 2026-06-30 --format csv | wc -l)"

# a pool: largest remainders to the fen, in order and pro rata; a claim that cannot be told is blank, and so is what hangs on it
cat >pool.ding <<'END'
政策 池 / pool
  类型 奖补  级别 市  置信 C  对象 企业  按 申请日
  文号 示例一号
  有效 2020-01-01 起
  示例
  条件 有投资 项目总投资[上年] > 0 万元  〔一〕
  资助 10 % × 设备软件投资[上年]  〔一〕
  封顶 50 万元
  资金池 60 万元 先后
  分担 省 1 : 市 1 : 县 1
  公平竞争审查 示例
END
sed 's/先后/按比例/' pool.ding >rata.ding
printf '企业,项目总投资[-1],设备软件投资[-1]\na,1,300.0001\nb,1,0\nc,1,900\nd,1,-5\ne,1,100\n' >full.csv
sed 's/^b,1,0/b,1,/' full.csv >gap.csv
same "in order" "300000.10,300000.10,100000.04,100000.03,100000.03 0.00,0.00,0.00,0.00,0.00 500000.00,299999.90,99999.97,99999.97,99999.96 0.00,0.00,0.00,0.00,0.00 100000.00,0.00,0.00,0.00,0.00" \
    "$("$fangding" policy grants pool --data full.csv --definitions pool.ding --on 2026-06-30 --format csv | tail -n +2 | cut -d, -f2- | paste -sd' ')"
same "pro rata" "300000.10,200000.04,66666.68,66666.68,66666.68 0.00,0.00,0.00,0.00,0.00 500000.00,333333.30,111111.10,111111.10,111111.10 0.00,0.00,0.00,0.00,0.00 100000.00,66666.66,22222.22,22222.22,22222.22" \
    "$("$fangding" policy grants pool --data full.csv --definitions rata.ding --on 2026-06-30 --format csv | tail -n +2 | cut -d, -f2- | paste -sd' ')"
same "in order, one unknown" "a,300000.10,300000.10 b,, c,500000.00, d,0.00, e,100000.00," \
    "$("$fangding" policy grants pool --data gap.csv --definitions pool.ding --on 2026-06-30 --format csv | tail -n +2 | cut -d, -f1-3 | paste -sd' ')"
same "pro rata, one unknown" "a,300000.10, b,, c,500000.00, d,0.00, e,100000.00," \
    "$("$fangding" policy grants pool --data gap.csv --definitions rata.ding --on 2026-06-30 --format csv | tail -n +2 | cut -d, -f1-3 | paste -sd' ')"

# without asking: what the government holds and the answer hangs on must be there, and what the amount is computed from
cat >free.ding <<'END'
政策 免 / free
  类型 奖补  级别 市  置信 C  对象 企业  按 申请日
  文号 示例一号
  有效 2020-01-01 起
  示例
  前提 在库 规上在库 或 军工企业  〔一〕
  条件 有投资 项目总投资[上年] > 0 万元  〔一〕
  资助 10 % × 设备软件投资[上年]  〔一〕
  封顶 50 万元
  掌握 规上在库 项目总投资 设备软件投资
  公平竞争审查 示例
END
printf '企业,规上在库,军工企业,项目总投资[-1],设备软件投资[-1]\na,是,,1,10\nb,否,是,1,10\nc,是,,1,\nd,是,,,10\ne,是,否,1,10\n' >free.csv
push=$("$fangding" policy push --policy free --data free.csv --definitions free.ding --on 2026-06-30 --format csv)
same "free" "a,免申即享 b,已符合 c,已符合 e,已符合" "$(grep ',free,' <<<"$push" | cut -d, -f1,5 | paste -sd' ')"
has "feeds" "$push" "investment_total,项目总投资,1"
has "feeds" "$push" "defence_firm,军工企业,2"
sed 's/ 设备软件投资$//' free.ding >asked.ding
same "amount asked" "已符合" "$("$fangding" policy push --policy free --data free.csv --definitions asked.ding --on 2026-06-30 --format csv | grep ',free,' | cut -d, -f5 | sort -u)"

# a list declared complete: who is not on it is a no, on its days, and the answer says by which list
cat >complete.ding <<'END'
全名单 甲名单 / list_a
  项 有效小巨人
  有效 2025-10-01 至 2026-06-30
  依据 某局公布的名单
END
printf '企业,有效小巨人,设备软件投资[-1]\nA,是,100\nB,,100\n' >titles.csv
asked() { "$fangding" policy "$@" --data titles.csv --definitions complete.ding; }
same "listed" "符合 不符合" "$(asked check --policy giant_renovation --on 2026-06-30 --format csv | tail -n +2 | cut -d, -f4 | paste -sd' ')"
same "the day after" "符合 待补" "$(asked check --policy giant_renovation --on 2026-07-01 --format csv | tail -n +2 | cut -d, -f4 | paste -sd' ')"
has "by which" "$(asked why B giant_renovation --on 2026-06-30)" "「有效小巨人」的名单是全的(甲名单),上面没有这家〔某局公布的名单〕"
has "noted" "$(asked check --policy giant_renovation --on 2026-06-30)" "按全名单「甲名单」"

# grants of several policies: the highest of a group, a cap in order, unknown while one amount is
cat >stack.ding <<'END'
政策 甲奖 / a_grant
  类型 奖补  级别 市  置信 C  对象 企业  按 申请日
  文号 示例一号
  有效 2020-01-01 起
  示例
  条件 有收入 营业收入[上年] > 0 万元  〔一〕
  资助 营业收入[上年] ≥ 100 万元 → 10 万元;其余 3 万元  〔一〕
  叠加 同事项 取高
  公平竞争审查 示例
政策 乙奖 / b_grant
  类型 奖补  级别 市  置信 C  对象 企业  按 申请日
  文号 示例二号
  有效 2020-01-01 起
  示例
  条件 有收入 营业收入[上年] > 0 万元  〔一〕
  资助 10 % × 研发费用[上年]  〔一〕
  封顶 50 万元
  叠加 同事项 取高
  公平竞争审查 示例
END
printf '企业,营业收入[-1],研发费用[-1]\n子厂,200,50\n丑厂,50,400\n寅厂,50,\n' >claims.csv
stacked=$("$fangding" policy grants a_grant,b_grant --data claims.csv --definitions stack.ding --on 2026-06-30 --format csv)
same "stacked" "enterprise,group,policy,claim,counted,rule
子厂,同事项,a_grant,100000.00,100000.00,取高
子厂,同事项,b_grant,50000.00,0.00,取高
丑厂,同事项,a_grant,30000.00,0.00,取高
丑厂,同事项,b_grant,400000.00,400000.00,取高
寅厂,同事项,a_grant,30000.00,,取高
寅厂,同事项,b_grant,,,取高" "$stacked"
sed 's/^  叠加 同事项 取高/  叠加 同事项 封顶 42 万元/' stack.ding >cap.ding
same "capped" "420000" "$("$fangding" policy grants a_grant,b_grant --data claims.csv --definitions cap.ding --on 2026-06-30 --format csv | awk -F, '/丑厂/ { sum += $5 } END { printf "%d", sum }')"
sed '0,/取高/s//累加/' stack.ding >mixed.ding
if "$fangding" policy grants a_grant,b_grant --data claims.csv --definitions mixed.ding --on 2026-06-30 2>err >/dev/null; then echo "two rules are taken"; failed=1; fi
has "two rules" "$(cat err)" "规则不一样"

# an officer's spreadsheet: out, in, and the samples still hold
"$fangding" form export hte --out hte.xlsx >/dev/null 2>&1
"$fangding" form import hte.xlsx --out hte.ding >/dev/null 2>&1
sed -i 's|^政策 .*|政策 我市高企 / my_hte|' hte.ding
"$fangding" policy test --policy my_hte --definitions hte.ding >/dev/null || { echo "the spreadsheet changed the policy"; failed=1; }

# the samples are tests
"$fangding" policy test >/dev/null || { echo "samples fail"; failed=1; }

# bad input: a clear refusal, exit 1 or 2, and all faults of a file
if "$fangding" policy check --data giants.csv --policy gaint --on 2026-06-30 2>err >/dev/null; then echo "gaint is taken"; failed=1; fi
has "nearest" "$(cat err)" "giant"
cat >bad.ding <<'END'
政策 坏 / bad
  类型 资质  置信 B  对象 企业
  文号 x
  有效 2020-01-01 起
  条件 一 营业收入[上年] ≥ 3 %  〔一〕
  条件 二 营业收人[上年] ≥ 3 万元  〔二〕
  条件 三 营业收入[上年] ≥ 3 万元
END
if "$fangding" policy check --data giants.csv --definitions bad.ding --on 2026-06-30 2>err >/dev/null; then failed=1; fi
for part in 单位不同 营业收人 没有写明条款; do has "all faults" "$(cat err)" "$part"; done
printf '企业,营业收入[-1]\nA,很多\n' >text.csv
if "$fangding" policy check --data text.csv --policy hte --on 2026-06-30 2>err >/dev/null; then echo "text is taken"; failed=1; fi
has "place" "$(cat err)" "很多"
# refused FILE-TEXT PART…: a table that is wrong is refused, and every fault is named with its place
refused() {
    printf "$1" >wrong.csv
    if "$fangding" policy check --data wrong.csv --policy giant --on 2026-06-30 2>err >out; then echo "taken: $1"; failed=1; fi
    shift
    for part in "$@"; do has "refused" "$(cat err)" "$part"; done
}
refused '企业,营业收入[-1],营业收入[2025]\nA,1,2\n' "第 1 行 第 3 列" "和第 2 列「营业收入[-1]」是同一个数:营业收入[2025]" "应为一列"
refused '企业,营业收入[-1],revenue[上年]\nA,1,1\n' "第 1 行 第 3 列"
refused '企业,营业收入,营业收入[2026](亿元)\nA,1,1\n' "营业收入[2026]"
refused '企业,有效专精特新,is_srdi\nA,是,否\n' "第 1 行 第 3 列"
refused '企业,企业,自主品牌\nA,B,是\n' "第 1 行 第 2 列"
refused '企业,自主品牌\nA,是\nB,否\nＡ,否\n' "第 4 行 第 1 列" "还有第 2 行" "应为一家一行"
refused '企业,名称,自主品牌\nA,甲,是\n,,否\n' "第 3 行 第 1 列" "应为代码或名称"
refused '企业,营业收入[-1],负债合计[-1]\nA,1,600,3\n' "第 2 行 第 4 列" "比列名多" "应为 3 格"
refused '企业,营业收入[-1],自主品牌,成立日期\nA,x,也许,40179\nB,1,是,2010-01-01\nC,,差不多,去年\n' "第 2 行 第 2 列" "应为" "第 2 行第 3 列" "不是 是 或 否" "第 2 行第 4 列" "第 4 行第 3 列" "第 4 行第 4 列" "共有 5 处错"
refused '小巨人测算表\n企业,营业收入[-1]\nA,1\n' "第一行没有一列是数据项"
# spellings of one table, in two encodings: the same answer
printf '企业,营业收入[-1](亿元),自主品牌\nA,"1,200.5",TRUE\nB,-0.5,无\nC,—,n\n,,\n' >one.csv
printf '企业,自主品牌,revenue[2025]\nA,是,12005000\nB,0,-5000\nC,×,\n' | iconv -f utf8 -t gb18030 >two.csv
same "spellings" "$("$fangding" policy check --data one.csv --policy giant --on 2026-06-30 --format csv)" "$("$fangding" policy check --data two.csv --policy giant --on 2026-06-30 --format csv)"

# a city: the same question gives the same bytes, one thread or two, now or as of then
"$fangding" new city.fangding --example huanzhou >/dev/null 2>&1
"$fangding" policy check --city city.fangding --role 统计 --format csv >a.csv
"$fangding" policy check --city city.fangding --role 统计 --format csv >b.csv
cmp a.csv b.csv || failed=1
has "large firms" "$(cat a.csv)" "size_large,,符合"
# statistical returns do not serve policies for other roles
same "role" "" "$("$fangding" policy check --city city.fangding --policy size_large --format csv | grep ',符合,' || true)"
# a stricter text, twice: the answers that differ are listed with their cause, and what was answered then is the same bytes
snapshot=$("$fangding" snapshots --city city.fangding --format csv | tail -1 | cut -d, -f1)
"$fangding" form export rd_subsidy_2018 --out subsidy.xlsx >/dev/null 2>&1
"$fangding" form import subsidy.xlsx --out subsidy.ding >/dev/null 2>&1
if "$fangding" define subsidy.ding --city city.fangding >/dev/null 2>&1; then echo "twice without 替代 is taken"; failed=1; fi
for cap in 90 80; do
    sed -e "s|^政策 .*|&\n  替代 rd_subsidy_2018|" -e "s/封顶 400 万元/封顶 $cap 万元/" subsidy.ding >mine.ding
    "$fangding" define mine.ding --city city.fangding >/dev/null 2>&1 || { echo "define $cap"; failed=1; }
done
changed=$("$fangding" policy changed --city city.fangding --since "$snapshot" --role 统计 --format csv 2>/dev/null)
has "changed" "$changed" "rd_subsidy_2018,,符合,符合,829700.00,800000.00,政策修订,"
same "only what changed" "rd_subsidy_2018" "$(tail -n +2 <<<"$changed" | cut -d, -f2 | sort -u)"
"$fangding" policy check --city city.fangding --role 统计 --as-of "$snapshot" --format csv >then.csv
cmp a.csv then.csv || failed=1
push=$("$fangding" policy push --city city.fangding --role 统计 --policy rd_subsidy_2018 --format csv)
has "push" "$push" "rd_subsidy_2018,,已符合"
has "feed" "$push" "rd_expense,研发费用,"

[ $failed -eq 0 ] && echo "policy: all as expected"
exit $failed
