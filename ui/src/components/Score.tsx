import { number } from '../format';
import { useText } from '../i18n';

/** A share of a hundred as a number and a bar; a dash in words where it is missing. */
export function Score({ value, digits = 1 }: { value: number; digits?: number }) {
  const { t, lang } = useText();
  if (Number.isNaN(value)) return <span class="muted">{t('missing')}</span>;
  return (
    <span class="score">
      <span class="score-track" aria-hidden="true">
        <i style={{ width: `${Math.max(0, Math.min(100, value))}%` }} />
      </span>
      <b>{number(value, digits, lang)}</b>
    </span>
  );
}
