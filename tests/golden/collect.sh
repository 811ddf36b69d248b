#!/usr/bin/env bash
# A month of collecting on the example city: templates out, returns in every way they come back
# (edited, saved by LibreOffice, saved as CSV in GBK, re-ordered), who is missing, what goes back.
#   tests/golden/collect.sh FANGDING
set -uo pipefail
fangding=$(realpath "$1")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d -t fdcollectXXXXXX)
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
failed=0
fail() { echo "FAIL: $*"; failed=1; }
fd() { "$fangding" "$@" --city city.fangding; }
count() { tail -n +2 | wc -l | tr -d ' '; }
# expect NAME WANTED GOT
expect() { [ "$2" = "$3" ] || fail "$1: expected $2, got $3"; }
# field TABLE.csv COLUMN: values of a column, found by its id
field() { awk -F, -v want="$2" 'NR==1{for(i=1;i<=NF;i++)if($i==want)at=i;next}{print $at}' "$1"; }
# table COMMAND…: the n-th table of an answer in CSV (tables are parted by an empty line)
part() { awk -v n="$1" 'BEGIN{t=1}/^\r?$/{t++;next}t==n'; }

"$fangding" new city.fangding --example huanzhou >/dev/null 2>&1 || { echo "no city"; exit 1; }
period=2025-01..02
open() { fd collect open dispatch --at $period --due 2025-03-10 --today 2025-02-20 --out "$1" "${@:2}"; }
open templates --format csv >sent.csv 2>sent.log || fail "open: $(cat sent.log)"
expect "templates" 9 "$(ls templates | wc -l | tr -d ' ')"
open templates >/dev/null 2>&1 && fail "the same form and period twice without --reissue"
expected=$(field sent.csv expected | awk '{ n += $1 } END { print n }')

command -v python3 >/dev/null || { echo "python3 is not installed: nothing fills the templates"; exit 77; }
# A helper that fills templates: XLSX in, CSV or XLSX out.
cat >fill.py <<'PY'
"""fill.py TEMPLATE.xlsx OUT [skip=N] [bad=N] [shuffle] [add=X]: fill every entry; OUT ends in .csv or .xlsx."""
import csv, sys, zipfile, xml.etree.ElementTree as E
N = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(sys.argv[1])
opts = dict((o.split('=') + ['1'])[:2] for o in sys.argv[3:])
shared = [''.join(t.text or '' for t in si.iter(N + 't')) for si in E.fromstring(z.read('xl/sharedStrings.xml'))]
def column(ref):
    n = 0
    for ch in ref:
        if ch.isalpha(): n = n * 26 + ord(ch) - 64
    return n - 1
rows = []
for r in E.fromstring(z.read('xl/worksheets/sheet1.xml')).iter(N + 'row'):
    row = []
    for c in r.iter(N + 'c'):
        at, v = column(c.get('r')), c.find(N + 'v')
        row += [''] * (at + 1 - len(row))
        if v is not None:
            row[at] = shared[int(v.text)] if c.get('t') == 's' else '%.15g' % float(v.text)
    rows.append(row)
head = next(i for i, r in enumerate(rows) if '统一社会信用代码' in r)
names = rows[head]
width = len(names)
data = [r + [''] * (width - len(r)) for r in rows[head + 1:]]
skip, bad, add = int(opts.get('skip', 0)), int(opts.get('bad', 0)), int(opts.get('add', 0))
for i, r in enumerate(data):
    for k, name in enumerate(names):
        if name.startswith('上期参考') or r[k]:
            continue
        if name in ('生产状态', '生产经营状态'): r[k] = '正常'
        elif '产值' in name or '营业收入' in name: r[k] = str(100 + i + add) + '.5'
        elif '用工' in name: r[k] = str(50 + i)
        elif '订单' in name: r[k] = str(30 + i)
