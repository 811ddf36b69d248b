// All chains: how complete, how secure; every gap; who stands where twice; the four chains.
import { useVerb } from '../api/hooks';
import { keepRows } from '../api/reshape';
import { numberOf, rowsOf, tableOf, textOf, type Row } from '../api/table';
import type { Cell, Table } from '../api/types';
import { Choice, Pick } from '../components/Choice';
import { gapKey } from '../components/ChainMap';
import { DataTable } from '../components/DataTable';
import { FourChains } from '../components/FourChains';
import { colorOf, Light } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Score } from '../components/Score';
import { Await, Empty } from '../components/States';
import { useAxes } from '../components/useAxes';
import { number } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useHasVerb } from '../state/session';

/** A score with the bounds that what nobody assessed leaves open. */
export function Range({ cell, low, high }: { cell: Cell | undefined; low: Cell | undefined; high: Cell | undefined }) {
  const { t, lang } = useText();
  if (Number.isNaN(numberOf(cell))) return <span class="muted">{t('missing')}</span>;
  const bounds = Number.isNaN(numberOf(low)) ? '' : `${number(numberOf(low), 0, lang)}–${number(numberOf(high), 0, lang)}`;
  return (
    <span class="nowrap">
      {number(numberOf(cell), 1, lang)} {bounds ? <small class="muted">({bounds})</small> : null}
    </span>
  );
}

function Index() {
  const { t, lang } = useText();
  const loaded = useVerb('chain index');
  const { chains } = useAxes();
  return (
    <Await of={loaded} lines={10}>
      {(data) => {
        const table = data.tables[0];
        if (!table?.rows.length) return <Empty hint={t('chNone')} />;
        const groupOf = (row: Row) => chains.find((c) => c.name === textOf(row.name))?.group || t('chSub');
        return (
          <Card title={t('chIndex')} hint={rowsOf(table).every((r) => Number.isNaN(numberOf(r.advancedness))) ? t('chNoLeading') : ''}>
            <DataTable
              table={table}
              csv
              columns={['name', 'completeness', 'advancedness', 'security', 'local_rate', 'foreign_rate', 'occupied', 'reds', 'yellows', 'unknown']}
              sort={{ column: 'reds', descending: true }}
              render={{
                name: (cell, row) => (
                  <>
                    <span class="nowrap line">
                      <Link href={`/chains/${textOf(row.chain)}`}>{textOf(cell)}</Link>
                    </span>
                    <small class="muted nowrap line">{groupOf(row)}</small>
                  </>
                ),
                occupied: (cell, row) => `${number(numberOf(cell), 0, lang)} / ${number(numberOf(row.nodes), 0, lang)}`,
                completeness: (cell) => <Score value={numberOf(cell)} />,
                advancedness: (cell, row) => <Range cell={cell} low={row.advancedness_low} high={row.advancedness_high} />,
                security: (cell) => <Score value={numberOf(cell)} />,
                reds: (cell) => (numberOf(cell) ? <span class="light red">■ {numberOf(cell)}</span> : '0'),
                yellows: (cell) => (numberOf(cell) ? <span class="light yellow">▲ {numberOf(cell)}</span> : '0'),
              }}
            />
          </Card>
        );
      }}
    </Await>
  );
}

const KINDS = ['break', 'stopped', 'choke', 'single', 'concentrated', 'unknown'];

/** Gaps as a table: of one chain or of all. */
export function GapTable({ table, chainName }: { table: Table; chainName?: (code: string) => string }) {
  const { t, lang } = useText();
  return (
    <DataTable
      table={table}
      filter
      csv
      columns={['light', ...(chainName ? ['chain'] : []), 'name', 'gap', 'importance', 'finals_lost', lang === 'zh' ? 'why' : 'why_en', 'leads', 'lead', lang === 'zh' ? 'next' : 'next_en']}
      titles={{ why_en: 'Why', next_en: 'Next' }}
      render={{
        light: (cell) => <Light color={colorOf(textOf(cell))} label />,
        chain: (cell) => <Link href={`/chains/${textOf(cell)}`}>{chainName?.(textOf(cell))}</Link>,
        name: (cell, row) => (
          <span class="nowrap">
            <Link href={`/chains/${textOf(row.chain)}?node=${textOf(row.node)}`}>{textOf(cell)}</Link>
          </span>
        ),
        leads: (cell) => (numberOf(cell) ? number(numberOf(cell), 0, lang) : <span class="chip gap-yellow">{t('none')}</span>),
        lead: (cell, row) =>
          textOf(cell) ? (
            <span class="named">
              {textOf(cell)}{' '}
              <small class="muted line">
                {textOf(row.lead_state)} {numberOf(row.lead_days) >= 0 ? t('chDays', { n: numberOf(row.lead_days) }) : ''}
              </small>
            </span>
          ) : (
            ''
          ),
        gap: (cell) => {
          const key = gapKey(textOf(cell));
          return <span class="nowrap">{key ? t(key) : ''}</span>;
        },
      }}
    />
  );
}

