// Projects: their lights with the reason, gates, renovations before and after, leads, what to check.
import { useVerb } from '../api/hooks';
import { keepRows } from '../api/reshape';
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Cell } from '../api/types';
import { Choice, Pick } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Funnel } from '../components/Funnel';
import { GateDots, GATES, useGateName } from '../components/Gates';
import { LeadTable, Place } from '../components/LeadTable';
import { colorOf, Light, reasonOf } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useAxes } from '../components/useAxes';
import { number } from '../format';
import { useText, type Key } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useHasVerb } from '../state/session';

const COLORS = ['red', 'yellow', 'green', 'grey'] as const;
const PRESETS = ['', '三亚', '武汉', '天津'];

/** Investment, start, ramp: each light that applies with its own sentence. */
export function Reasons({ row }: { row: Row }) {
  const { lang } = useText();
  const said = [
    [row.light, lang === 'zh' ? row.why : row.why_en],
    [row.start_light, lang === 'zh' ? row.start_why : row.start_why_en],
    [row.ramp_light, lang === 'zh' ? row.ramp_why : row.ramp_why_en],
  ].filter(([, text]) => textOf(text));
  return (
    <span class="reasons">
      {said.map(([light, text], i) => (
        <span key={i}>
          {said.length > 1 ? <Light color={colorOf(textOf(light))} /> : null} {reasonOf(textOf(text))}
        </span>
      ))}
    </span>
  );
}

/** Chain and county to choose from: the axes of the matrix. */
function Where() {
  const { t } = useText();
  const { chains, counties } = useAxes();
  return (
    <>
      <Pick name="county" label={t('county')} fallback="" options={[{ value: '', text: t('all') }, ...counties.map((c) => ({ value: c.code, text: c.name }))]} />
      <Pick name="chain" label={t('chain')} fallback="" options={[{ value: '', text: t('all') }, ...chains.map((c) => ({ value: c.code, text: c.name }))]} />
    </>
  );
}

function List() {
  const { t, lang, both } = useText();
  const gate = useGateName();
  const { query } = useLocation();
  const asked = { county: query.get('county') ?? '', chain: query.get('chain') ?? '', stage: query.get('stage') ?? '', preset: query.get('preset') ?? '' };
  const light = query.get('light') ?? '';
  const loaded = useVerb('projects', asked);
  return (
    <>
      <div class="row-tools">
        <Where />
        <Pick name="stage" label={t('stage')} fallback="" options={[{ value: '', text: t('all') }, ...GATES.map(([w]) => ({ value: w, text: gate(w) }))]} />
        <Pick name="preset" label={t('rule')} fallback="" options={PRESETS.map((p) => ({ value: p, text: p || '银川' }))} />
      </div>
      <Await of={loaded} lines={12}>
        {(data) => {
          const table = data.tables[0];
          if (!table) return <Empty />;
          const rows = rowsOf(table);
          const count = (color: string) => rows.filter((r) => textOf(r.overall) === color).length;
          const shown = light ? keepRows(table, (r) => textOf(r.overall) === light) : table;
          return (
            <>
              <Choice
                name="light"
                label={t('light')}
                fallback=""
                options={[{ value: '', text: `${t('all')} ${rows.length}` }, ...COLORS.map((c) => ({ value: c, text: `${{ red: '■', yellow: '▲', green: '●', grey: '○' }[c]} ${t(c as Key)} ${count(c)}` }))]}
              />
              <Card title={both(table.title)} hint={both(data.message)}>
                {shown.rows.length ? (
                  <DataTable
                    key={light}
                    table={shown}
                    filter
                    csv
                    columns={['overall', 'name', 'stage', 'why', 'county', 'total', 'finish', 'days', 'reason', 'owner']}
                    titles={{ overall: t('overallLight'), why: t('pjWhy'), county: `${t('county')} · ${t('chain')}` }}
                    render={{
                      overall: (cell) => <Light color={colorOf(textOf(cell))} label />,
                      name: (cell, row) => (
                        <span class="named">
                          <Link href={`/projects/${textOf(row.code)}`}>{textOf(cell)}</Link> <small class="muted nowrap">{textOf(row.type)}</small>
                          <small class="narrow-only">
                            <Reasons row={row} />
                          </small>
                        </span>
                      ),
                      total: (cell) => number(numberOf(cell), 0, lang) || t('missing'),
                      stage: (cell, row) => <GateDots stage={textOf(cell)} proved={textOf(row.gate)} />,
                      why: (_, row) => <Reasons row={row} />,
                      county: (cell, row) => <Place county={textOf(cell)} chain={textOf(row.chain)} />,
                      finish: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                      days: (cell) => (stateOf(cell) ? '' : number(numberOf(cell), 0, lang)),
                    }}
                  />
                ) : (
                  <Empty title={t('pjNone')} hint="" />
                )}
              </Card>
            </>
          );
        }}
      </Await>
    </>
  );
}

