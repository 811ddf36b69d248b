import type { Both } from '../api/types';
import { useText } from '../i18n';

/** 口径, marks and remarks of a table: always in sight, never a tooltip. */
export function Notes({ notes }: { notes: Both[] | undefined }) {
  const { both, t } = useText();
  const texts = [...new Set((notes ?? []).map(both))].filter(Boolean);
  if (!texts.length) return null;
  return (
    <aside class="notes" aria-label={t('notes')}>
      {texts.map((n) => (
        <p key={n}>{n}</p>
      ))}
    </aside>
  );
}
