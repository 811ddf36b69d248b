// The matrix: chains down, counties across; one line for what is not a lead.
import { useVerb } from '../api/hooks';
import { numberOf, rowsOf, stateOf, tableOf, textOf, type Row } from '../api/table';
import type { Answer } from '../api/types';
import { LeadCells } from '../components/LeadCells';
import { Choice } from '../components/Choice';
import { colorOf, Light } from '../components/Light';
import { Notes } from '../components/Notes';
import { Card, Page } from '../components/Page';
import { ProjectTable } from '../components/ProjectTable';
import { Await } from '../components/States';
import { number, stateText } from '../format';
import { useText } from '../i18n';
import { Link, useLocation } from '../state/router';

type Face = 'works' | 'revenue' | 'growth' | 'share' | 'firms';

function index(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((r) => [`${textOf(r.chain)}/${textOf(r.county)}`, r]));
}

/** Five small marks, one per work: a light, a dash, or nothing known. */
function Marks({ states, data }: { states: Row[]; data: Answer }) {
  const { lang } = useText();
  return (
    <span class="marks">
      {rowsOf(tableOf(data, 'works')).map((w) => {
        const s = states.find((x) => textOf(x.work) === textOf(w.id));
        const state = textOf(s?.state);
        const label = `${textOf(lang === 'zh' ? w.name : w.name_en)}: ${textOf(lang === 'zh' ? s?.text : s?.text_en)}`;
        const color = state === '缺报' ? 'grey' : colorOf(textOf(s?.light));
        return (
          <span key={textOf(w.id)} title={label} class="mark">
            {state === '不适用' ? <span class="na-mark" aria-hidden="true">⁄</span> : color ? <Light color={color} /> : <span class="dash" aria-hidden="true">–</span>}
            <span class="sr">{label};</span>
          </span>
        );
      })}
    </span>
  );
}

function Inside({ face, cell, states, data }: { face: Face; cell: Row | undefined; states: Row[]; data: Answer }) {
  const { lang } = useText();
  if (!cell || numberOf(cell.firms) === 0) {
    // No firm above scale, and still a project, a lead or a work that does not apply: the marks say which.
    if (face === 'works' && states.some((s) => colorOf(textOf(s.light)) || textOf(s.state) === '不适用')) return <Marks states={states} data={data} />;
    const na = states.length > 0 && states.every((s) => textOf(s.state) === '不适用');
    return <span class="muted">{na ? stateText('不适用', lang) : '·'}</span>;
  }
  if (face === 'works') return <Marks states={states} data={data} />;
  const value = numberOf(cell[face]);
  if (Number.isNaN(value)) return <span class="muted small">{stateOf(cell[face]) === '不适用' ? stateText('不适用', lang) : '<3'}</span>;
  if (face === 'growth') return <span class={value < 0 ? 'neg' : 'pos'}>{number(value, 1, lang, true)}</span>;
  return <>{number(value, face === 'firms' ? (Number.isInteger(value) ? 0 : 1) : 1, lang)}</>;
}

