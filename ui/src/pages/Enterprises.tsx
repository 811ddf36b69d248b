import { useEffect, useState } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import { Card, Page } from '../components/Page';
import { subjectHref } from '../components/SearchBox';
import { Await, Empty } from '../components/States';
import { useText } from '../i18n';
import { Link, navigate, useLocation, withQuery } from '../state/router';
import { useHasVerb } from '../state/session';

/** Search by name, code or pinyin initials. */
export function Enterprises() {
  const { t } = useText();
  const { query } = useLocation();
  const q = query.get('q') ?? '';
  const [text, setText] = useState(q);
  const has = useHasVerb('search');
  const loaded = useVerb(has && q.trim().length >= 2 ? 'search' : null, { text: q.trim(), limit: 100 });

  useEffect(() => {
    const timer = setTimeout(() => {
      if (text.trim() !== q) navigate(withQuery({ q: text.trim() }), true);
    }, 180);
    return () => clearTimeout(timer);
  }, [text]);

  return (
    <Page title={t('enterprises')} lead={t('findEnterprise')}>
      <Card>
        <label class="big-search">
          <span class="sr">{t('findEnterprise')}</span>
          <input type="search" value={text} placeholder={t('findEnterprise')} onInput={(e) => setText(e.currentTarget.value)} autofocus />
        </label>
        {q.trim().length < 2 ? (
          <Empty title={t('noSearch')} hint="hxgt · 汤源面业 · 91990506" />
        ) : (
          <Await of={loaded}>
            {(data) => {
              const rows = rowsOf(data.tables[0]);
              return rows.length ? (
                <>
                  <p class="muted small">{t('results', { n: rows.length })}</p>
                  <ul class="list results">
                    {rows.map((r) => (
                      <li key={textOf(r.kind) + textOf(r.code)}>
                        <span class="list-head">
                          <Link href={subjectHref(textOf(r.kind), textOf(r.code))}>{textOf(r.name)}</Link>
                          <span class="chip">{textOf(r.kind_name)}</span>
                        </span>
                        <small class="muted">
                          {textOf(r.code)} {textOf(r.detail) ? `· ${textOf(r.detail)}` : ''}
                        </small>
                      </li>
                    ))}
                  </ul>
                </>
              ) : (
                <Empty title={t('nothingFound', { q })} hint="" />
              );
            }}
          </Await>
        )}
      </Card>
    </Page>
  );
}