function Gaps() {
  const { t } = useText();
  const { query } = useLocation();
  const loaded = useVerb('chain gaps');
  const names = rowsOf(useVerb('chain index').data?.tables[0]);
  const nameOf = (code: string) => textOf(names.find((r) => textOf(r.chain) === code)?.name) || code;
  const kind = query.get('gap') ?? '';
  const chain = query.get('chain') ?? '';
  return (
    <>
      <div class="row-tools">
        <Pick name="chain" label={t('chain')} fallback="" options={[{ value: '', text: t('all') }, ...names.map((r) => ({ value: textOf(r.chain), text: textOf(r.name) }))]} />
        <Pick name="gap" label={t('chGap')} fallback="" options={[{ value: '', text: t('all') }, ...KINDS.map((k) => ({ value: k, text: t(gapKey(k)!) }))]} />
      </div>
      <Await of={loaded} lines={10}>
        {(data) => {
          const all = data.tables[0];
          if (!all) return <Empty />;
          const table = keepRows(all, (r) => (!kind || textOf(r.gap) === kind) && (!chain || textOf(r.chain) === chain));
          return <Card title={t('chGaps')}>{table.rows.length ? <GapTable key={kind + chain} table={table} chainName={nameOf} /> : <Empty title={t('chNoGaps')} hint="" />}</Card>;
        }}
      </Await>
    </>
  );
}

function Overlap() {
  const { t } = useText();
  const loaded = useVerb('chain overlap');
  const names = rowsOf(useVerb('chain index').data?.tables[0]);
  return (
    <Await of={loaded} lines={10}>
      {(data) =>
        data.tables[0]?.rows.length ? (
          <Card title={t('chOverlap')} hint={t('chOverlapHint')}>
            <DataTable
              table={data.tables[0]}
              filter
              csv
              columns={['chain', 'name', 'counties', 'firms', 'where']}
              render={{
                chain: (cell) => <Link href={`/chains/${textOf(cell)}`}>{textOf(names.find((r) => textOf(r.chain) === textOf(cell))?.name) || textOf(cell)}</Link>,
                name: (cell, row) => <Link href={`/chains/${textOf(row.chain)}?node=${textOf(row.node)}`}>{textOf(cell)}</Link>,
              }}
            />
          </Card>
        ) : (
          <Empty />
        )
      }
    </Await>
  );
}

/** Can it be made without leaving the park: steps in the park, in the city, nowhere. */
function Steps() {
  const { t, lang, both } = useText();
  const loaded = useVerb('chain steps');
  const shapes: Record<string, string> = { park: '●', city: '▲', missing: '■' };
  return (
    <Await of={loaded} lines={8}>
      {(data) => {
        const summary = tableOf(data, 'summary');
        const steps = tableOf(data, 'steps');
        if (!steps?.rows.length) return <Empty />;
        return (
          <>
            {summary ? (
              <Card title={both(summary.title)} hint={both(data.message)}>
                <DataTable
                  table={summary}
                  columns={['territory', 'steps', 'covered', 'unknown', 'coverage', lang === 'zh' ? 'missing' : 'missing_en', 'local_rate']}
                  render={{ territory: (cell) => (textOf(cell) === 'park' ? t('parks') : textOf(cell) === 'city' ? t('city') : textOf(cell)), coverage: (cell) => <Score value={numberOf(cell)} /> }}
                />
              </Card>
            ) : null}
            <Card title={both(steps.title)}>
              <DataTable
                table={steps}
                csv
                columns={[lang === 'zh' ? 'name' : 'name_en', 'state', 'park_firms', 'park_active', 'city_firms', 'city_active', 'local_rate']}
                render={{
                  state: (cell) => {
                    const state = textOf(cell);
                    const color = state === 'park' ? 'green' : state === 'city' ? 'yellow' : state === 'missing' ? 'red' : 'grey';
                    return (
                      <span class={`light ${color}`}>
                        <span aria-hidden="true">{shapes[state] ?? '○'}</span> {state === 'park' ? t('chInPark') : state === 'city' ? t('chInCity') : state === 'missing' ? t('chNowhere') : t('gap_unknown')}
                      </span>
                    );
                  },
                }}
              />
            </Card>
          </>
        );
      }}
    </Await>
  );
}

export function Chains() {
  const { t } = useText();
  const { query } = useLocation();
  const four = useHasVerb('chain four');
  const steps = useHasVerb('chain steps');
  const tab = query.get('tab') ?? 'index';
  return (
    <Page title={t('chains')} crumbs={[{ text: t('city'), href: '/' }, { text: t('chains') }]} lead={t('chLead')}>
      <Choice
        name="tab"
        label={t('see')}
        fallback="index"
        options={[
          { value: 'index', text: t('chains') },
          { value: 'gaps', text: t('chGaps') },
          ...(four ? [{ value: 'four', text: t('chFour') }] : []),
          { value: 'overlap', text: t('chOverlap') },
          ...(steps ? [{ value: 'steps', text: t('chSteps') }] : []),
        ]}
      />
      {tab === 'gaps' ? <Gaps /> : tab === 'overlap' ? <Overlap /> : tab === 'steps' && steps ? <Steps /> : tab === 'four' && four ? <FourChains /> : <Index />}
    </Page>
  );
}
