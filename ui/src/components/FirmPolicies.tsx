// The policies of one enterprise, and why one of them answers as it does.
import { useVerb } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import { useText } from '../i18n';
import { Link, useLocation, withQuery } from '../state/router';
import { DataTable } from './DataTable';
import { Notes } from './Notes';
import { Outcome } from './Outcome';
import { Card } from './Page';
import { Await, Empty } from './States';

function Why({ code, policy, name }: { code: string; policy: string; name: string }) {
  const { t, both } = useText();
  const loaded = useVerb('policy why', { firm: code, id: policy });
  return (
    <Card title={`${t('why')}: ${name}`} actions={<Link href={`/policies/${policy}`}>{t('policyText')} →</Link>}>
      <Await of={loaded}>
        {(data) => {
          const table = data.tables[0];
          if (!table) return null;
          const [way, ...rest] = table.notes;
          return (
            <>
              {way ? <p class="verdict">{both(way)}</p> : null}
              <DataTable table={table} notes={false} csv />
              <Notes notes={rest} />
            </>
          );
        }}
      </Await>
    </Card>
  );
}

export function FirmPolicies({ code }: { code: string }) {
  const { t } = useText();
  const { query } = useLocation();
  const loaded = useVerb('policy check', { enterprise: code });
  const list = useVerb('policy list');
  const names = new Map(rowsOf(list.data?.tables[0]).map((r) => [textOf(r.policy), textOf(r.name)]));
  const chosen = query.get('policy') ?? '';
  return (
    <>
      {chosen ? <Why code={code} policy={chosen} name={names.get(chosen) ?? chosen} /> : null}
      <Await of={loaded} lines={8}>
        {(data) => {
          const table = data.tables[0];
          return table?.rows.length ? (
            <Card title={t('policies')} hint={t('firmPoliciesHint')}>
              <DataTable
                table={table}
                csv
                filter
                columns={['policy', 'version', 'result', 'failing', 'missing', 'gap', 'gap_unit', 'amount', 'marks']}
                rowClass={(row) => (textOf(row.policy) === chosen ? 'chosen' : '')}
                render={{
                  policy: (cell) => <Link href={withQuery({ policy: textOf(cell) })}>{names.get(textOf(cell)) ?? textOf(cell)}</Link>,
                  result: (cell) => <Outcome word={textOf(cell)} />,
                }}
              />
            </Card>
          ) : (
            <Empty hint={t('noEdition')} />
          );
        }}
      </Await>
    </>
  );
}