/** Before and after beside each other; one side alone is no comparison. */
function Pair({ before, after, change, good, digits }: { before: Cell | undefined; after: Cell | undefined; change: Cell | undefined; good: 1 | -1; digits: number }) {
  const { t, lang } = useText();
  const say = (c: Cell | undefined) => (Number.isNaN(numberOf(c)) ? <span class="muted">{t('missing')}</span> : number(numberOf(c), digits, lang));
  return (
    <>
      <span class="nowrap line">
        {say(before)} → {say(after)}
      </span>
      {Number.isNaN(numberOf(change)) ? null : (
        <small>
          <Change cell={change ?? null} good={good} />%
        </small>
      )}
    </>
  );
}

function Change({ cell, good }: { cell: Cell; good: 1 | -1 }) {
  const { lang } = useText();
  const v = numberOf(cell);
  if (Number.isNaN(v)) return <>—</>;
  return <span class={v * good < 0 ? 'neg' : 'pos'}>{number(v, 1, lang, true)}</span>;
}

function Renovations() {
  const { t, both } = useText();
  const { query } = useLocation();
  const { name } = useAxes();
  const by = query.get('by') ?? 'county';
  const loaded = useVerb('renovations', { by, county: query.get('county') ?? '', chain: query.get('chain') ?? '' });
  const beforeAfter = { output_change: (cell: Cell) => <Change cell={cell} good={1} />, intensity_change: (cell: Cell) => <Change cell={cell} good={-1} /> };
  return (
    <>
      <div class="row-tools">
        <Where />
        <Pick
          name="by"
          label={t('pjBy')}
          fallback="county"
          options={[
            { value: 'county', text: t('county') },
            { value: 'chain', text: t('chain') },
            { value: 'kind', text: t('pjKind') },
          ]}
        />
      </div>
      <Await of={loaded} lines={10}>
        {(data) => {
          const sums = tableOf(data, 'sums');
          const list = tableOf(data, 'renovations');
          if (!list?.rows.length) return <Empty title={t('pjNoRenovations')} hint="" />;
          return (
            <>
              {sums ? (
                <Card title={both(sums.title)}>
                  <DataTable table={sums} csv render={{ ...beforeAfter, group: (cell) => name(textOf(cell)) }} />
                </Card>
              ) : null}
              <Card title={both(list.title)} hint={t('pjBeforeAfter')}>
                <DataTable
                  table={list}
                  filter
                  csv
                  columns={['name', 'state', 'county', 'invest', 'output_before', 'intensity_before', 'quality_change', 'maturity_change']}
                  titles={{ county: `${t('county')} · ${t('chain')}`, output_before: t('pjOutputPair'), intensity_before: t('pjIntensityPair') }}
                  render={{
                    ...beforeAfter,
                    name: (cell, row) => (
                      <span class="named">
                        {textOf(row.project) ? <Link href={`/projects/${textOf(row.project)}`}>{textOf(cell)}</Link> : textOf(cell)} <small class="muted nowrap">{textOf(row.kind)}</small>
                        {textOf(row.what) ? <small class="muted line">{textOf(row.what)}</small> : null}
                      </span>
                    ),
                    state: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                    county: (cell, row) => <Place county={textOf(cell)} chain={textOf(row.chain)} />,
                    output_before: (cell, row) => <Pair before={cell} after={row.output_after} change={row.output_change} good={1} digits={0} />,
                    intensity_before: (cell, row) => <Pair before={cell} after={row.intensity_after} change={row.intensity_change} good={-1} digits={3} />,
                    quality_change: (cell) => <Change cell={cell} good={1} />,
                    maturity_change: (cell) => <Change cell={cell} good={1} />,
                  }}
                />
              </Card>
            </>
          );
        }}
      </Await>
    </>
  );
}

