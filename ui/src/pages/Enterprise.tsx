// One enterprise (or project): what it is, what it reported, where each number came from.
import { useCallback } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, textOf, type Row } from '../api/table';
import { Chart, type Palette } from '../charts/Chart';
import { lines } from '../charts/options';
import { Choice } from '../components/Choice';
import { FirmPolicies } from '../components/FirmPolicies';
import { Notes } from '../components/Notes';
import { Card, Page, type Crumb } from '../components/Page';
import { Await } from '../components/States';
import { useName } from '../components/useName';
import { digitsFor, number, periodShort, stateText, unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useHasVerb } from '../state/session';

const ORIGINS: Record<string, [string, string]> = {
  dispatch: ['调度表', 'dispatch return'],
  power: ['供电公司', 'power company'],
  project: ['项目台账', 'project ledger'],
  administrative: ['认定表', 'administrative'],
  statistical: ['统计报表', 'statistical return'],
  published: ['公开发表', 'published'],
  authorised: ['企业授权', 'authorised'],
};

/** The latest of each attribute, and the line of those that changed. */
function Profile({ rows }: { rows: Row[] }) {
  const { t } = useText();
  const latest = new Map<string, Row[]>();
  for (const r of rows) latest.set(textOf(r.item), [...(latest.get(textOf(r.item)) ?? []), r]);
  return (
    <dl class="facts">
      {[...latest].map(([item, versions]) => {
        const last = versions[versions.length - 1] as Row;
        const distinct = versions.filter((v, i) => i === 0 || textOf(v.value) !== textOf(versions[i - 1]?.value));
        return (
          <div key={item}>
            <dt>{item}</dt>
            <dd>
              <Code text={textOf(last.value)} />
              {distinct.length > 1 ? (
                <details>
                  <summary class="small">{t('history')} {distinct.length}</summary>
                  <ul class="small">
                    {distinct.map((v, i) => (
                      <li key={i}>
                        {textOf(v.period)} {textOf(v.value)}
                      </li>
                    ))}
                  </ul>
                </details>
              ) : null}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

/** A code with its name, where it has one. */
function Code({ text }: { text: string }) {
  const isCode = /^(\d{6}|[LUE]\d|OUT)$/.test(text);
  const name = useName(isCode ? text : '');
  if (!isCode) return <>{text}</>;
  const href = /^\d{6}$/.test(text) ? `/counties/${text}` : `/matrix/${text}`;
  return <Link href={href}>{name || text}</Link>;
}

function Facts({ rows, code }: { rows: Row[]; code: string }) {
  const { t, lang } = useText();
  const origins = [...new Set(rows.map((r) => textOf(r.origin)))];
  return (
    <>
      {origins.map((origin) => (
        <Card key={origin} title={ORIGINS[origin]?.[lang === 'zh' ? 0 : 1] ?? origin}>
          <div class="table-frame" tabIndex={0} role="region" aria-label={origin}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{t('item')}</th>
                  <th scope="col">{t('at')}</th>
                  <th scope="col" class="num">{t('value')}</th>
                  <th scope="col">{t('unitLabel')}</th>
                  <th scope="col">{t('source')}</th>
                </tr>
              </thead>
              <tbody>
                {rows
                  .filter((r) => textOf(r.origin) === origin)
                  .map((r, i) => {
                    const value = Number(textOf(r.value));
                    const state = textOf(r.state) || stateOf(r.value);
                    return (
                      <tr key={i}>
                        <td>{textOf(r.item)}</td>
                        <td>{textOf(r.period)}</td>
                        <td class="num">
                          {Number.isNaN(value) || textOf(r.value) === '' ? textOf(r.value) : number(value, digitsFor(value), lang)}
                          {state ? <em class="st"> {stateText(state, lang)}</em> : null}
                        </td>
                        <td>{unit(textOf(r.unit), lang)}</td>
                        <td>
                          <Link href={`/enterprises/${encodeURIComponent(code)}/${encodeURIComponent(textOf(r.item))}`}>{t('versions')} →</Link>
                        </td>
                      </tr>
                    );
                  })}
              </tbody>
            </table>
          </div>
        </Card>
      ))}
    </>
  );
}

/** How the year went beside the year before, from the cumulative dispatch returns. */
function Course({ code }: { code: string }) {
  const { t, lang } = useText();
  const loaded = useVerb('history', { subject: code, item: 'dispatch_revenue' });
  const rows = rowsOf(loaded.data?.tables[0]).filter((r) => /\.\./.test(textOf(r.period)));
  const months = [...new Set(rows.map((r) => textOf(r.period)))].sort().slice(-11);
  const value = (period_: string, basis: string) => numberOf([...rows].reverse().find((r) => textOf(r.period) === period_ && textOf(r.basis) === basis)?.value);
  const option = useCallback(
    (p: Palette) =>
      lines(
        p,
        months.map(periodShort),
        [
          { name: t('basis_current'), values: months.map((m) => value(m, 'current')) },
          { name: t('basis_comparative'), values: months.map((m) => value(m, 'comparative')), dashed: true },
        ],
        unit('万元', lang),
      ),
    [loaded.data, lang],
  );
  if (months.length < 2) return null;
  return (
    <Card title={`${t('revenue')} · ${t('course')}`} hint={t('courseHint')}>
      <Chart name={`revenue-${code}`} height={230} option={option} label={t('revenue')} />
    </Card>
  );
}

export function Enterprise({ code }: { code: string }) {
  const { t, both } = useText();
  const { query } = useLocation();
  const hasPaper = useHasVerb('paper firm');
  const hasMaturity = useHasVerb('maturity city');
  const hasPolicies = useHasVerb('policy check') && code.length === 18;
  const loaded = useVerb('show', { what: code });
  const table = loaded.data?.tables[0];
  const rows = rowsOf(table);
  const name = both(table?.title) || code;
  const tab = query.get('tab') ?? 'facts';
  const register = rows.filter((r) => !textOf(r.unit) && ['登记', 'register', ''].includes(textOf(r.origin)));
  const facts = rows.filter((r) => !register.includes(r));
  const value = (...items: string[]) => textOf([...register].reverse().find((r) => items.includes(textOf(r.item)))?.value);
  const county = value('县区', 'county', '项目县区', 'project_county');
  const chain = value('产业链', 'chain', '项目产业链', 'project_chain').split(/[:;]/)[0] ?? '';
  const countyName = useName(county);
  const chainName = useName(chain);
  const crumbs: Crumb[] = [{ text: t('city'), href: '/' }];
  if (county) crumbs.push({ text: countyName || county, href: `/counties/${county}` });
  if (chain) crumbs.push({ text: chainName || chain, href: county ? `/matrix/${chain}/${county}` : `/matrix/${chain}` });
  crumbs.push({ text: name });
  return (
    <Page
      title={name}
      crumbs={crumbs}
      lead={value('代码', 'code')}
      actions={
        code.length === 18 ? (
          <>
            {hasMaturity ? <Link href={`/maturity/${code}`}>{t('selfTitle')} →</Link> : null}
            {hasPaper ? <Link href={`/papers?paper=firm&code=${code}`}>{t('onePage')} →</Link> : null}
          </>
        ) : null
      }
    >
      <Await of={loaded} lines={8}>
        {() => (
          <>
            <Choice
              name="tab"
              label={t('see')}
              fallback="facts"
              options={[
                { value: 'facts', text: t('facts') },
                { value: 'profile', text: `${t('profile')} · ${t('history')}` },
                ...(hasPolicies ? [{ value: 'policies', text: t('policies') }] : []),
              ]}
            />
            {tab === 'policies' && hasPolicies ? (
              <FirmPolicies code={code} />
            ) : tab === 'facts' ? (
              <>
                {code.length === 18 ? <Course code={code} /> : null}
                <Facts rows={facts} code={code} />
              </>
            ) : (
              <Card title={t('profile')}>
                <Profile rows={register} />
              </Card>
            )}
            <Notes notes={table?.notes} />
          </>
        )}
      </Await>
    </Page>
  );
}
