#!/usr/bin/env bash
# Engines on the city: `X city` says what `X` says about the same table, to the last byte; and that
# table is what a second hand (SQL over the exported cells) makes of the returns.
#   tests/golden/engines.sh FANGDING [CITY]       (without CITY the example is generated)
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
. "$root/tests/golden/lib.sh"
shopt -s lastpipe
city=${2:-$work/huanzhou.fangding}
if [ ! -e "$city" ]; then
    run new "$city" --example huanzhou
    expect_rc 0
fi
db=$work/cells.db

# ---- the same on a plain file --------------------------------------------------------------------
# agrees "CITY ARGUMENTS" "ARGUMENTS FOR BOTH" "PLAIN ARGUMENTS" VERB…: `VERB city`, and VERB on its
# own table.
agrees() {
    local given=$1 both=$2 plain=$3
    shift 3
    csv "$@" city $given --out data
    expect_rc 0
    cp "$work/.out" "$work/data.csv"
    csv "$@" city $given $both
    expect_rc 0
    cp "$work/.out" "$work/by_city.csv"
    city='' csv "$@" "$work/data.csv" $both $plain
    expect_rc 0
    if cmp -s "$work/by_city.csv" "$work/.out"; then pass; else
        fail "$* city $given $both: not what the plain file gives"
        diff "$work/by_city.csv" "$work/.out" | head -4
    fi
}
for by in county division size chain; do
    agrees "--by $by --capital-share 0.4" '--out units' '--inputs k,l --elasticities 0.4,0.6' tfp
    agrees "--by $by --at 2024" '--rts crs,vrs --super --slacks --scale --peers' '' dea
    agrees "--by $by --from 2020" '--global' '' malmquist
done
agrees '--by city --capital-share 0.4' '--out growth' '--inputs k,l --elasticities 0.4,0.6' tfp
agrees '--role 统计 --decompose' '--out aggregate' '--level ln_tfp --weight weight' tfp
agrees '--role 统计 --decompose' '--out firms' '--level ln_tfp --weight weight' tfp
agrees '--role 统计 --by enterprise --at 2024' '' '' dea
agrees '' '' '' green-tfp
agrees '--by county' '--out ddf' '' green-tfp
agrees '--role 统计 --by enterprise' '' '' green-tfp
for out in specialisation lq; do
    agrees '--role 统计' "--out $out" '--reference sum' specialise
done
agrees '' '--out specialisation' '--reference sum' specialise
for out in shift_change dynamic; do
    agrees '' "--out $out" '--reference sum' shift-share
done
agrees '--role 统计 --value staff_sum --by chain,division' '--out industries' '--reference sum' shift-share
agrees '' '' '--reference sum' structure
factors='scale=sum:activity structure=activity/sum:activity intensity=value/activity --value value --time year'
for value in energy_use co2; do
    agrees "--value $value" '--out factors' "$factors" lmdi
    agrees "--value $value --by county,division" '' "$factors --by region" lmdi
done
for name in summary locations products cells proximity variety; do
    agrees '--by industry' "--out $name" '' complexity
    agrees '--by chain --at 2024-01..06' "--out $name" '' complexity
done
agrees '' '--top 0' '--high-energy' opportunities
agrees 'sei_share' '--out forecast' '' forecast
agrees 'sei_share --of 漳阳县' '--target 30' '' forecast
agrees 'value_added_total' '--out backtest --model holt' '' forecast
agrees '--role 统计 --from 2020' '--method ols,fe,lp --bootstrap 5' '' prodfun

for name in national national-output region-output; do
    csv io city --with-imports --out "$name"
    expect_rc 0
    cp "$work/.out" "$work/$name.csv"
done
for name in coefficients slq multipliers spread; do
    csv io city --with-imports --out "$name" --delta 0.3,0.1
    expect_rc 0
    cp "$work/.out" "$work/by_city.csv"
    city='' csv io region --national "$work/national.csv" --national-output "$work/national-output.csv" \
        --output-of-region "$work/region-output.csv" --out "$name" --delta 0.3,0.1
    expect_rc 0
    cmp -s "$work/by_city.csv" "$work/.out" && pass || fail "io city --out $name: not what the plain files give"
done
# Output by sector is the sum of its divisions: chemicals are 26 to 29.
csv io city --out data
chemicals=$(awk -F, '/^2[6-9] /{ s += $3 } END { printf "%.6f", s }' "$work/.out")
csv io city --out region-output
same 'chemicals are four divisions' "$chemicals" "$(awk -F, '/^12 /{ printf "%.6f", $2 }' "$work/.out")"

