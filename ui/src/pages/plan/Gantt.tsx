// The programme: what is built, begun and given up, by chain and year; a list on a narrow screen.
import { useState } from 'preact/hooks';
import { numberOf, rowsOf, textOf, type Row } from '../../api/table';
import type { Table } from '../../api/types';
import { DataTable } from '../../components/DataTable';
import { Empty } from '../../components/States';
import { number } from '../../format';
import { useText } from '../../i18n';

type Names = Map<string, string>;

interface Lane {
  key: string;
  what: string;
  county: string;
  kind: string;
  years: Map<string, number>;
  sum: number;
}

const SHAPES: Record<string, string> = { build: '■', project: '◆', 'give up': '▽' };

function lanesOf(rows: Row[], counties: Names): Lane[] {
  const lanes = new Map<string, Lane>();
  for (const r of rows) {
    const kind = textOf(r.kind);
    const key = [textOf(r.what), textOf(r.county), kind].join('\n');
    let lane = lanes.get(key);
    if (!lane) {
      lane = { key, what: textOf(r.what), county: counties.get(textOf(r.county)) ?? textOf(r.county), kind, years: new Map(), sum: 0 };
      lanes.set(key, lane);
    }
    lane.years.set(textOf(r.year), numberOf(r.capacity));
    lane.sum += Math.abs(numberOf(r.capacity));
  }
  const order = ['build', 'project', 'give up'];
  return [...lanes.values()].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || b.sum - a.sum);
}

export function Gantt({ table, years, chains, counties }: { table: Table; years: string[]; chains: Names; counties: Names }) {
  const { t, lang } = useText();
  const [kind, setKind] = useState('build');
  const [county, setCounty] = useState('');
  const all = rowsOf(table);
  const rows = all.filter((r) => (!kind || textOf(r.kind) === kind) && (!county || textOf(r.county) === county));
  const codes = [...new Set(all.map((r) => textOf(r.chain)))].sort();
  const places = [...new Set(all.map((r) => textOf(r.county)))].sort();
  const kinds: [string, string][] = [
    ['build', t('planBuild')],
    ['project', t('planProject')],
    ['give up', t('planGiveUp')],
    ['', t('all')],
  ];
  const most = Math.max(1, ...rows.map((r) => Math.abs(numberOf(r.capacity))));
  const say = (v: number) => number(v, Math.abs(v) < 10 ? 1 : 0, lang);
  return (
    <div class="gantt">
      <div class="gantt-tools">
        <div class="choice" role="group" aria-label={t('planKind')}>
          {kinds.map(([value, text]) => (
            <button type="button" key={value} aria-pressed={kind === value} onClick={() => setKind(value)}>
              {SHAPES[value] ? <span aria-hidden="true">{SHAPES[value]} </span> : null}
              {text}
            </button>
          ))}
        </div>
        <label class="pick">
          <span>{t('county')}</span>
          <select value={county} onChange={(e) => setCounty(e.currentTarget.value)}>
            <option value="">{t('all')}</option>
            {places.map((p) => (
              <option key={p} value={p}>
                {counties.get(p) ?? p}
              </option>
            ))}
          </select>
        </label>
      </div>
      {rows.length ? null : <Empty title={t('none')} hint="" />}
      {codes.map((chain) => {
        const lanes = lanesOf(
          rows.filter((r) => textOf(r.chain) === chain),
          counties,
        );
        if (!lanes.length) return null;
        return (
          <section key={chain} class="gantt-chain">
            <h3>{chains.get(chain) ?? chain}</h3>
            <div class="gantt-grid" style={{ '--years': years.length }}>
              <div class="gantt-head" aria-hidden="true">
                <span />
                {years.map((y) => (
                  <span key={y}>{y}</span>
                ))}
              </div>
              <ul>
                {lanes.map((lane) => (
                  <li key={lane.key} class={`lane kind-${lane.kind.replace(' ', '-')}`}>
                    <span class="lane-name">
                      <span aria-hidden="true">{SHAPES[lane.kind]} </span>
                      {lane.what} <span class="muted">{lane.county}</span>
                    </span>
                    {years.map((y) => {
                      const v = lane.years.get(y);
                      return v === undefined ? (
                        <span key={y} class="lane-cell empty" />
                      ) : (
                        <span key={y} class="lane-cell">
                          <span class="lane-year">{y} </span>
                          <span class="lane-bar" style={{ '--part': Math.max(0.08, Math.abs(v) / most) }} aria-hidden="true" />
                          <span class="lane-value">{say(v)}</span>
                        </span>
                      );
                    })}
                  </li>
                ))}
              </ul>
            </div>
          </section>
        );
      })}
      <p class="muted small">{t('planGanttHint')}</p>
      <details>
        <summary>{t('planAsTable')}</summary>
        <DataTable table={table} filter csv notes={false} render={{ chain: (c) => chains.get(textOf(c)) ?? textOf(c), county: (c) => counties.get(textOf(c)) ?? textOf(c), kind: (c) => kinds.find(([k]) => k === textOf(c))?.[1] ?? textOf(c), year: (c) => textOf(c) }} />
      </details>
    </div>
  );
}
