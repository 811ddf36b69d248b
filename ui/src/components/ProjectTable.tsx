import { textOf } from '../api/table';
import type { Table } from '../api/types';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { DataTable, type Render } from './DataTable';
import { usePhone } from './Fold';
import { colorOf, Light, reasonOf } from './Light';

export function ProjectTable({ table }: { table: Table }) {
  const { t, lang } = useText();
  const phone = usePhone();
  const why = lang === 'zh' ? 'why' : 'why_en';
  const reason: Render = (cell, row) =>
    phone ? (
      <span class="reason-cell">
        {reasonOf(textOf(cell))} → {textOf(row.owner) || t('ownerMissing')}
      </span>
    ) : (
      reasonOf(textOf(cell))
    );
  // A phone shows what to act on; the project's own page has the rest.
  return (
    <DataTable
      table={table}
      filter
      csv
      columns={phone ? ['light', 'name', why] : ['light', 'name', 'type', 'stage', 'owner', why, 'days', 'done', 'plan', 'finish', 'reason']}
      render={{
        light: (cell) => <Light color={colorOf(textOf(cell))} label />,
        why: reason,
        why_en: reason,
        name: (cell, row) => <Link href={`/projects/${textOf(row.code)}`}>{textOf(cell)}</Link>,
        type: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        stage: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        finish: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        days: (cell) => (typeof cell === 'number' ? cell : ''),
      }}
    />
  );
}