function Leads() {
  const { t, both } = useText();
  const { query } = useLocation();
  const loaded = useVerb('leads', { county: query.get('county') ?? '', chain: query.get('chain') ?? '' });
  return (
    <>
      <div class="row-tools">
        <Where />
      </div>
      <Await of={loaded} lines={10}>
        {(data) => {
          const funnel = tableOf(data, 'funnel');
          const leads = tableOf(data, 'leads');
          const without = tableOf(data, 'unassigned');
          if (!leads?.rows.length) return <Empty title={t('chNoLeads')} hint="" />;
          return (
            <>
              {funnel ? (
                <Card title={both(funnel.title)} hint={both(data.message)}>
                  <Funnel table={funnel} />
                  {funnel.notes.length ? <p class="muted small">{funnel.notes.map(both).join(' ')}</p> : null}
                </Card>
              ) : null}
              <Card title={both(leads.title)}>
                <LeadTable table={leads} />
              </Card>
              {without?.rows.length ? (
                <Card title={both(without.title)} hint={t('pjWithoutGapHint')}>
                  <DataTable table={without} />
                </Card>
              ) : null}
            </>
          );
        }}
      </Await>
    </>
  );
}

function Check() {
  const { t, lang, both } = useText();
  const loaded = useVerb('projects check');
  return (
    <Await of={loaded} lines={6}>
      {(data) => {
        const table = data.tables[0];
        if (!table?.rows.length) return <Empty title={t('pjCheckNone')} hint="" />;
        return (
          <Card title={both(table.title)} hint={both(data.message)}>
            <DataTable
              table={table}
              csv
              columns={['severity', 'name', lang === 'zh' ? 'said' : 'said_en', 'other_name']}
              render={{
                severity: (cell) => (textOf(cell) === 'fault' ? <span class="light red">■ {t('pjFault')}</span> : <span class="light yellow">▲ {t('pjWarning')}</span>),
                name: (cell, row) => <Link href={`/projects/${textOf(row.code)}`}>{textOf(cell)}</Link>,
                other_name: (cell, row) => (textOf(row.other) ? <Link href={`/projects/${textOf(row.other)}`}>{textOf(cell)}</Link> : ''),
              }}
            />
          </Card>
        );
      }}
    </Await>
  );
}

export function Projects() {
  const { t } = useText();
  const { query } = useLocation();
  const tab = query.get('tab') ?? 'list';
  const tabs: [string, Key, string][] = [
    ['list', 'projects', 'projects'],
    ['renovations', 'pjRenovations', 'renovations'],
    ['leads', 'pjLeads', 'leads'],
    ['check', 'pjCheck', 'projects check'],
  ];
  const has = { projects: useHasVerb('projects'), renovations: useHasVerb('renovations'), leads: useHasVerb('leads'), 'projects check': useHasVerb('projects check') } as Record<string, boolean>;
  return (
    <Page title={t('projects')} crumbs={[{ text: t('city'), href: '/' }, { text: t('projects') }]} lead={t('pjLead')}>
      <Choice name="tab" label={t('see')} fallback="list" options={tabs.filter(([, , verb]) => has[verb]).map(([value, key]) => ({ value, text: t(key) }))} />
      {tab === 'renovations' ? <Renovations /> : tab === 'leads' ? <Leads /> : tab === 'check' ? <Check /> : <List />}
    </Page>
  );
}
