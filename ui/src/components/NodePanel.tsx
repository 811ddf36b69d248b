// One node of a chain: why its light, who is there, who could be.
import { useVerb } from '../api/hooks';
import { textOf, type Row } from '../api/table';
import type { MapNode } from '../charts/chainLayout';
import { number } from '../format';
import { useText, type Key } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb } from '../state/session';
import { gapKey } from './ChainMap';
import { DataTable } from './DataTable';
import { Light } from './Light';
import { Card } from './Page';
import { Await, Empty } from './States';

function Members({ chain, node }: { chain: string; node: string }) {
  const { t } = useText();
  const loaded = useVerb('chain members', { chain, node });
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const table = data.tables[0];
        return table?.rows.length ? (
          <DataTable
            table={table}
            csv
            filter={table.rows.length > 12}
            columns={['name', 'territory', 'active', 'leading']}
            render={{ name: (cell, row) => <Link href={`/enterprises/${textOf(row.enterprise)}`}>{textOf(cell)}</Link> }}
          />
        ) : (
          <Empty title={t('chNobody')} hint="" />
        );
      }}
    </Await>
  );
}

/** Who could fill, strengthen or extend it, each with the reason; places outside have no page. */
export function Candidates({ chain, node, top = 8 }: { chain: string; node: string; top?: number }) {
  const { t, lang } = useText();
  const loaded = useVerb('chain candidates', { node: `${chain}.${node}`, top });
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const table = data.tables[0];
        return table?.rows.length ? (
          <DataTable
            table={table}
            csv
            columns={['kind', 'name', 'territory', 'score', lang === 'zh' ? 'reason' : 'reason_en']}
            render={{
              kind: (cell) => <span class="nowrap">{t(`how_${textOf(cell)}` as Key)}</span>,
              name: (cell, row) => (textOf(row.enterprise) ? <Link href={`/enterprises/${textOf(row.enterprise)}`}>{textOf(cell)}</Link> : textOf(cell)),
              territory: (cell, row) => <span class="nowrap">{textOf(row.kind) === 'outside' ? t('chOutside') : textOf(cell)}</span>,
              score: (cell) => (typeof cell === 'number' ? number(cell, 2, lang) : '—'),
            }}
          />
        ) : (
          <Empty title={t('chNoCandidates')} hint="" />
        );
      }}
    </Await>
  );
}

export function NodePanel({ chain, node, leads }: { chain: string; node: MapNode; leads: Row[] }) {
  const { t, lang } = useText();
  const members = useHasVerb('chain members');
  return (
    <div class="stack" id="node">
      <Card
        title={
          <>
            <Light color={node.light} /> {node.name}
          </>
        }
        hint={node.gap ? t(gapKey(node.gap) as Key) : ''}
      >
        <p>{node.why}</p>
        <dl class="facts">
          <div>
            <dt>{t('chImportance')}</dt>
            <dd>{number(node.importance, 0, lang)}</dd>
          </div>
          <div>
            <dt>{t('chLost')}</dt>
            <dd>{number(node.lost, 0, lang)}</dd>
          </div>
          <div>
            <dt>{t('counties')}</dt>
            <dd>{node.light === 'grey' ? t('missing') : number(node.counties, 0, lang)}</dd>
          </div>
          <div>
            <dt>{t('chNeeds')}</dt>
            <dd>{node.needs || t('none')}</dd>
          </div>
        </dl>
        {leads.length ? (
          <p class="small">
            {t('pjLeads')}: {leads.map((r) => textOf(r.name)).join('、')}
          </p>
        ) : null}
      </Card>
      <div class="target-grid even">
        {members ? (
          <Card title={t('chMembers')}>
            <Members chain={chain} node={node.code} />
          </Card>
        ) : null}
        <Card title={t('chCandidates')}>
          <Candidates chain={chain} node={node.code} />
        </Card>
      </div>
    </div>
  );
}

/** Leads that would fill a node: by its id "chain.node", or by its name as older registers write it. */
export function leadsOf(chain: string, node: MapNode, leads: Row[]): Row[] {
  return leads.filter((r) => {
    const gap = textOf(r.gap);
    return gap === `${chain}.${node.code}` || gap.slice(gap.indexOf('-') + 1) === node.name;
  });
}
