// One indicator: how it went, what pulled it, where, what it means, why it is what it is.
import { useCallback } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer, Table } from '../api/types';
import { Chart, type Palette } from '../charts/Chart';
import { bars, lines, waterfall } from '../charts/options';
import { Choice, Pick } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Card, Page, type Crumb } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useName } from '../components/useName';
import { WhyTree } from '../components/WhyTree';
import { cellNumber, cellText, columnDigits, number, period, periodShort, stateText, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';

/** What the growth of an indicator is taken apart by: rates handed out by the bureau are items of
 * their own, by county and by industry. */
function growthItem(id: string, by: string): string {
  if (/^(city|county|division)_growth_verified$/.test(id)) return by === 'division' ? 'division_growth' : 'county_growth';
  return id;
}

const kindOf = (p: string) => (/^\d{4}$/.test(p) ? 'year' : p.includes('..') ? 'cumulative' : p.includes('Q') ? 'quarter' : 'month');

function Series({ id, rows, unitText, digits, name }: { id: string; rows: Row[]; unitText: string; digits: number; name: string }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  const kinds = [...new Set(rows.map((r) => kindOf(textOf(r.period))))];
  const names: Record<string, string> = { year: t('yearly'), cumulative: t('cumulative'), month: t('monthly'), quarter: 'Q' };
  const kind = query.get('kind') ?? kinds[0] ?? 'year';
  const shown = rows.filter((r) => kindOf(textOf(r.period)) === kind);
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        shown.map((r) => periodShort(textOf(r.period))),
        [{ name, values: shown.map((r) => numberOf(r.value)) }],
        unit(unitText, lang),
      ),
    [rows, kind, lang],
  );
  const last = shown[shown.length - 1];
  return (
    <>
      {kinds.length > 1 ? <Choice name="kind" label={t('at')} fallback={kinds[0] as string} options={kinds.map((k) => ({ value: k, text: names[k] as string }))} /> : null}
      {shown.length > 1 ? (
        <Chart name={id} option={option} label={`${name}: ${last ? `${period(textOf(last.period), lang)} ${number(numberOf(last.value), digits, lang)}${unitText}` : ''}`} />
      ) : null}
    </>
  );
}

function Growth({ id, at, by }: { id: string; at: string; by: string }) {
  const { t, lang } = useText();
  const loaded = useVerb('growth', { item: growthItem(id, by), to: at, by, reported: !id.endsWith('_verified') });
  const table = loaded.data?.tables[0];
  const parts = rowsOf(table);
  const option = useCallback(
    (p: Palette) =>
      waterfall(
        p,
        parts.map((r) => ({
          name: textOf(r.part_name),
          pull: numberOf(r.pull),
          kind: textOf(r.part) === 'residual' ? ('residual' as const) : textOf(r.part) === 'total' ? ('total' as const) : ('part' as const),
        })),
        unit('百分点', lang),
      ),
    [table, lang],
  );
  if (loaded.state === 'error') return <Empty title={t('noWaterfall')} hint={lang === 'zh' ? loaded.problem.title : (loaded.problem.title_en ?? loaded.problem.title)} />;
  const total = parts.find((r) => textOf(r.part) === 'total');
  return (
    <Await of={loaded}>
      {() =>
        table ? (
          <>
            <Chart name={`${id}-growth`} height={340} option={option} label={`${t('waterfall')}: ${t('total')} ${number(numberOf(total?.pull), 2, lang)} ${unit('百分点', lang)}`} />
            <DataTable
              table={table}
              csv
              columns={table.columns.map((c) => c.id).filter((c) => c !== 'part')}
              rowClass={(r) => (textOf(r.part) === 'total' ? 'total' : textOf(r.part) === 'residual' ? 'residual' : '')}
              render={{
                part_name: (cell, row) => {
                  const code = textOf(row.part);
                  if (by === 'county' && /^\d{6}$/.test(code)) return <Link href={`/counties/${code}`}>{textOf(cell)}</Link>;
                  if (by === 'chain' && /^[LUE]\d$/.test(code)) return <Link href={`/matrix/${code}`}>{textOf(cell)}</Link>;
                  return textOf(cell);
                },
              }}
            />
          </>
        ) : null
      }
    </Await>
  );
}

