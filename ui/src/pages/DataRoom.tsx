// The data room: what is due and in, files received, handing in with a look first.
import { useRef, useState } from 'preact/hooks';
import { write } from '../api/client';
import { forgetAnswers, problemOf, useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer, Problem, Table } from '../api/types';
import { Choice } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Icon } from '../components/Icon';
import { Light } from '../components/Light';
import { Card, Page } from '../components/Page';
import { PublishForm } from '../components/PublishForm';
import { Await, Denied, Empty, ErrorBox } from '../components/States';
import { number, period } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useHasVerb, useSession } from '../state/session';

function Result({ answer, dry }: { answer: Answer; dry: boolean }) {
  const { t, lang, both } = useText();
  const files = tableOf(answer, 'files');
  const sum = (id: string) => rowsOf(files).reduce((n, r) => n + (numberOf(r[id]) || 0), 0);
  return (
    <div class="import-result" role="status">
      <p>
        <b>{dry ? t('previewDone') : t('written')}</b> · {t('rowsTaken', { n: number(sum('accepted'), 0, lang) })} · {t('rowsRefused', { n: number(sum('rejected'), 0, lang) })}
        {answer.message ? <span class="muted"> · {both(answer.message)}</span> : null}
      </p>
      {answer.files?.length ? (
        <p>
          {t('returned')}:{' '}
          {answer.files.map((f) => (
            <a key={f.href} href={f.href} download={f.name}>
              {f.name}
            </a>
          ))}
        </p>
      ) : null}
      {answer.tables.map((table) => (
        <div key={table.id}>
          <h3>{both(table.title)}</h3>
          {table.rows.length ? <DataTable table={table} csv columns={table.columns.map((c) => c.id).filter((c) => c !== (lang === 'zh' ? 'message_en' : 'message'))} /> : <Empty hint="" />}
        </div>
      ))}
    </div>
  );
}

