import { useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { Choice } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { usePhone } from '../components/Fold';
import { Card, Page } from '../components/Page';
import { Await } from '../components/States';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';
import { askedBy } from './TraceRow';

const shapes: Record<string, string> = { '●': 'green', '◐': 'half', '○': 'grey', '·': 'none' };

/** Of `chain …`: those of plain files have no page. */
function chainPage(verb: string, what: string): string | null {
  const chain = what && !what.startsWith('-') ? encodeURIComponent(what) : '';
  switch (verb) {
    case 'map':
    case 'members':
    case 'graph':
      return chain ? `/chains/${chain}` : '/chains';
    case 'gaps':
    case 'four':
    case 'overlap':
    case 'steps':
      return `/chains?tab=${verb}`;
    case 'leaders':
    case 'meetings':
      return chain ? `/chains/${chain}?tab=scale` : '/chains';
    case 'index':
      return '/chains';
    default:
      return null;
  }
}

/** The page that shows what a command shows. */
function pageOf(command: string): string | null {
  const words = command.replace(/^fangding\s+/, '').split(/\s+/);
  const [verb, what = ''] = words;
  const option = (name: string) => {
    const at = words.indexOf(name);
    return at > 0 ? words[at + 1] : undefined;
  };
  const first = what.split(',')[0] ?? '';
  switch (verb) {
    case 'measure':
    case 'why':
      // Several indicators have a page each: the row's own page shows them together.
      if (what.includes(',')) return null;
      return `/indicators/${first}${option('--by') ? `?by=${option('--by')}` : ''}`;
    case 'growth':
      return `/indicators/${first}?tab=growth`;
    case 'target':
      return first && !first.startsWith('-') ? `/targets/${first}` : '/targets';
    case 'records':
      return first === 'promise' ? '/targets?tab=promises' : null;
    case 'promises':
      return '/targets?tab=promises';
    case 'benchmarks':
      return '/counties?tab=cities';
    case 'ladder':
      return '/policies?tab=ladder';
    case 'maturity':
      return '/maturity';
    case 'status':
      return '/';
    case 'matrix':
      return '/matrix';
    case 'peers':
      return '/counties';
    case 'import':
      return '/data';
    case 'published':
    case 'publish':
      return '/data?tab=published';
    case 'show':
    case 'history':
      if (first === 'sources' || first === 'items') return '/data?tab=files';
      if (first === 'published') return '/data?tab=published';
      if (first === 'figures') return null;
      return first && !first.startsWith('-') && first !== 'indicators' ? `/enterprises/${encodeURIComponent(first)}` : '/indicators';
    case 'paper':
      return '/papers';
    case 'chain':
      return chainPage(first, words[2] ?? '');
    case 'chain-scale':
      return `/chains/${encodeURIComponent(first)}?tab=scale`;
    case 'projects':
      return option('--stage') ? `/projects?stage=${encodeURIComponent(option('--stage') ?? '')}` : '/projects';
    case 'project':
      return `/projects/${encodeURIComponent(first)}`;
    case 'renovations':
      return '/projects?tab=renovations';
    case 'leads':
      return '/projects?tab=leads';
    case 'parks':
      return first && !first.startsWith('-') ? `/parks/${encodeURIComponent(first)}` : '/parks';
    default:
      return null;
  }
}

function Summary({ rows }: { rows: Row[] }) {
  const counts = new Map<string, number>();
  for (const r of rows) counts.set(textOf(r.state), (counts.get(textOf(r.state)) ?? 0) + 1);
  return (
    <ul class="tally">
      {[...counts].map(([state, n]) => (
        <li key={state}>
          <b>{n}</b> <span class={`trace-${shapes[state[0] ?? ''] ?? 'none'}`}>{state}</span>
        </li>
      ))}
    </ul>
  );
}

export function Trace() {
  const { t } = useText();
  const { query } = useLocation();
  const { verbs } = useSession();
  const phone = usePhone();
  const loaded = useVerb('trace');
  const part = query.get('part') ?? '';
  return (
    <Page title={t('trace')} lead={t('traceIntro')}>
      <Await of={loaded} lines={12}>
        {(data) => {
          const table = data.tables[0] as Table;
          const rows = rowsOf(table);
          const group = table.columns.findIndex((c) => c.id === 'group');
          const parts = [...new Set(rows.map((r) => textOf(r.group)))];
          const shown: Table = part ? { ...table, rows: table.rows.filter((r) => textOf(r[group]) === part) } : table;
          return (
            <>
              <Summary rows={rows} />
              <Choice name="part" label={t('part')} fallback="" options={[{ value: '', text: t('all') }, ...parts.map((p) => ({ value: p, text: p }))]} />
              <Card>
                <DataTable
                  table={shown}
                  filter
                  csv
                  columns={phone ? ['id', 'title', 'state', 'command'] : ['id', 'group', 'phrase', 'title', 'state', 'figure', 'command']}
                  render={{
                    state: (cell) => <span class={`nowrap trace-${shapes[textOf(cell)[0] ?? ''] ?? 'none'}`}>{textOf(cell)}</span>,
                    group: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                    figure: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                    command: (cell, row) => {
                      const command = textOf(cell);
                      const own = askedBy(command, verbs) ? `/trace/${textOf(row.id)}` : null;
                      const href = pageOf(command) ?? own;
                      if (!command) return null;
                      return href ? (
                        <Link class="nowrap" href={href} title={command}>
                          {t('see')} →
                        </Link>
                      ) : (
                        <code class="small">{command}</code>
                      );
                    },
                  }}
                />
              </Card>
            </>
          );
        }}
      </Await>
    </Page>
  );
}
