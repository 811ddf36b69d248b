// What is read every morning.
import { useMemo } from 'preact/hooks';
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { Fold, usePhone } from '../components/Fold';
import { LeadCells } from '../components/LeadCells';
import { colorOf, Light, reasonOf, type Color } from '../components/Light';
import { Card, Page } from '../components/Page';
import { Spark } from '../components/Spark';
import { Await, Denied, Empty } from '../components/States';
import { number, period, unit } from '../format';
import { useText } from '../i18n';
import { Link } from '../state/router';
import { useSession } from '../state/session';

function Tile({ row, points, lights, hidden }: { row: Row; points: number[]; lights: Row[]; hidden: boolean }) {
  const { t, lang } = useText();
  const id = textOf(row.indicator);
  const label = textOf(lang === 'zh' ? row.label : row.label_en);
  const value = textOf(row.value);
  const change = textOf(row.change);
  const color = colorOf(textOf(row.light));
  const reason = textOf(lang === 'zh' ? row.reason : row.reason_en);
  const isProjects = textOf(row.tile) === 'projects';
  const isTickets = textOf(row.tile) === 'tickets';
  const points_ = textOf(row.unit) === '%' ? (lang === 'zh' ? '点' : ' pp') : '';
  const href = isTickets ? '/matrix' : isProjects ? '/matrix?tab=projects' : textOf(row.target) ? `/targets/${textOf(row.target)}` : `/indicators/${id}`;
  if (!value)
    return (
      <div class="tile none">
        <h3>{label}</h3>
        <p class="muted">{hidden ? t('hiddenHere') : isTickets ? t('noDataTickets') : t('noData')}</p>
      </div>
    );
  return (
    <div class="tile">
      <h3>
        <Link href={href}>{label}</Link>
        <span class={`chip basis-${textOf(row.basis)}`}>{isTickets ? t('basisRegister') : textOf(row.basis) === 'verified' ? t('basisVerified') : textOf(row.basis) === 'published' ? t('basisPublished') : t('basisEstimated')}</span>
      </h3>
      <p class="tile-value">
        <b>{value.replace('-', '−')}</b>
        <span class="unit">{unit(textOf(row.unit), lang)}</span>
        <Spark values={points} />
      </p>
      <p class="tile-line">
        {textOf(row.before) ? (
          <span>
            {t('lastYear')} {textOf(row.before).replace('-', '−')}
            {change ? <em class="change"> {change.replace('-', '−')}{points_}</em> : null}
          </span>
        ) : null}
        {textOf(row.path) ? (
          <span>
            {t('path')} {textOf(row.path)}
          </span>
        ) : null}
      </p>
      {isProjects && lights.length ? (
        <p class="tile-line">
          <span>{t('byInvestment')}</span>
          {lights
            .filter((l) => numberOf(l.count) > 0)
            .map((l) => (
              <span key={textOf(l.light)} class="nowrap">
                <Light color={colorOf(textOf(l.light))} label /> {number(numberOf(l.count), 0, lang)}
              </span>
            ))}
        </p>
      ) : null}
      {reason ? (
        <p class="tile-line">
          <span>
            <Light color={color} /> {reasonOf(reason)}
          </span>
        </p>
      ) : null}
      <p class="tile-foot muted small">
        <span>{isTickets && textOf(row.at) ? period(textOf(row.at), lang) : textOf(row.period)}</span>
        {isTickets ? <Link href="/matrix">{t('why')} →</Link> : <Link href={`/indicators/${id}?at=${textOf(row.at)}&tab=why`}>{t('why')} →</Link>}
      </p>
    </div>
  );
}

/* Rows of a list before the reader asks for more: at a desk, on a phone. */
const LIST = 6;
const FEW = 3;

function Rest({ href, all }: { href: string; all: number }) {
  const { t } = useText();
  const phone = usePhone();
  return all > (phone ? FEW : LIST) ? (
    <p class="list-rest">
      <Link href={href}>
        {t('all')} {all} →
      </Link>
    </p>
  ) : null;
}

function Chase({ rows }: { rows: Row[] }) {
  const { t } = useText();
  const phone = usePhone();
  if (!rows.length) return <Empty title={t('noChase')} hint="" />;
  const counties = new Map<string, Row[]>();
  for (const r of rows) {
    const name = textOf(r.county_name);
    counties.set(name, [...(counties.get(name) ?? []), r]);
  }
  return (
    <Fold
      top={phone ? FEW : LIST}
      items={[...counties].map(([name, firms]) => (
        <li key={name}>
          <span class="list-head">
            <Link href={`/counties/${textOf(firms[0]?.county)}`}>{name}</Link> <b>{t('people', { n: firms.length })}</b>
          </span>
          <small>
            {firms.map((f, i) => (
              <span key={textOf(f.code)}>
                {i ? '、' : ''}
                <Link href={`/enterprises/${textOf(f.code)}`}>{textOf(f.name).replace('(示例)', '')}</Link>
              </span>
            ))}
          </small>
        </li>
      ))}
    />
  );
}