/** Drop, look, and only then write. */
function Upload() {
  const { t, lang } = useText();
  const { verbs } = useSession();
  const mayWrite = verbs.some((v) => v.name === 'import');
  const [files, setFiles] = useState<File[]>([]);
  const [over, setOver] = useState(false);
  const [busy, setBusy] = useState('');
  const [answer, setAnswer] = useState<{ answer: Answer; dry: boolean } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [progress, setProgress] = useState<number | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const stated = useRef<HTMLInputElement>(null);
  const sent = useRef('');

  const send = async (list: File[], dry: boolean) => {
    setBusy(dry ? t('checking') : t('importing'));
    setProblem(null);
    setProgress(null);
    const form = new FormData();
    for (const f of list) form.append('paths', f, f.name);
    if (dry) form.append('dry-run', 'true');
    const at = stated.current?.value.trim() ?? '';
    sent.current = at;
    if (at) form.append('period', at);
    // Refused rows come back as a file in the sender's own format.
    form.append('rejects', 'true');
    try {
      const result = await write('import', form, (job) => setProgress(job.progress));
      setAnswer({ answer: result, dry });
      if (!dry) forgetAnswers();
    } catch (error) {
      setAnswer(null);
      setProblem(problemOf(error));
    }
    setBusy('');
  };
  const take = (list: FileList | null | undefined) => {
    const picked = [...(list ?? [])];
    if (!picked.length) return;
    setFiles(picked);
    setAnswer(null);
    void send(picked, true);
  };
  if (!mayWrite) return <Empty title={t('denied')} hint={t('writeNeedsRight')} />;
  return (
    <>
      <div
        class={over ? 'drop over' : 'drop'}
        onDragOver={(e) => {
          e.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(e) => {
          e.preventDefault();
          setOver(false);
          take(e.dataTransfer?.files);
        }}
      >
        <Icon name="upload" size={28} />
        <p>
          {t('dropHere')}{' '}
          <button type="button" class="link" onClick={() => input.current?.click()}>
            {t('chooseFiles')}
          </button>
        </p>
        <input ref={input} type="file" multiple accept=".csv,.xlsx,.txt" class="sr" tabIndex={-1} aria-label={t('chooseFiles')} onChange={(e) => take(e.currentTarget.files)} />
        {files.length ? <p class="small">{files.map((f) => f.name).join('、')}</p> : null}
      </div>
      <label class="pick">
        <span>{t('statedPeriod')}</span>
        <input ref={stated} placeholder="2024-08" size={12} onChange={(e) => files.length && e.currentTarget.value.trim() !== sent.current && void send(files, true)} />
      </label>
      {busy ? (
        <p role="status">
          {busy} <progress value={progress ?? undefined} max={1} />
        </p>
      ) : null}
      {problem ? <ErrorBox problem={problem} /> : null}
      {answer ? (
        <>
          {answer.dry ? (
            <div class="actions">
              <button type="button" class="main" onClick={() => void send(files, false)} disabled={!!busy}>
                {t('accept')} ({number(files.length, 0, lang)})
              </button>
            </div>
          ) : null}
          <Result answer={answer.answer} dry={answer.dry} />
        </>
      ) : null}
    </>
  );
}

function Health() {
  const { t, lang } = useText();
  const home = useVerb('home');
  return (
    <Await of={home}>
      {(data) => {
        const rows = rowsOf(tableOf(data, 'trust'));
        const chase = rowsOf(tableOf(data, 'chase'));
        if (!tableOf(data, 'trust')) return <Denied hint={t('hiddenHere')} />;
        if (!rows.length) return <Empty />;
        return (
          <>
            {rows.map((r) => {
              const missing = numberOf(r.missing);
              const due = numberOf(r.due);
              const n = (key: string) => number(numberOf(r[key]), 0, lang);
              const share = due > 0 ? ((due - missing) / due) * 100 : NaN;
              return (
                <div class="health" key={textOf(r.form)}>
                  <p>
                    <Light color={missing === 0 ? 'green' : share >= 95 ? 'yellow' : 'red'} label /> <b>{textOf(r.form) === 'dispatch' ? (lang === 'zh' ? '重点企业调度表' : 'Dispatch return') : textOf(r.form)}</b> {period(textOf(r.period), lang)}
                  </p>
                  <progress value={due - missing} max={due} aria-label={t('coverage')} />
                  <p class="small">
                    {t('due')} {n('due')} · {t('arrived')} {n('in')} ({number(share, 1, lang)}%) · {t('lacking')} {n('missing')} · {t('doubtful')} {n('doubt')}
                  </p>
                </div>
              );
            })}
            {chase.length ? (
              <ul class="list two">
                {chase.map((f) => (
                  <li key={textOf(f.code)}>
                    <Link href={`/enterprises/${textOf(f.code)}`}>{textOf(f.name)}</Link> <small class="muted">{textOf(f.county_name)}</small>
                  </li>
                ))}
              </ul>
            ) : null}
          </>
        );
      }}
    </Await>
  );
}

/** Returns asked for, by unit: open, arrived, late. The register of collecting may be empty. */
function Collecting() {
  const { t, both } = useText();
  const has = useHasVerb('collect status');
  const loaded = useVerb(has ? 'collect status' : null);
  if (!has) return null;
  if (loaded.state === 'error' && loaded.problem.status === 404)
    return (
      <Card title={t('collecting')}>
        <Empty title={t('collectingNone')} hint="fangding collect open" />
      </Card>
    );
  return (
    <Card title={t('collecting')}>
      <Await of={loaded}>
        {(data) => (
          <>
            {data.message ? <p>{both(data.message)}</p> : null}
            {data.tables.map((table) => (table.rows.length ? <DataTable key={table.id} table={table} csv /> : <Empty key={table.id} title={t('collectingNone')} hint="fangding collect open" />))}
          </>
        )}
      </Await>
    </Card>
  );
}

function Files() {
  const loaded = useVerb('show', { what: 'sources' });
  return (
    <Await of={loaded} lines={10}>
      {(data) =>
        data.tables[0] ? (
          <DataTable
            table={data.tables[0]}
            filter
            csv
            sort={{ column: 'id', descending: true }}
            columns={['id', 'name', 'form', 'sender', 'encoding', 'bytes', 'snapshot', 'digest']}
            render={{ digest: (cell) => <code class="small">{textOf(cell).slice(0, 12)}</code> }}
          />
        ) : null
      }
    </Await>
  );
}

function Published() {
  const { query } = useLocation();
  const { verbs } = useSession();
  const mayPublish = verbs.some((v) => v.name === 'publish' && v.allowed !== false);
  const cube = query.get('cube');
  const [round, setRound] = useState(0);
  const list = useVerb('published', {}, round);
  const one = useVerb(cube ? 'published' : null, { cube }, round);
  const { t, lang } = useText();
  return (
    <>
    {mayPublish && list.data ? <PublishForm cubes={list.data.tables[0] as Table} onDone={() => setRound(round + 1)} /> : null}
    <Await of={list}>
      {(data) => (
        <>
          <DataTable table={data.tables[0] as Table} columns={['name', 'cells']} render={{ name: (cell, row) => <Link href={`/data?tab=published&cube=${textOf(row.cube)}`}>{textOf(cell)}</Link>, id: (cell) => <Link href={`/data?tab=published&cube=${textOf(cell)}`}>{textOf(cell)}</Link>, cube: (cell) => <Link href={`/data?tab=published&cube=${textOf(cell)}`}>{textOf(cell)}</Link> }} />
          {cube ? (
            <Await of={one}>
              {(answer) => (
                <section class="published-one">
                <h3>{textOf(rowsOf(data.tables[0]).find((r) => textOf(r.cube) === cube)?.name) || cube}</h3>
                <DataTable
                  table={answer.tables[0] as Table}
                  columns={['period', ...['county', 'chain', 'division'].filter((d) => rowsOf(answer.tables[0]).some((r) => textOf(r[d]))).map((d) => `${d}_name`), 'value', 'unit', 'n', 'state']}
                  filter
                  csv
                  rowClass={(r) => (/保密|suppressed/.test(textOf(r.state)) ? 'suppressed' : '')}
                  render={{ value: (cell, row) => (/保密|suppressed/.test(textOf(row.state)) ? <span class="withheld">{t('withheld')}</span> : number(numberOf(cell), 2, lang)) }}
                />
                </section>
              )}
            </Await>
          ) : null}
        </>
      )}
    </Await>
    </>
  );
}

export function DataRoom() {
  const { t } = useText();
  const { query } = useLocation();
  const collects = useHasVerb('collect status');
  const tab = query.get('tab') ?? 'health';
  return (
    <Page title={t('data')}>
      <Choice
        name="tab"
        label={t('see')}
        fallback="health"
        options={[
          { value: 'health', text: t('openForms') },
          ...(collects ? [{ value: 'collecting', text: t('collect') }] : []),
          { value: 'upload', text: t('upload') },
          { value: 'files', text: t('files') },
          { value: 'published', text: t('published') },
        ]}
      />
      {tab === 'health' ? (
        <Card title={t('health')}>
          <Health />
        </Card>
      ) : null}
      {tab === 'collecting' ? <Collecting /> : null}
      {tab === 'upload' ? <Card title={t('upload')} hint={t('preview')}><Upload /></Card> : null}
      {tab === 'files' ? <Card title={t('files')}><Files /></Card> : null}
      {tab === 'published' ? <Card title={t('published')}><Published /></Card> : null}
    </Page>
  );
}
