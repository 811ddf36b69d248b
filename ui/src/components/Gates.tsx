// The gates of a project in their order; a gate is passed by evidence, a stage is what the ledger claims.
import { textOf, type Row } from '../api/table';
import { useText, type Key } from '../i18n';

/** In the order of the life cycle; the words are the ledger's. */
export const GATES: [string, Key][] = [
  ['谋划', 'gate_planned'],
  ['签约', 'gate_signed'],
  ['开工', 'gate_started'],
  ['在建', 'gate_building'],
  ['投产', 'gate_producing'],
  ['达效', 'gate_effective'],
  ['入规', 'gate_listed'],
];

export function useGateName(): (word: string) => string {
  const { t } = useText();
  return (word) => {
    const known = GATES.find(([w]) => w === word);
    return known ? t(known[1]) : word;
  };
}

const marks: Record<string, string> = { passed: '✓', next: '○', missing: '!', skipped: '?', later: '·' };

/** All seven with their days and documents. */
export function GateSteps({ rows }: { rows: Row[] }) {
  const { t, lang } = useText();
  const name = useGateName();
  return (
    <ol class="gates" aria-label={t('pjGates')}>
      {rows.map((r) => {
        const state = textOf(r.state) || 'later';
        const known = state in marks ? state : 'later';
        return (
          <li key={textOf(r.gate)} class={`gate-step ${known}`}>
            <span class="gate-mark" aria-hidden="true">
              {marks[known]}
            </span>
            <strong>{name(textOf(r.gate))}</strong>
            <span class="gate-state">{t(`gateState_${known}` as Key)}</span>
            {textOf(r.date) ? <time dateTime={textOf(r.date)}>{textOf(r.date)}</time> : null}
            {textOf(r.evidence) ? <small class="muted">{textOf(r.evidence)}</small> : null}
            {textOf(r.said) ? <small class="warn-text">{textOf(lang === 'zh' ? r.said : r.said_en)}</small> : null}
          </li>
        );
      })}
    </ol>
  );
}

/** One line for a list: filled as far as there is evidence, open where the ledger is ahead of it. */
export function GateDots({ stage, proved }: { stage: string; proved: string }) {
  const { t } = useText();
  const name = useGateName();
  const order = GATES.map(([w]) => w);
  const to = order.indexOf(stage);
  const has = order.indexOf(proved);
  const label = has >= 0 && has < to ? t('pjAhead', { stage: name(stage), gate: name(proved) }) : name(stage);
  return (
    <span class="gate-dots" title={label}>
      <span class="nowrap">{name(stage)}</span>
      <span class="dots" aria-hidden="true">
        {order.map((w, i) => (
          <i key={w} class={i <= Math.min(to, has < 0 ? to : has) ? 'on' : i <= to ? 'claimed' : ''} />
        ))}
      </span>
      {has >= 0 && has < to ? <small class="muted">{t('pjEvidenceTo', { gate: name(proved) })}</small> : null}
    </span>
  );
}