function Late({ rows }: { rows: Row[] }) {
  const { t, lang } = useText();
  const phone = usePhone();
  if (!rows.length) return <Empty title={t('noLate')} hint="" />;
  return (
    <>
      <ul class="list">
        {rows.slice(0, phone ? FEW : LIST).map((r) => (
          <li key={textOf(r.code)}>
            <span class="list-head">
              <span>
                <Light color={colorOf(textOf(r.light))} /> <Link href={`/projects/${textOf(r.code)}`}>{textOf(r.name).replace('(示例)', '')}</Link>
              </span>
              {numberOf(r.days) > 0 ? <b class="nowrap">{t('daysLate', { n: number(numberOf(r.days), 0, lang) })}</b> : null}
            </span>
            <small class="muted">
              {reasonOf(textOf(lang === 'zh' ? r.why : r.why_en))} → {textOf(r.owner) || t('ownerMissing')}
            </small>
          </li>
        ))}
      </ul>
      <Rest href="/matrix?tab=projects" all={rows.length} />
    </>
  );
}

function Stopped({ rows }: { rows: Row[] }) {
  const { t } = useText();
  const phone = usePhone();
  const stopped = rows.filter((r) => textOf(r.state) === '停产');
  if (!rows.length) return <Empty title={t('noStopped')} hint="" />;
  const reasons = new Map<string, number>();
  for (const r of stopped) reasons.set(textOf(r.reason) || '—', (reasons.get(textOf(r.reason) || '—') ?? 0) + 1);
  return (
    <>
      <p class="tally-line">
        <b>{stopped.length}</b> {t('haveStopped')} · <b>{rows.length - stopped.length}</b> {t('haveSlowed')}
        <small class="muted"> {[...reasons].map(([k, n]) => `${k} ${n}`).join('、')}</small>
      </p>
      <ul class="list">
        {stopped.slice(0, phone ? FEW : LIST).map((r) => (
          <li key={textOf(r.code)}>
            <span class="list-head">
              <Link href={`/enterprises/${textOf(r.code)}`}>{textOf(r.name).replace('(示例)', '')}</Link>
              {textOf(r.is_new) ? <b class="chip">{t('isNew')}</b> : null}
            </span>
            <small class="muted">
              {textOf(r.county_name)} · {textOf(r.chain_name)} · {textOf(r.reason) || '—'}
            </small>
          </li>
        ))}
      </ul>
      <Rest href="/indicators/stopped_count?tab=why" all={stopped.length} />
    </>
  );
}

function Changes({ rows }: { rows: Row[] }) {
  const { t, lang } = useText();
  const phone = usePhone();
  const shapes: Record<string, string> = { stopped: '■', resumed: '●', project: '◆', light: '▲' };
  if (!rows.length) return <Empty title={t('noChanges')} hint="" />;
  return (
    <Fold
      class="list changes"
      top={phone ? FEW : 14}
      items={rows.map((r, i) => (
        <li key={i}>
          <span class="list-head">
            <span>
              <span class={`mark-${textOf(r.kind)}`} aria-hidden="true">
                {shapes[textOf(r.kind)]}
              </span>{' '}
              <Link href={`/enterprises/${textOf(r.code)}`}>{textOf(r.name).replace('(示例)', '')}</Link>
            </span>
          </span>
          <small class="muted">{lightWords(textOf(lang === 'zh' ? r.text : r.text_en), lang)}</small>
        </li>
      ))}
    />
  );
}

function lightWords(text: string, lang: 'zh' | 'en'): string {
  if (lang === 'en') return text;
  return text.replace(/^light /, '灯 ').replaceAll('green', '绿').replaceAll('yellow', '黄').replaceAll('red', '红').replaceAll('grey', '灰');
}

function Trust({ row }: { row: Row | undefined }) {
  const { t, lang } = useText();
  if (!row) return null;
  const n = (key: string) => number(numberOf(row[key]), 0, lang);
  return (
    <p class="trust">
      <b>{t('trust')}</b>
      <span>{period(textOf(row.period), lang)}</span>
      <span>
        {t('due')} {n('due')} · {t('arrived')} {n('in')} · {t('lacking')} {n('missing')} · {t('doubtful')} {n('doubt')}
      </span>
      <Link href="/data">{t('data')} →</Link>
    </p>
  );
}

const colors: Color[] = ['red', 'yellow', 'green', 'grey'];

