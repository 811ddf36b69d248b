// The whole answer of the plan: words first, then programme, bridge, front, uncertainty, proof.
import { useCallback } from 'preact/hooks';
import { useVerb } from '../../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf } from '../../api/table';
import type { Answer, Cell } from '../../api/types';
import { Chart, type Palette } from '../../charts/Chart';
import { front, waterfall } from '../../charts/options';
import { DataTable } from '../../components/DataTable';
import { Icon } from '../../components/Icon';
import { Card } from '../../components/Page';
import { Notes } from '../../components/Notes';
import { number, unit } from '../../format';
import { useText } from '../../i18n';
import type { Lang } from '../../state/prefs';
import { Gantt } from './Gantt';

const isNone = (cell: Cell | undefined) => cell === null || cell === undefined || stateOf(cell) !== '';

/** What each limit costs, one side at a time; two sides that differ have no single price. */
function Binds({ data, lang }: { data: Answer; lang: Lang }) {
  const { t } = useText();
  const small = 1e-6;
  const rows = rowsOf(tableOf(data, 'binds')).filter((r) => isNone(r.plus) || isNone(r.minus) || Math.abs(numberOf(r.plus)) > small || Math.abs(numberOf(r.minus)) > small);
  if (!rows.length) return <p>{t('planNothingBinds')}</p>;
  // Signed values keep three figures: a job's price is a small part of 亿元.
  const say = (cell: Cell | undefined, turn: number) => {
    if (isNone(cell)) return t('planNoSide');
    const v = turn * numberOf(cell);
    const digits = Math.abs(v) >= 0.1 || Math.abs(v) < small ? 2 : 4;
    return `${number(Math.abs(v) < small ? 0 : v, digits, lang, true)} ${unit('亿元', lang)}`;
  };
  return (
    <ul class="bind-list">
      {rows.map((r) => (
        <li key={textOf(r.row)}>
          <b>{textOf(r.limit)}</b>
          <span>
            {t('planLoosen')}: {say(r.plus, 1)} · {t('planTighten')}: {say(r.minus, -1)}
          </span>
          {r.degenerate === true ? <span class="chip">{t('planOneSided')}</span> : null}
        </li>
      ))}
    </ul>
  );
}

