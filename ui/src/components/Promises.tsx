// Promises in their own words, each with what it asks for, by when, from whom, and where that stands.
import { useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb } from '../state/session';
import { promisedOf } from './goal';
import { Empty } from './States';

function Stand({ row, now }: { row: Row; now: Row | undefined }) {
  const { t, lang } = useText();
  const indicator = textOf(now?.indicator);
  return (
    <p class="small">
      {textOf(row.target) ? (
        <>
          {t('goal')} <b>{promisedOf(row, lang)}</b>
        </>
      ) : null}
      {textOf(now?.now) ? (
        <>
          {' · '}
          {t('nowValue')} {indicator ? <Link href={`/indicators/${indicator}`}>{textOf(now?.now)}</Link> : textOf(now?.now)} {unit(textOf(now?.now_unit), lang)}{' '}
          <span class="muted">{textOf(now?.now_period)}</span>
        </>
      ) : null}
      {textOf(row.owner) ? ` · ${t('owner')} ${textOf(row.owner)}` : ''}
    </p>
  );
}

export function Promises({ table }: { table: Table | undefined }) {
  const { t } = useText();
  const may = useHasVerb('promises');
  const all = useVerb(may && table?.rows.length ? 'promises' : null);
  if (!table?.rows.length) return <Empty title={t('none')} hint={t('cellNoPromise')} />;
  const known = rowsOf(all.data?.tables[0]);
  return (
    <ul class="promises">
      {rowsOf(table).map((r) => (
        <li key={textOf(r.id)}>
          <div>
            <h3>
              {textOf(r.title)} <span class="chip">{textOf(r.state)}</span>
            </h3>
            <Stand row={r} now={known.find((k) => textOf(k.id) === textOf(r.id))} />
          </div>
          <div>
            <blockquote>{textOf(r.sentence)}</blockquote>
            <small class="muted">{textOf(r.reference)}</small>
          </div>
        </li>
      ))}
    </ul>
  );
}
