// Innovation, industry, talent and finance at every node: what is there, what is not, what nobody knows.
import { useVerb } from '../api/hooks';
import { keepRows } from '../api/reshape';
import { numberOf, rowsOf, stateOf, textOf, type Row } from '../api/table';
import type { Cell, Table } from '../api/types';
import { useText, type Key } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';
import { DataTable } from './DataTable';
import { Card } from './Page';
import { Pick } from './Choice';
import { Await, Empty } from './States';

const FOUR = ['innovation', 'industry', 'talent', 'finance'] as const;

type Known = 'yes' | 'no' | 'unknown';

/** 有 3, 无, 未知, or no word at all: unknown stays unknown. */
function known(cell: Cell | undefined): Known {
  const word = textOf(cell);
  if (stateOf(cell)) return 'unknown';
  if (/^(有|yes)/i.test(word)) return 'yes';
  if (/^(无|no(\b|$))/i.test(word)) return 'no';
  return 'unknown';
}

const shapes: Record<Known, string> = { yes: '●', no: '■', unknown: '○' };

function Mark({ cell, n }: { cell: Cell | undefined; n: Cell | undefined }) {
  const { t } = useText();
  const k = known(cell);
  const count = k === 'yes' && !Number.isNaN(numberOf(n)) ? numberOf(n) : undefined;
  return (
    <span class={`four ${k}`}>
      <span aria-hidden="true">{shapes[k]}</span> {t(`four_${k}` as Key)}
      {count === undefined ? '' : ` ${count}`}
    </span>
  );
}

/** How many nodes have it, as the row of the whole chain says. */
function Sum({ row, kind }: { row: Row | undefined; kind: string }) {
  const { t } = useText();
  const have = numberOf(row?.[`${kind}_nodes`]);
  if (Number.isNaN(have)) return null;
  const unknown = numberOf(row?.[`${kind}_unknown`]);
  return (
    <small class="line">
      <b>{have}</b> / {numberOf(row?.nodes)}
      {unknown ? <span class="muted"> · {t('four_unknown')} {unknown}</span> : null}
    </small>
  );
}

/** One chain in one line: a mark per node and kind, so that holes stand out without any sum. */
function Heat({ rows, nameOf }: { rows: Row[]; nameOf: (code: string) => string }) {
  const { t } = useText();
  const chains = [...new Set(rows.map((r) => textOf(r.chain)))];
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label={t('chFour')}>
      <table class="heat">
        <thead>
          <tr>
            <th scope="col">{t('chain')}</th>
            {FOUR.map((f) => (
              <th scope="col" key={f}>
                {t(`four_${f}` as Key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {chains.map((chain) => (
            <tr key={chain}>
              <th scope="row">
                <Link href={`/chains/${chain}`}>{nameOf(chain)}</Link>
              </th>
              {FOUR.map((f) => (
                <td key={f} data-label={t(`four_${f}` as Key)}>
                  <span class="heat-strip">
                    {rows
                      .filter((r) => textOf(r.chain) === chain && textOf(r.node))
                      .map((r) => {
                        const k = known(r[f]);
                        const label = `${textOf(r.name)}: ${t(`four_${k}` as Key)}`;
                        return (
                          <span key={textOf(r.node)} class={`heat-cell ${k}`} title={label}>
                            <span aria-hidden="true">{shapes[k]}</span>
                            <span class="sr">{label};</span>
                          </span>
                        );
                      })}
                  </span>
                  <Sum row={rows.find((r) => textOf(r.chain) === chain && !textOf(r.node))} kind={f} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** The rows of one chain, or the heat map of all with a chain to open. */
export function FourChains({ chain }: { chain?: string }) {
  const { t, lang } = useText();
  const { query } = useLocation();
  const takesChain = useSession().verbs.some((v) => v.name === 'chain four' && v.params.some((p) => p.name === 'chain'));
  const loaded = useVerb('chain four', chain && takesChain ? { chain } : {});
  const index = rowsOf(useVerb('chain index').data?.tables[0]);
  const nameOf = (code: string) => textOf(index.find((r) => textOf(r.chain) === code)?.name) || code;
  return (
    <Await of={loaded} lines={10}>
      {(data) => {
        const all: Table | undefined = data.tables.find((x) => x.columns.some((c) => c.id === 'innovation'));
        if (!all?.rows.length) return <Empty />;
        const codes = [...new Set(rowsOf(all).map((r) => textOf(r.chain)))];
        const chosen = chain ? (codes.includes(chain) ? chain : codes[0]) : (query.get('chain') ?? codes[0]);
        return (
          <>
            {chain ? null : (
              <Card title={t('chFour')} hint={t('chFourHint')}>
                <Heat rows={rowsOf(all)} nameOf={nameOf} />
                <p class="legend small">
                  {(['yes', 'no', 'unknown'] as const).map((k) => (
                    <span key={k} class={`four ${k}`}>
                      {shapes[k]} {t(`four_${k}` as Key)}
                    </span>
                  ))}
                </p>
              </Card>
            )}
            <Card
              title={chain ? t('chFour') : nameOf(chosen ?? '')}
              actions={chain ? null : <Pick name="chain" label={t('chain')} fallback={codes[0] ?? ''} options={codes.map((c) => ({ value: c, text: nameOf(c) }))} />}
            >
              <DataTable
                table={keepRows(all, (r) => textOf(r.chain) === chosen && Boolean(textOf(r.node)))}
                csv
                columns={['name', ...FOUR, all.columns.some((c) => c.id === 'action_en') && lang === 'en' ? 'action_en' : 'action']}
                render={{
                  name: (cell, row) => <Link href={`/chains/${textOf(row.chain)}?node=${textOf(row.node)}`}>{textOf(cell)}</Link>,
                  ...Object.fromEntries(FOUR.map((f) => [f, (cell: Cell, row: Row) => <Mark cell={cell} n={row[`${f}_n`]} />])),
                }}
              />
            </Card>
          </>
        );
      }}
    </Await>
  );
}