for r in data[len(data) - skip:] if skip else []:      # the last ones report nothing
    for k, name in enumerate(names):
        if k > 1 and not name.startswith('上期参考'): r[k] = ''
for r in data[:bad]:                                    # and the first ones write words for figures
    k = next(k for k, n in enumerate(names) if '产值' in n and not n.startswith('上期') and '上年' not in n)
    r[k] = '待定'
if sys.argv[2].endswith('.xlsx'):                        # the same book with the values in its cells
    E.register_namespace('', N[1:-1])
    sheet = E.fromstring(z.read('xl/worksheets/sheet1.xml'))
    for r, row in zip(data, list(sheet.iter(N + 'row'))[head + 1:]):
        for c in row.iter(N + 'c'):
            text = r[column(c.get('r'))]
            if c.find(N + 'v') is None and text:
                E.SubElement(c, N + 'v').text = text
                if not text.replace('.', '').isdigit(): c.set('t', 'str')
    with zipfile.ZipFile(sys.argv[2], 'w') as out:
        for name in z.namelist():
            out.writestr(name, E.tostring(sheet) if name == 'xl/worksheets/sheet1.xml' else z.read(name))
    sys.exit()
order = list(range(width))
if 'shuffle' in opts:
    order = order[::-1]; data = data[::-1]
with open(sys.argv[2], 'w', newline='') as f:
    w = csv.writer(f)
    for r in rows[:head]: w.writerow(r)
    w.writerow([names[k] for k in order])
    for r in data: w.writerow([r[k] for k in order])
PY
template() { echo "templates/重点企业调度表_$1_2025年1—2月.xlsx"; }
gbk() { iconv -f UTF-8 -t GBK "$1" >"$2"; }

# ---- what never may come in, before anything has --------------------------------------------
mkdir wrong
python3 fill.py "$(template 洹东区)" x.csv
sed 's/dispatch|2025-01..02|/dispatch|2024-01..11|/; s/2025年1—2月/2024年1—11月/' x.csv >"wrong/重点企业调度表_洹东区_2024年1—11月.csv"
cp x.csv "wrong/重点企业调度表_洹西区_2025年1—2月.csv"       # one county's file under another's name
sed '/收表编号/d' x.csv >"wrong/重点企业调度表_林虑市_2025年1—2月.csv" # the same without a line: its rows tell
fd collect import wrong --today 2025-03-01 --format csv >wrong.csv 2>wrong.log
expect "exit of a refused import" 1 $?
expect "refused" 3 "$(field wrong.csv state | grep -c 拒收)"
grep -q wrong-period wrong.csv || fail "the wrong period is not named"
expect "wrong senders" 2 "$(grep -c wrong-sender wrong.csv)"
fd collect status --today 2025-03-01 --format csv >status.csv
expect "nothing half-applied" "$expected" "$(field status.csv missing)"
expect "all still out" 9 "$(field status.csv sent)"

# ---- a column renamed: named, and never read as the figure it is not -------------------------------
mkdir renamed
python3 fill.py "$(template 滑台县)" x.csv
sed 's/调度产值(万元);1—本月累计/调度产值(计划)/' x.csv >renamed/滑台县.csv
fd collect import renamed --dry-run --today 2025-03-01 --format csv >renamed.csv 2>/dev/null
expect "a column that was asked for and did not come" 1 "$(grep -c empty-column renamed.csv)"
expect "a planned figure" 1 "$(grep -c '里的「计划」不认识' renamed.csv)"