function Split({ id, at, by }: { id: string; at: string; by: string }) {
  const { t, lang, both } = useText();
  const loaded = useVerb('measure', { ids: id, at, by });
  const table = loaded.data?.tables[0];
  const column = table?.columns.find((c) => c.id === 'value');
  const rows = rowsOf(table);
  const nameColumn = table?.columns.find((c) => c.id.endsWith('_name'))?.id ?? by;
  const digits = columnDigits(column) ?? 2;
  const plain = rows.filter((r) => !Number.isNaN(numberOf(r.value)));
  const option = useCallback(
    (p: Palette) => bars(p, plain.map((r) => textOf(r[nameColumn]) || textOf(r[by])), plain.map((r) => numberOf(r.value)), unit(column?.unit ?? '', lang)),
    [table, lang],
  );
  return (
    <Await of={loaded}>
      {() =>
        table ? (
          <>
            {plain.length > 1 && plain.length < 45 ? <Chart name={`${id}-${by}`} height={40 + plain.length * 28} option={option} label={both(table.title)} /> : null}
            <DataTable
              table={table}
              csv
              withheld={(row) => textOf(row.suppressed) !== ''}
              columns={[nameColumn, 'period', 'value', 'n', 'coverage']}
              render={{
                value: (cell, row) => (textOf(row.suppressed) ? <span class="withheld" title={t('suppressed')}>{t('withheld')}</span> : cellText(cell, column ? { ...column, digits } : column, lang)),
                [nameColumn]: (cell, row) => {
                  const code = textOf(row[by]);
                  const name = textOf(cell) || code;
                  if (by === 'county') return <Link href={`/counties/${code}`}>{name}</Link>;
                  if (by === 'chain' && code !== 'OUT') return <Link href={`/matrix/${code}`}>{name}</Link>;
                  return name;
                },
              }}
            />
          </>
        ) : null
      }
    </Await>
  );
}

function Definition({ id }: { id: string }) {
  const { t } = useText();
  const loaded = useVerb('explain', { id });
  return (
    <Await of={loaded}>
      {(data) => (
        <>
          {rowsOf(data.tables[0]).map((r) => (
            <div class="definition" key={textOf(r.id)}>
              <h3>
                {textOf(r.kind)} {textOf(r.name)} <code>{textOf(r.id)}</code>
              </h3>
              <div class="columns">
                <div>
                  <h4>{t('inWords')}</h4>
                  {textOf(r.words)
                    .split('\n')
                    .filter(Boolean)
                    .map((line) => (
                      <p key={line}>{line}</p>
                    ))}
                </div>
                <div>
                  <h4>{t('inDing')}</h4>
                  <pre tabIndex={0}>{textOf(r.text)}</pre>
                </div>
              </div>
            </div>
          ))}
        </>
      )}
    </Await>
  );
}

function Why({ id, at }: { id: string; at: string }) {
  const { query } = useLocation();
  const county = query.get('county');
  const chain = query.get('chain');
  // Inside one county the counties say nothing: break down by chain.
  const loaded = useVerb('why', { id, at, county, chain, by: county && !chain ? 'chain' : undefined });
  return (
    <Await of={loaded} lines={6}>
      {(data) => (
        <>
          <WhyTree table={data.tables[0] as Table} />
          <Notes notes={data.tables[0]?.notes} />
        </>
      )}
    </Await>
  );
}

function Headline({ row, digits, unitText }: { row: Row | undefined; digits: number; unitText: string }) {
  const { t, lang } = useText();
  if (!row) return null;
  const state = stateOf(row.value);
  const value = numberOf(row.value);
  const due = numberOf(row.expected);
  return (
    <p class="headline">
      {Number.isNaN(value) ? (
        <span class="big st">{stateText(state || '缺报', lang)}</span>
      ) : (
        <>
          <span class="big">{number(value, digits, lang)}</span>
          <span class="unit">{unit(unitText, lang)}</span>
        </>
      )}
      <span class="muted">
        {period(textOf(row.period), lang)}
        {due > 0 ? ` · ${t('answers', { in: number(numberOf(row.reported), 0, lang), due: number(due, 0, lang) })}` : ''}
      </span>
    </p>
  );
}

