// One target: the path beside reality, and sliders for growth and date that answer at once.
import { useCallback, useEffect, useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer } from '../api/types';
import { Chart, type Palette } from '../charts/Chart';
import { lines } from '../charts/options';
import { DataTable } from '../components/DataTable';
import { colorOf, Light, reasonOf } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Slider } from '../components/Slider';
import { Await } from '../components/States';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';

function Answer30({ data, due }: { data: Answer; due: string }) {
  const { t, lang } = useText();
  const needs = rowsOf(tableOf(data, 'needs'));
  const row = needs.find((r) => textOf(r.year) === due) ?? needs[0];
  if (!row) return null;
  const say = (key: string, digits: number) => number(numberOf(row[key]), digits, lang);
  return (
    <dl class="answers" aria-live="polite">
      <div>
        <dt>{t('needGrowth')}</dt>
        <dd>
          <b class="big">{say('needed_growth', 1)}</b>%
        </dd>
      </div>
      <div>
        <dt>{t('projected')}</dt>
        <dd>
          <b>{say('projected_share', 1)}</b>%
        </dd>
      </div>
      <div>
        <dt>{t('needIncrement')}</dt>
        <dd>
          <b>{say('needed_increment', 1)}</b> {unit('亿元', lang)}
        </dd>
      </div>
      <div>
        <dt>{t('beyond')}</dt>
        <dd>
          <b>{say('extra_value', 1)}</b> {unit('亿元', lang)}
        </dd>
      </div>
    </dl>
  );
}

function Course({ data, id }: { data: Answer; id: string }) {
  const { t } = useText();
  const path = rowsOf(tableOf(data, 'path'));
  const series = useVerb('series', { id: 'sei_share' });
  const real = rowsOf(tableOf(series.data, 'series')).filter((r) => /^\d{4}$/.test(textOf(r.period)));
  const years = [...new Set([...real.map((r) => textOf(r.period)), ...path.map((r) => textOf(r.year))])].sort();
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        years,
        [
          { name: t('actual'), values: years.map((y) => numberOf(real.find((r) => textOf(r.period) === y)?.value)) },
          { name: t('path'), values: years.map((y) => numberOf(path.find((r) => textOf(r.year) === y)?.path)), dashed: true },
        ],
        '%',
      ),
    [data, series.data, t],
  );
  return <Chart name={`${id}-path`} option={option} label={`${t('pathChart')}: ${path.map((r) => `${textOf(r.year)} ${number(numberOf(r.path), 1, 'zh')}%`).join(', ')}`} />;
}

export function Target({ id }: { id: string }) {
  const { t, lang, both } = useText();
  const { query } = useLocation();
  const [growth, setGrowth] = useState(Number(query.get('growth') ?? 5));
  const [asked, setAsked] = useState(growth);
  const loaded = useVerb('target', { id, growth: asked });
  const list = useVerb('target');
  const needs = rowsOf(tableOf(loaded.data, 'needs'));
  const years = needs.map((r) => textOf(r.year));
  const due = query.get('due') ?? years[Math.min(1, years.length - 1)] ?? '';
  const line = rowsOf(list.data?.tables[0]).find((r) => textOf(r.target) === id);

  useEffect(() => {
    const timer = setTimeout(() => {
      setAsked(growth);
      history.replaceState(null, '', withQuery({ growth: growth === 5 ? undefined : growth }));
    }, 60);
    return () => clearTimeout(timer);
  }, [growth]);
  const setDue = (index: number) => {
    history.replaceState(null, '', withQuery({ due: years[index] }));
    dispatchEvent(new PopStateEvent('popstate'));
  };
  const title = textOf(line?.name) || both(loaded.data?.tables[0]?.title) || id;
  return (
    <Page title={title} crumbs={[{ text: t('city'), href: '/' }, { text: t('targets'), href: '/targets' }, { text: title }]} lead={t('scenario')}>
      {line ? (
        <p class="verdict">
          <Light color={colorOf(textOf(line.light))} label /> {reasonOf(textOf(line.reason))} · <Link href="/indicators/sei_share?tab=why">{t('why')} →</Link>
        </p>
      ) : null}
      <div class="target-grid">
        <Card title={t('tryIt')}>
          <div class="sliders">
            <Slider label={t('ifGrowth')} value={growth} min={0} max={12} step={0.5} text={`${number(growth, 1, lang)}%`} onChange={setGrowth} />
            {years.length > 1 ? <Slider label={t('dueIn')} value={Math.max(0, years.indexOf(due))} min={0} max={years.length - 1} step={1} text={due} onChange={setDue} /> : null}
          </div>
          <Await of={loaded}>{(data) => <Answer30 data={data} due={due} />}</Await>
        </Card>
        <Card title={t('pathChart')}>
          <Await of={loaded}>{(data) => <Course data={data} id={id} />}</Await>
        </Card>
      </div>
      {line ? (
        <Card title={t('source')}>
          <blockquote>{textOf(line.cite)}</blockquote>
        </Card>
      ) : null}
      <Await of={loaded}>
        {(data) => (
          <>
            <div class="stack">
              {data.tables.slice(1).map((table) =>
                table.id === 'path' ? null : (
                  <Card key={table.id} title={both(table.title)}>
                    <DataTable table={table} csv notes={false} columns={table.columns.map((c) => c.id).filter((c) => c !== 'n')} />
                  </Card>
                ),
              )}
              <Card title={both(data.tables[0]?.title)}>
                {data.tables[0] ? <DataTable table={data.tables[0]} columns={lang === 'zh' ? ['item', 'value', 'unit', 'note'] : ['item_en', 'value', 'unit', 'note']} notes={false} /> : null}
              </Card>
            </div>
            <Notes notes={data.tables.flatMap((x) => x.notes)} />
          </>
        )}
      </Await>
    </Page>
  );
}
