import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf } from '../api/table';
import { nameIn } from '../components/CellCard';
import { CellGoal } from '../components/CellGoal';
import { CellParts } from '../components/CellParts';
import { colorOf, Light } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await } from '../components/States';
import { columnDigits, number, stateText, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

/** One county × one chain: what it is worth, the five works, who is in it. */
export function LeadCell({ chain, county }: { chain: string; county: string }) {
  const { t, lang, both } = useText();
  const loaded = useVerb('cell', { chain, county });
  const data = loaded.data;
  const chainName = data ? nameIn(data, 'chains', chain) : chain;
  const countyName = data ? nameIn(data, 'counties', county) : county;
  const cells = tableOf(data, 'cells');
  const cell = rowsOf(cells)[0];
  const owner = textOf(cell?.owner) || textOf(rowsOf(tableOf(data, 'chains')).find((r) => textOf(r.code) === chain)?.owner);
  return (
    <Page
      title={`${countyName} × ${chainName}`}
      crumbs={[{ text: t('city'), href: '/' }, { text: t('matrix'), href: '/matrix' }, { text: chainName, href: `/matrix/${chain}` }, { text: countyName, href: `/counties/${county}` }, { text: `${countyName} × ${chainName}` }]}
      lead={[cell?.lead === true ? t('lead') : '', owner ? `${t('leadDept')} ${owner}` : '', textOf(cell?.leader) ? `${t('leader')} ${textOf(cell?.leader)}` : ''].filter(Boolean).join(' · ')}
    >
      <Await of={loaded} lines={8}>
        {(answer) => (
          <>
            <dl class="answers">
              {['firms', 'revenue', 'growth', 'share', 'lq', 'stopped', 'slowed'].map((id) => {
                const column = cells?.columns.find((c) => c.id === id);
                const value = numberOf(cell?.[id]);
                return (
                  <div key={id}>
                    <dt>{both(column?.title)}</dt>
                    <dd>
                      {Number.isNaN(value) ? <span class="st">{stateOf(cell?.[id]) === '缺报' && id !== 'lq' ? t('lessThanThree') : stateText(stateOf(cell?.[id]), lang)}</span> : <><b>{number(value, Number.isInteger(value) && ['firms', 'stopped', 'slowed'].includes(id) ? 0 : (columnDigits(column) ?? 2), lang)}</b> {unit(column?.unit ?? '', lang)}</>}
                    </dd>
                  </div>
                );
              })}
            </dl>
            <CellGoal chain={chain} chainName={chainName} />
            <Card title={t('faceWork')}>
              <ul class="work-list">
                {rowsOf(tableOf(answer, 'works')).map((w) => {
                  const s = rowsOf(tableOf(answer, 'states')).find((x) => textOf(x.work) === textOf(w.id));
                  const state = textOf(s?.state);
                  return (
                    <li key={textOf(w.id)} class={state === '不适用' ? 'na' : ''}>
                      <h3>{textOf(lang === 'zh' ? w.name : w.name_en)}</h3>
                      <p>
                        {state === '缺报' ? <Light color="grey" label /> : <Light color={colorOf(textOf(s?.light))} label />} {textOf(lang === 'zh' ? s?.text : s?.text_en)}
                      </p>
                      {state ? <small class="muted">{stateText(state, lang)}</small> : null}
                    </li>
                  );
                })}
              </ul>
            </Card>
            <Card title={t('indicators')}>
              <ul class="list two">
                {[
                  ['dispatch_revenue_total', t('revenue')],
                  ['dispatch_revenue_growth', t('growth')],
                ].map(([id, text]) => (
                  <li key={id}>
                    <Link href={`/indicators/${id}?tab=why&county=${county}&chain=${chain}`}>
                      {text} · {t('why')} →
                    </Link>
                  </li>
                ))}
              </ul>
            </Card>
            <CellParts data={answer} />
            <Notes notes={cells?.notes} />
          </>
        )}
      </Await>
    </Page>
  );
}
