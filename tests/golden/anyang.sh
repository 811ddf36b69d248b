#!/usr/bin/env bash
# The real city, published figures only: they come out with their sources, and what has no data says so.
#   tests/golden/anyang.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
here=$(cd "$(dirname "$0")" && pwd)
. "$here/lib.sh"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
"$fangding" new city.fangding --example anyang >/dev/null 2>new.err || { cat new.err; exit 1; }
export FANGDING_CITY=city.fangding
fd() { "$fangding" "$@"; }

screen=$(fd status)
line() { if grep -qE -- "$1" <<<"$screen"; then pass; else fail "status lacks: $1"; fi; }
line '战新占规上 +13\.9%【公】 较2018年\+9\.8点'
line '战新贡献率 +42\.6%【公】 期间待核'
line '高耗能占比 +55\.5%【公】 年份推定'
line '研发强度 +2\.07%【公】 较2020年\+0\.75点'
line '工业大类.* +36类【公】 2025年'
line '停产企业 +缺数据'
if tail -n +3 <<<"$screen" | grep -qE '【[^】]*示】'; then fail "real figures are marked as synthetic"; else pass; fi
if grep -qE '(停产企业|减产超两成) +0' <<<"$screen"; then fail "missing data is shown as zero"; else pass; fi
expect "figures name their publication" '习近平经济思想研究' fd show figures
expect "a figure of another place is sent back with the reason" '范围' cat "$(find . -path '*-退回/*' -type f | head -1)"
expect "promises with source sentence" '目标是通过2—3年时间' fd records promise
expect "what was inferred is said" '推断' fd records promise
[ "$(fd records promise --format csv 2>/dev/null | tail -n +2 | wc -l)" -ge 30 ] && pass || fail "the register of promises"
expect "why falls back to the publication" '习近平经济思想研究' fd why sei_share --at 2024
expect "the target from the published value" '35\.7' fd target emerging_30
expect "trace" '^C21,' fd trace --format csv
finish
