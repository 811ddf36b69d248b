// Words of goals: what a promise asks for and a field of a chain's card.
import { rowsOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { unit } from '../format';
import type { Lang } from '../state/prefs';

/** "≥1000 亿元", with the year by which when the promise names one. */
export function promisedOf(row: Row, lang: Lang): string {
  const due = textOf(row.due);
  const by = due ? (lang === 'zh' ? `(${due}年)` : ` (by ${due})`) : '';
  return `${textOf(row.target)} ${unit(textOf(row.unit), lang)}${by}`.trim();
}

/** The line of a chain's card, by its Chinese name. */
export function fieldOf(data: Answer | undefined, field: string): string {
  return textOf(rowsOf(tableOf(data, 'chain')).find((r) => textOf(r.field) === field)?.value);
}
