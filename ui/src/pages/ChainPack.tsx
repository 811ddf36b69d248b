// 六图六清单 from the one database: what is there is shown, what is not there is said.
import type { ComponentChildren } from 'preact';
import { useVerb } from '../api/hooks';
import { keepRows } from '../api/reshape';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer, Table } from '../api/types';
import { STAGES, type MapNode } from '../charts/chainLayout';
import { ChainMap, gapKey, mapTitle } from '../components/ChainMap';
import { DataTable } from '../components/DataTable';
import { Funnel } from '../components/Funnel';
import { Light } from '../components/Light';
import { LeadTable } from '../components/LeadTable';
import { Card } from '../components/Page';
import { ProjectTable } from '../components/ProjectTable';
import { Promises } from '../components/Promises';
import { Await, Denied, Empty } from '../components/States';
import type { AxisPoint } from '../components/useAxes';
import { number, unit } from '../format';
import { useText, type Key } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb, useSession } from '../state/session';
import { GapTable } from './Chains';
import { PathChart } from './ChainScale';
import { leadsFor } from './ChainPage';

/** A section with its number; empty ones say 尚无 and what would fill them. */
function Part({ number: n, kind, title, has, lack, children }: { number: number; kind: 'map' | 'list'; title: string; has: boolean; lack: string; children: ComponentChildren }) {
  const { t } = useText();
  return (
    <Card
      class="pack-part"
      id={`${kind}-${n}`}
      title={
        <>
          <span class="pack-number">{t(kind === 'map' ? 'packMapN' : 'packListN', { n })}</span> {title}
        </>
      }
    >
      {has ? children : <Empty title={t('packNotYet')} hint={lack} />}
    </Card>
  );
}

function Tree({ nodes, title }: { nodes: MapNode[]; title: string }) {
  const { t } = useText();
  return (
    <ul class="chain-tree">
      <li>
        <strong>{title}</strong>
        <ul>
          {STAGES.map((stage) => (
            <li key={stage}>
              <span class="muted">{t(`stage_${stage}` as Key)}</span>
              <ul>
                {nodes
                  .filter((n) => n.stage === stage)
                  .map((n) => (
                    <li key={n.code}>
                      <Light color={n.light} /> {n.name}
                      {n.needs ? <small class="muted"> ← {n.needs}</small> : null}
                    </li>
                  ))}
              </ul>
            </li>
          ))}
        </ul>
      </li>
    </ul>
  );
}

/** When each project comes on, and the pace that each year asks for. */
function Route({ data }: { data: Answer }) {
  const { t, lang } = useText();
  const pace = rowsOf(tableOf(data, 'pace'));
  const projects = rowsOf(tableOf(data, 'projects'));
  return (
    <div class="target-grid even">
      <div>
        <h3>{t('chPace')}</h3>
        <ul class="list">
          {pace.map((r) => (
            <li key={String(r.year)} class="list-head">
              <span>{lang === 'zh' ? `${numberOf(r.year)}年` : numberOf(r.year)}</span>
              <span>
                <b>{number(numberOf(r.needed), 1, lang, true)}</b> %/{lang === 'zh' ? '年' : 'year'} · {t('needIncrement')} {number(numberOf(r.added), 1, lang)} {unit('亿元', lang)}
              </span>
            </li>
          ))}
        </ul>
      </div>
      <div>
        <h3>{t('chPathProjects')}</h3>
        {projects.length ? (
          <ol class="route">
            {projects.map((r) => (
              <li key={textOf(r.code)}>
                <time dateTime={textOf(r.produces)}>{textOf(r.produces)}</time>
                <Link href={`/projects/${textOf(r.code)}`}>{textOf(r.name)}</Link>
                <small class="muted">
                  +{number(numberOf(r.output), 1, lang)} {unit('亿元', lang)}
                </small>
              </li>
            ))}
          </ol>
        ) : (
          <Empty title={t('chNoPathProjects')} hint="" />
        )}
      </div>
    </div>
  );
}

