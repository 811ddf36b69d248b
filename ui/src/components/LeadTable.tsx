import { useVerb } from '../api/hooks';
import { rowsOf, stateOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb } from '../state/session';
import { DataTable } from './DataTable';
import { colorOf, Light, reasonOf } from './Light';
import { useAxes } from './useAxes';

/** A gap is a node of a graph: its name, leading to the map. */
function Gap({ id, nodes }: { id: string; nodes: Row[] }) {
  const [chain, code] = id.split('.');
  const node = nodes.find((r) => textOf(r.chain) === chain && textOf(r.node) === code);
  if (!node) return <span class="nowrap">{id.replace(/^[A-Z]+\d*-/, '')}</span>;
  return (
    <span class="nowrap">
      <Link href={`/chains/${chain}?node=${code}`}>{textOf(node.name)}</Link>
    </span>
  );
}

/** A county, with the chain below it in small. */
export function Place({ county, chain }: { county: string; chain?: string }) {
  const { name } = useAxes();
  return (
    <>
      <span class="nowrap line">{name(county)}</span>
      {chain ? (
        <small class="nowrap line">
          <Link href={`/chains/${chain}`}>{name(chain)}</Link>
        </small>
      ) : null}
    </>
  );
}

/** Leads with the gap that each would fill, how long each has stood there, and its light. */
export function LeadTable({ table, ofChain }: { table: Table; ofChain?: boolean }) {
  const { t, lang } = useText();
  const hasGraph = useHasVerb('chain graph');
  const nodes = rowsOf(useVerb(hasGraph ? 'chain graph' : null).data?.tables[0]);
  return (
    <DataTable
      table={table}
      filter={table.rows.length > 8}
      csv
      columns={['light', 'name', 'state', 'gap', 'county', 'investor', 'amount', 'days', 'due', 'owner', lang === 'zh' ? 'why' : 'why_en']}
      titles={{ why_en: 'Why', ...(ofChain ? {} : { county: `${t('county')} · ${t('chain')}` }) }}
      render={{
        light: (cell) => <Light color={colorOf(textOf(cell))} label />,
        state: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        gap: (cell) => <Gap id={textOf(cell)} nodes={nodes} />,
        county: (cell, row) => <Place county={textOf(cell)} chain={ofChain ? undefined : textOf(row.chain)} />,
        name: (cell) => <span class="named">{textOf(cell)}</span>,
        investor: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        days: (cell) => (stateOf(cell) ? '' : String(cell ?? '')),
        due: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        why: (cell) => reasonOf(textOf(cell)),
        why_en: (cell) => reasonOf(textOf(cell)),
      }}
    />
  );
}
