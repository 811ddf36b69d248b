// What a cell has been asked for: the scale promised for its chain, the pace that it asks, each promise.
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf, type Row } from '../api/table';
import { number, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useHasVerb } from '../state/session';
import { fieldOf, promisedOf } from './goal';
import { Card } from './Page';
import { Loading } from './States';

/** chain name → what is promised for it, as "≥1000 亿元"; a chain without a promise has none. */
export function useGoals(): (chainName: string) => string {
  const { lang } = useText();
  const may = useHasVerb('promises');
  const loaded = useVerb(may ? 'promises' : null);
  const rows = rowsOf(loaded.data?.tables[0]).filter((r) => textOf(r.kind) === '目标' && textOf(r.target));
  return (name) => {
    // Whole names only: 新能源 is not 新能源汽车及零部件.
    const row = rows.find((r) => `${textOf(r.title)}、${textOf(r.metric)}`.split(/[、,,()()]/).includes(name));
    return row ? promisedOf(row, lang) : '';
  };
}

/** "960.0 亿元(…)": the figure strong, its unit beside it. */
function Amount({ text }: { text: string }) {
  const { t, lang } = useText();
  const m = /^([\d.]+)\s*([^((]*)/.exec(text);
  if (!m) return <span class="st">{t('missing')}</span>;
  return (
    <>
      <b>{number(Number(m[1]), (m[1] ?? '').split('.')[1]?.length ?? 0, lang)}</b> {unit((m[2] ?? '').trim(), lang)}
    </>
  );
}

/** The chain's promised scale beside what the chain is worth, the pace by year and what its projects give. */
export function CellGoal({ chain, chainName }: { chain: string; chainName: string }) {
  const { t, lang } = useText();
  const may = useHasVerb('chain-scale');
  const loaded = useVerb(may ? 'chain-scale' : null, { chain });
  if (!may || loaded.state === 'error') return null;
  const data = loaded.data;
  if (!data)
    return (
      <Card title={t('cellGoal')}>
        <Loading lines={3} />
      </Card>
    );
  const say = data.message ? (lang === 'zh' ? data.message.zh : data.message.en) : '';
  const target = fieldOf(data, '目标');
  const source = /[((](.*)[))]$/.exec(target)?.[1] ?? '';
  return (
    <Card title={t('cellGoal')} hint={chainName} actions={<Link href={`/chains/${chain}?tab=scale`}>{t('cellGoalPath')} →</Link>}>
      {target ? (
        <>
          <dl class="answers">
            <div>
              <dt>{t('now')}</dt>
              <dd>
                <Amount text={fieldOf(data, '规模')} />
              </dd>
            </div>
            <div>
              <dt>{t('goal')}</dt>
              <dd>
                <Amount text={target} />
              </dd>
            </div>
            {rowsOf(tableOf(data, 'pace')).map((r: Row) => (
              <div key={String(r.year)}>
                <dt>{t('chPaceBy', { year: numberOf(r.year) })}</dt>
                <dd>
                  <b>{number(numberOf(r.needed), 1, lang, true)}</b> {lang === 'zh' ? '%/年' : '%/year'}
                </dd>
              </div>
            ))}
          </dl>
          {say ? <p>{say}</p> : null}
          {source ? <small class="muted">{source}</small> : null}
        </>
      ) : (
        <p class="muted">
          {t('cellNoGoal')} <Link href="/targets?tab=promises">{t('promises')} →</Link>
        </p>
      )}
    </Card>
  );
}