/** Where to look for what is missing, and how far the talks are. */
function InvestmentRoute({ nodes, outside, funnel }: { nodes: MapNode[]; outside: Map<string, string>; funnel: Table | undefined }) {
  const { t } = useText();
  const gaps = nodes.filter((n) => n.gap && n.gap !== 'unknown');
  return (
    <div class="target-grid even">
      <ul class="list">
        {gaps.map((n) => (
          <li key={n.code}>
            <span class="list-head">
              <span>
                <Light color={n.light} /> {n.name}
              </span>
              <span class="muted small">{t(gapKey(n.gap)!)}</span>
            </span>
            <small>{outside.get(n.code) ? `→ ${outside.get(n.code)}` : t('packNoPlace')}</small>
          </li>
        ))}
      </ul>
      <div>{funnel?.rows.length ? <Funnel table={funnel} /> : <Empty title={t('chNoLeads')} hint="" />}</div>
    </div>
  );
}

/** Platforms as the register keeps them; its titles are ids, so the page names them. */
function Platforms({ table }: { table: Table }) {
  const { t } = useText();
  return (
    <DataTable
      table={table}
      columns={['name', 'level', 'kind', 'firm', 'state', 'approved']}
      titles={{ name: t('name'), level: t('packLevel'), kind: t('kind'), firm: t('packFirm'), approved: t('packApproved') }}
      notes={false}
    />
  );
}

