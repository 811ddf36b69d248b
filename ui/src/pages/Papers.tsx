// What the program can write, from its registry: draft, download, check against today's city file,
// issue; what was issued before.
import { useState } from 'preact/hooks';
import { write } from '../api/client';
import { problemOf, useVerb } from '../api/hooks';
import { rowsOf, tableOf, textOf } from '../api/table';
import type { Answer, Problem, VerbInfo } from '../api/types';
import { DataTable } from '../components/DataTable';
import { FilePick } from '../components/FilePick';
import { Icon } from '../components/Icon';
import { IssuedPapers } from '../components/IssuedPapers';
import { Card, Page } from '../components/Page';
import { Empty, ErrorBox } from '../components/States';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';

/** Parameters that a person fills in; files to write are named here. */
const asked = (v: VerbInfo) => v.params.filter((p) => ['text', 'period', 'integer', 'number', 'choice'].includes(p.type) && p.name !== 'today' && !(p.type === 'choice' && p.choices && !p.choices.includes('|')));

function Outcome({ answer }: { answer: Answer }) {
  const { t, both } = useText();
  return (
    <div class="import-result" role="status">
      {/* Where the server keeps the file is nobody's business here. */}
      {answer.message ? <p>{both(answer.message).replace(/\/\S*\//g, '')}</p> : null}
      {answer.files?.length ? (
        <ul>
          {answer.files.map((f) => (
            <li key={f.href}>
              <a href={f.href} download={f.name}>
                <Icon name="download" size={16} /> {t('download')} {f.name}
              </a>
            </li>
          ))}
        </ul>
      ) : null}
      {answer.tables.map((table) => (
        <div key={table.id}>
          <h3>{both(table.title)}</h3>
          {table.rows.length ? <DataTable table={table} csv /> : <Empty title={t('none')} hint="" />}
        </div>
      ))}
    </div>
  );
}

function Paper({ verb }: { verb: VerbInfo }) {
  const { t, lang } = useText();
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const file = verb.params.find((p) => (p.type === 'path' || p.type === 'file') && p.required);
  const isCheck = file !== undefined;
  const { query } = useLocation();
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const given = new FormData(e.currentTarget as HTMLFormElement);
    const body = new FormData();
    for (const [name, value] of given) if (value instanceof File ? value.size : value) body.append(name, value);
    for (const p of verb.params) if (p.type === 'output') body.append(p.name, `${verb.name.replace(' ', '-')}.docx`);
    setBusy(true);
    setAnswer(null);
    setProblem(null);
    try {
      setAnswer(await write(verb.name, body));
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  return (
    <Card title={lang === 'zh' ? verb.zh : verb.en}>
      <form class="inline-form" onSubmit={submit}>
        {file ? <FilePick label="DOCX" name={file.name} accept=".docx" required /> : null}
        {asked(verb).map((p) => (
          <label key={p.name}>
            <span>{(lang === 'zh' ? p.zh : p.en) || p.name}</span>
            <input name={p.name} defaultValue={query.get(p.name) ?? ''} required={p.required} list={p.name === 'county' || p.name === 'chain' ? `known-${p.name}` : undefined} placeholder={p.type === 'period' ? '2024-12' : (p.choices ?? '')} />
          </label>
        ))}
        {verb.params.some((p) => p.name === 'renew') ? <FilePick label={t('renewDraft')} name="renew" accept=".docx" /> : null}
        <button type="submit" class={isCheck ? '' : 'main'} disabled={busy}>
          {isCheck ? t('check') : t('draft')}
        </button>
      </form>
      {busy ? (
        <p role="status">
          {t('checking')} <progress />
        </p>
      ) : null}
      {problem ? <ErrorBox problem={problem} /> : null}
      {answer ? <Outcome answer={answer} /> : null}
    </Card>
  );
}

/** Names to choose from where a paper asks for a county or a chain. */
function Known() {
  const loaded = useVerb('matrix');
  return (
    <>
      {(['county', 'chain'] as const).map((kind) => (
        <datalist key={kind} id={`known-${kind}`}>
          {rowsOf(tableOf(loaded.data, kind === 'county' ? 'counties' : 'chains')).map((r) => (
            <option key={textOf(r.code)} value={textOf(r.name)} />
          ))}
        </datalist>
      ))}
    </>
  );
}

/** They work on papers that were issued and have a card of their own. */
const OF_ISSUED = ['paper issue', 'paper history', 'paper changed', 'paper fetch'];

export function Papers() {
  const { t } = useText();
  const { verbs } = useSession();
  const one = useLocation().query.get('paper');
  const papers = verbs.filter((v) => v.name.startsWith('paper ') && !OF_ISSUED.includes(v.name) && (!one || v.name === `paper ${one}`));
  const history = verbs.some((v) => v.name === 'paper history' && v.allowed !== false);
  return (
    <Page title={t('papers')}>
      {papers.length ? (
        <>
          <Known />
          {papers.map((v) => (
            <Paper key={v.name} verb={v} />
          ))}
          {history && !one ? (
            <Card title={t('issuedPapers')}>
              <IssuedPapers />
            </Card>
          ) : null}
        </>
      ) : (
        <Card>
          <Empty title={t('papersNone')} hint={t('papersNoneHint')} />
          <p class="muted">
            {t('papersOther')} <Link href="/indicators">{t('indicators')} →</Link>
          </p>
        </Card>
      )}
    </Page>
  );
}
