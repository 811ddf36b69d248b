// One chain of the graph: its map, its scale and works, its gaps with their leads, six maps and six lists.
import { useMemo } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { keepRows } from '../api/reshape';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer, Table } from '../api/types';
import { nodesOf, type MapNode } from '../charts/chainLayout';
import { ChainMap, mapTitle } from '../components/ChainMap';
import { Choice, Pick } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { FourChains } from '../components/FourChains';
import { Funnel } from '../components/Funnel';
import { colorOf, Light } from '../components/Light';
import { LeadTable } from '../components/LeadTable';
import { Candidates, leadsOf, NodePanel } from '../components/NodePanel';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useAxes, type AxisPoint } from '../components/useAxes';
import { number } from '../format';
import { useText, type Key } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';
import { useHasVerb, useSession } from '../state/session';
import { ChainPack } from './ChainPack';
import { ChainScale } from './ChainScale';
import { GapTable } from './Chains';

/** Three scores, with the red nodes by name: each is a link to its node. */
function Scores({ chain, nodes }: { chain: string; nodes: MapNode[] }) {
  const { t, lang } = useText();
  const row = rowsOf(useVerb('chain index').data?.tables[0]).find((r) => textOf(r.chain) === chain);
  const reds = nodes.filter((n) => n.light === 'red');
  if (!row) return null;
  return (
    <dl class="answers">
      {(
        [
          ['completeness', 'chCompleteness'],
          ['advancedness', 'chAdvancedness'],
          ['security', 'chSecurity'],
        ] as [string, Key][]
      ).map(([id, key]) => {
        const value = numberOf(row[id]);
        return (
          <div key={id}>
            <dt>{t(key)}</dt>
            <dd>
              {Number.isNaN(value) ? (
                <span class="muted">{t('missing')}</span>
              ) : (
                <>
                  <b>{number(value, 1, lang)}</b> % {id === 'advancedness' && !Number.isNaN(numberOf(row.advancedness_low)) ? <small>({number(numberOf(row.advancedness_low), 0, lang)}–{number(numberOf(row.advancedness_high), 0, lang)})</small> : null}
                </>
              )}
            </dd>
          </div>
        );
      })}
      <div>
        <dt>{t('chOccupied')}</dt>
        <dd>
          <b>{number(numberOf(row.occupied), 0, lang)}</b> / {number(numberOf(row.nodes), 0, lang)}
        </dd>
      </div>
      <div>
        <dt>{t('gap_break')}</dt>
        <dd>
          {reds.length ? (
            <span class="red-nodes">
              {reds.map((n) => (
                <Link key={n.code} replace href={withQuery({ tab: undefined, node: n.code })}>
                  <Light color="red" /> {n.name}
                </Link>
              ))}
            </span>
          ) : (
            <b>0</b>
          )}
        </dd>
      </div>
    </dl>
  );
}

function MapTab({ chain, title, data, nodes, leads }: { chain: string; title: string; data: Answer; nodes: MapNode[]; leads: Answer | undefined }) {
  const { t, lang, both } = useText();
  const { query } = useLocation();
  const { session } = useSession();
  const picked = query.get('node') ?? '';
  const node = nodes.find((n) => n.code === picked);
  const table = data.tables[0]!;
  return (
    <>
      <Card title={t('chMap')} hint={t('chMapHint')} class="map-card">
        <ChainMap name={`chain-${chain}`} title={mapTitle(session, title, t('example'))} nodes={nodes} notes={table.notes.map(both)} picked={node ? picked : ''} hrefOf={(code) => withQuery({ node: code === picked ? undefined : code })} />
        <div class="narrow-only">
          <Notes notes={table.notes} />
        </div>
      </Card>
      {node ? <NodePanel key={node.code} chain={chain} node={node} leads={leadsOf(chain, node, rowsOf(tableOf(leads, 'leads')))} /> : null}
      <details class="card as-table">
        <summary>{t('chAsTable')}</summary>
        <DataTable
          table={table}
          csv
          notes={false}
          columns={['light', 'stage', 'name', 'gap', 'importance', 'active', 'counties', 'hhi', 'finals_lost', 'needs', lang === 'zh' ? 'why' : 'why_en']}
          titles={lang === 'zh' ? {} : { why_en: 'Why' }}
          render={{
            light: (cell) => <Light color={colorOf(textOf(cell))} label />,
            stage: (cell) => <span class="nowrap">{t(`stage_${textOf(cell)}` as Key)}</span>,
            name: (cell, row) => <Link replace href={withQuery({ node: textOf(row.node) })}>{textOf(cell)}</Link>,
            gap: (cell) => (textOf(cell) ? t(`gap_${textOf(cell)}` as Key) : '—'),
            needs: (cell) => textOf(cell) || '—',
          }}
        />
      </details>
    </>
  );
}

/** Leads of a chain; those of a sub-chain by the gap that each would fill. */
export function leadsFor(leads: Answer | undefined, chain: string, axis: AxisPoint | undefined): Table | undefined {
  const table = tableOf(leads, 'leads');
  if (!table || axis) return table;
  return keepRows(table, (r) => textOf(r.gap).startsWith(`${chain}.`));
}

