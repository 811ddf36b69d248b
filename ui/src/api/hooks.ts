// Reading verbs from components. Answers are kept for a while, so that going back is instant.
import { useEffect, useState } from 'preact/hooks';
import { usePrefs } from '../state/prefs';
import { ApiError, read, verbUrl } from './client';
import type { Answer, Params, Problem } from './types';

export type Loaded =
  | { state: 'loading'; data?: Answer }
  | { state: 'ready'; data: Answer }
  | { state: 'error'; problem: Problem; data?: undefined };

const KEEP = 80;
const cache = new Map<string, Answer>();

function keep(key: string, answer: Answer): void {
  cache.delete(key);
  cache.set(key, answer);
  if (cache.size > KEEP) cache.delete(cache.keys().next().value as string);
}

/** After a write nothing kept can be trusted. */
export function forgetAnswers(): void {
  cache.clear();
}

export function problemOf(error: unknown): Problem {
  if (error instanceof ApiError) return error.problem;
  return { status: 0, title: String(error), title_en: String(error) };
}

/**
 * Answer of a reading verb; verb null asks nothing. While new parameters load, the former answer
 * stays as `data` so that a page does not jump. Another stamp asks again, after a write.
 */
export function useVerb(verb: string | null, params: Params = {}, stamp = 0): Loaded {
  const { lang } = usePrefs();
  const key = verb ? verbUrl(verb, { ...params, lang }) : '';
  const [loaded, setLoaded] = useState<Loaded>(() => {
    const known = cache.get(key);
    return known ? { state: 'ready', data: known } : { state: 'loading' };
  });

  useEffect(() => {
    if (!verb) return;
    let current = true;
    const known = cache.get(key);
    if (known) {
      setLoaded({ state: 'ready', data: known });
      return;
    }
    setLoaded((before) => ({ state: 'loading', data: before.data }));
    read(verb, { ...params, lang }).then(
      (data) => {
        keep(key, data);
        if (current) setLoaded({ state: 'ready', data });
      },
      (error: unknown) => current && setLoaded({ state: 'error', problem: problemOf(error) }),
    );
    return () => {
      current = false;
    };
    // The key holds the verb and every parameter.
  }, [key, stamp]);

  return loaded;
}
