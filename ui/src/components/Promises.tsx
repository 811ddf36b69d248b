// Promises in their own words.
import { rowsOf, textOf } from '../api/table';
import type { Table } from '../api/types';
import { useText } from '../i18n';
import { Empty } from './States';

export function Promises({ table }: { table: Table | undefined }) {
  const { t } = useText();
  if (!table?.rows.length) return <Empty title={t('none')} hint="" />;
  return (
    <ul class="promises">
      {rowsOf(table).map((r) => (
        <li key={textOf(r.id)}>
          <h3>{textOf(r.title)}</h3>
          <blockquote>{textOf(r.sentence)}</blockquote>
          <small class="muted">{textOf(r.reference)}</small>
        </li>
      ))}
    </ul>
  );
}
