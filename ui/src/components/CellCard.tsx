// One lead cell: who leads, five works with their lights, what it earns.
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { number, stateText } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { colorOf, Light } from './Light';

export function nameIn(data: Answer, table: string, code: string): string {
  return textOf(rowsOf(tableOf(data, table)).find((r) => textOf(r.code) === code)?.name) || code;
}

export function CellCard({ cell, data, short, goal }: { cell: Row; data: Answer; short?: boolean; goal?: string }) {
  const { t, lang } = useText();
  const chain = textOf(cell.chain);
  const county = textOf(cell.county);
  const works = rowsOf(tableOf(data, 'works'));
  const states = rowsOf(tableOf(data, 'states')).filter((s) => textOf(s.chain) === chain && textOf(s.county) === county);
  const owner = textOf(cell.owner) || textOf(rowsOf(tableOf(data, 'chains')).find((r) => textOf(r.code) === chain)?.owner);
  const growth = numberOf(cell.growth);
  return (
    <article class="cell-card">
      <h4>
        <Link href={`/matrix/${chain}/${county}`}>{short ? nameIn(data, 'chains', chain) : `${nameIn(data, 'counties', county)} × ${nameIn(data, 'chains', chain)}`}</Link>
      </h4>
      <p class="small muted cell-who">
        {owner ? <span>{`${t('leadDept')} ${owner.replace('(示例)', '')}`}</span> : null}
        {textOf(cell.leader) ? <span>{`${t('leader')} ${textOf(cell.leader).replace(/(有限公司|有限责任公司|股份有限公司).*$/, '')}`}</span> : null}
      </p>
      <ul class="works">
        {works.map((w) => {
          const s = states.find((x) => textOf(x.work) === textOf(w.id));
          const state = textOf(s?.state);
          const color = state === '缺报' ? 'grey' : colorOf(textOf(s?.light));
          return (
            <li key={textOf(w.id)} class={state === '不适用' ? 'na' : ''}>
              <span class="work-name">{textOf(lang === 'zh' ? w.name : w.name_en).replace(/^(工业|新上|产业|开放)/, (m) => (m === '开放' ? '开放' : m === '新上' ? '新上' : '')).replace(/(项目|合作|服务)$/, '')}</span>
              {color ? <Light color={color} /> : <span class="light none" aria-hidden="true">–</span>}
              <span class="work-text">{textOf(lang === 'zh' ? s?.text : s?.text_en)}</span>
            </li>
          );
        })}
      </ul>
      <p class="small cell-foot">
        {Number.isNaN(numberOf(cell.revenue)) ? (
          <span class="muted">{stateText(stateOf(cell.revenue), lang)}</span>
        ) : (
          <>
            <b>{number(numberOf(cell.revenue), 1, lang)}</b> {lang === 'zh' ? '亿元' : '¥100m'}
            {Number.isNaN(growth) ? null : <span class={growth < 0 ? 'neg' : 'pos'}> {number(growth, 1, lang, true)}%</span>}
          </>
        )}
        <span class="muted"> {number(numberOf(cell.firms), 0, lang)} {lang === 'zh' ? '户' : 'firms'}</span>
      </p>
      {goal ? <p class="small muted cell-goal">{`${t('cellChainGoal')} ${goal}`}</p> : null}
    </article>
  );
}
