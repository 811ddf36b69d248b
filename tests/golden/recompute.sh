#!/usr/bin/env bash
# A city of a fresh seed, and every figure worked out a second time from what it exports: SQL over
# the cells, in whole ten-thousandths, never fangding's engine.
#   tests/golden/recompute.sh FANGDING [SEED]        (the default seed is today's date)
#
# Exactness.  Cells are decimals of at most four places: they become integers, and sums, products,
# roundings (half away from zero, by remainder) are done in 64-bit integers; nothing that is added up
# was ever a double.  A ratio is divided once, in double, and compared with the printed text: that
# text is right when it lies within half a unit of its twelfth significant digit of ours; a text
# shorter than that claims to be exact and must agree to 1e-14.  Growth at comparable prices is an
# estimate on both sides (sums of quotients, a root) and agrees to 1e-11 of its size.
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
shopt -s lastpipe # compare counts at the end of pipes
seed=${2:-$(date +%Y%m%d)}
city=$work/city.fangding
db=$work/cells.db
echo "seed $seed"
run new "$city" --example huanzhou --seed "$seed"
expect_rc 0

# ---- exports into SQLite -------------------------------------------------------------------------
va='depreciation taxes_surcharges vat payroll operating_profit asset_impairment credit_impairment
    investment_income fair_value_gain disposal_gain other_gain hedge_gain'
items="$va sei_output annual_output traditional_output revenue operating_cost total_profit receivables
    finished_goods assets liabilities rd_expense avg_staff ppi rd_city gdp dispatch_revenue dispatch_output
    county_growth county_weight"
{
    echo '.mode csv'
    for item in $items; do
        csv export facts --item "$item" --role 统计
        [ "$rc" -eq 0 ] || fail "export of $item: $err" >&2
        mv "$work/.out" "$work/$item.csv"
        echo ".import '$work/$item.csv' raw" # the first makes the table from its header, the others bring theirs as a row
    done
    for at in 2018 2019 2020 2021 2022 2023 2024 2024-12; do
        csv export enterprises --at $at
        mv "$work/.out" "$work/firms-$at.csv"
        echo ".import '$work/firms-$at.csv' firms"
        echo "insert into firm select '$at', uscc, above_scale, chain, county, industry, run_state from firms; drop table firms;"
    done
} >"$work/import.sql"
awk -F, -v OFS='\t' '$1 == "six_high_energy" { print "energy", $3 }' "$root/definitions/classes/division_groups.csv" >"$work/classes.tsv"
awk -F, -v OFS='\t' 'NR > 1 && $1 != "" { print "hightech", $1 }' "$root/definitions/classes/hightech_mfg_2017.csv" >>"$work/classes.tsv"

sqlite3 "$db" 'create table firm(at, code, above, chain, county, industry, run_state); create table class(class, code)'
sqlite3 "$db" <"$work/import.sql" >"$work/sql.log" 2>&1
sqlite3 "$db" >>"$work/sql.log" 2>&1 <<SQL
.mode tabs
.import '$work/classes.tsv' class
-- Ten-thousandths. A decimal text times 10000 is within 1e-5 of a whole number: the nearest is it.
create table f as select item, period, basis, code, cast(round(value * 10000) as integer) v from raw where value <> '' and item <> 'item';
create index fi on f(item, period, basis, code);
create index fc on firm(at, code);
create table sign(item, s);
insert into sign values ('depreciation',1),('taxes_surcharges',1),('vat',1),('payroll',1),('operating_profit',1),
    ('asset_impairment',-1),('credit_impairment',-1),('investment_income',-1),('fair_value_gain',-1),
    ('disposal_gain',-1),('other_gain',-1),('hedge_gain',-1);
create table member as select at as y, code, chain, county, industry, substr(industry, 1, 2) division from firm where above = '是' and length(at) = 4;
create index mi on member(y, code);
-- Value added by firm, year and basis; twelve parts or it is not known.
create table added as
    select period y, basis, code, sum(s * v) va from f join sign using (item) group by period, basis, code having count(*) = 12;
