// All versions of one number of one enterprise, and the cell of the file each came from.
import { useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { DataTable } from '../components/DataTable';
import { Card, Page, type Crumb } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useName } from '../components/useName';
import { digitsFor, number, period } from '../format';
import { useText, type Key } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';

/** The cell as the sender sees it: row number at the left, header of the column above. */
function Sheet({ row }: { row: Row }) {
  const { t, lang } = useText();
  const at = Number(textOf(row.row));
  return (
    <>
      <div class="sheet-frame">
        <table class="sheet">
          <thead>
            <tr>
              <th scope="col">{textOf(row.sheet) || textOf(row.file)}</th>
              <th scope="col">…</th>
              <th scope="col">{textOf(row.column)}</th>
              <th scope="col">…</th>
            </tr>
          </thead>
          <tbody>
            {[at - 1, at, at + 1]
              .filter((n) => n > 0)
              .map((n) => (
                <tr key={n}>
                  <th scope="row">{n}</th>
                  <td />
                  <td class={n === at ? 'the-cell' : ''}>{n === at ? textOf(row.value) : ''}</td>
                  <td />
                </tr>
              ))}
          </tbody>
        </table>
      </div>
      <p class="muted small">
        {textOf(row.file)} · {t('rowLabel')} {textOf(row.row)} · {period(textOf(row.period), lang)} · {textOf(row.value)} {textOf(row.unit)}
        {row.corrected === true ? ` · ${lang === 'zh' ? '已更正' : 'corrected'} ${textOf(row.reason)}` : ''}
      </p>
    </>
  );
}

const basisKeys = new Set(['verified', 'current', 'comparative', 'published']);

function same(row: Row, file: string, column: string, at: string): boolean {
  return textOf(row.file) === file && textOf(row.row) === at && (!column || textOf(row.column) === column || column.includes(textOf(row.column)) || textOf(row.column).includes(column));
}

export function Value({ code, item }: { code: string; item: string }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  const loaded = useVerb('history', { subject: code, item });
  const table = loaded.data?.tables[0];
  const rows = rowsOf(table);
  const file = query.get('file') ?? '';
  const place = query.get('row') ?? '';
  const asked = rows.find((r) => same(r, file, query.get('column') ?? '', place));
  const name = useName(code);
  const explained = useVerb('explain', { id: item });
  const itemName = (lang === 'zh' && textOf(rowsOf(explained.data?.tables[0])[0]?.name)) || item;
  const show = useVerb('show', { what: code });
  const register = rowsOf(show.data?.tables[0]);
  const county = textOf([...register].reverse().find((r) => ['县区', 'county', '项目县区', 'project_county'].includes(textOf(r.item)))?.value);
  const countyName = useName(county);
  const crumbs: Crumb[] = [{ text: t('city'), href: '/' }];
  if (county) crumbs.push({ text: countyName || county, href: `/counties/${county}` });
  crumbs.push({ text: name || code, href: `/enterprises/${encodeURIComponent(code)}` });
  if (asked) crumbs.push({ text: file, href: `/data?tab=files` }, { text: `${t('sourceCell')} ${t('rowLabel')} ${place}` });
  else crumbs.push({ text: itemName });
  return (
    <Page title={`${name || code} · ${itemName}`} crumbs={crumbs} lead={<code>{item}</code>}>
      <Await of={loaded} lines={6}>
        {() => (
          <>
            {file ? <Card title={t('sourceCell')}>{asked ? <Sheet row={asked} /> : <Empty title={t('empty')} hint={`${file} ${t('rowLabel')} ${place}`} />}</Card> : null}
            <Card title={t('versions')}>
              {rows.length ? (
                <DataTable
                  table={table as Table}
                  csv
                  filter
                  sort={{ column: 'period', descending: true }}
                  columns={(table as Table).columns.map((c) => c.id).filter((c) => c !== 'corrected' || rows.some((r) => r.corrected === true))}
                  rowClass={(r) => (asked && same(r, file, query.get('column') ?? '', place) && textOf(r.period) === textOf(asked.period) ? 'hit' : '')}
                  render={{
                    period: (cell) => <span class="nowrap">{period(textOf(cell), lang)}</span>,
                    basis: (cell) => (basisKeys.has(textOf(cell)) ? t(`basis_${textOf(cell)}` as Key) : textOf(cell)),
                    value: (cell) => {
                      const v = Number(textOf(cell));
                      return <span class="nowrap">{Number.isNaN(v) || textOf(cell) === '' ? textOf(cell) : number(v, digitsFor(v), lang)}</span>;
                    },
                    row: (cell, r) =>
                      textOf(r.file) ? (
                        <Link href={withQuery({ file: textOf(r.file), row: textOf(cell), column: textOf(r.column) })}>{textOf(cell)}</Link>
                      ) : (
                        textOf(cell)
                      ),
                  }}
                />
              ) : (
                <Empty />
              )}
            </Card>
          </>
        )}
      </Await>
    </Page>
  );
}
