import { textOf } from '../api/table';
import type { Table } from '../api/types';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { DataTable } from './DataTable';
import { colorOf, Light, reasonOf } from './Light';

export function ProjectTable({ table }: { table: Table }) {
  const { lang } = useText();
  return (
    <DataTable
      table={table}
      filter
      csv
      columns={['light', 'name', 'type', 'stage', 'owner', lang === 'zh' ? 'why' : 'why_en', 'days', 'done', 'plan', 'finish', 'reason']}
      render={{
        light: (cell) => <Light color={colorOf(textOf(cell))} label />,
        why: (cell) => reasonOf(textOf(cell)),
        why_en: (cell) => reasonOf(textOf(cell)),
        name: (cell, row) => <Link href={`/projects/${textOf(row.code)}`}>{textOf(cell)}</Link>,
        type: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        stage: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        finish: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        days: (cell) => (typeof cell === 'number' ? cell : ''),
      }}
    />
  );
}