create index ai on added(y, basis, code);
-- round(va * part / whole) to a ten-thousandth, half away from zero, without leaving 64 bits.
create table shared as
with x as (
    select a.y, a.basis, a.code, a.va, p.item, p.v part, o.v whole, abs(a.va) / 100000 hi, abs(a.va) % 100000 lo
    from added a
    join f o on o.item = 'annual_output' and o.period = a.y and o.basis = a.basis and o.code = a.code
    join f p on p.item in ('sei_output', 'traditional_output') and p.period = a.y and p.basis = a.basis and p.code = a.code
    where o.v > 0),
y as (select *, hi * part / whole q, ((hi * part) % whole) * 100000 + lo * part rest from x)
select y, basis, code, item, va, (case when va < 0 then -1 else 1 end) * (q * 100000 + rest / whole + (2 * (rest % whole) >= whole)) part from y;
create index si on shared(item, y, basis, code);
SQL
same 'SQLite without errors' '' "$(grep -i error "$work/sql.log")"
sql() { sqlite3 -separator ' ' "$db" "$1"; }
same 'every member has its value added' '0' "$(sql "select count(*) from member m left join added a on a.y = m.y and a.code = m.code and a.basis = 'current' where a.va is null")"
same 'every member has its emerging part' '0' "$(sql "select count(*) from member m left join shared s on s.item = 'sei_output' and s.y = m.y and s.code = m.code and s.basis = 'current' where s.part is null")"