export function ChainPack({ chain, title, axis, nodes, notes, leads }: { chain: string; title: string; notes: string[]; axis: AxisPoint | undefined; nodes: MapNode[]; leads: Answer | undefined }) {
  const { t, lang } = useText();
  const { session } = useSession();
  const code = axis?.code;
  const has = { platforms: useHasVerb('platforms'), parks: useHasVerb('parks'), four: useHasVerb('chain four') };
  const scale = useVerb(code ? 'chain-scale' : null, code ? { chain: code } : {});
  const cell = useVerb(code ? 'cell' : null, code ? { chain: code } : {});
  const platforms = useVerb(code && has.platforms ? 'platforms' : null, code ? { chain: code } : {});
  const parks = useVerb(code && has.parks ? 'parks' : null);
  const gaps = useVerb('chain gaps', { chain });
  const graph = useVerb('chain graph', { chain });
  const outside = new Map(rowsOf(graph.data?.tables[0]).map((r) => [textOf(r.node), textOf(r.outside)]));
  const platformTable = platforms.data?.tables.find((x) => x.columns.some((c) => c.id === 'level'));
  const parkTable = parks.data?.tables[0] && code ? keepRows(parks.data.tables[0], (r) => textOf(r.chains).split(/[;,]/).includes(code)) : undefined;
  const firms = tableOf(cell.data, 'firms');
  const projects = tableOf(cell.data, 'projects');
  const promises = scale.data?.tables.find((x) => x.columns.some((c) => c.id === 'sentence'));
  const funnel = axis ? tableOf(leads, 'funnel') : undefined;
  const leadTable = leadsFor(leads, chain, axis);
  const needsAxis = axis ? '' : t('chSubNoLedgerHint');
  const contents: [string, Key, boolean][] = [
    ['map-1', 'packTree', nodes.length > 0],
    ['map-2', 'packNow', nodes.length > 0],
    ['map-3', 'packTrend', Boolean(tableOf(scale.data, 'path')?.rows.length)],
    ['map-4', 'packRoute', Boolean(tableOf(scale.data, 'pace')?.rows.length)],
    ['map-5', 'packInnovation', Boolean(platformTable?.rows.length)],
    ['map-6', 'packInvestment', Boolean(funnel?.rows.length) || [...outside.values()].some(Boolean)],
    ['list-1', 'packMatters', Boolean(promises?.rows.length)],
    ['list-2', 'packParks', Boolean(parkTable?.rows.length)],
    ['list-3', 'packFirms', Boolean(firms?.rows.length)],
    ['list-4', 'packProjects', Boolean(projects?.rows.length)],
    ['list-5', 'packPlatforms', Boolean(platformTable?.rows.length)],
    ['list-6', 'packGaps', Boolean(gaps.data?.tables[0]?.rows.length)],
  ];
  const there = (id: string) => contents.find(([x]) => x === id)?.[2] ?? false;
  const loading = [scale, cell, parks, platforms].some((l) => code && l.state === 'loading' && !l.data);
  return (
    <>
      <nav class="card pack-contents" aria-label={t('chPack')}>
        <ol>
          {contents.map(([id, key, ok]) => (
            <li key={id}>
              <a href={`#${id}`}>
                <span aria-hidden="true" class={ok ? 'light green' : 'light grey'}>
                  {ok ? '●' : '○'}
                </span>{' '}
                {t(key)}
                {ok ? '' : ` · ${loading ? '…' : t('packNotYet')}`}
              </a>
            </li>
          ))}
        </ol>
        <p class="muted small">{t('packHint')}</p>
      </nav>
      <Part number={1} kind="map" title={t('packTree')} has={there('map-1')} lack="">
        <Tree nodes={nodes} title={title} />
      </Part>
      <Part number={2} kind="map" title={t('packNow')} has={there('map-2')} lack="">
        <ChainMap name={`pack-${chain}`} title={mapTitle(session, title, t('example'))} nodes={nodes} notes={notes} picked="" hrefOf={(node) => `/chains/${chain}?node=${node}`} />
      </Part>
      <Part number={3} kind="map" title={t('packTrend')} has={there('map-3') || loading} lack={needsAxis || t('packLackScale')}>
        <Await of={scale}>{(data) => <PathChart data={data} name={title} />}</Await>
      </Part>
      <Part number={4} kind="map" title={t('packRoute')} has={there('map-4') || loading} lack={needsAxis || t('packLackScale')}>
        <Await of={scale}>{(data) => <Route data={data} />}</Await>
      </Part>
      <Part number={5} kind="map" title={t('packInnovation')} has={there('map-5')} lack={needsAxis || t('packLackPlatforms')}>
        <ul class="platform-map">
          {rowsOf(platformTable).map((r) => (
            <li key={textOf(r.id)}>
              <span class="chip">{textOf(r.level)}</span> <b>{textOf(r.name)}</b> <small class="muted">{textOf(r.kind)}</small>
            </li>
          ))}
        </ul>
        {has.four ? (
          <p class="small">
            <Link href={`/chains?tab=four&chain=${chain}`}>{t('chFour')} →</Link>
          </p>
        ) : null}
      </Part>
      <Part number={6} kind="map" title={t('packInvestment')} has={there('map-6')} lack={t('packLackLeads')}>
        <InvestmentRoute nodes={nodes} outside={outside} funnel={funnel} />
        {leadTable?.rows.length ? <LeadTable table={leadTable} ofChain /> : null}
      </Part>
      <Part number={1} kind="list" title={t('packMatters')} has={there('list-1')} lack={needsAxis || t('packLackPromises')}>
        <Promises table={promises} />
      </Part>
      <Part number={2} kind="list" title={t('packParks')} has={there('list-2')} lack={needsAxis || t('packLackParks')}>
        {parkTable ? (
          <DataTable
            table={parkTable}
            columns={['name', 'level', 'total', 'supplied', 'used', 'vacant', 'output_per_mu', 'tax_per_mu']}
            render={{ name: (cell, row) => <Link href={`/parks/${textOf(row.id)}`}>{textOf(cell)}</Link> }}
          />
        ) : null}
      </Part>
      <Part number={3} kind="list" title={t('packFirms')} has={there('list-3') || Boolean(cell.data && !firms)} lack={needsAxis}>
        {firms ? (
          <DataTable
            table={firms}
            filter
            csv
            sort={{ column: 'revenue', descending: true }}
            columns={['name', 'county', 'revenue', 'growth', 'state', 'reason']}
            render={{ name: (c, row) => <Link href={`/enterprises/${textOf(row.code)}`}>{textOf(c)}</Link>, growth: (c) => (Number.isNaN(numberOf(c)) ? '—' : number(numberOf(c), 1, lang, true)) }}
          />
        ) : (
          <Denied />
        )}
      </Part>
      <Part number={4} kind="list" title={t('packProjects')} has={there('list-4') || Boolean(cell.data && !projects)} lack={needsAxis || t('packLackProjects')}>
        {projects ? <ProjectTable table={projects} /> : <Denied />}
      </Part>
      <Part number={5} kind="list" title={t('packPlatforms')} has={there('list-5')} lack={needsAxis || t('packLackPlatforms')}>
        {platformTable ? <Platforms table={platformTable} /> : null}
      </Part>
      <Part number={6} kind="list" title={t('packGaps')} has={there('list-6')} lack={t('chNoGaps')}>
        {gaps.data?.tables[0] ? <GapTable table={gaps.data.tables[0]} /> : null}
      </Part>
    </>
  );
}
