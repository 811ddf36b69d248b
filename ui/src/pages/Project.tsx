// One project: its gates with their evidence, investment against the plan, production and ramp apart.
import { useCallback } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf, type Row } from '../api/table';
import { Chart, type Palette } from '../charts/Chart';
import { lines } from '../charts/options';
import { DataTable } from '../components/DataTable';
import { GateSteps } from '../components/Gates';
import { colorOf, Light, reasonOf } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useAxes } from '../components/useAxes';
import { number, period, periodShort, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

/** Months with a break before each January: every year starts from nothing. */
function withBreaks(rows: Row[]): (Row | null)[] {
  return rows.flatMap((r, i) => {
    const before = rows[i - 1];
    return before && textOf(before.period).slice(0, 4) !== textOf(r.period).slice(0, 4) ? [null, r] : [r];
  });
}

function Investment({ rows, name }: { rows: Row[]; name: string }) {
  const { t, lang } = useText();
  const points = withBreaks(rows);
  const last = rows[rows.length - 1];
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        points.map((r) => (r ? periodShort(textOf(r.period)) : ' ')),
        [
          { name: t('pjDone'), values: points.map((r) => numberOf(r?.done)) },
          { name: t('pjDue'), values: points.map((r) => numberOf(r?.due)), dashed: true },
        ],
        unit('万元', lang),
      ),
    [rows, lang],
  );
  if (!last) return <Empty title={t('pjNoMonths')} hint="" />;
  return (
    <>
      <dl class="answers">
        <div>
          <dt>{t('completed')}</dt>
          <dd>
            <b class="big">{number(numberOf(last.percent), 1, lang)}</b> %
          </dd>
        </div>
        <div>
          <dt>{t('pjSchedule')}</dt>
          <dd>
            <b>{number(numberOf(last.schedule), 1, lang)}</b> %
          </dd>
        </div>
        <div>
          <dt>{t('pjDone')}</dt>
          <dd>
            <b>{number(numberOf(last.done), 0, lang)}</b> / {number(numberOf(last.plan), 0, lang)} {unit('万元', lang)}
          </dd>
        </div>
      </dl>
      <Chart name={`investment-${name}`} height={280} option={option} label={t('pjInvestment')} />
    </>
  );
}

function Ramp({ rows, name }: { rows: Row[]; name: string }) {
  const { t, lang } = useText();
  const last = rows[rows.length - 1];
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        rows.map((r) => periodShort(textOf(r.period))),
        [
          { name: t('pjRamp'), values: rows.map((r) => numberOf(r.percent)) },
          { name: t('pjRampCurve'), values: rows.map((r) => numberOf(r.expected)), dashed: true },
        ],
        '%',
      ),
    [rows, lang],
  );
  if (!last) return <Empty title={t('pjNotProducing')} hint={t('pjNotProducingHint')} />;
  const ramp = numberOf(last.percent);
  return (
    <>
      <dl class="answers">
        <div>
          <dt>{t('pjRamp')}</dt>
          <dd>{Number.isNaN(ramp) ? <span class="muted">{t('missing')}</span> : <><b class="big">{number(ramp, 1, lang)}</b> %</>}</dd>
        </div>
        <div>
          <dt>{t('pjRampCurve')}</dt>
          <dd>
            {Number.isNaN(numberOf(last.expected)) ? (
              <span class="muted">{t('missing')}</span>
            ) : (
              <>
                <b>{number(numberOf(last.expected), 1, lang)}</b> %
              </>
            )}
          </dd>
        </div>
        <div>
          <dt>{t('pjAnnual')}</dt>
          <dd>
            {Number.isNaN(numberOf(last.annual)) ? <span class="muted">{t('missing')}</span> : <b>{number(numberOf(last.annual), 0, lang)}</b>} / {number(numberOf(last.feasible), 0, lang)} {unit('万元', lang)}
          </dd>
        </div>
        <div>
          <dt>{t('pjMonthsProducing')}</dt>
          <dd>
            {Number.isNaN(numberOf(last.months)) ? <span class="muted">{t('missing')}</span> : <b>{number(numberOf(last.months), 0, lang)}</b>}
          </dd>
        </div>
      </dl>
      <p>
        <Light color={colorOf(textOf(last.light))} label /> {reasonOf(textOf(lang === 'zh' ? last.why : last.why_en))}
      </p>
      {rows.length > 1 && rows.some((r) => !Number.isNaN(numberOf(r.percent))) ? <Chart name={`ramp-${name}`} height={260} option={option} label={t('pjRamp')} /> : null}
    </>
  );
}

