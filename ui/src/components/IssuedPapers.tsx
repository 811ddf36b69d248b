// Papers that were issued: who, when, hash; download as they were; which figures changed since.
import { useState } from 'preact/hooks';
import { write } from '../api/client';
import { forgetAnswers, problemOf, useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Problem } from '../api/types';
import { number, period } from '../format';
import { useText } from '../i18n';
import { useSession } from '../state/session';
import { DataTable } from './DataTable';
import { FilePick } from './FilePick';
import { Icon } from './Icon';
import { Await, Empty, ErrorBox } from './States';

function Changed({ id }: { id: string }) {
  const { t, both } = useText();
  const loaded = useVerb('paper changed', { id });
  return (
    <Await of={loaded} lines={2}>
      {(data) => (
        <>
          <p role="status">{both(data.message)}</p>
          {data.tables[0]?.rows.length ? <DataTable table={data.tables[0]} columns={['figure', 'document', 'city', 'state']} csv /> : <p class="muted">{t('issuedNoChange')}</p>}
        </>
      )}
    </Await>
  );
}

function One({ row }: { row: Row }) {
  const { t, lang } = useText();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const id = textOf(row.id);
  const file = textOf(row.file) || 'paper.docx';
  const take = async () => {
    try {
      const answer = await write('paper fetch', { id, out: file });
      const a = document.createElement('a');
      a.href = answer.files?.[0]?.href ?? '';
      a.download = file;
      a.click();
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <li class="issued">
      <p>
        <b>{textOf(row.title)}</b> {textOf(row.number) ? <span class="nowrap">{textOf(row.number)}</span> : null}{' '}
        <span class="muted">{period(textOf(row.at), lang)}</span>
      </p>
      <p class="small">
        {t('issuedBy', { by: textOf(row.by), time: textOf(row.time).replace('T', ' ').replace('Z', ' UTC') })} · {number(Number(row.bytes), 0, lang)} B · SHA-256{' '}
        <code title={textOf(row.hash)}>{textOf(row.hash).slice(0, 16)}…</code>
        {textOf(row.note) ? ` · ${textOf(row.note)}` : ''}
        {Number(row.differ) > 0 ? ` · ▲ ${t('issuedDiffered', { n: Number(row.differ) })}` : ''}
      </p>
      <div class="row-tools">
        <button type="button" onClick={() => void take()}>
          <Icon name="download" size={16} /> {t('download')} <span class="sr">{textOf(row.title)}</span>
        </button>
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('issuedChanged')}
        </button>
      </div>
      {problem ? <ErrorBox problem={problem} /> : null}
      {open ? <Changed id={id} /> : null}
    </li>
  );
}

/** A paper that its author has finished, kept from now on as it is. */
function IssueForm({ onDone }: { onDone: () => void }) {
  const { t, both } = useText();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement;
    const body = new FormData();
    for (const [name, value] of new FormData(form)) if (value instanceof File ? value.size : value) body.append(name, value);
    setBusy(true);
    setProblem(null);
    try {
      const answer = await write('paper issue', body);
      setSaid(both(answer.message));
      form.reset();
      forgetAnswers();
      onDone();
    } catch (error) {
      setSaid('');
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  return (
    <>
      <form class="inline-form" onSubmit={submit}>
        <FilePick label="DOCX" name="file" accept=".docx" required />
        <label>
          <span>{t('issuedNumber')}</span>
          <input name="number" autocomplete="off" />
        </label>
        <label>
          <span>{t('issuedNote')}</span>
          <input name="note" autocomplete="off" />
        </label>
        <button type="submit" class="main" disabled={busy}>
          {t('issue')}
        </button>
      </form>
      {said ? <p role="status">{said}</p> : null}
      {problem ? <ErrorBox problem={problem} /> : null}
    </>
  );
}

function List() {
  const { t } = useText();
  const loaded = useVerb('paper history');
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const rows = rowsOf(data.tables[0]);
        return rows.length ? (
          <ul class="plain-list">
            {rows.map((row) => (
              <One key={textOf(row.id)} row={row} />
            ))}
          </ul>
        ) : (
          <Empty title={t('issuedNone')} hint={t('issuedNoneHint')} />
        );
      }}
    </Await>
  );
}

export function IssuedPapers() {
  const { verbs } = useSession();
  const [round, setRound] = useState(0);
  const may = (name: string) => verbs.some((v) => v.name === name && v.allowed !== false);
  return (
    <>
      {may('paper issue') ? <IssueForm onDone={() => setRound(round + 1)} /> : null}
      <List key={round} />
    </>
  );
}

