// The funnel of leads: how many ever reached each stage, how many stand there now.
import { numberOf, rowsOf, textOf } from '../api/table';
import type { Table } from '../api/types';
import { number } from '../format';
import { useText } from '../i18n';

export function Funnel({ table }: { table: Table }) {
  const { t, lang } = useText();
  const rows = rowsOf(table);
  const most = Math.max(1, ...rows.map((r) => numberOf(r.reached) || 0));
  return (
    <ol class="funnel">
      {rows.map((r) => {
        const share = numberOf(r.conversion);
        return (
          <li key={textOf(r.stage)}>
            <span class="funnel-name">{textOf(lang === 'zh' ? r.stage : r.stage_en)}</span>
            <span class="funnel-track" aria-hidden="true">
              <i style={{ width: `${((numberOf(r.reached) || 0) / most) * 100}%` }} />
            </span>
            <span>
              <b>{number(numberOf(r.reached), 0, lang)}</b>{' '}
              <small class="muted">
                {t('pjNow', { n: number(numberOf(r.now), 0, lang) })}
                {Number.isNaN(share) ? '' : ` · ${number(share, 0, lang)}%`}
              </small>
            </span>
          </li>
        );
      })}
    </ol>
  );
}
