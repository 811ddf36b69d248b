// All chains: how complete, how secure; every gap; who stands where twice; the four chains.
import { useVerb } from '../api/hooks';
import { keepRows, withWords } from '../api/reshape';
import { numberOf, rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { Choice, Pick } from '../components/Choice';
import { gapKey } from '../components/ChainMap';
import { DataTable } from '../components/DataTable';
import { FourChains } from '../components/FourChains';
import { colorOf, Light } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Score } from '../components/Score';
import { Await, Empty } from '../components/States';
import { useAxes } from '../components/useAxes';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useHasVerb } from '../state/session';

function Index() {
  const { t } = useText();
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
              table={withWords(table, 'group', t('chGroup'), groupOf)}
              csv
              columns={['name', 'group', 'completeness', 'advancedness', 'security', 'nodes', 'occupied', 'reds', 'yellows', 'unknown']}
              sort={{ column: 'reds', descending: true }}
              render={{
                name: (cell, row) => <Link href={`/chains/${textOf(row.chain)}`}>{textOf(cell)}</Link>,
                completeness: (cell) => <Score value={numberOf(cell)} />,
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
      columns={['light', ...(chainName ? ['chain'] : []), 'name', 'gap', 'importance', 'finals_lost', lang === 'zh' ? 'why' : 'why_en']}
      titles={lang === 'zh' ? {} : { why_en: 'Why' }}
      render={{
        light: (cell) => <Light color={colorOf(textOf(cell))} label />,
        chain: (cell) => <Link href={`/chains/${textOf(cell)}`}>{chainName?.(textOf(cell))}</Link>,
        name: (cell, row) => <Link href={`/chains/${textOf(row.chain)}?node=${textOf(row.node)}`}>{textOf(cell)}</Link>,
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

export function Chains() {
  const { t } = useText();
  const { query } = useLocation();
  const four = useHasVerb('chain four');
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
        ]}
      />
      {tab === 'gaps' ? <Gaps /> : tab === 'overlap' ? <Overlap /> : tab === 'four' && four ? <FourChains /> : <Index />}
    </Page>
  );
}
