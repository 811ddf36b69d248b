// A chain against the scale that was promised: pace, path of its projects, five works, promises.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer } from '../api/types';
import { Chart, type Palette } from '../charts/Chart';
import { lines } from '../charts/options';
import { CellCard } from '../components/CellCard';
import { DataTable } from '../components/DataTable';
import { fieldOf } from '../components/goal';
import { colorOf, Light } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card } from '../components/Page';
import { Promises } from '../components/Promises';
import { Slider } from '../components/Slider';
import { Await, Empty } from '../components/States';
import type { AxisPoint } from '../components/useAxes';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';
import { useHasVerb } from '../state/session';

function amount(text: string): number {
  const m = /^([\d.]+)\s*亿元/.exec(text);
  return m ? Number(m[1]) : NaN;
}

/** What exists and what its projects add, quarter by quarter, beside the target. */
export function PathChart({ data, name }: { data: Answer; name: string }) {
  const { t, lang } = useText();
  const path = rowsOf(tableOf(data, 'path'));
  const target = amount(fieldOf(data, '目标'));
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        path.map((r) => textOf(r.period).replace(/(\d{4})Q(\d)/, '$1 Q$2')),
        [
          { name: t('chPathTotal'), values: path.map((r) => numberOf(r.total)) },
          ...(Number.isNaN(target) ? [] : [{ name: t('goal'), values: path.map(() => target), dashed: true }]),
          { name: t('chPathBase'), values: path.map((r) => numberOf(r.base)) },
        ],
        unit('亿元', lang),
      ),
    [data, lang],
  );
  return path.length ? <Chart name={`path-${name}`} height={300} option={option} label={`${t('chPath')} ${name}`} /> : <Empty title={t('chNoPath')} hint="" />;
}

function Pace({ data }: { data: Answer }) {
  const { t, lang } = useText();
  const now = fieldOf(data, '规模');
  const target = amount(fieldOf(data, '目标'));
  const pace = rowsOf(tableOf(data, 'pace'));
  const say = data.message ? (lang === 'zh' ? data.message.zh : data.message.en) : '';
  return (
    <>
      <dl class="answers" aria-live="polite">
        <div>
          <dt>{t('now')}</dt>
          <dd>{Number.isNaN(amount(now)) ? <span class="muted">{t('missing')}</span> : <><b class="big">{number(amount(now), 1, lang)}</b> {unit('亿元', lang)}</>}</dd>
        </div>
        <div>
          <dt>{t('goal')}</dt>
          <dd>{Number.isNaN(target) ? <span class="muted">{t('missing')}</span> : <><b>{number(target, 0, lang)}</b> {unit('亿元', lang)}</>}</dd>
        </div>
        {pace.map((r) => (
          <div key={String(r.year)}>
            <dt>{t('chPaceBy', { year: numberOf(r.year) })}</dt>
            <dd>
              <b>{number(numberOf(r.needed), 1, lang, true)}</b> {lang === 'zh' ? '%/年' : '%/year'}
            </dd>
          </div>
        ))}
      </dl>
      {say ? <p class="verdict">{say}</p> : null}
    </>
  );
}

const DELAYS = [0, 6, 12, 24];

/** Projects in the path; one may be put off to see what that does to the date. */
function Slips({ data, slips }: { data: Answer; slips: Record<string, number> }) {
  const { t, lang } = useText();
  const table = tableOf(data, 'projects');
  const put = (code: string, months: number) => {
    const next = { ...slips, [code]: months };
    const text = Object.entries(next)
      .filter(([, m]) => m)
      .map(([c, m]) => `${c}=${m}`)
      .join(',');
    history.replaceState(null, '', withQuery({ slip: text }));
    dispatchEvent(new PopStateEvent('popstate'));
  };
  if (!table?.rows.length) return <Empty title={t('chNoPathProjects')} hint="" />;
  return (
    <DataTable
      table={table}
      columns={['name', 'produces', 'output', 'slip']}
      titles={{ produces: t('gate_producing'), output: t('chOutput'), slip: t('chSlip') }}
      render={{
        name: (cell, row) => (
          <Link href={`/projects/${textOf(row.code)}`}>{textOf(cell)}</Link>
        ),
        produces: (cell) => <span class="nowrap">{textOf(cell)}</span>,
        slip: (_, row) => (
          <select aria-label={`${t('chSlip')} ${textOf(row.name)}`} value={String(slips[textOf(row.code)] ?? 0)} onChange={(e) => put(textOf(row.code), Number(e.currentTarget.value))}>
            {DELAYS.map((m) => (
              <option key={m} value={String(m)}>
                {m ? t('chMonths', { n: m }) : lang === 'zh' ? '按期' : 'on time'}
              </option>
            ))}
          </select>
        ),
      }}
    />
  );
}

