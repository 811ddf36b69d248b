// One policy: what it says, who meets it, and who gains or loses when a line moves.
import { useEffect, useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { Choice } from '../components/Choice';
import { DataTable } from '../components/DataTable';
import { Notes } from '../components/Notes';
import { Outcome } from '../components/Outcome';
import { Card, Page } from '../components/Page';
import { Slider } from '../components/Slider';
import { Await, Empty } from '../components/States';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';

function Text({ data }: { data: Answer }) {
  const table = data.tables[0];
  return table ? (
    <Card>
      <DataTable table={table} columns={['kind', 'name', 'says', 'editions', 'clause', 'confidence']} csv />
    </Card>
  ) : null;
}

function Who({ id }: { id: string }) {
  const { t } = useText();
  const { query } = useLocation();
  const loaded = useVerb('policy check', { policy: id });
  const word = query.get('result') ?? '';
  return (
    <Await of={loaded} lines={10}>
      {(data) => {
        const table = data.tables[0];
        if (!table?.rows.length) return <Empty hint={t('noEdition')} />;
        const at = table.columns.findIndex((c) => c.id === 'result');
        const count = (w: string) => table.rows.filter((r) => textOf(r[at]) === w).length;
        const words = [...new Set(table.rows.map((r) => textOf(r[at])))];
        return (
          <>
            <Choice name="result" label={t('policyState')} fallback="" options={[{ value: '', text: `${t('all')} ${table.rows.length}` }, ...words.map((w) => ({ value: w, text: `${w} ${count(w)}` }))]} />
            <Card>
              <DataTable
                table={word ? { ...table, rows: table.rows.filter((r) => textOf(r[at]) === word) } : table}
                filter
                csv
                columns={['enterprise', 'version', 'result', 'failing', 'missing', 'gap', 'gap_unit', 'amount']}
                render={{
                  enterprise: (cell) => <Link href={`/enterprises/${textOf(cell)}?tab=policies&policy=${id}`}>{textOf(cell)}</Link>,
                  result: (cell) => <Outcome word={textOf(cell)} />,
                }}
              />
            </Card>
          </>
        );
      }}
    </Await>
  );
}

interface Parameter {
  name: string;
  value: number;
  unit: string;
}

/** The newest edition's value of each parameter: the rows come in the order of editions. */
function parametersOf(rows: Row[]): Parameter[] {
  const last = new Map<string, Parameter>();
  for (const r of rows) {
    if (!['参数', 'parameter'].includes(textOf(r.kind))) continue;
    const m = /^([-+\d.]+)\s*(.*)$/.exec(textOf(r.says));
    if (m) last.set(textOf(r.name), { name: textOf(r.name), value: Number(m[1]), unit: m[2] ?? '' });
  }
  return [...last.values()];
}

/** Half to one and a half times the line, in steps of a twentieth of its leading digit. */
function stepOf(value: number): number {
  const scale = 10 ** Math.floor(Math.log10(Math.abs(value) || 1));
  return Math.max(scale / 20, Number.isInteger(value) && value < 20 ? 1 : scale / 20);
}

function WhatIf({ id, parameters }: { id: string; parameters: Parameter[] }) {
  const { t, lang, both } = useText();
  const [moved, setMoved] = useState<Record<string, number>>({});
  const [asked, setAsked] = useState('');
  const loaded = useVerb(asked ? 'policy what-if' : null, { id, set: asked });
  useEffect(() => {
    const set = parameters
      .filter((p) => moved[p.name] !== undefined && moved[p.name] !== p.value)
      .map((p) => `${p.name}=${moved[p.name]}${p.unit.replace(/\s/g, '')}`)
      .join(',');
    const timer = setTimeout(() => setAsked(set), 120);
    return () => clearTimeout(timer);
  }, [moved]);
  if (!parameters.length) return <Empty title={t('noParameters')} hint={t('noParametersHint')} />;
  const shift = tableOf(loaded.data, 'shift');
  const budget = tableOf(loaded.data, 'budget');
  const whole = rowsOf(budget).find((r) => textOf(r.dimension) === 'city');
  const money = (key: string) => number(numberOf(whole?.[key]) / 10000, 2, lang);
  return (
    <>
      <div class="target-grid">
        <Card title={t('moveLine')}>
          <div class="sliders">
            {parameters.map((p) => {
              const value = moved[p.name] ?? p.value;
              const step = stepOf(p.value);
              return (
                <Slider
                  key={p.name}
                  label={p.name}
                  value={value}
                  min={Math.max(0, Math.floor((p.value * 0.5) / step) * step)}
                  max={Math.ceil((p.value * 1.5) / step) * step}
                  step={step}
                  text={`${number(value, step < 1 ? 1 : 0, lang)} ${unit(p.unit, lang)}`}
                  onChange={(v) => setMoved({ ...moved, [p.name]: Number(v.toFixed(6)) })}
                />
              );
            })}
          </div>
          <p class="muted small">{t('moveLineHint')}</p>
        </Card>
        <Card title={t('gainLose')}>
          {asked ? (
            <Await of={loaded}>
              {() => (
                <dl class="answers" aria-live="polite">
                  <div>
                    <dt>▲ {t('gains')}</dt>
                    <dd>
                      <b class="big">{number(numberOf(whole?.gains), 0, lang)}</b> {unit('户', lang)}
                    </dd>
                  </div>
                  <div>
                    <dt>▼ {t('losses')}</dt>
                    <dd>
                      <b class="big">{number(numberOf(whole?.losses), 0, lang)}</b> {unit('户', lang)}
                    </dd>
                  </div>
                  <div>
                    <dt>{t('budgetBefore')}</dt>
                    <dd>
                      <b>{money('before')}</b> {unit('万元', lang)}
                    </dd>
                  </div>
                  <div>
                    <dt>{t('budgetAfter')}</dt>
                    <dd>
                      <b>{money('after')}</b> {unit('万元', lang)}
                    </dd>
                  </div>
                </dl>
              )}
            </Await>
          ) : (
            <Empty title={t('moveFirst')} hint="" />
          )}
        </Card>
      </div>
      {asked && budget && shift ? (
        <div class="stack">
          <Card title={both(shift.title)}>
            <DataTable table={shift} filter csv render={{ enterprise: (cell) => <Link href={`/enterprises/${textOf(cell)}?tab=policies&policy=${id}`}>{textOf(cell)}</Link>, before: (c) => <Outcome word={textOf(c)} />, after: (c) => <Outcome word={textOf(c)} /> }} />
          </Card>
          <Card title={both(budget.title)}>
            <DataTable table={budget} csv />
          </Card>
        </div>
      ) : null}
    </>
  );
}

export function Policy({ id }: { id: string }) {
  const { t } = useText();
  const { query } = useLocation();
  const text = useVerb('policy table', { id });
  const list = useVerb('policy list', { policy: id });
  const row = rowsOf(list.data?.tables[0])[0];
  const title = textOf(row?.name) || id;
  const tab = query.get('tab') ?? 'text';
  return (
    <Page
      title={title}
      crumbs={[{ text: t('city'), href: '/' }, { text: t('policies'), href: '/policies' }, { text: title }]}
      lead={[textOf(row?.type), textOf(row?.level), textOf(row?.number)].filter(Boolean).join(' · ')}
      actions={textOf(row?.marks) ? <span class="chip example">{textOf(row?.marks)}</span> : null}
    >
      <Choice
        name="tab"
        label={t('see')}
        fallback="text"
        options={[
          { value: 'text', text: t('policyText') },
          { value: 'who', text: t('policyWho') },
          { value: 'what-if', text: t('whatIf') },
        ]}
      />
      {tab === 'who' ? (
        <Who id={id} />
      ) : (
        <Await of={text} lines={8}>
          {(data) => (
            <>
              {tab === 'what-if' ? <WhatIf id={id} parameters={parametersOf(rowsOf(data.tables[0]))} /> : <Text data={data} />}
              {tab === 'what-if' ? <Notes notes={data.tables[0]?.notes} /> : null}
            </>
          )}
        </Await>
      )}
    </Page>
  );
}
