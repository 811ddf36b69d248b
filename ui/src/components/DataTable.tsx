// The table: sorting, filtering, sticky header, windowing of long lists, CSV.
import type { ComponentChildren } from 'preact';
import { useMemo, useRef, useState } from 'preact/hooks';
import { numberOf, stateOf, textOf } from '../api/table';
import type { Cell, Column, Table } from '../api/types';
import { download, toCsv } from '../export';
import { cellText, unit } from '../format';
import { useText } from '../i18n';
import { Icon } from './Icon';
import { Notes } from './Notes';

export type Render = (cell: Cell, row: Record<string, Cell>) => ComponentChildren;

export interface DataTableProps {
  table: Table;
  /** Column ids in order; all by default. */
  columns?: string[];
  /** Own cells, by column id. */
  render?: Record<string, Render>;
  /** Titles other than the table's. */
  titles?: Record<string, string>;
  filter?: boolean;
  caption?: string;
  rowClass?: (row: Record<string, Cell>) => string;
  notes?: boolean;
  csv?: boolean;
  /** Rows whose numbers may not be shown: a dash, not a state of reporting. */
  withheld?: (row: Record<string, Cell>) => boolean;
  sort?: { column: string; descending: boolean };
}

const TALL_FROM = 30;
const WINDOW_FROM = 300;
const ROW = 33;

const isNumeric = (c: Column) => c.kind === 'decimal' || c.kind === 'quotient' || c.kind === 'estimate';

const isBlank = (cell: Cell) => cell === null || cell === '' || stateOf(cell) === '缺报';

function compare(a: Cell, b: Cell, numeric: boolean): number {
  if (numeric) {
    return numberOf(a) - numberOf(b);
  }
  return textOf(a).localeCompare(textOf(b), 'zh-CN', { numeric: true });
}