# ---- two versions of one return ---------------------------------------------------------------
mkdir twice
python3 fill.py "$(template 洹东区)" a.csv; gbk a.csv "twice/洹东区 第一稿.csv"
python3 fill.py "$(template 洹东区)" b.csv add=7; gbk b.csv "twice/洹东区 第二稿.csv"
touch -d 2025-03-01T08:00 "twice/洹东区 第一稿.csv"; touch -d 2025-03-02T08:00 "twice/洹东区 第二稿.csv"
fd collect import twice --today 2025-03-02 --format csv >twice.csv 2>/dev/null
expect "both versions refused" 2 "$(field twice.csv state | grep -c 拒收)"
fd collect import twice --replace --today 2025-03-02 --format csv >twice.csv 2>/dev/null
expect "the newer version counts" 已清 "$(grep -m1 '^洹东区 第二稿' twice.csv | cut -d, -f10)"
fd collect import twice --today 2025-03-02 --format csv >twice.csv 2>/dev/null
grep -m1 '^洹东区 第二稿' twice.csv | grep -q 同前 || fail "the same file again is not said to be the same"

# ---- the honest returns -------------------------------------------------------------------------
mkdir back
python3 fill.py "$(template 洹西区)" x.csv shuffle; gbk x.csv "back/洹西区报表(最终).csv"          # GBK, re-ordered
python3 fill.py "$(template 鼎南区)" x.csv; sed '/收表编号/d' x.csv >"back/重点企业调度表_鼎南区.csv" # no line, no period in the name
python3 fill.py "$(template 漳阳县)" x.csv skip=4; cp x.csv "back/漳阳县.csv"                        # four firms report nothing
python3 fill.py "$(template 汤源县)" x.csv bad=3; gbk x.csv "back/汤源县.csv"                       # three rows with words for figures
cleared=3 received=1 returned=1   # 洹东区, 洹西区, 鼎南区; 漳阳县; 汤源县
if command -v soffice >/dev/null && soffice --version >/dev/null 2>&1; then
    # Filled, opened and saved again by LibreOffice: another writer's workbook.
    office() { timeout 300 soffice -env:UserInstallation="file://$work/profile" --headless "$@" >>office.log 2>&1; }
    mkdir lo
    python3 fill.py "$(template 鼎北区)" x.xlsx
    if office --convert-to xlsx --outdir lo x.xlsx && [ -s lo/x.xlsx ]; then
        python3 - lo/x.xlsx <<'PY' || fail "the hidden sheet is lost in LibreOffice"
import sys, zipfile
book = zipfile.ZipFile(sys.argv[1]).read('xl/workbook.xml').decode()
sys.exit(0 if '_fangding' in book and 'hidden' in book else 1)
PY
        cp lo/x.xlsx "back/已填.xlsx" # the fingerprint alone says whose it is
        "$fangding" form export dispatch --out form.xlsx 2>/dev/null
        office --convert-to xlsx --outdir lo form.xlsx
        "$fangding" form import form.xlsx >form.txt; "$fangding" form import lo/form.xlsx >form2.txt
        cmp form.txt form2.txt || fail "a definition's spreadsheet loses something in LibreOffice"
        lo=yes
    else
        lo=no
    fi
else
    lo=no
fi
if [ $lo = yes ]; then
    cleared=$((cleared + 1))
else
    echo "without LibreOffice: its part is left out"
fi
fd collect import back --at $period --today 2025-03-05 --format csv >back.csv 2>back.log
cat back.log
grep -q 拒收 back.csv && fail "an honest return was refused: $(grep 拒收 back.csv)"
expect "returned rows" 3 "$(grep -m1 '^汤源县' back.csv | cut -d, -f8)"
expect "four firms short" 4 "$(grep -m1 '^漳阳县' back.csv | cut -d, -f9)"
grep -m1 '^洹西区' back.csv | grep -q GB18030 || fail "GBK was not recognised"
grep -m1 '^洹西区' back.csv | grep -q 已清 || fail "a re-ordered return is not complete"

