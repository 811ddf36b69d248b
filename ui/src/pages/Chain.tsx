import { useCallback } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import { Chart, type Palette } from '../charts/Chart';
import { bars } from '../charts/options';
import { CellCard, nameIn } from '../components/CellCard';
import { CellParts } from '../components/CellParts';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { Await } from '../components/States';
import { unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

/** One chain over all counties. */
export function Chain({ code }: { code: string }) {
  const { t, lang } = useText();
  const loaded = useVerb('cell', { chain: code });
  const data = loaded.data;
  const name = data ? nameIn(data, 'chains', code) : code;
  const own = rowsOf(tableOf(data, 'cells')).filter((c) => textOf(c.county));
  const row = rowsOf(tableOf(data, 'chains')).find((r) => textOf(r.code) === code);
  const plain = own.filter((c) => !Number.isNaN(numberOf(c.revenue))).sort((a, b) => numberOf(b.revenue) - numberOf(a.revenue));
  const option = useCallback(
    (p: Palette) => bars(p, plain.map((c) => (data ? nameIn(data, 'counties', textOf(c.county)) : '')), plain.map((c) => numberOf(c.revenue)), unit('亿元', lang)),
    [data, lang],
  );
  return (
    <Page title={name} crumbs={[{ text: t('city'), href: '/' }, { text: t('matrix'), href: '/matrix' }, { text: name }]} lead={`${textOf(row?.group)} · ${t('leadDept')} ${textOf(row?.owner)}`} actions={code === 'OUT' ? null : <Link href={`/chains/${code}`}>{t('chMapOf')}</Link>}>
      <Await of={loaded} lines={8}>
        {(answer) => (
          <>
            <div class="target-grid">
              <Card title={`${t('revenue')} · ${t('byCounty')}`}>{plain.length ? <Chart name={`chain-${code}`} height={50 + plain.length * 28} option={option} label={`${t('revenue')} ${name}`} /> : <p class="muted">{t('notApplicable')}</p>}</Card>
              <Card title={t('leadCells')}>
                <div class="cells">
                  {own.filter((c) => c.lead === true).map((c) => (
                    <CellCard key={textOf(c.county)} cell={c} data={answer} />
                  ))}
                </div>
              </Card>
            </div>
            <CellParts data={answer} />
            <Notes notes={tableOf(answer, 'cells')?.notes} />
          </>
        )}
      </Await>
    </Page>
  );
}