function Body({ id, data }: { id: string; data: Answer }) {
  const { t, lang, both } = useText();
  const { query } = useLocation();
  const table = tableOf(data, 'series') as Table;
  const rows = rowsOf(table).filter((r) => textOf(r.period));
  const about = rowsOf(tableOf(data, 'about'))[0] ?? {};
  const column = table.columns.find((c) => c.id === 'value');
  const unitText = column?.unit ?? '';
  const name = (lang === 'zh' ? textOf(about.name) : '') || both(table.title);
  const newest = rows.filter((r) => !Number.isNaN(numberOf(r.value)));
  const fallback = textOf((newest[newest.length - 1] ?? rows[rows.length - 1])?.period);
  const at = query.get('at') ?? fallback;
  const row = rows.find((r) => textOf(r.period) === at);
  const digits = columnDigits(column) ?? 2;
  const tab = query.get('tab') ?? 'series';
  const by = query.get('by') ?? 'county';
  const ways = [
    { value: 'county', text: t('byCounty') },
    { value: 'chain', text: t('byChain') },
    { value: 'division', text: t('byDivision') },
  ];

  const county = query.get('county') ?? '';
  const chain = query.get('chain') ?? '';
  const countyName = useName(county);
  const chainName = useName(chain);
  const place = [county && (countyName || county), chain && (chainName || chain)].filter(Boolean).join(' · ');
  const crumbs: Crumb[] = [{ text: t('city'), href: '/' }];
  if (county) crumbs.push({ text: countyName || county, href: `/counties/${county}` });
  if (chain) crumbs.push({ text: chainName || chain, href: county ? `/matrix/${chain}/${county}` : `/matrix/${chain}` });
  crumbs.push({ text: t('indicators'), href: '/indicators' }, { text: name });

  return (
    <Page
      title={name}
      crumbs={crumbs}
      lead={<><code>{id}</code> · {textOf(about.sources)} · {textOf(about.basis)}</>}
      actions={rows.length > 1 ? <Pick name="at" label={t('at')} fallback={fallback} options={[...rows].reverse().map((r) => ({ value: textOf(r.period), text: period(textOf(r.period), lang) }))} /> : null}
    >
      <Headline row={row} digits={digits} unitText={unitText} />
      <Choice
        name="tab"
        fallback="series"
        label={t('see')}
        options={[
          { value: 'series', text: t('series') },
          { value: 'why', text: t('why') },
          { value: 'growth', text: t('waterfall') },
          { value: 'split', text: t('byCounty') + ' / ' + t('chain') },
          { value: 'definition', text: t('definition') },
        ]}
      />
      {tab === 'series' ? (
        <Card title={t('series')}>
          {rows.length ? (
            <>
              <Series id={id} rows={rows} unitText={unitText} digits={digits} name={name} />
              <DataTable table={{ ...table, id }} csv sort={{ column: 'period', descending: true }} render={{ value: (cell) => <b>{cellNumber(cell, column, lang) || stateText(stateOf(cell), lang)}</b> }} />
            </>
          ) : (
            <Empty />
          )}
        </Card>
      ) : null}
      {tab === 'why' ? (
        <Card
          title={t('why')}
          hint={period(at, lang)}
          actions={
            place ? (
              <Link class="chip" href={withQuery({ county: undefined, chain: undefined })}>
                {place} ✕
              </Link>
            ) : null
          }
        >
          <Why id={id} at={at} />
        </Card>
      ) : null}
      {tab === 'growth' ? (
        <Card title={t('waterfall')} hint={period(at, lang)} actions={<Choice name="by" label={t('face')} fallback="county" options={ways} />}>
          <Growth id={id} at={at} by={by} />
        </Card>
      ) : null}
      {tab === 'split' ? (
        <Card title={ways.find((w) => w.value === by)?.text} hint={period(at, lang)} actions={<Choice name="by" label={t('face')} fallback="county" options={ways} />}>
          <Split id={id} at={at} by={by} />
        </Card>
      ) : null}
      {tab === 'definition' ? (
        <Card title={t('definition')}>
          <Definition id={id} />
        </Card>
      ) : null}
    </Page>
  );
}

export function Indicator({ id }: { id: string }) {
  const { t } = useText();
  const loaded = useVerb('series', { id });
  if (!loaded.data)
    return (
      <Page title={id} crumbs={[{ text: t('indicators'), href: '/indicators' }, { text: id }]}>
        <Await of={loaded} lines={8}>
          {() => null}
        </Await>
      </Page>
    );
  return <Body id={id} data={loaded.data} />;
}