# ---- comparing -----------------------------------------------------------------------------------
# compare NAME TOLERANCE < lines "key… value": ours; the printed ones stand in $work/printed alike.
# TOLERANCE "digits" for exact ratios, else relative.
compare() {
    local report
    report=$(awk -v how="$2" '
        function abs(x) { return x < 0 ? -x : x }
        function key(   i, k) { k = $1; for (i = 2; i < NF; i++) k = k " " $i; return k }
        NR == FNR { printed[key()] = $NF; n++; next }
        {
            k = key()
            if (!(k in printed)) { print k ": not printed"; bad++; next }
            t = printed[k]; delete printed[k]; ours = $NF; d = abs(t - ours); compared++
            if (how == "digits") {
                s = t; sub(/^-/, "", s); digits = s; sub(/\./, "", digits); sub(/^0+/, "", digits)
                size = abs(t); e = 0
                while (size >= 10) { size /= 10; e++ }
                while (size > 0 && size < 1) { size *= 10; e-- }
                limit = length(digits) >= 12 ? 0.5 * 10 ^ (e - 11) * 1.001 + abs(ours) * 1e-15 : abs(ours) * 1e-14
            } else
                limit = abs(ours) * how + 1e-300
            if (d > limit) { print k ": printed " t ", ours " sprintf("%.17g", ours); bad++ }
        }
        END {
            for (k in printed) { print k ": printed " printed[k] ", ours nothing"; bad++ }
            if (!compared) { print "nothing was compared"; bad++ }
            print compared + 0 " compared" >"/dev/stderr"
            exit bad > 0
        }' "$work/printed" - 2>"$work/compared")
    if [ $? -eq 0 ]; then pass; total=$((total + $(cut -d' ' -f1 "$work/compared"))); else fail "$1"; printf '%s\n' "$report" | head -8 | sed 's/^/    /'; fi
}
total=0
# printed COLUMNS: those columns of the last CSV and its value, rows without a value left out.
printed() {
    tabs "$work/.out" | awk -F'\t' -v want="$1 value" '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; n = split(want, w, " "); next }
        $at["value"] != "" { s = $at[w[1]]; for (i = 2; i <= n; i++) s = s " " $at[w[i]]; print s }' >"$work/printed"
}

# ---- shares --------------------------------------------------------------------------------------
current="member m join added a on a.y = m.y and a.code = m.code and a.basis = 'current'"
share() { # ID CONDITION [GROUP]
    csv measure "$1" --from 2018 --to 2024 ${3:+--by "$3"} --role 统计
    printed "indicator ${3:-} period"
    sql "select '$1', ${3:+m.$3,} m.y, printf('%!.17g', 100.0 * sum(case when $2 then a.va else 0 end) / sum(a.va)) from $current group by ${3:+m.$3,} m.y" | compare "$1 ${3:-}" digits
}
part_share() { # ID ITEM [GROUP]
    csv measure "$1" --from 2018 --to 2024 ${3:+--by "$3"} --role 统计
    printed "indicator ${3:-} period"
    sql "select '$1', ${3:+m.$3,} m.y, printf('%!.17g', 100.0 * sum(s.part) / sum(s.va)) from member m
         join shared s on s.item = '$2' and s.y = m.y and s.code = m.code and s.basis = 'current' group by ${3:+m.$3,} m.y" | compare "$1 ${3:-}" digits
}
part_share sei_share sei_output
part_share sei_share sei_output county
part_share sei_share sei_output chain
part_share traditional_share traditional_output
part_share traditional_share traditional_output county
energy="m.division in (select code from class where class = 'energy')"
tech="m.industry in (select code from class where class = 'hightech')"
share high_energy_share "$energy"
share high_energy_share "$energy" county
share hightech_share "$tech"
share hightech_share "$tech" county

# ---- counts and sums -----------------------------------------------------------------------------
csv measure division_count,firm_count,value_added_total,revenue_total,profit_total,loss_amount --from 2018 --to 2024 --role 统计
printed 'indicator period'
sum_of="join f on f.period = m.y and f.basis = 'current' and f.code = m.code and f.item ="
{
    sql "select 'division_count', y, count(distinct division) from member where division between '06' and '46' group by y"
    sql "select 'firm_count', y, count(*) from member group by y"
    sql "select 'value_added_total', m.y, printf('%!.17g', sum(a.va) / 1e8) from $current group by m.y"
    sql "select 'revenue_total', m.y, printf('%!.17g', sum(f.v) / 1e8) from member m $sum_of 'revenue' group by m.y"
    sql "select 'profit_total', m.y, printf('%!.17g', sum(f.v) / 1e8) from member m $sum_of 'total_profit' group by m.y"
    sql "select 'loss_amount', m.y, printf('%!.17g', -sum(min(f.v, 0)) / 1e8) from member m $sum_of 'total_profit' group by m.y"
} | compare 'counts and sums' digits

ratio() { # ID ITEM ITEM FACTOR
    sql "select '$1', m.y, printf('%!.17g', $4 * sum(f.v) / sum(g.v)) from member m $sum_of '$2'
         join f g on g.period = m.y and g.basis = 'current' and g.code = m.code and g.item = '$3' group by m.y"
}
csv measure receivable_days,inventory_days,cost_per_100,profit_margin,debt_ratio,rd_intensity,revenue_per_100_assets,loss_share --from 2018 --to 2024 --role 统计
printed 'indicator period'
{
    ratio receivable_days receivables revenue 360.0
    ratio inventory_days finished_goods operating_cost 360.0
    ratio cost_per_100 operating_cost revenue 100.0
    ratio profit_margin total_profit revenue 100.0
    ratio debt_ratio liabilities assets 100.0
    ratio rd_intensity rd_expense revenue 100.0
    ratio revenue_per_100_assets revenue assets 100.0
    sql "select 'loss_share', m.y, printf('%!.17g', 100.0 * sum(f.v < 0) / count(*)) from member m $sum_of 'total_profit' group by m.y"
} | compare 'ratios of accounts' digits
csv measure rd_gdp --from 2018 --to 2024
printed 'indicator period'
sql "select 'rd_gdp', r.period, printf('%!.17g', 100.0 * r.v / g.v) from f r join f g on g.item = 'gdp' and g.period = r.period and g.basis = r.basis
     where r.item = 'rd_city' and r.basis = 'current' and length(r.period) = 4" | compare rd_gdp digits

# ---- growth at comparable prices -----------------------------------------------------------------
# Single deflation by division, against the comparative figures of the same return, and of the same
# members: real growth, pull, contribution, chained means.
sqlite3 "$db" <<'SQL'
create table level as
select m.y, m.county,
       sum(n.part / 10000.0 * 100 / (p.v / 10000.0)) sei, sum(b.part) / 10000.0 sei_before,
       sum(n.va / 10000.0 * 100 / (p.v / 10000.0)) va, sum(b.va) / 10000.0 va_before
from member m
join shared n on n.item = 'sei_output' and n.y = m.y and n.code = m.code and n.basis = 'current'
join shared b on b.item = 'sei_output' and b.y = m.y and b.code = m.code and b.basis = 'comparative'
join f p on p.item = 'ppi' and p.period = m.y and p.basis = 'current' and p.code = m.division
where m.y > '2018' group by m.y, m.county;
create view city as select y, sum(sei) sei, sum(sei_before) sei_before, sum(va) va, sum(va_before) va_before from level group by y;
SQL
csv measure sei_growth,value_added_growth,sei_contribution,sei_pull,other_pull --from 2019 --to 2024 --role 统计
printed 'indicator period'
{
    sql "select 'sei_growth', y, printf('%!.17g', 100 * (sei / sei_before - 1)) from city"
    sql "select 'value_added_growth', y, printf('%!.17g', 100 * (va / va_before - 1)) from city"
    sql "select 'sei_contribution', y, printf('%!.17g', 100 * (sei - sei_before) / (va - va_before)) from city"
    sql "select 'sei_pull', y, printf('%!.17g', 100 * (sei - sei_before) / va_before) from city"
    sql "select 'other_pull', y, printf('%!.17g', 100 * (va - sei - va_before + sei_before) / va_before) from city"
} | compare 'real growth, contribution, pull' 1e-11
csv measure sei_growth,value_added_growth --from 2019 --to 2024 --by county --role 统计
printed 'indicator county period'
{
    sql "select 'sei_growth', county, y, printf('%!.17g', 100 * (sei / sei_before - 1)) from level where sei_before > 0"
    sql "select 'value_added_growth', county, y, printf('%!.17g', 100 * (va / va_before - 1)) from level"
} | compare 'real growth by county' 1e-11
csv measure sei_mean_growth,value_added_mean_growth --from 2021 --to 2024 --role 统计
printed 'indicator period'
{
    sql "select 'sei_mean_growth', c.y, printf('%!.17g', 100 * (exp((select sum(ln(d.sei / d.sei_before)) from city d where d.y between '2021' and c.y) / (c.y - 2020)) - 1)) from city c where c.y > '2020'"
    sql "select 'value_added_mean_growth', c.y, printf('%!.17g', 100 * (exp((select sum(ln(d.va / d.va_before)) from city d where d.y between '2021' and c.y) / (c.y - 2020)) - 1)) from city c where c.y > '2020'"
} | compare 'mean growth since 2020' 1e-11
csv measure sei_contribution_plan --from 2021 --to 2024 --role 统计
printed 'indicator period'
sql "with chain as (select c.y, exp(sum(ln(d.sei / d.sei_before))) g, exp(sum(ln(d.va / d.va_before))) h from city c join city d on d.y between '2021' and c.y where c.y > '2020' group by c.y),
     base as (select sum(s.part) sei, sum(s.va) va from member m join shared s on s.item = 'sei_output' and s.y = m.y and s.code = m.code and s.basis = 'current' where m.y = '2020')
     select 'sei_contribution_plan', y, printf('%!.17g', 100.0 * sei * (g - 1) / (va * (h - 1))) from chain, base" | compare 'contribution since 2020' 1e-11

# ---- the calibration that every seed must meet ---------------------------------------------------
near() { # NAME SQL EXPECTED HALF-WIDTH
    same "$1 of seed $seed" yes "$(sql "select case when abs(($2) - $3) <= $4 then 'yes' else printf('%.6f', ($2)) end")"
}
near 'emerging share 2018' "select 100.0 * sum(s.part) / sum(s.va) from member m join shared s on s.item = 'sei_output' and s.y = m.y and s.code = m.code and s.basis = 'current' where m.y = '2018'" 4.1 0.05
near 'emerging share 2024' "select 100.0 * sum(s.part) / sum(s.va) from member m join shared s on s.item = 'sei_output' and s.y = m.y and s.code = m.code and s.basis = 'current' where m.y = '2024'" 13.9 0.05
near 'mean real growth' "select 100 * (exp(sum(ln(sei / sei_before)) / 4) - 1) from city where y > '2020'" 10.5 0.05

# ---- dispatch tables -----------------------------------------------------------------------------
month=2024-01..12
csv measure stopped_count,reduced_count --at $month
printed 'indicator period'
{
    sql "select 'stopped_count', '$month', count(*) from firm where at = '2024-12' and run_state = '停产'"
    sql "select 'reduced_count', '$month', count(*) from f n join f b on b.item = n.item and b.period = n.period and b.basis = 'comparative' and b.code = n.code
         where n.item = 'dispatch_output' and n.period = '$month' and n.basis = 'current' and n.v * 10 < b.v * 8"
} | compare 'stopped, down more than 20 %' digits
sqlite3 "$db" "create table dispatch as select m.chain, m.county, n.v now, b.v before from (select * from firm where at = '2024-12') m
    left join f n on n.item = 'dispatch_revenue' and n.period = '$month' and n.basis = 'current' and n.code = m.code
    left join f b on b.item = 'dispatch_revenue' and b.period = '$month' and b.basis = 'comparative' and b.code = m.code
    where n.v is not null or b.v is not null"
csv measure dispatch_revenue_total --at $month --by chain
printed 'indicator chain'
sql "select 'dispatch_revenue_total', chain, printf('%!.17g', sum(now) / 1e8) from dispatch where now is not null group by chain" | compare 'dispatch revenue by chain' digits
for by in chain county; do
    csv measure dispatch_revenue_growth --at $month --by $by
    printed "indicator $by"
    sql "select 'dispatch_revenue_growth', $by, printf('%!.17g', 100.0 * (sum(now) - sum(before)) / sum(before)) from dispatch where now is not null and before is not null group by $by" |
        compare "dispatch revenue growth by $by" digits
done

# ---- growth taken apart --------------------------------------------------------------------------
# parts TABLE-EXPRESSION: code, base, now in ten-thousandths; every column of growth from those two.
parts() {
    tabs "$work/.out" | awk -F'\t' '
        NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
        $1 != "residual" { for (i = 3; i <= NF; i++) if ($i != "" && name[i] != "n") print $1, name[i], $i }' >"$work/printed"
    sql "with p as ($1), t as (select sum(base) base, sum(now) now from p), a as (select code, base, now from p union all select 'total', base, now from t)
         select a.code, 'base', printf('%!.17g', a.base / 1e4) from a union all
         select a.code, 'current', printf('%!.17g', a.now / 1e4) from a union all
         select a.code, 'increment', printf('%!.17g', (a.now - a.base) / 1e4) from a union all
         select a.code, 'growth', printf('%!.17g', 100.0 * (a.now - a.base) / a.base) from a union all
         select a.code, 'base_share', printf('%!.17g', 100.0 * a.base / t.base) from a, t union all
         select a.code, 'contribution', printf('%!.17g', 100.0 * (a.now - a.base) / (t.now - t.base)) from a, t union all
         select a.code, 'pull', printf('%!.17g', 100.0 * (a.now - a.base) / t.base) from a, t"
}
csv growth dispatch_revenue --to $month --by chain --reported
parts "select chain code, sum(before) base, sum(now) now from dispatch group by chain" >"$work/ours"
compare 'growth of dispatch revenue by chain' digits <"$work/ours"
csv growth value_added --from 2023 --to 2024 --by county --role 统计
parts "select county code, sum(case m.y when '2023' then a.va else 0 end) base, sum(case m.y when '2024' then a.va else 0 end) now from $current where m.y in ('2023', '2024') group by county" >"$work/ours"
compare 'growth of value added by county' digits <"$work/ours"
csv growth county_growth --to $month --by county
tabs "$work/.out" | awk -F'\t' 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $1 != "residual" && $1 != "total" { print $1, $at["pull"] }' >"$work/printed"
sql "select g.code, printf('%!.17g', g.v / 1e4 * w.v / 1e6) from f g join f w on w.item = 'county_weight' and w.period = g.period and w.code = g.code
     where g.item = 'county_growth' and g.period = '$month'" | compare 'pull of verified growth by county' digits

echo "$total figures agree"
[ "$total" -ge 300 ] && pass || fail "only $total figures were compared"
close_tests
