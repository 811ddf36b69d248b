// Scenarios with a name: save, open, compare side by side, delete one's own, upload a file.
import { useState } from 'preact/hooks';
import { write } from '../../api/client';
import { forgetAnswers, problemOf, useVerb } from '../../api/hooks';
import { rowsOf, textOf } from '../../api/table';
import type { Answer, Problem } from '../../api/types';
import { FilePick } from '../../components/FilePick';
import { DataTable } from '../../components/DataTable';
import { Card } from '../../components/Page';
import { Await, Empty, ErrorBox } from '../../components/States';
import { useText } from '../../i18n';
import { useHasVerb } from '../../state/session';
import type { Scenario } from './scenario';

const MOST = 6;

function Compared({ names, stamp }: { names: string[]; stamp: number }) {
  const { both, t } = useText();
  const loaded = useVerb('plan compare', { names: names.join(',') }, stamp);
  return (
    <Await of={loaded}>
      {(data) => (
        <div class="stack" data-compared={names.join(',')}>
          {data.tables.map((table) => (
            <div key={table.id}>
              <h3>{both(table.title)}</h3>
              {table.rows.length ? <DataTable table={table} csv /> : <Empty title={t('planNoDifference')} hint="" />}
            </div>
          ))}
        </div>
      )}
    </Await>
  );
}

export function Saved({ now, onOpen }: { now: Scenario; onOpen: (s: Scenario) => void }) {
  const { t, both } = useText();
  const maySave = useHasVerb('plan save');
  const [stamp, setStamp] = useState(0);
  const [chosen, setChosen] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const list = useVerb('plan scenarios', {}, stamp);
  const run = async (verb: string, body: FormData | Record<string, string>) => {
    setBusy(true);
    setProblem(null);
    try {
      setDone(await write(verb, body));
      forgetAnswers();
      setStamp(stamp + 1);
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  const save = (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement;
    const given = new FormData(form);
    const body = new FormData();
    for (const [key, value] of given) if (value instanceof File ? value.size : value) body.append(key, value);
    if (now.set) body.append('set', now.set);
    if (now.slip) body.append('slip', now.slip);
    void run('plan save', body).then(() => form.reset());
  };
  const drop = (name: string) => {
    if (confirm(t('planDropSure', { name }))) {
      setChosen(chosen.filter((x) => x !== name));
      void run('plan drop', { name });
    }
  };
  return (
    <Card title={t('planSaved')} hint={t('planSavedHint')} id="saved">
      {maySave ? (
        <form class="inline-form" onSubmit={save}>
          <label>
            <span>{t('planName')}</span>
            <input name="name" required maxLength={40} />
          </label>
          <label>
            <span>{t('planNote')}</span>
            <input name="note" maxLength={400} />
          </label>
          <FilePick label={t('planFile')} name="file" accept=".csv,.xlsx" />
          <button type="submit" class="main" disabled={busy}>
            {t('planSave')}
          </button>
        </form>
      ) : null}
      {problem ? <ErrorBox problem={problem} /> : null}
      {done?.message ? <p role="status">{both(done.message)}</p> : null}
      <Await of={list}>
        {(data) => {
          const table = data.tables[0];
          if (!table?.rows.length) return <Empty title={t('planNoneSaved')} hint={t('planNoneSavedHint')} />;
          const rows = rowsOf(table);
          return (
            <ul class="scenario-list">
              {rows.map((r) => {
                const name = textOf(r.name);
                return (
                  <li key={name}>
                    <label class="scenario-pick">
                      <input type="checkbox" checked={chosen.includes(name)} disabled={!chosen.includes(name) && chosen.length >= MOST} onChange={(e) => setChosen(e.currentTarget.checked ? [...chosen, name] : chosen.filter((x) => x !== name))} />
                      <b>{name}</b>
                    </label>
                    <span class="muted small">
                      {textOf(r.author)} · {textOf(r.saved)} · {t('planThen', { share: textOf(r.largest), year: textOf(r.year), date: textOf(r.reached) || '—' })}
                    </span>
                    <span class="small scenario-changes">
                      {[textOf(r.set), textOf(r.slip) ? `${t('planSlip')} ${textOf(r.slip)}` : '', textOf(r.note)].filter(Boolean).join(' · ') || t('planUnchanged')}
                    </span>
                    <span class="scenario-do">
                      <button type="button" class="quiet small" onClick={() => onOpen({ set: textOf(r.set), slip: textOf(r.slip) })}>
                        {t('planOpen')}
                      </button>
                      {r.mine === true ? (
                        <button type="button" class="quiet small" disabled={busy} aria-label={`${t('planDrop')} ${name}`} onClick={() => drop(name)}>
                          {t('planDrop')}
                        </button>
                      ) : null}
                    </span>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Await>
      {chosen.length ? <Compared names={chosen} stamp={stamp} /> : null}
    </Card>
  );
}
