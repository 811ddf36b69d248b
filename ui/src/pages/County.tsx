import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import { CellCard } from '../components/CellCard';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

/** One county: its growth beside its peers, its lead chains, all its chains. */
export function County({ code }: { code: string }) {
  const { t, lang } = useText();
  const peers = useVerb('peers');
  const matrix = useVerb('matrix');
  const row = rowsOf(peers.data?.tables[0]).find((r) => textOf(r.county) === code);
  const name = textOf(row?.county_name) || textOf(rowsOf(tableOf(matrix.data, 'counties')).find((r) => textOf(r.code) === code)?.name) || code;
  const cells = tableOf(matrix.data, 'cells');
  const names = rowsOf(useVerb('show', { what: 'indicators' }).data?.tables[0]);
  const nameOf = (id: string) => (lang === 'zh' && textOf(names.find((r) => textOf(r.id) === id)?.name)) || id;
  const group = textOf(row?.group) === 'large' ? t('groupLarge') : t('groupSmall');
  return (
    <Page title={name} crumbs={[{ text: t('city'), href: '/' }, { text: t('counties'), href: '/counties' }, { text: name }]} lead={row ? `${group} · ${t('weight')} ${number(numberOf(row.weight), 2, lang)}%` : undefined}>
      <Await of={peers}>
        {() =>
          row ? (
            <dl class="answers">
              {(['growth', 'before', 'improvement', 'pull'] as const).map((id) => {
                const column = peers.data?.tables[0]?.columns.find((c) => c.id === id);
                return (
                  <div key={id}>
                    <dt>{lang === 'zh' ? column?.title.zh : column?.title.en}</dt>
                    <dd>
                      <b>{number(numberOf(row[id]), 2, lang, true)}</b> {unit(column?.unit ?? '', lang)}
                    </dd>
                  </div>
                );
              })}
              <div>
                <dt>{t('peers')}</dt>
                <dd>
                  <b>{number(numberOf(row.rank), 0, lang)}</b> / {number(numberOf(row.size), 0, lang)}
                </dd>
              </div>
            </dl>
          ) : (
            <Empty />
          )
        }
      </Await>
      <Await of={matrix} lines={8}>
        {(data) => {
          const own = rowsOf(cells).filter((c) => textOf(c.county) === code && textOf(c.chain));
          return (
            <>
              <Card title={t('leadCells')} hint={t(own.some((c) => textOf(c.owner)) ? 'leadHintDeclared' : 'leadHint')}>
                <div class="cells">
                  {own
                    .filter((c) => c.lead === true)
                    .map((c) => (
                      <CellCard key={textOf(c.chain)} cell={c} data={data} short />
                    ))}
                </div>
              </Card>
              <Card title={t('byChain')}>
                {cells ? (
                  <DataTable
                    table={{ ...cells, rows: cells.rows.filter((r) => textOf(r[1]) === code && textOf(r[0])) }}
                    csv
                    notes={false}
                    sort={{ column: 'revenue', descending: true }}
                    columns={['chain', 'lead', 'firms', 'revenue', 'growth', 'share', 'lq', 'stopped', 'slowed']}
                    titles={{ chain: t('chain') }}
                    render={{
                      chain: (cell) => <Link href={`/matrix/${textOf(cell)}/${code}`}>{textOf(rowsOf(tableOf(data, 'chains')).find((r) => textOf(r.code) === textOf(cell))?.name)}</Link>,
                      lead: (cell) => (cell === true ? `◆ ${t('lead')}` : ''),
                    }}
                  />
                ) : null}
              </Card>
              <Card title={t('why')}>
                <ul class="list two">
                  {['county_growth_verified', 'dispatch_revenue_total', 'dispatch_revenue_growth', 'stopped_count', 'power_growth'].map((id) => (
                    <li key={id}>
                      <Link href={`/indicators/${id}?tab=why&county=${code}`}>
                        {nameOf(id)} →
                      </Link>
                    </li>
                  ))}
                </ul>
              </Card>
              <Notes notes={cells?.notes} />
            </>
          );
        }}
      </Await>
    </Page>
  );
}
