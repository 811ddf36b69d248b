import { useVerb } from '../api/hooks';
import { textOf } from '../api/table';
import { verbUrl } from '../api/client';
import { DataTable } from '../components/DataTable';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { useText } from '../i18n';
import { useSession } from '../state/session';
import { Link } from '../state/router';

/** What the program can write, from its registry; what it cannot is said. */
export function Papers() {
  const { t, lang, both } = useText();
  const { verbs } = useSession();
  const papers = verbs.filter((v) => v.name === 'paper' || v.name.startsWith('paper '));
  const list = papers.find((v) => v.name === 'paper list' || v.name === 'paper');
  const loaded = useVerb(list && list.effect === 'read' ? list.name : null);
  if (!papers.length)
    return (
      <Page title={t('papers')}>
        <Card>
          <Empty title={t('papersNone')} hint={t('papersNoneHint')} />
          <p class="muted">
            {t('papersOther')} <Link href="/indicators">{t('indicators')} →</Link>
          </p>
        </Card>
      </Page>
    );
  return (
    <Page title={t('papers')}>
      {list ? (
        <Await of={loaded}>
          {(data) => (
            <>
              {data.tables.map((table) => (
                <Card key={table.id} title={both(table.title)}>
                  <DataTable table={table} csv render={{ file: (cell) => textOf(cell) }} />
                </Card>
              ))}
            </>
          )}
        </Await>
      ) : null}
      <Card title={t('all')}>
        <ul class="list">
          {papers.map((v) => (
            <li key={v.name}>
              <span class="list-head">
                <code>{v.name}</code>
                {v.effect === 'read' && !v.params.length ? <a href={verbUrl(v.name, { format: 'csv', bom: true })}>{t('download')}</a> : null}
              </span>
              <small class="muted">{lang === 'zh' ? v.zh : v.en}</small>
            </li>
          ))}
        </ul>
      </Card>
    </Page>
  );
}