/** Who meets when: late ones first, as the server lists them. */
function Meetings({ title }: { title: string }) {
  const { t, lang, both } = useText();
  const loaded = useVerb('chain meetings', { chain: title });
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const table = data.tables[0];
        return (
          <Card title={t('chMeetings')} hint={both(data.message)}>
            {table?.rows.length ? (
              <DataTable
                table={table}
                csv
                columns={['light', 'role', 'who', 'cadence', 'last', 'due', 'next', lang === 'zh' ? 'why' : 'why_en']}
                titles={{ why_en: 'Why' }}
                render={{
                  light: (cell) => <Light color={colorOf(textOf(cell))} label />,
                  role: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                  last: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                  due: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                }}
              />
            ) : (
              <Empty title={t('none')} hint="" />
            )}
          </Card>
        );
      }}
    </Await>
  );
}

/** Chain leaders by what they buy here and elsewhere. */
function Leaders({ title }: { title: string }) {
  const { t, lang } = useText();
  const loaded = useVerb('chain leaders', { chain: title });
  return (
    <Await of={loaded} lines={3}>
      {(data) => {
        const table = tableOf(data, 'leaders') ?? data.tables[0];
        return (
          <Card title={t('leader')} hint={t('chLeaderHint')}>
            {table?.rows.length ? (
              <DataTable
                table={table}
                csv
                columns={['name', 'territory', 'basis', 'revenue', 'purchases', 'local_rate', 'foreign_rate', 'suppliers', 'local_suppliers', 'pull']}
                render={{
                  name: (cell, row) => <Link href={`/enterprises/${textOf(row.firm)}`}>{textOf(cell)}</Link>,
                  basis: (cell) => <span class="nowrap">{textOf(cell) === 'named' ? t('chNamed') : t('chLargest')}</span>,
                  territory: (cell) => <span class="nowrap">{textOf(cell)}</span>,
                  revenue: (cell) => number(numberOf(cell), 0, lang) || t('missing'),
                }}
              />
            ) : (
              <Empty title={t('none')} hint="" />
            )}
          </Card>
        );
      }}
    </Await>
  );
}

/** Leaders and meetings of any chain, also of a sub-chain, where the program keeps them. */
function People({ title }: { title: string }) {
  const leaders = useHasVerb('chain leaders');
  const meetings = useHasVerb('chain meetings');
  return (
    <>
      {leaders ? <Leaders title={title} /> : null}
      {meetings ? <Meetings title={title} /> : null}
    </>
  );
}

export function ChainScale({ title, axis }: { title: string; axis: AxisPoint | undefined }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  const [growth, setGrowth] = useState(Number(query.get('growth') ?? 0));
  const [asked, setAsked] = useState(growth);
  const slip = query.get('slip') ?? '';
  const slips = Object.fromEntries(slip.split(',').filter(Boolean).map((x) => [x.split('=')[0] as string, Number(x.split('=')[1])]));
  const loaded = useVerb(axis ? 'chain-scale' : null, axis ? { chain: axis.code, growth: asked || undefined, slip } : {});
  const cells = useVerb(axis ? 'cell' : null, axis ? { chain: axis.code } : {});
  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(growth);
      history.replaceState(null, '', withQuery({ growth: growth || undefined }));
    }, 80);
    return () => clearTimeout(timer);
  }, [growth]);
  if (!axis)
    return (
      <>
        <Card>
          <Empty title={t('chSubNoScale')} hint={t('chSubNoLedgerHint')} />
        </Card>
        <People title={title} />
      </>
    );
  return (
    <>
      <Await of={loaded} lines={8}>
        {(data) => {
          const card = tableOf(data, 'chain');
          return (
            <>
              <Card title={t('chScale')} hint={t('scenario')}>
                <Pace data={data} />
              </Card>
              <div class="target-grid">
                <Card title={t('tryIt')}>
                  <div class="sliders">
                    <Slider label={t('chGrowth')} value={growth} min={0} max={20} step={0.5} text={`${number(growth, 1, lang)}%`} onChange={setGrowth} />
                  </div>
                  <Slips data={data} slips={slips} />
                </Card>
                <Card title={t('chPath')}>
                  <PathChart data={data} name={title} />
                </Card>
              </div>
              {card ? (
                <Card title={t('chCard')}>
                  <dl class="facts wide-facts">
                    {rowsOf(card).map((r, i) => (
                      <div key={i}>
                        <dt>{textOf(lang === 'zh' ? r.field : r.field_en)}</dt>
                        <dd>{textOf(r.value)}</dd>
                      </div>
                    ))}
                  </dl>
                  <Notes notes={data.tables.flatMap((x) => x.notes)} />
                </Card>
              ) : null}
            </>
          );
        }}
      </Await>
      <Await of={cells} lines={4}>
        {(data) => {
          const lead = rowsOf(tableOf(data, 'cells')).filter((c) => textOf(c.county) && c.lead === true);
          return (
            <Card title={t('chWorks')} hint={t('chWorksHint')}>
              {lead.length ? (
                <div class="cells">
                  {lead.map((c) => (
                    <CellCard key={textOf(c.county)} cell={c} data={data} />
                  ))}
                </div>
              ) : (
                <Empty title={t('chNoLead')} hint="" />
              )}
            </Card>
          );
        }}
      </Await>
      <People title={title} />
      <Await of={loaded} lines={2}>
        {(data) => (
          <Card title={t('cellPromises')}>
            <Promises table={data.tables.find((x) => x.columns.some((c) => c.id === 'sentence'))} />
          </Card>
        )}
      </Await>
    </>
  );
}