# ---- a second hand -------------------------------------------------------------------------------
va='depreciation taxes_surcharges vat payroll operating_profit asset_impairment credit_impairment
    investment_income fair_value_gain disposal_gain other_gain hedge_gain'
{
    echo '.mode csv'
    for item in $va fixed_assets accumulated_depreciation avg_staff ppi sei_output annual_output energy_tce; do
        csv export facts --item "$item" --role 统计
        [ "$rc" -eq 0 ] || fail "export of $item: $err" >&2
        mv "$work/.out" "$work/$item.csv"
        echo ".import '$work/$item.csv' raw"
    done
    for at in 2018 2019 2020 2021 2022 2023 2024; do
        csv export enterprises --at $at
        mv "$work/.out" "$work/firms-$at.csv"
        echo ".import '$work/firms-$at.csv' firms"
        echo "insert into firm select '$at', uscc, county, substr(industry, 1, 2) from firms where above_scale = '是'; drop table firms;"
    done
} >"$work/import.sql"
csv measure firm_count --by county --at 2024
awk -F, -v OFS=, 'NR > 1 { print $2, $3 }' "$work/.out" >"$work/county.csv"
csv measure firm_count --by division --at 2024
awk -F, -v OFS=, 'NR > 1 { print $2, $3 }' "$work/.out" >"$work/division.csv"
sqlite3 "$db" 'create table firm(y, code, county, division); create table place(code, name)'
sqlite3 "$db" <"$work/import.sql" >"$work/sql.log" 2>&1
sqlite3 "$db" >>"$work/sql.log" 2>&1 <<SQL
.mode csv
.import '$work/county.csv' place
create table line(code, name);
.import '$work/division.csv' line
-- Whole ten-thousandths, so that no sum was ever a double.
create table f as select item, period y, code, cast(round(value * 10000) as integer) v from raw
    where basis = 'current' and value <> '' and item <> 'item';
create index fi on f(item, y, code);
create index mi on firm(y, code);
create table sign(item, s);
insert into sign values ('depreciation',1),('taxes_surcharges',1),('vat',1),('payroll',1),('operating_profit',1),
    ('asset_impairment',-1),('credit_impairment',-1),('investment_income',-1),('fair_value_gain',-1),
    ('disposal_gain',-1),('other_gain',-1),('hedge_gain',-1);
create table added as select y, code, sum(s * v) va from f join sign using (item) group by y, code having count(*) = 12;
create index ai on added(y, code);
-- Price levels of the divisions, 2018 = 1.
create table price as
with recursive p(code, y, level) as (
    select code, 2018, 1.0 from line
    union all
    select p.code, p.y + 1, p.level * (f.v / 10000.0 / 100) from p join f on f.item = 'ppi' and f.code = p.code and f.y = p.y + 1 where p.y < 2024)
select code, cast(y as text) y, level from p;
SQL
same 'SQLite without errors' '' "$(grep -i error "$work/sql.log")"
sql() { sqlite3 -separator , "$db" "$1"; }

# close NAME TOLERANCE KEYS OURS PRINTED: two CSV files, the first KEYS columns name a row; numbers
# agree to TOLERANCE of their size.
close() {
    local report
    report=$(awk -F, -v how="$2" -v keys="$3" '
        function abs(x) { return x < 0 ? -x : x }
        function key(   i, k) { for (i = 1; i <= keys; i++) k = k "," $i; return k }
        FNR == 1 { next }
        NR == FNR { line[key()] = $0; n++; next }
        {
            if (!(key() in line)) { print key() ": not printed"; bad++; next }
            split(line[key()], theirs, ","); delete line[key()]; compared++
            for (i = keys + 1; i <= NF; i++)
                if (abs(theirs[i] - $i) > how * (abs($i) > 1e-3 ? abs($i) : 1e-3) || (theirs[i] == "") != ($i == "")) {
                    print key() " column " i ": printed " theirs[i] ", ours " $i; bad++
                }
        }
        END {
            for (k in line) { print k ": printed, ours nothing"; bad++ }
            if (!compared) { print "nothing was compared"; bad++ }
            exit bad > 0
        }' "$5" "$4") && pass || { fail "$1"; printf '%s\n' "$report" | head -5; }
}

# Total factor productivity by county: the table, and the answer of the plain verb to ours.
{
    echo id,t,q,k,l,va,pay,sk,sl
    sql "with m as (
        select firm.y, firm.county, firm.division, added.va, pay.v pay, staff.v staff, fixed.v - worn.v net from firm
        join added using (y, code) join f pay on pay.item = 'payroll' and pay.y = firm.y and pay.code = firm.code
        join f staff on staff.item = 'avg_staff' and staff.y = firm.y and staff.code = firm.code
        join f fixed on fixed.item = 'fixed_assets' and fixed.y = firm.y and fixed.code = firm.code
        join f worn on worn.item = 'accumulated_depreciation' and worn.y = firm.y and worn.code = firm.code),
    d as (select m.y, county, division, sum(va) va, sum(pay) pay, sum(staff) staff, sum(net) net from m group by 1, 2, 3)
    select place.name, d.y, printf('%.17g', sum(va / level) / 1e8), printf('%.17g', sum(net) / 1e8), sum(staff) / 10000, printf('%.17g', sum(va) / 1e8),
        printf('%.17g', sum(pay) / 1e8), printf('%.17g', 1 - sum(pay) * 1.0 / sum(va)), printf('%.17g', sum(pay) * 1.0 / sum(va))
    from d join price on price.code = division and price.y = d.y join place on place.code = county group by d.county, d.y order by 1, 2"
} >"$work/ours.csv"
csv tfp city --by county --out data
cp "$work/.out" "$work/data.csv"
close 'the table of tfp city' 1e-13 2 "$work/ours.csv" "$work/data.csv"
csv tfp city --by county
cp "$work/.out" "$work/printed.csv"
city='' csv tfp "$work/ours.csv" --inputs k,l --shares sk,sl
cut -d, -f1-7 "$work/.out" >"$work/answer.csv"
cut -d, -f1-7 "$work/printed.csv" >"$work/printed7.csv"
close 'tfp city, worked out twice' 1e-10 3 "$work/answer.csv" "$work/printed7.csv"

