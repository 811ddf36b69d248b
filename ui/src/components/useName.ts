import { useVerb } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import { useHasVerb } from '../state/session';

/** The name that belongs to a code, "" until it is known. */
export function useName(code: string): string {
  const has = useHasVerb('search');
  const loaded = useVerb(has && code ? 'search' : null, { text: code, limit: 3 });
  if (!loaded.data || !code) return '';
  return textOf(rowsOf(loaded.data.tables[0]).find((r) => textOf(r.code) === code)?.name);
}