# ---- what is missing, exactly ---------------------------------------------------------------------
fd collect status --today 2025-03-12 --format csv >status.csv
expect "cleared" $cleared "$(field status.csv cleared)"
expect "received" $received "$(field status.csv received)"
expect "returned" $returned "$(field status.csv returned)"
expect "states add up" 9 $(($(field status.csv sent) + $(field status.csv received) + $(field status.csv returned) + $(field status.csv cleared)))
expect "firms add up" "$(field status.csv expected)" $(($(field status.csv reported) + $(field status.csv missing)))
expect "working days late on 12 March" 2 "$(field status.csv days)"
want=$((4 + 3))
for county in 鼎北区 滑台县 内河县 林虑市; do
    [ $lo = yes ] && [ $county = 鼎北区 ] && continue
    n=$(grep ",$county," sent.csv | cut -d, -f3); want=$((want + n))
done
expect "missing" $want "$(field status.csv missing)"
fd collect chase --today 2025-03-12 --format csv >chase.csv 2>/dev/null
part 1 <chase.csv >late.csv; part 2 <chase.csv >phones.csv
expect "late senders" $((9 - cleared)) "$(count <late.csv)"
expect "phone list" $want "$(count <phones.csv)"
expect "of 漳阳县" 4 "$(field phones.csv county | grep -c 漳阳县)"
expect "of 汤源县" 3 "$(field phones.csv county | grep -c 汤源县)"
expect "of 洹东区" 0 "$(field phones.csv county | grep -c 洹东区)"
expect "none twice" "$(count <phones.csv)" "$(field phones.csv code | sort -u | wc -l | tr -d ' ')"
expect "with a telephone" "$(count <phones.csv)" "$(field phones.csv phone | grep -c '[0-9]')"

# ---- back to the sender, and again in --------------------------------------------------------------
fd collect return --out gone --format csv >return.csv 2>/dev/null
expect "returns" 1 "$(count <return.csv)"
[ -f gone/汤源县.退回.csv ] || fail "no file for 汤源县"
iconv -f GBK -t UTF-8 gone/汤源县.退回.csv >gone.txt || fail "the returned file is not in the sender's GBK"
expect "returned rows in the file" 3 "$(grep -c 待定 gone.txt)"
grep -q 退回原因 gone.txt || fail "no column for the reason"
mkdir again
sed 's/待定/88.5/' gone.txt >x.csv; gbk x.csv "again/汤源县 更正.csv"
fd collect import again --at $period --today 2025-03-12 --format csv >again.csv 2>/dev/null
grep -m1 '^汤源县' again.csv | grep -q 已清 || fail "the corrected rows do not complete the return: $(cat again.csv)"

# ---- a template of an earlier issue -----------------------------------------------------------------
open reissued --reissue --format csv >reissued.csv 2>/dev/null || fail "reissue"
expect "only who is not complete is asked again" $((9 - cleared - 1)) "$(count <reissued.csv)"
mkdir old
python3 fill.py "$(template 林虑市)" x.csv; gbk x.csv old/林虑市.csv
fd collect import old --today 2025-03-13 --format csv >old.csv 2>/dev/null
grep -q outdated-issue old.csv || fail "an outdated issue is not named"

python3 fill.py "reissued/重点企业调度表_林虑市_2025年1—2月.xlsx" "old/林虑市 重报.xlsx"; rm old/林虑市.csv
fd collect import old --today 2025-03-13 --format csv >old.csv 2>/dev/null
grep -m1 '^林虑市' old.csv | grep -q 已清 || fail "the template of the new issue does not come in: $(cat old.csv)"

# ---- figures once given are not asked again -----------------------------------------------------------
cat >second.ding <<'D'
报表 园区调度表 / park_dispatch
  文件 *园区调度表*
  主体 企业 按 代码 名称
  期间 累计
  单位 万元
  来源类别 dispatch    许可用途 administration
  列 dispatch_output
  列 orders
