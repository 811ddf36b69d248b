// Counties: tiles, peers and improvement. A full ranking is for who may see it.
import { useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { Choice } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await, Denied } from '../components/States';
import { readAreas, TileMap, type Area } from '../components/TileMap';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';
import { store, stored } from '../state/prefs';

type Measure = 'growth' | 'improvement' | 'pull' | 'weight';

function Bars({ rows, measure }: { rows: Row[]; measure: Measure }) {
  const { lang } = useText();
  const most = Math.max(...rows.map((r) => Math.abs(numberOf(r[measure])) || 0), 0.01);
  return (
    <ul class="peer-bars">
      {rows.map((r) => {
        const value = numberOf(r[measure]);
        return (
          <li key={textOf(r.county)}>
            <Link href={`/counties/${textOf(r.county)}`}>{textOf(r.county_name)}</Link>
            <span class="bar-track" aria-hidden="true">
              <span class={value < 0 ? 'bar neg' : 'bar'} style={{ width: `${(Math.abs(value) / most) * 50}%`, [value < 0 ? 'right' : 'left']: '50%' }} />
            </span>
            <b class="num">{number(value, 2, lang, true)}</b>
          </li>
        );
      })}
    </ul>
  );
}

/** The city beside similar cities: bars by indicator, then the table with a source for each number. */
function Benchmarks() {
  const { t } = useText();
  const loaded = useVerb('benchmarks');
  return (
    <Card title={t('benchmarks')} hint={t('benchmarksHint')}>
      <Await of={loaded} lines={6}>
        {(data) =>
          data.tables[0]?.rows.length ? (
            <DataTable
              table={data.tables[0]}
              csv
              columns={['name', 'period', 'area', 'kind', 'value', 'own', 'unit', 'gap', 'rank', 'of', 'reference', 'dated']}
              render={{ name: (cell, row) => <Link href={`/indicators/${textOf(row.indicator)}`}>{textOf(cell)}</Link> }}
            />
          ) : (
            <p class="muted">{t('benchmarksNone')}</p>
          )
        }
      </Await>
    </Card>
  );
}

function Body({ table }: { table: Table }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  const { session } = useSession();
  const rows = rowsOf(table);
  const measure = (query.get('measure') ?? 'growth') as Measure;
  const tab = query.get('tab') ?? 'map';
  const [areas, setAreas] = useState<Area[] | null>(() => readAreas(stored('areas') ?? ''));
  const sign = measure !== 'weight';
  const unitText = measure === 'growth' || measure === 'weight' ? '%' : '百分点';
  const names: Record<Measure, string> = { growth: t('growth'), improvement: t('improvement'), pull: t('pull'), weight: t('weight') };
  const mayRank = ['administrator', 'statistics', 'industry'].includes(session.role ?? '');
  const groups = ['large', 'other'].map((group) => (
    <Card key={group} title={group === 'large' ? t('groupLarge') : t('groupSmall')} hint={`${names[measure]} (${unit(unitText, lang)})`}>
      <Bars rows={rows.filter((r) => textOf(r.group) === group).sort((a, b) => numberOf(b[measure]) - numberOf(a[measure]))} measure={measure} />
    </Card>
  ));
  const load = async (file: File | undefined) => {
    if (!file) return;
    const text = await file.text();
    const read = readAreas(text);
    if (read) {
      store('areas', text);
      setAreas(read);
    }
  };
  return (
    <>
      <div class="row-tools">
        <Choice
          name="tab"
          label={t('see')}
          fallback="map"
          options={[
            { value: 'map', text: `${t('map')} · ${t('peers')}` },
            { value: 'ranking', text: t('ranking') },
            { value: 'cities', text: t('benchmarks') },
          ]}
        />
        {tab === 'cities' ? null : <Choice name="measure" label={t('face')} fallback="growth" options={(Object.keys(names) as Measure[]).map((m) => ({ value: m, text: names[m] }))} />}
      </div>
      {tab === 'map' ? (
        <div class="target-grid">
          <Card
            title={`${names[measure]} (${unit(unitText, lang)})`}
            hint={t('mapNote')}
            actions={
              <label class="file-button">
                {t('loadMap')}
                <input type="file" accept=".geojson,.json,application/geo+json" onChange={(e) => void load(e.currentTarget.files?.[0])} />
              </label>
            }
          >
            <TileMap areas={areas} places={rows.map((r) => ({ code: textOf(r.county), name: textOf(r.county_name), value: numberOf(r[measure]), text: number(numberOf(r[measure]), 2, lang, sign) }))} />
          </Card>
          <div class="stack">{groups}</div>
        </div>
      ) : null}
      {tab === 'ranking' ? (
        mayRank ? (
          <Card title={t('ranking')} hint={t('rankingHint')}>
            <DataTable
              table={table}
              csv
              notes={false}
              sort={{ column: measure, descending: true }}
              columns={['county_name', 'growth', 'before', 'improvement', 'pull', 'weight', 'group', 'rank', 'size']}
              render={{
                county_name: (cell, row) => <Link href={`/counties/${textOf(row.county)}`}>{textOf(cell)}</Link>,
                group: (cell) => (textOf(cell) === 'large' ? t('groupLarge') : t('groupSmall')),
              }}
            />
          </Card>
        ) : (
          <Denied hint={t('rankingHint')} />
        )
      ) : null}
      {tab === 'cities' ? <Benchmarks /> : <Notes notes={table.notes} />}
    </>
  );
}

export function Counties() {
  const { t, lang } = useText();
  const loaded = useVerb('peers');
  return (
    <Page title={t('counties')} lead={lang === 'zh' ? '规上工业增加值,统计局核定;同组比较和改善' : 'Value added of above-scale industry, verified; peers and improvement'}>
      <Await of={loaded} lines={9}>
        {(data) => (data.tables[0] ? <Body table={data.tables[0]} /> : null)}
      </Await>
    </Page>
  );
}
