import { tableOf, textOf } from '../api/table';
import { useVerb } from '../api/hooks';
import { DataTable } from '../components/DataTable';
import { Card, Page } from '../components/Page';
import { Await } from '../components/States';
import { unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';

export function Indicators() {
  const { t, lang } = useText();
  const list = useVerb('show', { what: 'indicators' });
  return (
    <Page title={t('indicators')}>
      <Card>
        <Await of={list} lines={8}>
          {(data) => {
            const table = tableOf(data, 'indicators');
            return table ? (
              <DataTable
                table={table}
                filter
                csv
                columns={['name', 'unit', 'sources', 'id']}
                render={{
                  name: (cell, row) => <Link href={`/indicators/${textOf(row.id)}`}>{textOf(cell)}</Link>,
                  unit: (cell) => unit(textOf(cell), lang),
                  id: (cell) => <code>{textOf(cell)}</code>,
                }}
              />
            ) : null;
          }}
        </Await>
      </Card>
    </Page>
  );
}