function WhyNot({ data, lang }: { data: Answer; lang: Lang }) {
  const { t } = useText();
  const why = rowsOf(tableOf(data, 'why'));
  const relax = rowsOf(tableOf(data, 'relax'));
  if (!why.length && !relax.length) return null;
  return (
    <Card title={t('planWhyNot')}>
      {why.length ? (
        <>
          <p>{t('planContradict')}</p>
          <ul class="policy-set">
            {why.map((r) => (
              <li key={textOf(r.policy)}>
                <b>{textOf(r.name)}</b> <span class="muted small">{textOf(r.rows)}</span> {r.verified === true ? <span class="chip basis-verified">✓</span> : null}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      {relax.length ? (
        <>
          <h3>{t('planRelax')}</h3>
          <ul class="bind-list">
            {relax.map((r) => (
              <li key={textOf(r.row)}>{t('planRelaxLine', { name: textOf(r.limit), bound: number(numberOf(r.bound), 1, lang), to: number(numberOf(r.bound) + numberOf(r.violation), 1, lang) })}</li>
            ))}
          </ul>
        </>
      ) : null}
      <Notes notes={[...(tableOf(data, 'why')?.notes ?? []), ...(tableOf(data, 'relax')?.notes ?? [])]} />
    </Card>
  );
}

function Bridge({ data, chains, lang }: { data: Answer; chains: Map<string, string>; lang: Lang }) {
  const { t } = useText();
  const table = tableOf(data, 'bridge');
  const rows = rowsOf(table);
  const name = (r: Record<string, Cell>) => [textOf(r.source).replace('(示例)', ''), chains.get(textOf(r.chain)) ?? textOf(r.chain)].filter(Boolean).join(' ');
  const at = (kind: string) => numberOf(rows.find((r) => textOf(r.kind) === kind)?.points);
  const target = Number.isFinite(at('gap')) ? at('plan') + at('gap') : at('plan');
  // Lines too thin to be seen stay in the table.
  const parts = rows
    .filter((r) => Math.abs(numberOf(r.points)) >= 0.05)
    .map((r) => {
      const kind = textOf(r.kind);
      return { name: kind === 'base' || kind === 'plan' ? textOf(r.source) : name(r), pull: numberOf(r.points), kind: kind === 'plan' ? ('total' as const) : ('part' as const) };
    });
  const option = useCallback((p: Palette) => waterfall(p, parts, '%'), [data, lang]);
  if (!table) return null;
  return (
    <Card title={t('planBridge', { from: number(at('base'), 1, lang), to: number(target, 1, lang) })} hint={t('planBridgeHint')} id="bridge">
      <Chart name="plan-bridge" option={option} height={380} label={parts.map((x) => `${x.name} ${number(x.pull, 2, lang)}`).join(', ')} />
      <DataTable table={table} csv columns={['source', 'chain', 'value_added', 'emerging', 'points']} notes={false} render={{ chain: (c) => chains.get(textOf(c)) ?? textOf(c) }} />
      <Notes notes={table.notes.slice(0, 1)} />
    </Card>
  );
}

function Front({ data, lang }: { data: Answer; lang: Lang }) {
  const { t, both } = useText();
  const table = tableOf(data, 'front');
  const rows = rowsOf(table);
  const shares = rows.map((r) => numberOf(r[table?.columns[0]?.id ?? '']));
  const series = (table?.columns.slice(1, 4) ?? []).map((c) => ({ name: both(c.title), unit: unit(c.unit, lang), values: rows.map((r) => numberOf(r[c.id])) }));
  const option = useCallback((p: Palette) => front(p, shares, series, t('planShareAtLeast')), [data, lang]);
  if (!table || !rows.length) return null;
  return (
    <Card title={t('planFront')} hint={t('planFrontHint')} id="front">
      <Chart name="plan-front" option={option} height={460} label={series.map((s) => `${s.name}: ${s.values.map((v) => number(v, 0, lang)).join(', ')}`).join('; ')} />
      <DataTable table={table} csv />
    </Card>
  );
}

function Uncertain({ data, lang }: { data: Answer; lang: Lang }) {
  const { t } = useText();
  const table = tableOf(data, 'robust');
  const rows = rowsOf(table);
  const one = (quantity: string) => numberOf(rows.find((r) => textOf(r.quantity) === quantity)?.value);
  if (!rows.length) return null;
  return (
    <Card title={t('planUncertain')} id="uncertain">
      <ul class="bind-list">
        {rows
          .filter((r) => textOf(r.quantity) === 'largest_share')
          .map((r) => {
            const gamma = numberOf(r.gamma);
            return (
              <li key={gamma}>
                <span>{gamma === 0 ? t('planAsPlanned') : gamma > 1e5 ? t('planGuaranteedAll') : t('planGuaranteed', { n: number(gamma, 0, lang) })}</span> <b>{number(numberOf(r.value), 1, lang)}%</b>
              </li>
            );
          })}
      </ul>
      <dl class="answers">
        <div>
          <dt>{t('planChance', { draws: number(10000, 0, lang) })}</dt>
          <dd>
            <b>{number(one('probability_of_target'), 1, lang)}</b>%
          </dd>
        </div>
        <div>
          <dt>{t('planMiddle')}</dt>
          <dd>
            <b>
              {number(one('share_p05'), 1, lang)}–{number(one('share_p95'), 1, lang)}
            </b>
            %
          </dd>
        </div>
      </dl>
      <p class="muted small">{t('planSeed', { seed: 1 })}</p>
      <Notes notes={table?.notes} />
    </Card>
  );
}

export function Full({ data, lang }: { data: Answer; lang: Lang }) {
  const { t, both } = useText();
  const names = useVerb('matrix');
  const namesOf = (id: string) => new Map(rowsOf(tableOf(names.data, id)).map((r) => [textOf(r.code), textOf(r.name)]));
  const chains = namesOf('chains');
  const counties = namesOf('counties');
  const programme = tableOf(data, 'programme');
  const path = tableOf(data, 'path');
  const certificate = tableOf(data, 'certificate');
  const years = rowsOf(path)
    .slice(1)
    .map((r) => textOf(r.year));
  return (
    <div class="stack plan-full" data-plan-full>
      {data.message ? <p class="verdict plan-said">{both(data.message)}</p> : null}
      {data.files?.map((f) => (
        <p key={f.href} class="print-hide">
          <a href={f.href} download={f.name}>
            <Icon name="download" size={16} /> {t('planXlsx')}
          </a>{' '}
          <span class="muted small">{t('planXlsxHint')}</span>
        </p>
      ))}
      <WhyNot data={data} lang={lang} />
      <Card title={t('planBinds')} hint={t('planBindsHint')} id="binds">
        <Binds data={data} lang={lang} />
        <Notes notes={tableOf(data, 'binds')?.notes} />
      </Card>
      {programme ? (
        <Card title={t('planProgramme')} id="gantt">
          <Gantt table={programme} years={years} chains={chains} counties={counties} />
        </Card>
      ) : null}
      <Bridge data={data} chains={chains} lang={lang} />
      <div class="target-grid even">
        <Front data={data} lang={lang} />
        <div class="stack">
          <Uncertain data={data} lang={lang} />
          {path ? (
            <Card title={t('planPath')}>
              <DataTable table={path} csv notes={false} render={{ year: (c) => textOf(c) }} />
            </Card>
          ) : null}
        </div>
      </div>
      {certificate ? (
        <Card id="proof">
          <details>
            <summary>
              <Icon name="thread" size={16} /> {t('planProof')} · {t('planProofHint')}
            </summary>
            <DataTable table={certificate} columns={lang === 'zh' ? ['what', 'value', 'tolerance', 'holds'] : ['what_en', 'value', 'tolerance', 'holds']} />
          </details>
        </Card>
      ) : null}
    </div>
  );
}