/** Which gap, who is being talked to about it and for how long, who could fill it. */
function GapsTab({ chain, nodes, axis, leads }: { chain: string; nodes: MapNode[]; axis: AxisPoint | undefined; leads: Answer | undefined }) {
  const { t, both } = useText();
  const { query } = useLocation();
  const four = useHasVerb('chain four');
  const loaded = useVerb('chain gaps', { chain });
  const gaps = nodes.filter((n) => n.gap && n.gap !== 'unknown');
  // Newer programs join leads and gaps themselves: the table above then says it.
  const linked = loaded.data?.tables[0]?.columns.some((c) => c.id === 'leads');
  const all = rowsOf(tableOf(leads, 'leads'));
  const asked = gaps.find((n) => n.code === query.get('gap')) ?? gaps[0];
  // A sub-chain has no ledger; leads for its nodes are kept by the chain that it belongs to.
  const funnel = axis ? tableOf(leads, 'funnel') : undefined;
  const table = leadsFor(leads, chain, axis);
  return (
    <>
      <Await of={loaded} lines={6}>
        {(data) => (
          <Card title={t('chGaps')} hint={both(data.message)}>{data.tables[0]?.rows.length ? <GapTable table={data.tables[0]} /> : <Empty title={t('chNoGaps')} hint="" />}</Card>
        )}
      </Await>
      <Card title={t('chGapLeads')} hint={t('chGapLeadsHint')}>
        {!table?.rows.length ? (
          <Empty title={t('chNoLeads')} hint="" />
        ) : (
          <>
            {linked ? null : (
            <ul class="gap-leads">
              {gaps.map((n) => {
                const own = leadsOf(chain, n, all);
                return (
                  <li key={n.code}>
                    <Light color={n.light} /> {n.name}{' '}
                    {own.length ? (
                      own.map((r) => (
                        <span key={textOf(r.id)} class="chip">
                          {textOf(r.state)} {numberOf(r.days) > 0 ? t('chDays', { n: numberOf(r.days) }) : ''}
                        </span>
                      ))
                    ) : (
                      <span class="chip gap-yellow">{t('chNoLeadYet')}</span>
                    )}
                  </li>
                );
              })}
            </ul>
            )}
            {funnel ? <Funnel table={funnel} /> : null}
            <LeadTable table={table} ofChain />
          </>
        )}
      </Card>
      {asked ? (
        <Card title={t('chCandidates')} actions={<Pick name="gap" label={t('chNode')} fallback={gaps[0]?.code ?? ''} options={gaps.map((n) => ({ value: n.code, text: n.name }))} />}>
          <Candidates key={asked.code} chain={chain} node={asked.code} top={12} />
        </Card>
      ) : null}
      {four ? <FourChains chain={chain} /> : null}
    </>
  );
}

export function ChainPage({ code }: { code: string }) {
  const { t, lang, both } = useText();
  const { query } = useLocation();
  const loaded = useVerb('chain map', { chain: code });
  const table = loaded.data?.tables[0];
  const title = table ? both(table.title) : code;
  const nodes = useMemo(() => nodesOf(rowsOf(table), lang), [table, lang]);
  const chain = textOf(rowsOf(table)[0]?.chain) || code;
  const { chains } = useAxes();
  const axis = chains.find((c) => c.name === title);
  const hasLeads = useHasVerb('leads');
  const leads = useVerb(hasLeads && table && (axis || chains.length) ? 'leads' : null, axis ? { chain: axis.code } : {});
  const tab = query.get('tab') ?? 'map';
  return (
    <Page
      title={title}
      crumbs={[{ text: t('city'), href: '/' }, { text: t('chains'), href: '/chains' }, { text: title }]}
      lead={axis ? `${axis.group} · ${t('leadDept')} ${axis.owner}` : table ? t('chSubLead') : undefined}
      actions={
        axis ? (
          <>
            <Link href={`/matrix/${axis.code}`}>{t('chInMatrix')}</Link>
            <Link href={`/projects?chain=${axis.code}`}>{t('projects')}</Link>
            <Link href="/papers">{t('papers')}</Link>
          </>
        ) : null
      }
    >
      <Await of={loaded} lines={12}>
        {(data) =>
          nodes.length ? (
            <>
              <Scores chain={chain} nodes={nodes} />
              <Choice
                name="tab"
                label={t('see')}
                fallback="map"
                options={[
                  { value: 'map', text: t('chMap') },
                  { value: 'scale', text: t('chScale') },
                  { value: 'gaps', text: t('chGapsLeads') },
                  { value: 'pack', text: t('chPack') },
                ]}
              />
              {tab === 'scale' ? (
                <ChainScale title={title} axis={axis} />
              ) : tab === 'gaps' ? (
                <GapsTab chain={chain} nodes={nodes} axis={axis} leads={leads.data} />
              ) : tab === 'pack' ? (
                <ChainPack notes={(data.tables[0]?.notes ?? []).map(both)} chain={chain} title={title} axis={axis} nodes={nodes} leads={leads.data} />
              ) : (
                <MapTab chain={chain} title={title} data={data} nodes={nodes} leads={leads.data} />
              )}
            </>
          ) : (
            <Empty />
          )
        }
      </Await>
    </Page>
  );
}
