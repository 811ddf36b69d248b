// Words: one typed dictionary per language; the compiler checks that both have every key.
import type { Both } from '../api/types';
import { usePrefs, type Lang } from '../state/prefs';
import { en } from './en';
import { zh, type Key } from './zh';

const dictionaries: Record<Lang, Record<Key, string>> = { zh, en };

export type Translate = (key: Key, values?: Record<string, string | number>) => string;

export function translate(lang: Lang, key: Key, values: Record<string, string | number> = {}): string {
  return dictionaries[lang][key].replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in values ? String(values[name]) : whole,
  );
}

export function useText(): { t: Translate; lang: Lang; both: (b: Both | null | undefined) => string } {
  const { lang } = usePrefs();
  return {
    lang,
    t: (key, values) => translate(lang, key, values),
    both: (b) => (b ? (lang === 'zh' ? b.zh : b.en || b.zh) : ''),
  };
}

export type { Key };
