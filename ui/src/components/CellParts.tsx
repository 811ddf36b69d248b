// Projects, enterprises and promises of a cell or of a whole chain.
import { numberOf, rowsOf, tableOf, textOf } from '../api/table';
import type { Answer } from '../api/types';
import { number } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { DataTable } from './DataTable';
import { Card } from './Page';
import { ProjectTable } from './ProjectTable';
import { Promises } from './Promises';
import { Denied, Empty } from './States';

export function CellParts({ data }: { data: Answer }) {
  const { t, lang } = useText();
  const projects = tableOf(data, 'projects');
  const firms = tableOf(data, 'firms');
  const promises = data.tables.find((x) => x.columns.some((c) => c.id === 'sentence'));
  const weighted = firms?.rows.some((_, i) => numberOf(rowsOf(firms)[i]?.weight) < 1);
  return (
    <>
      <Card title={t('cellProjects')} hint={projects ? t('items', { n: projects.rows.length }) : ''}>
        {!projects ? <Denied /> : projects.rows.length ? <ProjectTable table={projects} /> : <Empty hint="" />}
      </Card>
      <Card title={t('cellFirms')} hint={firms ? t('people', { n: firms.rows.length }) : ''}>
        {!firms ? (
          <Denied />
        ) : firms.rows.length ? (
          <DataTable
            table={firms}
            filter
            csv
            sort={{ column: 'revenue', descending: true }}
            columns={['name', 'county', ...(weighted ? ['weight'] : []), 'revenue', 'growth', 'state', 'reason']}
            render={{
              name: (cell, row) => <Link href={`/enterprises/${textOf(row.code)}`}>{textOf(cell)}</Link>,
              growth: (cell) => {
                const v = numberOf(cell);
                return Number.isNaN(v) ? '—' : <span class={v < 0 ? 'neg' : 'pos'}>{number(v, 1, lang, true)}</span>;
              },
            }}
          />
        ) : (
          <Empty hint="" />
        )}
      </Card>
      <Card title={t('cellPromises')}>
        <Promises table={promises} />
      </Card>
    </>
  );
}
