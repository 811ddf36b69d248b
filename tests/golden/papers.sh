#!/usr/bin/env bash
# The papers of the example city: their text is the golden one; LibreOffice renders each on A4,
# saves it again without losing text or a bound figure; an outdated figure and an author's hand are
# seen.  tests/golden/papers.sh FANGDING [--update]
# The figures are those of the fictional city: 示例.
set -u
fangding=$(realpath "$1")
update=${2:-}
cd "$(dirname "$0")/papers"
golden=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
complain() { echo "$1"; bad=1; }
cd "$work"
export FANGDING_LANG=zh

"$fangding" new city.fangding --example huanzhou >new.log 2>&1 || { cat new.log; exit 1; }
export FANGDING_CITY=$work/city.fangding
# A correction makes a third snapshot: the chain's pack and the weekly list tell what changed.
"$fangding" correct "洹西钢铁有限公司(示例)" dispatch_output 1780000 --at 2024-01..12 --reason 电话核实 >/dev/null 2>&1 ||
    complain "correct failed"

# NAME VERB…: write it as text and as docx, compare the text.
write() {
    local name=$1
    shift
    "$fangding" "$@" --today 2025-01-20 --out "$name.txt" >"$name.log" 2>&1 || { cat "$name.log"; complain "$name: not written"; return; }
    "$fangding" "$@" --today 2025-01-20 --out "$name.docx" >"$name.log" 2>&1 || { cat "$name.log"; complain "$name: not written"; return; }
    [ "$update" != --update ] || cp "$name.txt" "$golden/$name.txt"
    diff -u "$golden/$name.txt" "$name.txt" || complain "$name: the text differs from the golden one"
    "$fangding" paper check "$name.docx" >check.log 2>&1 || { cat check.log; complain "$name: a fresh paper differs from its city"; }
}
write monthly paper monthly --at 2024-12
write november paper monthly --at 2024-11
write county paper county 洹西区 --at 2024-12
write chain paper chain L1 --at 2024-12 --since 2
write firm paper firm "洹西钢铁有限公司(示例)" --at 2024-12
write promises paper promises
write weekly paper weekly

# A paper from before the correction knows what changed; the check says no.
"$fangding" paper monthly --at 2024-12 --today 2025-01-20 --as-of 2 --out old.docx >/dev/null 2>&1
"$fangding" paper check old.docx >old.log 2>&1 && complain "an outdated paper passed"
grep -q 城市文件已变 old.log || complain "the outdated figure is not named"

# One subject's statistical return never reaches the industry bureau's page.
cat >secret.txt <<'TEXT'
名单 产值 逐月 output,revenue 近 3
题 {地方}
段 甲
  句 工业总产值{output}。
表 乙 乙 | 产值
TEXT
"$fangding" paper firm "洹西钢铁有限公司(示例)" --definition secret.txt --today 2025-01-20 --out secret-out.txt >/dev/null 2>&1
grep -q '统计法' secret-out.txt || complain "statistical returns are not refused"
grep -qE '工业总产值[0-9]' secret-out.txt && complain "a statistical return leaked"

if ! command -v soffice >/dev/null || ! command -v pdfinfo >/dev/null; then
    [ $bad -eq 0 ] || exit 1
    echo "soffice or pdfinfo is not installed: rendering not checked"
    exit 77
fi
office() { timeout 300 soffice -env:UserInstallation="file://$work/profile" --headless "$@" >>office.log 2>&1; }
mkdir -p pdf again plain
office --convert-to pdf --outdir pdf monthly.docx november.docx county.docx chain.docx firm.docx promises.docx weekly.docx
office --convert-to docx --outdir again monthly.docx county.docx chain.docx firm.docx promises.docx weekly.docx
office --convert-to "txt:Text (encoded):UTF8" --outdir plain monthly.docx county.docx chain.docx firm.docx promises.docx weekly.docx
mkdir -p again-plain
(cd again && office --convert-to "txt:Text (encoded):UTF8" --outdir ../again-plain monthly.docx county.docx chain.docx firm.docx promises.docx weekly.docx)
for name in monthly november county chain firm promises weekly; do
    pages=$(pdfinfo "pdf/$name.pdf" 2>/dev/null | awk '/^Pages:/ { print $2 }')
    [ "${pages:-0}" -ge 1 ] || { complain "$name: not rendered"; continue; }
    pdfinfo "pdf/$name.pdf" | grep -q 'A4' || complain "$name: not on A4"
done
[ "$(pdfinfo pdf/firm.pdf 2>/dev/null | awk '/^Pages:/ { print $2 }')" = 1 ] || complain "the one-pager has more than one page"
for file in chain.docx again/chain.docx; do
    [ "$(unzip -l "$file" | grep -c media/image)" -ge 2 ] || complain "$file: the pictures of the chain are not in it"
done
for name in monthly county chain firm promises weekly; do
    cmp -s "plain/$name.txt" "again-plain/$name.txt" || complain "$name: saving again lost text"
    "$fangding" paper check "$name.docx" 2>&1 | tail -1 >one
    "$fangding" paper check "again/$name.docx" 2>&1 | tail -1 >two
    cmp -s one two || { cat one two; complain "$name: saving again lost bound figures"; }
done
# An untouched draft that went through an editor renews to itself.
"$fangding" paper monthly --at 2024-12 --today 2025-01-20 --renew again/monthly.docx --out renewed.txt >renew.log 2>&1 || { cat renew.log; complain "renew failed"; }
diff -u monthly.txt renewed.txt || complain "renewing an untouched draft changed it"
exit $bad
