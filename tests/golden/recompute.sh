#!/usr/bin/env bash
# A fresh seed: the city's indicators against an independent recomputation in SQL over its exports.
#   tests/golden/recompute.sh FANGDING [SEED]      (default: a seed from today's date)
#
# Values added are whole numbers of 0.0001 万元 in the SQL; ratios and growth are doubles there, so the comparison is to
# ten significant digits, beyond the last digit that any screen or paper prints.
set -euo pipefail
fangding=$(realpath "$1")
seed=${2:-$(date +%Y%m%d)}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
echo "seed $seed"
"$fangding" new city.fangding --example huanzhou --seed "$seed" >/dev/null 2>new.err || { cat new.err; exit 1; }
export FANGDING_CITY=$work/city.fangding

"$fangding" export facts --role 统计 --format csv >facts.csv 2>/dev/null
for year in 2018 2019 2020 2021 2022 2023 2024; do
    "$fangding" export enterprises --at $year --role 统计 --format csv | sed "1s/^/year,/; 2,\$s/^/$year,/" | if [ $year = 2018 ]; then cat; else tail -n +2; fi
done >enterprises.csv
sqlite3 city.db >/dev/null <<'SQL'
.mode csv
.import facts.csv facts
.import enterprises.csv enterprises
CREATE INDEX facts_item ON facts(item, period, basis);
-- One row per above-scale enterprise and year; money in 0.0001 万元.
CREATE TABLE firm AS
SELECT e.year AS year, e.uscc AS code, e.county AS county, e.chain AS chain, substr(e.industry, 1, 2) AS division, e.industry AS industry
FROM enterprises e WHERE e.above_scale = '是';
CREATE TABLE wide AS
SELECT period AS year, code,
  sum(CASE WHEN item IN ('depreciation','taxes_surcharges','vat','payroll','operating_profit') THEN cast(round(value * 10000) AS INTEGER)
           WHEN item IN ('asset_impairment','credit_impairment','investment_income','fair_value_gain','disposal_gain','other_gain','hedge_gain')
           THEN -cast(round(value * 10000) AS INTEGER) ELSE 0 END) AS va,
  sum(CASE WHEN item = 'annual_output' THEN cast(round(value * 10000) AS INTEGER) ELSE 0 END) AS output,
  sum(CASE WHEN item = 'sei_output' THEN cast(round(value * 10000) AS INTEGER) ELSE 0 END) AS sei_output,
  sum(CASE WHEN item = 'traditional_output' THEN cast(round(value * 10000) AS INTEGER) ELSE 0 END) AS old_output