# Location quotients of every county and industry in 2024 by plain arithmetic.
{
    echo year,region,industry,lq
    sql "with c as (select county, division, sum(va) v from firm join added using (y, code) where firm.y = '2024' group by 1, 2),
    whole as (select sum(v) v from c), r as (select county, sum(v) v from c group by 1), i as (select division, sum(v) v from c group by 1)
    select 2024, place.name, line.code || ' ' || line.name,
        printf('%.17g', coalesce(c.v, 0) * 1.0 / r.v / (i.v * 1.0 / whole.v))
    from r join i join whole join place on place.code = r.county join line on line.code = i.division
    left join c on c.county = r.county and c.division = i.division"
} >"$work/ours.csv"
csv specialise city --from 2024 --role 统计
cp "$work/.out" "$work/printed.csv"
close 'location quotients, worked out twice' 1e-12 3 "$work/ours.csv" "$work/printed.csv"

# Energy of those who returned it, their value added at prices of 2023, by industry: the largest
# factor and the parts that add up.
{
    echo industry,year,value,activity
    sql "with e as (select y, code, v from f where item = 'energy_tce' and v > 0)
    select line.code || ' ' || line.name, e.y, printf('%.17g', sum(e.v) / 1e8),
        printf('%.17g', sum(added.va / (price.level / base.level)) / 1e8)
    from e join firm on firm.y = e.y and firm.code = e.code join added on added.y = e.y and added.code = e.code
    join line on line.code = division join price on price.code = division and price.y = e.y
    join price base on base.code = division and base.y = '2023' group by line.code, e.y"
} >"$work/ours.csv"
csv lmdi city --out data
cp "$work/.out" "$work/data.csv"
close 'the table of lmdi city' 1e-12 2 "$work/ours.csv" "$work/data.csv"
csv lmdi city
same 'lmdi city: scale, structure and intensity are the change' '0.000000000' "$(awk -F, '
    NR == 2 { d = $4 + $5 + $6 - $3; printf "%.9f", d < 0 ? -d : d }' "$work/.out")"

# The share of the new, and the year of crossing by the plain verb.
csv measure sei_share --from 2018 --to 2024
awk -F, 'BEGIN { print "period,value" } NR > 1 { print $2 "," $3 }' "$work/.out" >"$work/share.csv"
city='' csv forecast "$work/share.csv" --model holt --target 30
cp "$work/.out" "$work/plain.csv"
csv forecast city sei_share --model holt --target 30
same 'year of crossing' "$(cut -d, -f1-4 "$work/plain.csv")" "$(cut -d, -f1-4 "$work/.out")"
csv structure city --out drivers --by city
same 'points a year' "$(awk -F, 'NR == 2 { a = $2 } { b = $2 } END { printf "%.9f", (b - a) / 6 }' "$work/share.csv")" \
    "$(awk -F, 'NR == 2 { printf "%.9f", $7 }' "$work/.out")"

# ---- what may not leave --------------------------------------------------------------------------
csv tfp city --out firms
expect_rc 3
csv tfp city --out aggregate
expect_rc 0
csv prodfun city --out data
expect_rc 3
csv dea city --by enterprise
expect_rc 3
csv measure value_added_total --by county,division --at 2024
awk -F, 'NR > 1 && $NF != "" && $3 != "" { print $3 "," $4 " " $5 }' "$work/.out" | sort >"$work/hidden"
[ -s "$work/hidden" ] && pass || fail 'no cell is hidden: the test shows nothing'
csv specialise city --from 2024
awk -F, '$NF != "" { print $2 "," $3 }' "$work/.out" | sort >"$work/shown"
same 'cells that measure hides and specialise shows' '' "$(comm -12 "$work/hidden" "$work/shown")"
csv specialise city --from 2024 --out data
awk -F, '{ print $1 "," $2 }' "$work/.out" | sort >"$work/shown"
same 'cells that measure hides and the table shows' '' "$(comm -12 "$work/hidden" "$work/shown")"
csv dea city --inputs no_such_item
expect_rc 3
expect_err '没有这个指标或数据项:no_such_item'
csv green-tfp city --from 2018 --to 2020
expect_err '各量都有数的期间只有 0 个'
close_tests
