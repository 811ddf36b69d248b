// Targets with their lights, and the register of promises with the sentence of each.
import { useVerb } from '../api/hooks';
import { rowsOf, textOf, type Row } from '../api/table';
import type { Table } from '../api/types';
import { Choice } from '../components/Choice';
import { Fold, usePhone } from '../components/Fold';
import { colorOf, Light, reasonOf } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Await, Empty } from '../components/States';
import { unit } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';

function TargetCards() {
  const { t, lang } = useText();
  const loaded = useVerb('target');
  return (
    <Await of={loaded}>
      {(data) => (
        <div class="target-cards">
          {rowsOf(data.tables[0]).map((r) => (
            <Card key={textOf(r.target)} title={<Link href={`/targets/${textOf(r.target)}`}>{textOf(r.name)}</Link>}>
              <p class="headline">
                <span class="big">{textOf(r.now).replace(/ \(.*/, '')}</span>
                <span class="unit">{unit(textOf(r.unit), lang)}</span>
                <span class="muted">
                  {textOf(r.now).replace(/^[^(]*/, '')} → {textOf(r.due)} {unit(textOf(r.unit), lang)}
                </span>
              </p>
              <p>
                <Light color={colorOf(textOf(r.light))} label /> {reasonOf(textOf(r.reason))}
              </p>
              <p class="muted small">
                {t('pathValue')} {textOf(r.path)} · {t('base')} {textOf(r.base)}
              </p>
              <blockquote>{textOf(r.cite)}</blockquote>
            </Card>
          ))}
        </div>
      )}
    </Await>
  );
}

function field(r: Row, id: string): string {
  return textOf(r[id]);
}

function Promise_({ r }: { r: Row }) {
  const { t, lang } = useText();
  const indicator = field(r, 'indicator');
  const parts = [
    field(r, 'base') && `${t('base')} ${field(r, 'base')}`,
    field(r, 'target') && `${t('goal')} ${field(r, 'target')} ${unit(field(r, 'unit'), lang)}`,
    field(r, 'due') && `${t('dueYear')} ${field(r, 'due')}`,
    field(r, 'owner') && `${t('owner')} ${field(r, 'owner')}`,
  ].filter(Boolean);
  return (
    <li>
      <div>
        <h3>
          {field(r, 'title')} <span class="chip">{field(r, 'state')}</span>
        </h3>
        <p>
          {t('metric')}:{indicator ? <Link href={`/indicators/${indicator}`}>{field(r, 'metric')}</Link> : field(r, 'metric') || t('none')}
          {field(r, 'now') ? (
            <>
              {' '}
              · {t('nowValue')} <b>{field(r, 'now')}</b>
              {unit(field(r, 'now_unit'), lang)} <small class="muted">{field(r, 'now_period')}</small>
            </>
          ) : null}
        </p>
        <p class="muted small">{parts.join(' · ')}</p>
      </div>
      <blockquote>{field(r, 'sentence')}</blockquote>
    </li>
  );
}

function PromiseList({ table }: { table: Table }) {
  const { t } = useText();
  const phone = usePhone();
  const rows = rowsOf(table);
  const documents = new Map<string, Row[]>();
  for (const r of rows) {
    const document = field(r, 'reference') || '—';
    documents.set(document, [...(documents.get(document) ?? []), r]);
  }
  const orphans = rows.filter((r) => !field(r, 'indicator'));
  if (!rows.length) return <Empty />;
  return (
    <>
      <p class="muted">{t('promiseTree')}</p>
      {[...documents].map(([document, list]) => (
        <Card key={document} title={document} hint={t('items', { n: list.length })}>
          <Fold
            class="promises"
            top={phone ? 2 : list.length}
            items={list.map((r) => (
              <Promise_ key={field(r, 'id')} r={r} />
            ))}
          />
        </Card>
      ))}
      <Card title={t('orphans')} hint={t('items', { n: orphans.length })}>
        <ul class="list two">
          {orphans.map((r) => (
            <li key={field(r, 'id')}>
              {field(r, 'title')} <small class="muted">{field(r, 'metric') || '—'}</small>
            </li>
          ))}
        </ul>
      </Card>
    </>
  );
}

function Promises() {
  const loaded = useVerb('promises');
  return (
    <Await of={loaded} lines={8}>
      {(data) => <PromiseList table={data.tables[0] as Table} />}
    </Await>
  );
}

export function Targets() {
  const { t } = useText();
  const { query } = useLocation();
  const tab = query.get('tab') ?? 'targets';
  return (
    <Page title={`${t('targets')} · ${t('promises')}`} lead={t('scenario')}>
      <Choice
        name="tab"
        fallback="targets"
        label={t('targets')}
        options={[
          { value: 'targets', text: t('targets') },
          { value: 'promises', text: t('promises') },
        ]}
      />
      {tab === 'targets' ? <TargetCards /> : <Promises />}
    </Page>
  );
}