FROM facts WHERE kind = 'enterprise' AND basis = 'current' AND length(period) = 4 GROUP BY period, code;
CREATE TABLE f AS
SELECT firm.*, va, output, round(1.0 * va * sei_output / output) AS sei, round(1.0 * va * old_output / output) AS old
FROM firm JOIN wide USING (year, code);
CREATE TABLE ppi AS SELECT period AS year, code AS division, value / 100.0 AS p FROM facts WHERE item = 'ppi';
-- Volumes: this year's value at last year's prices, by the division's price index (single deflation).
CREATE TABLE volume AS
SELECT f.year AS year, sum(va / p) AS va, sum(sei / p) AS sei FROM f JOIN ppi ON ppi.year = f.year AND ppi.division = f.division GROUP BY f.year;
CREATE TABLE level AS SELECT year, sum(va) AS va, sum(sei) AS sei FROM f GROUP BY year;
CREATE TABLE growth AS
SELECT v.year AS year, v.va / b.va AS va, v.sei / b.sei AS sei, b.va AS base_va, b.sei AS base_sei, v.va AS v_va, v.sei AS v_sei
FROM volume v JOIN level b ON b.year = v.year - 1;
.mode list
.separator ,
.output expected.csv
SELECT 'sei_share', year, '', printf('%.15g', 100.0 * sum(sei) / sum(va)) FROM f GROUP BY year;
SELECT 'sei_share', '2024', county, printf('%.15g', 100.0 * sum(sei) / sum(va)) FROM f WHERE year = 2024 GROUP BY county;
SELECT 'traditional_share', year, '', printf('%.15g', 100.0 * sum(old) / sum(va)) FROM f GROUP BY year;
SELECT 'high_energy_share', year, '', printf('%.15g', 100.0 * sum(CASE WHEN division IN ('25','26','30','31','32','44') THEN va ELSE 0 END) / sum(va)) FROM f GROUP BY year;
SELECT 'value_added_total', year, '', printf('%.15g', sum(va) / 1e8) FROM f GROUP BY year;
SELECT 'firm_count', year, '', count(*) FROM firm GROUP BY year;
SELECT 'division_count', year, '', count(DISTINCT division) FROM firm WHERE division BETWEEN '06' AND '46' GROUP BY year;
SELECT 'sei_growth', year, '', printf('%.15g', 100 * (sei - 1)) FROM growth;
SELECT 'value_added_growth', year, '', printf('%.15g', 100 * (va - 1)) FROM growth;
SELECT 'sei_pull', year, '', printf('%.15g', 100 * (v_sei - base_sei) / base_va) FROM growth;
SELECT 'sei_contribution', year, '', printf('%.15g', 100 * (v_sei - base_sei) / (v_va - base_va)) FROM growth;
SELECT 'sei_mean_growth', '2024', '', printf('%.15g', 100 * (exp(sum(ln(sei)) / 4) - 1)) FROM growth WHERE year BETWEEN 2021 AND 2024;
SELECT 'sei_contribution_plan', '2024', '', printf('%.15g', 100 * b.sei * (exp(sum(ln(g.sei))) - 1) / (b.va * (exp(sum(ln(g.va))) - 1))) FROM growth g, level b WHERE g.year BETWEEN 2021 AND 2024 AND b.year = 2020;
SELECT 'rd_gdp', a.period, '', printf('%.15g', 100.0 * a.value / b.value) FROM facts a JOIN facts b USING (period) WHERE a.item = 'rd_city' AND b.item = 'gdp' AND a.basis <> 'published' AND b.basis <> 'published';
SELECT 'stopped_count', '2024-01..12', '', count(*) FROM enterprises WHERE year = 2024 AND run_state = '停产' AND uscc IN (SELECT code FROM facts WHERE item = 'dispatch_output' AND period = '2024-01..12');
SELECT 'reduced_count', '2024-01..12', '', count(*) FROM facts a JOIN facts b USING (code, period) WHERE a.item = 'dispatch_output' AND b.item = 'dispatch_output' AND a.basis = 'current' AND b.basis = 'comparative' AND period = '2024-01..12' AND 100 * cast(round(a.value * 10000) AS INTEGER) < 80 * cast(round(b.value * 10000) AS INTEGER);
SELECT 'dispatch_revenue_total', '2024-01..12', e.chain, printf('%.15g', sum(cast(round(value * 10000) AS INTEGER)) / 1e8) FROM facts a JOIN enterprises e ON e.uscc = a.code AND e.year = 2024 WHERE a.item = 'dispatch_revenue' AND a.basis = 'current' AND a.period = '2024-01..12' GROUP BY e.chain;
SQL
# 高技术制造业 by the four-digit codes of the official list, from the repository's table.
awk -F, 'NR > 1 { print $1 }' "$here/../../definitions/classes/hightech_mfg_2017.csv" | sort -u >codes.txt
sqlite3 city.db ".import codes.txt code" "SELECT 'hightech_share', year, '', printf('%.15g', 100.0 * sum(CASE WHEN industry IN (SELECT * FROM code) THEN va ELSE 0 END) / sum(va)) FROM f GROUP BY year" 2>/dev/null |
    tr '|' , >>expected.csv || true

got() { # INDICATORS [options…] → indicator,period,group,value
    "$fangding" measure "$@" --role 统计 --format csv 2>/dev/null | awk -F, '
        NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
        { print $1 "," $(at["period"]) "," (2 == at["period"] ? "" : $2) "," $(at["value"]) }'
}
{
    got sei_share,traditional_share,high_energy_share,hightech_share,value_added_total,firm_count,division_count,rd_gdp --from 2018 --to 2024
    got sei_growth,value_added_growth,sei_pull,sei_contribution --from 2019 --to 2024
    got sei_mean_growth,sei_contribution_plan --at 2024
    got sei_share --at 2024 --by county
    got stopped_count,reduced_count --at 2024-01..12
    got dispatch_revenue_total --at 2024-01..12 --by chain
} >got.csv
check_numbers "recomputed in SQL" expected.csv got.csv 1e-10 40

# Verified rates taken apart: pulls are base weight × rate and add up to the total.
"$fangding" growth county_growth --to 2024-01..12 --by county --role 统计 --format csv 2>/dev/null >growth.csv
sqlite3 city.db -separator , "SELECT r.code, printf('%.15g', r.value * w.value / (SELECT sum(value) FROM facts WHERE item = 'county_weight' AND period = r.period))
    FROM facts r JOIN facts w USING (code, period) WHERE r.item = 'county_growth' AND w.item = 'county_weight' AND r.period = '2024-01..12'" >pulls.csv
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next } $1 != "residual" && $1 != "total" { print $1 "," $(at["pull"]) }' growth.csv >got-pulls.csv
check_numbers "pulls of counties" pulls.csv got-pulls.csv 1e-10 9
finish
