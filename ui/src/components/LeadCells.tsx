// Lead cells: by county where there is room, one line a chain on a phone.
import { rowsOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { CellCard, nameIn } from './CellCard';
import { useGoals } from './CellGoal';
import { usePhone } from './Fold';
import { colorOf, Light, type Color } from './Light';

const order: Color[] = ['red', 'yellow', 'green', 'grey'];

/** How many works of these cells have which light; work that does not apply has none. */
function lightsOf(cells: Row[], data: Answer): [Color, number][] {
  const keys = new Set(cells.map((c) => `${textOf(c.chain)} ${textOf(c.county)}`));
  const counts = new Map<Color, number>();
  for (const s of rowsOf(tableOf(data, 'states'))) {
    if (!keys.has(`${textOf(s.chain)} ${textOf(s.county)}`)) continue;
    const color = textOf(s.state) === '缺报' ? 'grey' : colorOf(textOf(s.light));
    if (color) counts.set(color, (counts.get(color) ?? 0) + 1);
  }
  return order.filter((c) => counts.has(c)).map((c) => [c, counts.get(c) ?? 0]);
}

function ByChain({ cells, data }: { cells: Row[]; data: Answer }) {
  const { t } = useText();
  const goalOf = useGoals();
  const chains = [...new Set(cells.map((c) => textOf(c.chain)))];
  return (
    <>
      {chains.map((chain) => {
        const own = cells.filter((c) => textOf(c.chain) === chain);
        return (
          <details class="chain-line" key={chain}>
            <summary>
              <b>{nameIn(data, 'chains', chain)}</b>
              <span class="muted small">{t('foldCells', { n: own.length })}</span>
              <span class="chain-lights">
                {lightsOf(own, data).map(([color, n]) => (
                  <span key={color} class="nowrap">
                    <Light color={color} /> {n}
                  </span>
                ))}
              </span>
            </summary>
            <div class="cells">
              {own.map((c) => (
                <CellCard key={textOf(c.county)} cell={c} data={data} goal={goalOf(nameIn(data, 'chains', chain))} />
              ))}
            </div>
            <p class="small">
              <Link href={`/matrix/${chain}`}>{nameIn(data, 'chains', chain)} →</Link>
            </p>
          </details>
        );
      })}
    </>
  );
}

function ByCounty({ cells, data, counties }: { cells: Row[]; data: Answer; counties: Row[] }) {
  const goalOf = useGoals();
  return (
    <>
      {counties.map((county) => {
        const own = cells.filter((c) => textOf(c.county) === textOf(county.code));
        return own.length ? (
          <div class="lead-row" key={textOf(county.code)}>
            <h3>
              <Link href={`/counties/${textOf(county.code)}`}>{textOf(county.name)}</Link>
            </h3>
            <div class="cells">
              {own.map((c) => (
                <CellCard key={textOf(c.chain)} cell={c} data={data} short goal={goalOf(nameIn(data, 'chains', textOf(c.chain)))} />
              ))}
            </div>
          </div>
        ) : null;
      })}
    </>
  );
}

export function LeadCells({ data, cells }: { data: Answer; cells: Row[] }) {
  const phone = usePhone();
  return phone ? <ByChain cells={cells} data={data} /> : <ByCounty cells={cells} data={data} counties={rowsOf(tableOf(data, 'counties'))} />;
}