/** The day in one line: how the tiles stand and how much waits in each list; each part leads there. */
function Verdict({ data }: { data: Answer }) {
  const { t } = useText();
  const tiles = rowsOf(tableOf(data, 'tiles'));
  const lights = colors.map((c) => [c, tiles.filter((r) => textOf(r.value) && colorOf(textOf(r.light)) === c).length] as const).filter(([, n]) => n > 0);
  const open = (id: string) => tableOf(data, id)?.rows.length;
  const parts = [
    ['chase', t('chase'), open('chase')],
    ['late', t('late'), open('late')],
    ['stopped', t('stopped'), open('stopped')],
    ['changes', t('changes'), open('changes')],
  ] as const;
  return (
    <p class="verdict-line">
      {lights.length ? (
        <span>
          {t('homeLights')}{' '}
          {lights.map(([c, n]) => (
            <span key={c} class="nowrap">
              <Light color={c} label /> <b>{n}</b>{' '}
            </span>
          ))}
        </span>
      ) : null}
      {parts.map(([id, text, n]) =>
        n === undefined ? null : (
          <a key={id} class="nowrap" href={`#${id}`}>
            {text} <b>{n}</b>
          </a>
        ),
      )}
    </p>
  );
}

function Body({ data }: { data: Answer }) {
  const { t, lang } = useText();
  const { session } = useSession();
  const tiles = rowsOf(tableOf(data, 'tiles'));
  const points = useMemo(() => {
    const by = new Map<string, number[]>();
    for (const p of rowsOf(tableOf(data, 'points'))) {
      const id = textOf(p.indicator);
      by.set(id, [...(by.get(id) ?? []), numberOf(p.value)]);
    }
    return by;
  }, [data]);
  // A table that the answer leaves out is not visible to this reader: that is not "nothing".
  const visible = (id: string) => tableOf(data, id) !== undefined;
  const chase = rowsOf(tableOf(data, 'chase'));
  const late = rowsOf(tableOf(data, 'late'));
  const stopped = rowsOf(tableOf(data, 'stopped'));
  const changes = rowsOf(tableOf(data, 'changes'));
  const trust = rowsOf(tableOf(data, 'trust'))[0];
  const cells = rowsOf(tableOf(data, 'cells'));
  const month = period(textOf(trust?.period), lang);
  const counties = rowsOf(tableOf(data, 'counties'));
  return (
    <>
      <Verdict data={data} />
      <section class="tiles" aria-label={t('home')}>
        {tiles.map((r) => (
          <Tile key={textOf(r.tile)} row={r} points={points.get(textOf(r.indicator)) ?? []} lights={rowsOf(tableOf(data, 'lights'))} hidden={session.role === 'viewer'} />
        ))}
      </section>
      <div class="home-lists">
        <Card id="chase" title={<>{t('chase')} {visible('chase') ? <b class="count">{chase.length}</b> : null}</>} hint={t('chaseHint', { period: month })}>
          {visible('chase') ? <Chase rows={chase} /> : <Denied hint={t('hiddenHere')} />}
        </Card>
        <Card id="late" title={<>{t('late')} {visible('late') ? <b class="count">{late.length}</b> : null}</>} hint={t('lateHint', { rule: lang === 'zh' ? '银川口径' : 'Yinchuan rule' })}>
          {visible('late') ? <Late rows={late} /> : <Denied hint={t('hiddenHere')} />}
        </Card>
        <Card id="stopped" title={<>{t('stopped')} {visible('stopped') ? <b class="count">{stopped.length}</b> : null}</>} hint={t('stoppedHint', { period: month })}>
          {visible('stopped') ? <Stopped rows={stopped} /> : <Denied hint={t('hiddenHere')} />}
        </Card>
      </div>
      <div class="home-main">
        <Card title={t('leadCells')} hint={t(cells.some((c) => textOf(c.owner)) ? 'leadHintDeclared' : 'leadHint')} actions={<Link href="/matrix">{t('matrix')} →</Link>}>
          <LeadCells data={data} cells={cells} />
          {cells.length ? <p class="muted small">{t('otherCells', { n: rowsOf(tableOf(data, 'chains')).length * counties.length - cells.length })}</p> : visible('cells') ? <Empty /> : <Denied hint={t('hiddenHere')} />}
        </Card>
        <Card id="changes" title={t('changes')} hint={t('changesHint')}>
          {visible('changes') ? <Changes rows={changes} /> : <Denied hint={t('hiddenHere')} />}
        </Card>
      </div>
      <Trust row={trust} />
    </>
  );
}

export function Home() {
  const { t, lang } = useText();
  const { session } = useSession();
  const loaded = useVerb('home');
  const month = loaded.data ? textOf(rowsOf(tableOf(loaded.data, 'trust'))[0]?.period) : '';
  return (
    <Page title={session.city?.name ?? t('home')} lead={[month ? t('until', { period: period(month, lang) }) : '', session.city?.note].filter(Boolean).join(' · ')}>
      <Await of={loaded} lines={9}>
        {(data) => <Body data={data} />}
      </Await>
    </Page>
  );
}
