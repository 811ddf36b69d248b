// The plan: sliders that answer at once, one project late, the whole programme as a job, scenarios.
import { useEffect, useRef, useState } from 'preact/hooks';
import { request, write, verbUrl } from '../api/client';
import { problemOf, useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer, Job, Problem } from '../api/types';
import { Light } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Slider } from '../components/Slider';
import { Await, ErrorBox } from '../components/States';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb } from '../state/session';
import { Full } from './plan/Full';
import { Saved } from './plan/Saved';
import { leversOf, pairs, useScenario, withPair, withTarget, type Scenario } from './plan/scenario';

/** 做得到 or 做不到, how far, when: in words before any number of a table. */
function Verdict({ data, touched }: { data: Answer; touched: boolean }) {
  const { t, lang } = useText();
  const [before, now] = rowsOf(tableOf(data, 'dates'));
  if (!before || !now) return null;
  const reachable = now.reachable === true;
  const moved = numberOf(now.moved);
  const change = numberOf(now.change);
  const years = rowsOf(tableOf(data, 'reach'));
  const most = Math.max(...years.map((r) => numberOf(r.largest_share)), numberOf(now.target));
  const shift = !Number.isFinite(moved) ? '' : moved === 0 ? t('planSameDate') : moved > 0 ? t('planLater', { n: number(moved, 1, lang) }) : t('planEarlier', { n: number(-moved, 1, lang) });
  return (
    <div aria-live="polite">
      <p class={`plan-verdict ${reachable ? 'can' : 'cannot'}`}>
        <Light color={reachable ? 'green' : 'red'} />{' '}
        {t('planVerdict', { year: textOf(now.year), target: number(numberOf(now.target), 1, lang), word: reachable ? t('planCan') : t('planCannot') })} <span class="chip">{t('planRelaxed')}</span>
      </p>
      <dl class="answers">
        <div>
          <dt>{t('planMost')}</dt>
          <dd>
            <b class="big" data-largest>
              {number(numberOf(now.largest_share), 1, lang)}
            </b>
            %
          </dd>
        </div>
        <div>
          <dt>{t('planFirst')}</dt>
          <dd>
            <b data-date>{textOf(now.date) || t('planNever')}</b>
          </dd>
        </div>
        <div>
          <dt>{t('planNow')}</dt>
          <dd>
            <b>{number(numberOf(now.base_share), 1, lang)}</b>%
          </dd>
        </div>
      </dl>
      {touched && (shift || Number.isFinite(change)) ? (
        <p class="plan-moved" data-moved>
          {t('planChanged')}: {[shift, Number.isFinite(change) ? t('planShareMoved', { n: number(change, 2, lang, true) }) : ''].filter(Boolean).join(' · ')}
        </p>
      ) : null}
      <h3>{t('planSaidBy')}</h3>
      <ul class="year-bars">
        {years.map((r) => {
          const share = numberOf(r.largest_share);
          return (
            <li key={textOf(r.year)}>
              <span>{textOf(r.year)}</span>
              <span class="year-bar" aria-hidden="true">
                <span class={r.reachable === true ? 'enough' : ''} style={{ width: `${(100 * share) / most}%` }} />
                <i style={{ left: `${(100 * numberOf(r.target)) / most}%` }} />
              </span>
              <span class="num">
                {number(share, 1, lang)}% {r.reachable === true ? '✓' : ''}
              </span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Limits by what a tenth of each does: the one that helps most stands first. */
function Moves({ data }: { data: Answer }) {
  const { t, lang } = useText();
  const rows = rowsOf(tableOf(data, 'sliders')).map((r) => {
    const now = numberOf(r.now);
    return { name: textOf(r.name), less: numberOf(r.minus_10) - now, more: numberOf(r.plus_10) - now, noLess: stateOf(r.minus_10) !== '' || r.minus_10 === null, noMore: stateOf(r.plus_10) !== '' || r.plus_10 === null };
  });
  const effect = (v: number) => (Number.isFinite(v) ? Math.abs(v) : 0);
  rows.sort((a, b) => Math.max(effect(b.more), effect(b.less)) - Math.max(effect(a.more), effect(a.less)));
  const points = (v: number) => number(Math.abs(v), 2, lang);
  return (
    <ul class="move-list">
      {rows.map((r) => {
        const words = [];
        if (r.noMore) words.push(t('planImpossibleLoose'));
        else if (Math.abs(r.more) > 0.004) words.push(t(r.more > 0 ? 'planMakes' : 'planMakesLess', { n: points(r.more) }));
        if (r.noLess) words.push(t('planInfeasible'));
        else if (Math.abs(r.less) > 0.004) words.push(t(r.less < 0 ? 'planCosts' : 'planCostsLess', { n: points(r.less) }));
        return (
          <li key={r.name}>
            <b>{r.name}</b> <span>{words.join(lang === 'zh' ? ';' : '; ') || t('planNoEffect')}</span>
          </li>
        );
      })}
    </ul>
  );
}

function Levers({ data, now, onChange }: { data: Answer; now: Scenario; onChange: (s: Scenario) => void }) {
  const { t, lang } = useText();
  const limits = rowsOf(tableOf(data, 'limits'));
  const years = rowsOf(tableOf(data, 'reach')).map((r) => textOf(r.year));
  const given = pairs(now.set);
  const share = given.find(([k]) => k.startsWith('share'));
  const standing = limits.find((r) => textOf(r.limit) === 'share');
  const year = share?.[0].split('@')[1] ?? textOf(standing?.year);
  const target = Number(share?.[1] ?? numberOf(standing?.value));
  const setTarget = (y: string, s: number) => onChange({ ...now, set: withTarget(now.set, y, s) });
  return (
    <div class="sliders">
      <Slider label={t('planTarget')} value={target} min={15} max={45} step={0.5} text={`${number(target, 1, lang)}%`} onChange={(v) => setTarget(year, v)} />
      <Slider label={t('planTargetYear')} value={Math.max(0, years.indexOf(year))} min={0} max={Math.max(0, years.length - 1)} step={1} text={year} onChange={(v) => setTarget(years[v] ?? year, target)} />
      {leversOf(limits, lang).map((l) => {
        const own = given.find(([k]) => k === l.limit);
        const value = own ? Number(own[1]) : l.standing;
        return (
          <Slider
            key={l.limit}
            label={l.name}
            value={value}
            min={l.min}
            max={l.max}
            step={l.step}
            text={`${number(value, l.step < 1 ? 1 : 0, lang)} ${unit(l.unit, lang)}`}
            onChange={(v) => onChange({ ...now, set: withPair(now.set, l.limit, v === l.standing ? null : String(Number(v.toFixed(4)))) })}
          />
        );
      })}
    </div>
  );
}

/** A project of the ledger and how many months later it comes. */
function Slip({ projects, now, onChange }: { projects: Row[]; now: Scenario; onChange: (s: Scenario) => void }) {
  const { t, lang } = useText();
  const [id, months] = pairs(now.slip)[0] ?? ['', '6'];
  const [picked, setPicked] = useState(id);
  useEffect(() => setPicked(id), [id]);
  const row = projects.find((r) => textOf(r.id) === picked);
  const set = (code: string, m: number) => onChange({ ...now, slip: code && m ? `${code}=${m}` : '' });
  return (
    <div class="sliders">
      <label class="pick wide">
        <span>{t('planSlipProject')}</span>
        <select
          name="slip-project"
          value={picked}
          onChange={(e) => {
            setPicked(e.currentTarget.value);
            set(e.currentTarget.value, Number(months) || 6);
          }}
        >
          <option value="">{t('planSlipNone')}</option>
          {[...projects]
            .sort((a, b) => numberOf(b.emerging) - numberOf(a.emerging))
            .map((r) => (
              <option key={textOf(r.id)} value={textOf(r.id)}>
                {textOf(r.name)} · {number(numberOf(r.emerging), 1, lang)} {unit('亿元', lang)}
              </option>
            ))}
        </select>
      </label>
      {picked ? <Slider label={t('planSlipMonths')} value={Number(months)} min={0} max={36} step={1} text={months || '0'} onChange={(v) => set(picked, v)} /> : null}
      {row ? (
        <p class="muted small">
          {textOf(row.id)} · {t('planProduces', { date: textOf(row.produces) })} · <Link href="/matrix?tab=projects">{t('planLedger')} →</Link>
        </p>
      ) : null}
    </div>
  );
}

/** The programme as a job that can be given up. */
function Programme({ now }: { now: Scenario }) {
  const { t, both, lang } = useText();
  const [whole, setWhole] = useState(false);
  const [job, setJob] = useState<Job | null>(null);
  const [busy, setBusy] = useState(false);
  const [answer, setAnswer] = useState<{ of: string; data: Answer } | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const gone = useRef(false);
  useEffect(() => () => void (gone.current = true), []);
  const key = JSON.stringify([now, whole]);
  const run = async () => {
    setBusy(true);
    setProblem(null);
    setJob(null);
    try {
      const body = { file: 'plan.xlsx', ...(now.set ? { set: now.set } : {}), ...(now.slip ? { slip: now.slip } : {}), ...(whole ? { lot: 1, seconds: 30 } : {}) };
      const data = await write('plan report', body, (j) => !gone.current && setJob(j));
      if (!gone.current) setAnswer({ of: key, data });
    } catch (error) {
      if (!gone.current) setProblem(problemOf(error));
    }
    if (gone.current) return;
    setBusy(false);
    setJob(null);
  };
  const cancel = () => job && void request('DELETE', `/api/v1/jobs/${job.id}`).catch(() => undefined);
  return (
    <>
      <Card title={t('planFull')} hint={t('planFullHint')} id="programme">
        <div class="row-tools">
          <label class="check">
            <input type="checkbox" checked={whole} onChange={(e) => setWhole(e.currentTarget.checked)} /> {t('planWhole')} <span class="muted small">{t('planWholeHint')}</span>
          </label>
          <button type="button" class="main" disabled={busy} onClick={() => void run()}>
            {t('planRun')}
          </button>
          {busy ? (
            <>
              <span role="status" class="plan-progress">
                <progress max={1} value={job?.progress ?? undefined} aria-label={t('planFull')} /> {t('planRunning', { what: both(job?.label) || '…' })}
              </span>
              <button type="button" onClick={cancel} disabled={!job}>
                {t('planCancel')}
              </button>
            </>
          ) : null}
        </div>
        {problem ? <ErrorBox problem={problem} /> : null}
        {answer && answer.of !== key ? <p class="plan-stale">{t('planStale')}</p> : null}
      </Card>
      {answer ? <Full data={answer.data} key={answer.of} lang={lang} /> : null}
    </>
  );
}

export function Plan() {
  const { t } = useText();
  const hasAsk = useHasVerb('plan ask');
  const [now, rested, setNow] = useScenario();
  const loaded = useVerb(hasAsk ? 'plan ask' : null, { set: rested.set, slip: rested.slip });
  // Twenty programs more: asked only when the sliders have come to rest.
  const [calm, setCalm] = useState<Scenario>(rested);
  useEffect(() => {
    const timer = setTimeout(() => setCalm(rested), 700);
    return () => clearTimeout(timer);
  }, [rested.set, rested.slip]);
  const moves = useVerb(hasAsk ? 'plan ask' : null, { set: calm.set, slip: calm.slip, moves: true, short: true });
  const projects = rowsOf(tableOf(loaded.data, 'projects'));
  const touched = now.set !== '' || now.slip !== '';
  return (
    <Page title={t('plan')} crumbs={[{ text: t('city'), href: '/' }, { text: t('targets'), href: '/targets' }, { text: t('plan') }]} lead={t('planLead')} actions={<span class="chip example">示例</span>}>
      {loaded.state === 'error' ? (
        <>
          <ErrorBox problem={loaded.problem} />
          {touched ? (
            <button type="button" onClick={() => setNow({ set: '', slip: '' })}>
              {t('planReset')}
            </button>
          ) : null}
        </>
      ) : (
        <Await of={loaded} lines={8}>
          {(data) => (
            <div class="target-grid">
              <Card
                title={t('planMove')}
                actions={
                  touched ? (
                    <button type="button" class="quiet small" onClick={() => setNow({ set: '', slip: '' })}>
                      {t('planReset')}
                    </button>
                  ) : null
                }
              >
                <Levers data={data} now={now} onChange={setNow} />
                <h3>{t('planSlipTitle')}</h3>
                <p class="muted small">{t('planSlipHint')}</p>
                <Slip projects={projects} now={now} onChange={setNow} />
                <p class="muted small">{t('planRelaxedHint')}</p>
              </Card>
              <div class="stack">
                <Card>
                  <Verdict data={data} touched={touched} />
                </Card>
                <Card title={t('planMoves')} hint={t('planMovesHint')}>
                  <Await of={moves}>{(m) => <Moves data={m} />}</Await>
                </Card>
              </div>
            </div>
          )}
        </Await>
      )}
      <Programme now={rested} />
      <Saved now={rested} onOpen={setNow} />
      <Notes notes={loaded.data?.tables.flatMap((x) => x.notes)} />
      <p class="muted small print-hide">
        <a href={verbUrl('plan ask', { set: rested.set, slip: rested.slip, moves: true, format: 'xlsx' })} download>
          {t('planXlsx')}
        </a>{' '}
        {t('planXlsxHint')}
      </p>
    </Page>
  );
}
