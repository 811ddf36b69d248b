// Changes that wait for a second person: what is asked, by whom; confirm, refuse, withdraw.
import { useEffect, useState } from 'preact/hooks';
import { decide, proposals, type Proposal } from '../api/client';
import { forgetAnswers, problemOf } from '../api/hooks';
import type { Problem } from '../api/types';
import { Card, Page } from '../components/Page';
import { Empty, ErrorBox, Loading } from '../components/States';
import { useText, type Key } from '../i18n';
import { useSession } from '../state/session';

const SHAPES: Record<string, string> = { waiting: '▲', confirmed: '●', refused: '■', withdrawn: '○', expired: '○' };

const DONE: Record<'confirm' | 'refuse' | 'withdraw', Key> = { confirm: 'proposal_confirmed', refuse: 'proposal_refused', withdraw: 'proposal_withdrawn' };

const when = (seconds: number | null) => (seconds ? new Date(seconds * 1000).toISOString().replace('T', ' ').slice(0, 16) + ' UTC' : '');

function Params({ of }: { of: Proposal }) {
  const { lang } = useText();
  const { verbs } = useSession();
  const verb = verbs.find((v) => v.name === of.verb);
  return (
    <dl class="proposal-params">
      {Object.entries(of.params).map(([name, value]) => {
        const p = verb?.params.find((x) => x.name === name);
        return (
          <div key={name}>
            <dt>{(lang === 'zh' ? p?.zh : p?.en) || name}</dt>
            <dd>{value}</dd>
          </div>
        );
      })}
    </dl>
  );
}

function One({ proposal, onDone }: { proposal: Proposal; onDone: () => void }) {
  const { t, lang, both } = useText();
  const { verbs } = useSession();
  const [reason, setReason] = useState('');
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const verb = verbs.find((v) => v.name === proposal.verb);
  const waits = proposal.state === 'waiting';
  const act = async (decision: 'confirm' | 'refuse' | 'withdraw') => {
    setBusy(true);
    setProblem(null);
    try {
      const answer = await decide(proposal.id, decision, reason);
      setSaid(both(answer?.message) || t(DONE[decision]));
      forgetAnswers();
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
    setBusy(false);
  };
  return (
    <li class="issued">
      <p>
        <b>{verb ? (lang === 'zh' ? verb.zh : verb.en) : proposal.verb}</b> <code>{proposal.verb}</code>
      </p>
      <Params of={proposal} />
      <p class="small">
        {SHAPES[proposal.state]} {t(`proposal_${proposal.state}` as Key)} · {t('proposalBy', { by: proposal.by, time: when(proposal.created) })} · {t('snapshot', { n: proposal.snapshot })}
        {proposal.decider ? ` · ${t('proposalDecided', { by: proposal.decider, time: when(proposal.decided) })}` : waits ? ` · ${t('proposalUntil', { time: when(proposal.expires) })}` : ''}
        {proposal.reason ? ` · ${proposal.reason}` : ''}
      </p>
      {waits ? (
        <div class="inline-form">
          {proposal.can_decide ? (
            <>
              <label>
                <span>{t('proposalReason')}</span>
                <input value={reason} onInput={(e) => setReason(e.currentTarget.value)} maxLength={160} autocomplete="off" />
              </label>
              <button type="button" class="main" disabled={busy} onClick={() => void act('confirm')}>
                {t('proposalConfirm')}
              </button>
              <button type="button" disabled={busy} onClick={() => void act('refuse')}>
                {t('proposalRefuse')}
              </button>
            </>
          ) : null}
          {proposal.mine ? (
            <>
              <span class="muted">{t('proposalNotYours')}</span>
              <button type="button" disabled={busy} onClick={() => void act('withdraw')}>
                {t('proposalWithdraw')}
              </button>
            </>
          ) : null}
        </div>
      ) : null}
      {said ? <p role="status">{said}</p> : null}
      {problem ? <ErrorBox problem={problem} /> : null}
    </li>
  );
}

export function Proposals() {
  const { t } = useText();
  const [list, setList] = useState<Proposal[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () => proposals().then(setList, (e: unknown) => setProblem(problemOf(e)));
  useEffect(() => void load(), []);
  const groups: [Key, Proposal[]][] = [
    ['proposalsWaiting', (list ?? []).filter((p) => p.state === 'waiting')],
    ['proposalsDone', (list ?? []).filter((p) => p.state !== 'waiting')],
  ];
  return (
    <Page title={t('proposals')} lead={t('proposalsHint')}>
      {problem ? <ErrorBox problem={problem} /> : null}
      {!list && !problem ? <Loading /> : null}
      {list
        ? groups.map(([title, some]) => (
            <Card key={title} title={t(title)}>
              {some.length ? (
                <ul class="plain-list">
                  {some.map((p) => (
                    <One key={p.id} proposal={p} onDone={() => void load()} />
                  ))}
                </ul>
              ) : (
                <Empty title={t('none')} hint="" />
              )}
            </Card>
          ))
        : null}
    </Page>
  );
}
