// 成熟度自评: where the city stands, and the twelve questions of one enterprise, made for a phone.
import { useState } from 'preact/hooks';
import { write } from '../api/client';
import { forgetAnswers, problemOf, useVerb } from '../api/hooks';
import { numberOf, rowsOf, textOf, type Row } from '../api/table';
import type { Problem, Table } from '../api/types';
import { Choice } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Light } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Await, Empty, ErrorBox } from '../components/States';
import { useName } from '../components/useName';
import { number } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';

const LEVELS = [0, 1, 2, 3, 4, 5];

function today(): string {
  const now = new Date();
  return `${now.getFullYear()}-${String(now.getMonth() + 1).padStart(2, '0')}-${String(now.getDate()).padStart(2, '0')}`;
}

/** One question: a level, and what proves it. Saved by itself, so that a lost connection costs one answer. */
function Question({ row, claim, firm, onSaved }: { row: Row; claim: Row | undefined; firm: string; onSaved: () => void }) {
  const { t, lang, both } = useText();
  const item = textOf(row.item);
  const known = numberOf(claim?.level);
  const [level, setLevel] = useState(Number.isNaN(known) ? -1 : known);
  const [evidence, setEvidence] = useState('');
  const [dated, setDated] = useState('');
  const [expires, setExpires] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const state = textOf(claim?.state);
  const mayWrite = useSession().verbs.some((v) => v.name === 'maturity answer' && v.allowed !== false);

  const save = async (event: Event) => {
    event.preventDefault();
    setBusy(true);
    setProblem(null);
    try {
      const answer = await write('maturity answer', {
        firm,
        item,
        level: String(level),
        evidence: evidence || undefined,
        dated: dated || undefined,
        expires: expires || undefined,
      });
      forgetAnswers();
      setSaid(both(answer.message));
      onSaved();
    } catch (error) {
      setSaid('');
      setProblem(problemOf(error));
    }
    setBusy(false);
  };

  return (
    <form class="question" onSubmit={save}>
      <fieldset>
        <legend>
          <b>{textOf(lang === 'zh' ? row.title_zh : row.title_en)}</b>{' '}
          {state ? <Light color={state === 'known' ? 'green' : state === 'expired' ? 'red' : 'yellow'} /> : null}{' '}
          <small class="muted">
            {item}
            {state === 'known' ? ` · ${t('selfKnown', { day: textOf(claim?.expires) })}` : state === 'expired' ? ` · ${t('selfExpired')}` : state ? ` · ${t('selfNoProof')}` : ''}
          </small>
        </legend>
        {LEVELS.map((n) => (
          <label key={n} class={n === level ? 'level picked' : 'level'}>
            <input type="radio" name={`level-${item}`} checked={n === level} onChange={() => setLevel(n)} />
            <span>
              {n} {n === 0 ? t('selfNothing') : textOf(row[`l${n}_${lang}`])}
            </span>
          </label>
        ))}
      </fieldset>
      {level >= 0 && mayWrite ? (
        <div class="proof">
          <label>
            <span>{t('selfEvidence')}</span>
            <input value={evidence} placeholder={textOf(row.evidence_zh)} onInput={(e) => setEvidence(e.currentTarget.value)} />
          </label>
          <label>
            <span>{t('selfDated')}</span>
            <input type="date" value={dated} max={today()} required={!!evidence} onInput={(e) => setDated(e.currentTarget.value)} />
          </label>
          <label>
            <span>{t('selfExpires')}</span>
            <input type="date" value={expires} min={dated} required={!!evidence} onInput={(e) => setExpires(e.currentTarget.value)} />
          </label>
          <button type="submit" class="main" disabled={busy}>
            {t('selfSave')}
          </button>
        </div>
      ) : null}
      {said ? <p role="status" class="small">{said}</p> : null}
      {problem ? <ErrorBox problem={problem} /> : null}
    </form>
  );
}

/** The questionnaire of one enterprise, direction by direction. */
export function SelfAssessment({ code }: { code: string }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  
  const name = useName(code);
  const questions = useVerb('maturity city', { out: 'questions' });
  const claims = useVerb('maturity city', { out: 'claims', firm: code, today: today() });
  const rows = rowsOf(questions.data?.tables[0]);
  const given = rowsOf(claims.data?.tables[0]);
  const directions = [...new Set(rows.map((r) => textOf(r[`direction_${lang}`])))];
  const at = query.get('part') ?? directions[0] ?? '';
  const answered = given.filter((r) => !Number.isNaN(numberOf(r.level))).length;
  const valid = given.filter((r) => textOf(r.state) === 'known').length;
  return (
    <Page
      title={t('selfTitle')}
      crumbs={[{ text: t('enterprises'), href: '/enterprises' }, { text: name || code, href: `/enterprises/${encodeURIComponent(code)}` }, { text: t('selfTitle') }]}
      lead={t('selfLead', { answered: number(answered, 0, lang), all: number(rows.length, 0, lang), valid: number(valid, 0, lang) })}
    >
      <Await of={questions}>
        {() => (
          <>
            <Choice name="part" label={t('selfDirection')} fallback={directions[0] ?? ''} options={directions.map((d) => ({ value: d, text: d }))} />
            <Card title={at} hint={t('selfHint')}>
              {claims.state === 'loading' && !claims.data ? null : rows
                .filter((r) => textOf(r[`direction_${lang}`]) === at)
                .map((r) => (
                  <Question key={`${code}-${textOf(r.item)}`} row={r} firm={code} claim={given.find((c) => textOf(c.item) === textOf(r.item))} onSaved={() => undefined} />
                ))}
            </Card>
          </>
        )}
      </Await>
    </Page>
  );
}

/** Roll-up by county or chain, by direction, and who should be helped first. */
export function Maturity() {
  const { t, both } = useText();
  const { query } = useLocation();
  const by = query.get('by') === 'chain' ? 'chain' : 'county';
  const tab = query.get('tab') ?? 'groups';
  const loaded = useVerb('maturity city', { out: tab, by: tab === 'priority' ? undefined : by });
  return (
    <Page title={t('selfCity')}>
      <Choice
        name="tab"
        label={t('see')}
        fallback="groups"
        options={[
          { value: 'groups', text: t('selfGroups') },
          { value: 'directions', text: t('selfDirections') },
          { value: 'priority', text: t('selfPriority') },
        ]}
      />
      {tab === 'priority' ? null : (
        <Choice
          name="by"
          label={t('selfBy')}
          fallback="county"
          options={[
            { value: 'county', text: t('counties') },
            { value: 'chain', text: t('selfChains') },
          ]}
        />
      )}
      <Card>
        <Await of={loaded} lines={10}>
          {(data) =>
            data.tables[0]?.rows.length ? (
              <>
                {data.message ? <p>{both(data.message)}</p> : null}
                <DataTable
                  table={data.tables[0] as Table}
                  csv
                  columns={data.tables[0].columns.map((c) => c.id).filter((c) => c !== 'items' && c !== 'advice' && !(tab === 'priority' && c === 'id'))}
                  render={tab === 'priority' ? { name: (cell, row) => <Link href={`/maturity/${encodeURIComponent(textOf(row.id))}`}>{textOf(cell)}</Link> } : {}}
                  withheld={(row) => textOf(row.suppressed) !== ''}
                />
              </>
            ) : (
              <Empty title={t('selfNone')} hint="fangding maturity answer" />
            )
          }
        </Await>
      </Card>
    </Page>
  );
}
