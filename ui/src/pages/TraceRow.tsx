// What one row of the trace shows: its command, asked as the server's verb, with every table of the answer.
import { useEffect, useState } from 'preact/hooks';
import { write } from '../api/client';
import { problemOf, useVerb, type Loaded } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import type { Params, VerbInfo } from '../api/types';
import { DataTable } from '../components/DataTable';
import { Card, Page } from '../components/Page';
import { Await, Denied, Empty } from '../components/States';
import { useText } from '../i18n';
import { usePrefs } from '../state/prefs';
import { Link } from '../state/router';
import { useSession } from '../state/session';

export interface Asked {
  verb: string;
  params: Params;
  post: boolean;
}

/** A command of the trace as the verb and parameters that mean the same; null when no verb reads it. */
export function askedBy(command: string, verbs: VerbInfo[]): Asked | null {
  const words = command.trim().split(/\s+/).slice(1);
  const two = words.slice(0, 2).join(' ');
  const verb = verbs.find((v) => v.name === two) ?? verbs.find((v) => v.name === words[0]);
  if (!verb || verb.effect !== 'read') return null;
  const rest = words.slice(verb.name.split(' ').length);
  const places = verb.params.filter((p) => p.positional).map((p) => p.name);
  const params: Params = {};
  for (let i = 0, place = 0; i < rest.length; i++) {
    const word = rest[i] as string;
    if (!word.startsWith('--')) {
      const name = places[place++];
      if (!name) return null;
      params[name] = word;
      continue;
    }
    const option = verb.params.find((p) => p.name === word.slice(2));
    if (!option) return null;
    params[option.name] = option.type === 'flag' ? true : rest[++i];
  }
  return { verb: verb.name, params, post: verb.method === 'POST' };
}

/** An answer that is asked by POST: those verbs take files too, here they read the city. */
function usePosted(asked: Asked | null): Loaded {
  const { lang } = usePrefs();
  const [loaded, setLoaded] = useState<Loaded>({ state: 'loading' });
  const key = asked ? `${asked.verb} ${JSON.stringify(asked.params)} ${lang}` : '';
  useEffect(() => {
    if (!asked) return;
    let current = true;
    write(asked.verb, { ...asked.params, lang }).then(
      (data) => current && setLoaded({ state: 'ready', data }),
      (error: unknown) => current && setLoaded({ state: 'error', problem: problemOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [key]);
  return loaded;
}

function Shown({ asked }: { asked: Asked }) {
  const { both } = useText();
  const read = useVerb(asked.post ? null : asked.verb, asked.params);
  const posted = usePosted(asked.post ? asked : null);
  const loaded = asked.post ? posted : read;
  return (
    <Await of={loaded} lines={10}>
      {(data) => (
        <>
          {data.message && both(data.message) ? <p class="verdict">{both(data.message)}</p> : null}
          {data.tables.map((table, i) => (
            <Card key={`${table.id} ${i}`} title={both(table.title)}>
              {table.rows.length ? <DataTable table={table} filter={table.rows.length > 8} csv /> : <Empty />}
            </Card>
          ))}
        </>
      )}
    </Await>
  );
}

export function TraceRow({ id }: { id: string }) {
  const { t } = useText();
  const { verbs } = useSession();
  const loaded = useVerb('trace');
  const row = rowsOf(loaded.data?.tables[0]).find((r) => textOf(r.id) === id);
  const command = textOf(row?.command);
  const asked = askedBy(command, verbs);
  return (
    <Page
      title={row ? textOf(row.title) : id}
      crumbs={[{ text: t('city'), href: '/' }, { text: t('trace'), href: '/trace' }, { text: id }]}
      lead={[textOf(row?.phrase), textOf(row?.state), textOf(row?.figure)].filter(Boolean).join(' · ')}
    >
      <Await of={loaded} lines={10}>
        {() =>
          !row ? (
            <Empty title={t('notFound')} hint={t('notFoundHint')} />
          ) : asked ? (
            <>
              <p class="muted small">
                {t('traceSame')} <code>{command}</code>
              </p>
              <Shown asked={asked} />
            </>
          ) : command ? (
            <Denied />
          ) : (
            <Empty
              title={t('traceNone')}
              hint={t('traceNoneHint')}
            />
          )
        }
      </Await>
      <p>
        <Link href="/trace">← {t('trace')}</Link>
      </p>
    </Page>
  );
}
