// Parks: land supplied, in use and vacant; output and tax per mu; the parcels behind a park.
import { useCallback } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { Chart, type Palette } from '../charts/Chart';
import { bars } from '../charts/options';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Score } from '../components/Score';
import { Await, Empty } from '../components/States';
import { useAxes } from '../components/useAxes';
import { number, stateText, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

/** Supplied land as one bar: in use, vacant, the rest. A park without figures has no bar. */
function Land({ row }: { row: Row }) {
  const { t, lang } = useText();
  const supplied = numberOf(row.supplied);
  const used = numberOf(row.used);
  const vacant = numberOf(row.vacant);
  if (!(supplied > 0)) return <small class="muted line">{t('pkNoLand')}</small>;
  const say = `${t('pkUsed')} ${number(used, 0, lang)}, ${t('pkVacant')} ${number(vacant, 0, lang)}, ${t('pkSupplied')} ${number(supplied, 0, lang)} ${unit('亩', lang)}`;
  return (
    <span class="land" title={say}>
      <span class="land-bar" aria-hidden="true">
        <i class="used" style={{ width: `${(used / supplied) * 100}%` }} />
        <i class="vacant" style={{ width: `${(vacant / supplied) * 100}%` }} />
      </span>
      <span class="sr">{say}</span>
    </span>
  );
}

function PerMu({ table, column, title }: { table: Table; column: string; title: string }) {
  const { t, lang } = useText();
  const rows = rowsOf(table);
  const known = rows.filter((r) => !Number.isNaN(numberOf(r[column]))).sort((a, b) => numberOf(b[column]) - numberOf(a[column]));
  const lacking = rows.filter((r) => Number.isNaN(numberOf(r[column])));
  const option = useCallback(
    (p: Palette) => bars(p, known.map((r) => textOf(r.name).replace('(示例)', '')), known.map((r) => numberOf(r[column])), lang === 'zh' ? '万元/亩' : '¥10k/mu'),
    [table, lang],
  );
  return (
    <Card title={title}>
      {known.length ? <Chart name={column} height={50 + known.length * 28} option={option} label={`${title}: ${known.map((r) => `${textOf(r.name)} ${number(numberOf(r[column]), 1, lang)}`).join(', ')}`} /> : <Empty />}
      {lacking.length ? <p class="muted small">{`${t('missing')}: ${lacking.map((r) => textOf(r.name)).join('、')}`}</p> : null}
    </Card>
  );
}

export function Parks() {
  const { t } = useText();
  const { name } = useAxes();
  const loaded = useVerb('parks');
  return (
    <Page title={t('parks')} crumbs={[{ text: t('city'), href: '/' }, { text: t('parks') }]} lead={t('pkLead')}>
      <Await of={loaded} lines={10}>
        {(data) => {
          const table = data.tables[0];
          if (!table?.rows.length) return <Empty hint={t('pkNone')} />;
          return (
            <>
              <Card>
                <DataTable
                  table={table}
                  csv
                  columns={['name', 'level', 'county', 'chains', 'total', 'supplied', 'occupancy', 'used', 'vacant', 'vacancy', 'output_per_mu', 'tax_per_mu', 'invest_per_mu', 'known']}
                  render={{
                    name: (cell, row) => (
                      <span class="named">
                        <Link href={`/parks/${textOf(row.id)}`}>{textOf(cell)}</Link>
                        <Land row={row} />
                      </span>
                    ),
                    county: (cell) => (
                      <span class="nowrap">
                        <Link href={`/counties/${textOf(cell)}`}>{name(textOf(cell))}</Link>
                      </span>
                    ),
                    chains: (cell) =>
                      textOf(cell)
                        .split(';')
                        .filter(Boolean)
                        .map((c) => (
                          <span key={c} class="nowrap line">
                            <Link href={`/chains/${c}`}>{name(c)}</Link>
                          </span>
                        )),
                    occupancy: (cell) => <Score value={numberOf(cell)} />,
                  }}
                />
                <p class="legend small">
                  <span>
                    <i class="swatch used" aria-hidden="true" /> {t('pkUsed')}
                  </span>
                  <span>
                    <i class="swatch vacant" aria-hidden="true" /> {t('pkVacant')}
                  </span>
                  <span>
                    <i class="swatch rest" aria-hidden="true" /> {t('pkRest')}
                  </span>
                </p>
              </Card>
              <div class="target-grid even">
                <PerMu table={table} column="output_per_mu" title={t('pkOutput')} />
                <PerMu table={table} column="tax_per_mu" title={t('pkTax')} />
              </div>
            </>
          );
        }}
      </Await>
    </Page>
  );
}

/** One park with the parcels that its figures rest on. */
export function Park({ id }: { id: string }) {
  const { t, lang, both } = useText();
  const { name } = useAxes();
  const loaded = useVerb('parks', { park: id });
  const radar = tableOf(useVerb('parks', { park: id, why: true }).data, 'radar');
  const table = tableOf(loaded.data, 'parks');
  const row = rowsOf(table)[0];
  const title = textOf(row?.name) || id;
  const shown = ['total', 'supplied', 'used', 'vacant', 'occupancy', 'vacancy', 'firms', 'output_per_mu', 'tax_per_mu', 'invest_per_mu', 'known'];
  return (
    <Page title={title} crumbs={[{ text: t('city'), href: '/' }, { text: t('parks'), href: '/parks' }, { text: title }]} lead={row ? `${textOf(row.level)} · ${name(textOf(row.county))}` : undefined}>
      <Await of={loaded} lines={8}>
        {(data) => {
          const parcels = tableOf(data, 'parcels');
          if (!row) return <Empty />;
          return (
            <>
              <Card>
                <Land row={row} />
                <dl class="facts">
                  {table?.columns
                    .filter((c) => shown.includes(c.id))
                    .map((c) => {
                      const value = numberOf(row[c.id]);
                      return (
                        <div key={c.id}>
                          <dt>{both(c.title)}</dt>
                          <dd>{Number.isNaN(value) ? <span class="muted">{stateText(stateOf(row[c.id]), lang)}</span> : `${number(value, Number.isInteger(value) ? 0 : 1, lang)} ${unit(c.unit, lang)}`}</dd>
                        </div>
                      );
                    })}
                </dl>
                <Notes notes={table?.notes} />
              </Card>
              <Card title={t('pkParcels')} hint={t('pkParcelsHint')}>
                {parcels?.rows.length ? (
                  <DataTable
                    table={parcels}
                    csv
                    columns={['id', 'state', 'firm', 'area', 'output', 'tax', 'invest', 'project']}
                    render={{ project: (cell) => (textOf(cell) ? <Link href={`/projects/${textOf(cell)}`}>{textOf(cell)}</Link> : '') }}
                  />
                ) : (
                  <Empty hint={t('pkNoParcels')} />
                )}
              </Card>
              {radar ? (
                <Card title={t('pkRadar')} hint={t('pkRadarHint')}>
                  {radar.rows.length ? (
                    <DataTable
                      table={radar}
                      csv
                      columns={['kind', 'name', 'in_park', 'made', 'short', lang === 'en' ? 'basis_en' : 'basis']}
                      render={{ name: (cell, of) => <Link href={`/${textOf(of.kind) === '项目' ? 'projects' : 'enterprises'}/${textOf(of.code)}`}>{textOf(cell)}</Link> }}
                    />
                  ) : (
                    <Empty hint={t('pkRadarNone')} />
                  )}
                </Card>
              ) : null}
            </>
          );
        }}
      </Await>
    </Page>
  );
}