export function Project({ code }: { code: string }) {
  const { t, lang, both } = useText();
  const { name } = useAxes();
  const loaded = useVerb('project', { code });
  const facts = rowsOf(tableOf(loaded.data, 'project'));
  const fact = (field: string) => textOf(facts.find((r) => textOf(r.field) === field)?.value);
  const title = fact('项目') || code;
  const county = fact('县区');
  const chain = fact('产业链');
  const link = (field: string, value: string) => {
    if (field === '县区') return <Link href={`/counties/${value}`}>{name(value)}</Link>;
    if (field === '产业链') return <Link href={`/chains/${value}`}>{name(value)}</Link>;
    if (/^[0-9A-Z]{18}$/.test(value)) return <Link href={`/enterprises/${value}`}>{value}</Link>;
    return /^-?\d+(\.\d+)?$/.test(value) && field.includes('万元') ? number(Number(value), 0, lang) : value;
  };
  return (
    <Page
      title={title}
      crumbs={[{ text: t('city'), href: '/' }, { text: t('projects'), href: '/projects' }, ...(chain ? [{ text: name(chain), href: `/projects?chain=${chain}` }] : []), { text: title }]}
      lead={[fact('类别'), county ? name(county) : '', fact('责任单位')].filter(Boolean).join(' · ')}
      actions={<Link href={`/enterprises/${code}`}>{t('pjFacts')}</Link>}
    >
      <Await of={loaded} lines={10}>
        {(data) => {
          const months = tableOf(data, 'months');
          const ramp = tableOf(data, 'ramp');
          const history = tableOf(data, 'record_history');
          const last = rowsOf(months)[months ? months.rows.length - 1 : 0];
          return (
            <>
              {last ? (
                <p class="verdict">
                  <Light color={colorOf(textOf(last.light))} label /> {reasonOf(textOf(lang === 'zh' ? last.why : last.why_en))}
                </p>
              ) : null}
              <Card title={t('pjGates')} hint={t('pjGatesHint')}>
                <GateSteps rows={rowsOf(tableOf(data, 'gates'))} />
              </Card>
              <div class="target-grid even">
                <Card title={t('pjInvestment')}>
                  <Investment rows={rowsOf(months)} name={code} />
                  <Notes notes={months?.notes} />
                </Card>
                <Card title={t('pjProduction')} hint={t('pjProductionHint')}>
                  <Ramp rows={rowsOf(ramp)} name={code} />
                  <Notes notes={ramp?.notes} />
                </Card>
              </div>
              <Card title={t('pjCard')}>
                <dl class="facts">
                  {facts.map((r) => (
                    <div key={textOf(r.field)}>
                      <dt>{textOf(lang === 'zh' ? r.field : r.field_en)}</dt>
                      <dd>{link(textOf(r.field), textOf(r.value))}</dd>
                    </div>
                  ))}
                </dl>
              </Card>
              {months?.rows.length ? (
                <Card title={both(months.title)}>
                  <DataTable
                    table={months}
                    csv
                    notes={false}
                    columns={['period', 'stage', 'plan', 'due', 'done', 'percent', 'schedule', 'light', lang === 'zh' ? 'why' : 'why_en']}
                    render={{ period: (cell) => <span class="nowrap">{period(textOf(cell), lang)}</span>, light: (cell) => <Light color={colorOf(textOf(cell))} label />, why: (cell) => reasonOf(textOf(cell)), why_en: (cell) => reasonOf(textOf(cell)) }}
                  />
                </Card>
              ) : null}
              {history?.rows.length ? (
                <Card title={both(history.title)}>
                  <DataTable table={history} columns={['date', 'state', 'by', 'snapshot']} />
                </Card>
              ) : null}
            </>
          );
        }}
      </Await>
    </Page>
  );
}