export function DataTable(props: DataTableProps) {
  const { table, render = {}, titles = {} } = props;
  const { t, both, lang } = useText();
  const [sort, setSort] = useState(props.sort ?? null);
  const [needle, setNeedle] = useState('');
  const [top, setTop] = useState(0);
  const frame = useRef<HTMLDivElement>(null);

  const shown = useMemo(() => {
    const ids = props.columns ?? table.columns.map((c) => c.id);
    return ids.flatMap((id) => {
      const index = table.columns.findIndex((c) => c.id === id);
      // A column in which nothing was ever reported says nothing.
      if (index < 0 || (id !== 'value' && table.rows.length && table.rows.every((r) => isBlank(r[index] ?? null)))) return [];
      const column = table.columns[index] as Column;
      // Long texts keep a width of their own where the screen is narrow.
      const isLong = !isNumeric(column) && table.rows.slice(0, 40).some((r) => textOf(r[index]).length > 9);
      return [{ index, column, isLong }];
    });
  }, [table, props.columns?.join()]);

  const rows = useMemo(() => {
    const words = needle.trim().toLowerCase();
    let list = table.rows.map((cells) => cells);
    if (words)
      list = list.filter((cells) =>
        cells.some((cell, i) => cellText(cell, table.columns[i], lang).toLowerCase().includes(words)),
      );
    if (sort) {
      const index = table.columns.findIndex((c) => c.id === sort.column);
      const column = table.columns[index];
      if (column) {
        const numeric = isNumeric(column);
        list = [...list].sort((a, b) => {
          const x = a[index] ?? null;
          const y = b[index] ?? null;
          // Cells without a number come last, whichever way.
          const blank = numeric ? Number(Number.isNaN(numberOf(x))) - Number(Number.isNaN(numberOf(y))) : 0;
          if (blank || (numeric && Number.isNaN(numberOf(x)))) return blank;
          const order = compare(x, y, numeric);
          return sort.descending ? -order : order;
        });
      }
    }
    return list;
  }, [table, needle, sort, lang]);

  const title = (c: Column) => titles[c.id] ?? both(c.title);
  const windowed = rows.length > WINDOW_FROM;
  const from = windowed ? Math.max(0, Math.floor(top / ROW) - 15) : 0;
  const to = windowed ? Math.min(rows.length, from + 60) : rows.length;

  const click = (c: Column) =>
    setSort((s) =>
      s?.column === c.id ? (s.descending === isNumeric(c) ? { column: c.id, descending: !s.descending } : null) : { column: c.id, descending: isNumeric(c) },
    );

  return (
    <div class="datatable">
      {props.filter || props.csv ? (
        <div class="table-tools">
          {props.filter ? (
            <label class="filter">
              <Icon name="search" size={16} />
              <input type="search" placeholder={t('filter')} aria-label={t('filter')} value={needle} onInput={(e) => setNeedle(e.currentTarget.value)} />
            </label>
          ) : null}
          <span class="muted small">{needle ? t('shown', { n: rows.length, all: table.rows.length }) : t('rows', { n: rows.length })}</span>
          {props.csv ? (
            <button type="button" class="quiet to-right" onClick={() => download(`${table.id}.csv`, toCsv(table, lang), 'text/csv')}>
              <Icon name="download" size={16} /> {t('copyCsv')}
            </button>
          ) : null}
          {props.csv && table.xlsx ? (
            <a class="quiet button" href={table.xlsx} download>
              <Icon name="download" size={16} /> {t('takeXlsx')}
            </a>
          ) : null}
        </div>
      ) : null}
      {/* A region that scrolls can be reached and scrolled by the keyboard. */}
      <div class={`table-frame ${rows.length > TALL_FROM ? 'tall' : ''} ${windowed ? 'windowed' : ''}`} ref={frame} tabIndex={0} role="region" aria-label={props.caption ?? both(table.title)} onScroll={windowed ? (e) => setTop(e.currentTarget.scrollTop) : undefined}>
        <table>
          {props.caption ? <caption class="sr">{props.caption}</caption> : null}
          <thead>
            <tr>
              {shown.map(({ column: c }) => (
                <th key={c.id} class={isNumeric(c) ? 'num' : ''} scope="col" aria-sort={sort?.column === c.id ? (sort.descending ? 'descending' : 'ascending') : undefined}>
                  <button type="button" title={t('sortBy', { column: title(c) })} onClick={() => click(c)}>
                    {title(c)}
                    {c.unit ? <span class="unit"> ({unit(c.unit, lang)})</span> : null}
                    <span class="arrow" aria-hidden="true">
                      {sort?.column === c.id ? (sort.descending ? '↓' : '↑') : ''}
                    </span>
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {from > 0 ? <tr aria-hidden="true" class="spacer"><td colSpan={shown.length} style={{ height: `${from * ROW}px` }} /></tr> : null}
            {rows.slice(from, to).map((cells, r) => {
              const row: Record<string, Cell> = {};
              table.columns.forEach((c, i) => (row[c.id] = cells[i] ?? null));
              return (
                <tr key={from + r} class={props.rowClass?.(row)}>
                  {shown.map(({ index, column: c, isLong }) => {
                    const cell = cells[index] ?? null;
                    const own = render[c.id];
                    const state = stateOf(cell);
                    return (
                      <td key={c.id} class={`${isNumeric(c) ? 'num' : ''} ${state ? 'st' : ''} ${isLong ? 'long' : ''} ${c.kind === 'period' || c.kind === 'date' ? 'nowrap' : ''}`}>
                        {own ? own(cell, row) : isNumeric(c) && props.withheld?.(row) ? '—' : cellText(cell, c, lang)}
                      </td>
                    );
                  })}
                </tr>
              );
            })}
            {to < rows.length ? <tr aria-hidden="true" class="spacer"><td colSpan={shown.length} style={{ height: `${(rows.length - to) * ROW}px` }} /></tr> : null}
          </tbody>
        </table>
      </div>
      {props.notes === false ? null : <Notes notes={table.notes} />}
    </div>
  );
}
