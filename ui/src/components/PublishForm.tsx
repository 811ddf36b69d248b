// Publishing a declared table: pick it and its period, look at what will happen, then do it, or ask for it where a
// second person has to confirm.
import { useState } from 'preact/hooks';
import { write } from '../api/client';
import { forgetAnswers, problemOf } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import type { Answer, Problem, Table } from '../api/types';
import { period } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { DataTable } from './DataTable';
import { ErrorBox } from './States';

export function PublishForm({ cubes, onDone }: { cubes: Table; onDone: () => void }) {
  const { t, lang, both } = useText();
  const rows = rowsOf(cubes);
  const [cube, setCube] = useState('');
  const [at, setAt] = useState('');
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const chosen = cube || textOf(rows[0]?.cube);
  const name = textOf(rows.find((r) => textOf(r.cube) === chosen)?.name);
  if (!rows.length) return null;
  const look = (e: SubmitEvent) => {
    e.preventDefault();
    setAnswer(null);
    setProblem(null);
    setAsked(true);
  };
  const publish = async () => {
    setBusy(true);
    try {
      setAnswer(await write('publish', { cube: chosen, at }));
      setProblem(null);
      forgetAnswers();
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setAsked(false);
    setBusy(false);
  };
  const waits = answer !== null && !answer.tables.length && answer.snapshot === 0;
  return (
    <section class="publish" aria-label={t('publish')}>
      <form class="inline-form" onSubmit={look}>
        <label>
          <span>{t('publishCube')}</span>
          <select value={chosen} disabled={asked} onChange={(e) => setCube(e.currentTarget.value)}>
            {rows.map((r) => (
              <option key={textOf(r.cube)} value={textOf(r.cube)}>
                {textOf(r.name)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t('publishAt')}</span>
          <input name="at" value={at} required disabled={asked} inputMode="numeric" placeholder="2024" pattern="[0-9]{4}(-[0-9]{2}|Q[1-4])?" onInput={(e) => setAt(e.currentTarget.value.trim())} />
        </label>
        <button type="submit" disabled={asked}>
          {t('publishLook')}
        </button>
      </form>
      {asked ? (
        <div class="publish-ask" role="group" aria-label={t('publish')}>
          <p>{t('publishSays', { name, at: period(at, lang) })}</p>
          <p class="row-tools">
            <button type="button" class="main" disabled={busy} onClick={() => void publish()}>
              {busy ? t('publishBusy') : t('publish')}
            </button>
            <button type="button" disabled={busy} onClick={() => setAsked(false)}>
              {t('cancel')}
            </button>
          </p>
        </div>
      ) : null}
      {answer ? (
        <div role="status">
          <p>
            {both(answer.message)} {waits ? <Link href="/proposals">{t('proposals')}</Link> : null}
          </p>
          {answer.tables.map((table) => (
            <DataTable key={table.id} table={table} csv />
          ))}
        </div>
      ) : null}
      {problem ? <ErrorBox problem={problem} /> : null}
    </section>
  );
}