function Grid({ data, face }: { data: Answer; face: Face }) {
  const { t, lang } = useText();
  const chains = rowsOf(tableOf(data, 'chains'));
  const counties = rowsOf(tableOf(data, 'counties'));
  const cells = index(rowsOf(tableOf(data, 'cells')));
  const states = new Map<string, Row[]>();
  for (const s of rowsOf(tableOf(data, 'states'))) {
    const key = `${textOf(s.chain)}/${textOf(s.county)}`;
    states.set(key, [...(states.get(key) ?? []), s]);
  }
  const total = (chain: string, county: string) => {
    const c = cells.get(`${chain}/${county}`);
    const key = face === 'works' ? 'firms' : face;
    const value = numberOf(c?.[key]);
    return Number.isNaN(value) ? '' : number(value, key === 'firms' ? 0 : 1, lang, key === 'growth');
  };
  return (
    <div class="table-frame matrix-frame" tabIndex={0} role="region" aria-label={t('matrix')}>
      <table class="matrix">
        <thead>
          <tr>
            <th scope="col">{t('chain')}</th>
            {counties.map((c) => (
              <th scope="col" key={textOf(c.code)}>
                <Link href={`/counties/${textOf(c.code)}`}>{textOf(c.name)}</Link>
              </th>
            ))}
            <th scope="col" class="num">
              {t('total')}
              {face === 'works' ? <small> ({lang === 'zh' ? '户' : 'firms'})</small> : null}
            </th>
          </tr>
        </thead>
        <tbody>
          {chains.map((chain) => {
            const code = textOf(chain.code);
            return (
              <tr key={code} class={code === 'OUT' ? 'outside' : ''}>
                <th scope="row">
                  <Link href={`/matrix/${code}`}>{textOf(chain.name)}</Link>
                  <small class="muted">{textOf(chain.owner)}</small>
                </th>
                {counties.map((county) => {
                  const key = `${code}/${textOf(county.code)}`;
                  const cell = cells.get(key);
                  const isLead = cell?.lead === true;
                  const inside = <Inside face={face} cell={cell} states={states.get(key) ?? []} data={data} />;
                  return (
                    <td key={key} class={isLead ? 'lead-cell' : ''}>
                      {cell && (numberOf(cell.firms) > 0 || (states.get(key) ?? []).some((s) => colorOf(textOf(s.light)))) ? <Link href={`/matrix/${key}`}>{isLead ? <span class="sr">{t('lead')}: </span> : null}{inside}</Link> : inside}
                    </td>
                  );
                })}
                <td class="num total-cell">{total(code, '')}</td>
              </tr>
            );
          })}
          <tr class="total">
            <th scope="row">{t('total')}</th>
            {counties.map((c) => (
              <td key={textOf(c.code)}>{total('', textOf(c.code))}</td>
            ))}
            <td class="num total-cell">{total('', '')}</td>
          </tr>
        </tbody>
      </table>
    </div>
  );
}

function Leads({ data }: { data: Answer }) {
  const cells = rowsOf(tableOf(data, 'cells')).filter((c) => c.lead === true);
  return <LeadCells data={data} cells={cells} />;
}

function Projects() {
  const loaded = useVerb('projects');
  return <Await of={loaded}>{(data) => (data.tables[0] ? <ProjectTable table={data.tables[0]} /> : null)}</Await>;
}

const UNITS: Record<Face, string> = { works: '', revenue: '亿元', growth: '%', share: '%', firms: '户' };

export function Matrix() {
  const { t, lang } = useText();
  const { query } = useLocation();
  const tab = query.get('tab') ?? 'grid';
  const face = (query.get('face') ?? 'works') as Face;
  const loaded = useVerb('matrix');
  return (
    <Page title={t('matrix')} lead={<>{t('matrixIntro')} · {t('notEmpty')}</>}>
      <Choice
        name="tab"
        label={t('see')}
        fallback="grid"
        options={[
          { value: 'grid', text: t('matrix') },
          { value: 'leads', text: t('leadCells') },
          { value: 'projects', text: t('cellProjects') },
        ]}
      />
      {tab === 'projects' ? (
        <Card title={t('cellProjects')}>
          <Projects />
        </Card>
      ) : (
        <Await of={loaded} lines={12}>
          {(data) =>
            tab === 'leads' ? (
              <Card title={t('leadCells')}>
                <Leads data={data} />
              </Card>
            ) : (
              <Card
                title={`${t('chain')} × ${t('county')}${UNITS[face] ? ` (${UNITS[face]})` : ''}`}
                actions={
                  <Choice
                    name="face"
                    label={t('face')}
                    fallback="works"
                    options={[
                      { value: 'works', text: t('faceWork') },
                      { value: 'revenue', text: t('revenue') },
                      { value: 'growth', text: t('growth') },
                      { value: 'share', text: t('share') },
                      { value: 'firms', text: t('firms') },
                    ]}
                  />
                }
              >
                <Grid data={data} face={face} />
                {face === 'works' ? (
                  <p class="legend small">
                    {rowsOf(tableOf(data, 'works')).map((w, i) => (
                      <span key={i}>
                        {i + 1} {textOf(lang === 'zh' ? w.name : w.name_en)}
                      </span>
                    ))}
                    <span><Light color="green" label /></span>
                    <span><Light color="yellow" label /></span>
                    <span><Light color="red" label /></span>
                    <span><Light color="grey" /> {t('missing')}</span>
                    <span>⁄ {t('notApplicable')}</span>
                    <span>– {t('noRule')}</span>
                  </p>
                ) : null}
                <Notes notes={tableOf(data, 'cells')?.notes} />
              </Card>
            )
          }
        </Await>
      )}
    </Page>
  );
}
