// The policies a city answers by, whom to tell of them, and the ladder of titles.
import { useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import { Flow } from '../charts/Flow';
import { Choice, Pick } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Outcome } from '../components/Outcome';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';

function List() {
  const { both } = useText();
  const loaded = useVerb('policy list');
  return (
    <Await of={loaded} lines={10}>
      {(data) => {
        const table = data.tables[0];
        if (!table) return null;
        return (
          <Card>
            <DataTable
              table={table}
              filter
              csv
              caption={both(table.title)}
              columns={['name', 'type', 'level', 'editions', 'number', 'confidence', 'marks']}
              render={{ name: (_, row) => <Link href={`/policies/${textOf(row.policy)}`}>{textOf(row.name)}</Link> }}
            />
          </Card>
        );
      }}
    </Await>
  );
}

const STATES = ['免申即享', '已符合', '差一项', '待人工'];

function Push() {
  const { t, both } = useText();
  const { query } = useLocation();
  const names = useVerb('policy list');
  const policies = rowsOf(names.data?.tables[0]).filter((r) => textOf(r.type) !== '模板');
  const chosen = query.get('policy') ?? '';
  const [state, setState] = useState('');
  const loaded = useVerb('policy push', chosen ? { policy: chosen } : {});
  return (
    <>
      <div class="picks">
        <Pick name="policy" label={t('policy')} fallback="" options={[{ value: '', text: t('all') }, ...policies.map((r) => ({ value: textOf(r.policy), text: textOf(r.name) }))]} />
      </div>
      <Await of={loaded} lines={10}>
        {(data) => {
          const push = tableOf(data, 'push');
          const feeds = tableOf(data, 'feeds');
          const rows = rowsOf(push);
          const at = push?.columns.findIndex((c) => c.id === 'state') ?? -1;
          return (
            <>
              <div class="choice" role="group" aria-label={t('policyState')}>
                {['', ...STATES].map((s) => (
                  <button key={s} type="button" aria-pressed={s === state} onClick={() => setState(s)}>
                    {s ? <Outcome word={s} /> : t('all')} {s ? rows.filter((r) => textOf(r.state) === s).length : rows.length}
                  </button>
                ))}
              </div>
              {push && rows.length ? (
                <Card title={both(push.title)} hint={t('pushHint')}>
                  <DataTable
                    table={state ? { ...push, rows: push.rows.filter((r) => textOf(r[at]) === state) } : push}
                    filter
                    csv
                    columns={['name', 'policy', 'version', 'state', 'needs', 'amount', 'marks']}
                    render={{
                      name: (_, row) => <Link href={`/enterprises/${textOf(row.enterprise)}?tab=policies&policy=${textOf(row.policy)}`}>{textOf(row.name)}</Link>,
                      policy: (cell) => {
                        const id = textOf(cell);
                        return <Link href={`/policies/${id}`}>{textOf(policies.find((p) => textOf(p.policy) === id)?.name) || id}</Link>;
                      },
                      state: (cell) => <Outcome word={textOf(cell)} />,
                    }}
                  />
                </Card>
              ) : (
                <Empty />
              )}
              {feeds?.rows.length ? (
                <Card title={both(feeds.title)} hint={t('feedsHint')}>
                  <DataTable table={feeds} columns={['name', 'firms']} csv />
                </Card>
              ) : null}
            </>
          );
        }}
      </Await>
    </>
  );
}

function Ladder() {
  const { t, both } = useText();
  const { query } = useLocation();
  const loaded = useVerb('ladder');
  return (
    <Await of={loaded} lines={10}>
      {(data) => {
        const flow = rowsOf(tableOf(data, 'flow'));
        const pipeline = tableOf(data, 'pipeline');
        const years = [...new Set(flow.map((r) => textOf(r.year)))].sort();
        const year = query.get('year') ?? years[years.length - 1] ?? '';
        const bands = flow.filter((r) => textOf(r.year) === year).map((r) => ({ from: textOf(r.from), to: textOf(r.to), firms: numberOf(r.firms) }));
        const firms = data.tables[0];
        const alert = firms?.columns.findIndex((c) => c.id === 'alert') ?? -1;
        // A rung with two rungs above it has two lines; its title expires once.
        const told = new Set<string>();
        const expiring = (firms?.rows ?? []).filter((r) => {
          const key = `${textOf(r[0])} ${textOf(r[1])}`;
          return textOf(r[alert]) && !told.has(key) && told.add(key);
        });
        return (
          <>
            <Card title={t('ladderFlow')} hint={t('ladderFlowHint')} actions={years.length ? <Pick name="year" label={t('year')} fallback={years[years.length - 1] as string} options={years.map((y) => ({ value: y, text: y }))} /> : null}>
              {bands.length ? <Flow bands={bands} label={`${t('ladderFlow')} ${year}`} /> : <Empty hint={t('ladderNone')} />}
            </Card>
            {pipeline ? (
              <Card title={both(pipeline.title)}>
                <DataTable table={pipeline} csv />
              </Card>
            ) : null}
            {firms && alert >= 0 ? (
              <Card title={t('expiring')}>
                <DataTable
                  table={{ ...firms, rows: expiring }}
                  filter
                  csv
                  columns={['name', 'rung', 'until', 'alert']}
                  render={{ name: (cell, row) => <Link href={`/enterprises/${textOf(row.enterprise)}?tab=policies`}>{textOf(cell)}</Link> }}
                />
              </Card>
            ) : null}
          </>
        );
      }}
    </Await>
  );
}

export function Policies() {
  const { t } = useText();
  const { query } = useLocation();
  const tab = query.get('tab') ?? 'list';
  return (
    <Page title={t('policies')} crumbs={[{ text: t('city'), href: '/' }, { text: t('policies') }]} lead={t('policiesLead')}>
      <Choice
        name="tab"
        label={t('see')}
        fallback="list"
        options={[
          { value: 'list', text: t('policies') },
          { value: 'push', text: t('push') },
          { value: 'ladder', text: t('ladder') },
        ]}
      />
      {tab === 'push' ? <Push /> : tab === 'ladder' ? <Ladder /> : <List />}
      <Notes notes={[]} />
    </Page>
  );
}