D
fd define second.ding >/dev/null 2>&1 || fail "define"
fd collect open park_dispatch --at $period --due 2025-03-20 --today 2025-03-13 --out second >/dev/null 2>&1 || fail "second form"
python3 - "second/园区调度表_洹东区_2025年1—2月.xlsx" <<'PY' || fail "the second form is not prefilled with its source"
import sys, zipfile
z = zipfile.ZipFile(sys.argv[1])
note, sheet = z.read('xl/comments1.xml').decode(), z.read('xl/worksheets/sheet1.xml').decode()
sys.exit(0 if '第二稿' in note and '<v>107.5</v>' in sheet else 1)
PY
# No target of the program stands in any template: the shipped ones name their figures.
python3 - templates/*.xlsx second/*.xlsx <<'PY' || fail "a target in a template"
import sys, zipfile
for path in sys.argv[1:]:
    z = zipfile.ZipFile(path)
    text = ''.join(z.read(n).decode() for n in z.namelist() if 'sharedStrings' in n or 'comments' in n)
    assert '收表编号' in text
    if any(word in text for word in ('目标', '计划数', '任务数')): sys.exit(path)
PY
# ---- energy by fuel: who is asked for what, and a fuel that nobody asked for ------------------------------
fd collect open f205_1 --at 2025 --due 2026-12-31 --today 2026-12-01 --role 统计 --out energy --format csv \
    >energy.csv 2>/dev/null || fail "open f205_1"
expect "205-1 goes to those above scale" "$expected" "$(field energy.csv expected | awk '{ n += $1 } END { print n }')"
mkdir fuel
python3 - energy/*鼎北区*.xlsx fuel/鼎北区.xlsx <<'PY' || fail "no template of 205-1 to fill"
"""Every amount 10, and the third row is of petrol, which the template does not ask for."""
import sys, zipfile, xml.etree.ElementTree as E
N = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
z = zipfile.ZipFile(sys.argv[1])
shared = [''.join(t.text or '' for t in si.iter(N + 't')) for si in E.fromstring(z.read('xl/sharedStrings.xml'))]
sheet = E.fromstring(z.read('xl/worksheets/sheet1.xml'))
letters = lambda c: ''.join(ch for ch in c.get('r') if ch.isalpha())
def text(c):
    v = c.find(N + 'v')
    return '' if v is None else shared[int(v.text)] if c.get('t') == 's' else v.text
def put(c, value):
    for child in list(c): c.remove(child)
    c.attrib.pop('t', None)
    if not value.replace('.', '').isdigit() or len(value) == 2 and value[0] != '1': c.set('t', 'str')
    E.SubElement(c, N + 'v').text = value
names, third = None, 0
for r in sheet.iter(N + 'row'):
    cells = {letters(c): c for c in r.iter(N + 'c')}
    if not names:
        if any(text(c) == '统一社会信用代码' for c in cells.values()): names = {k: text(c) for k, c in cells.items()}
        continue
    if not text(cells['A']): continue
    third += 1
    for k, c in cells.items():
        name = names.get(k, '')
        if third == 3 and name == '代码': c.set('t', 'str'); [c.remove(x) for x in list(c)]; E.SubElement(c, N + 'v').text = '19'
        if third == 3 and name == '能源名称': put(c, '汽油')
        if name in ('购进量实物量', '消费量合计', '工业生产消费'): put(c, '10')
        if name == '非工业生产消费' or name.startswith('期'): put(c, '0')
        if name == '折标系数': put(c, '1')
E.register_namespace('', N[1:-1])
with zipfile.ZipFile(sys.argv[2], 'w') as out:
    for name in z.namelist():
        out.writestr(name, E.tostring(sheet) if name == 'xl/worksheets/sheet1.xml' else z.read(name))
PY
fd collect import fuel --role 统计 --today 2026-12-02 --format csv >fuel.csv 2>/dev/null
grep -m1 '^鼎北区' fuel.csv | grep -q 已清 || fail "the return of 205-1 is not taken: $(head -3 fuel.csv)"
expect "a fuel that was not asked for is named once" 1 "$(grep variant fuel.csv | grep -c '没有问的品种 19')"

expect "the audit chain is whole" 0 "$(fd audit verify >/dev/null 2>&1; echo $?)"
exit $failed
