// Which page an address means.
import type { ComponentChild } from 'preact';
import { Page } from '../components/Page';
import { Empty } from '../components/States';
import { useText } from '../i18n';
import { match, useLocation } from '../state/router';
import { Admin } from './Admin';
import { Chain } from './Chain';
import { ChainPage } from './ChainPage';
import { Chains } from './Chains';
import { Counties } from './Counties';
import { County } from './County';
import { DataRoom } from './DataRoom';
import { Enterprise } from './Enterprise';
import { Enterprises } from './Enterprises';
import { Home } from './Home';
import { Indicator } from './Indicator';
import { Indicators } from './Indicators';
import { LeadCell } from './LeadCell';
import { Matrix } from './Matrix';
import { Maturity, SelfAssessment } from './Maturity';
import { Papers } from './Papers';
import { Park, Parks } from './Parks';
import { Plan } from './Plan';
import { Policies } from './Policies';
import { Policy } from './Policy';
import { Project } from './Project';
import { Projects } from './Projects';
import { Proposals } from './Proposals';
import { Target } from './Target';
import { Targets } from './Targets';
import { Trace } from './Trace';
import { TraceRow } from './TraceRow';
import { Value } from './Value';

type Parts = Record<string, string>;

const table: [string, (p: Parts) => ComponentChild][] = [
  ['/', () => <Home />],
  ['/matrix', () => <Matrix />],
  ['/matrix/:chain', (p) => <Chain code={p.chain as string} />],
  ['/matrix/:chain/:county', (p) => <LeadCell chain={p.chain as string} county={p.county as string} />],
  ['/chains', () => <Chains />],
  ['/chains/:code', (p) => <ChainPage key={p.code} code={p.code as string} />],
  ['/projects', () => <Projects />],
  ['/projects/:code', (p) => <Project key={p.code} code={p.code as string} />],
  ['/parks', () => <Parks />],
  ['/parks/:id', (p) => <Park key={p.id} id={p.id as string} />],
  ['/counties', () => <Counties />],
  ['/counties/:code', (p) => <County code={p.code as string} />],
  ['/indicators', () => <Indicators />],
  ['/indicators/:id', (p) => <Indicator key={p.id} id={p.id as string} />],
  ['/targets', () => <Targets />],
  ['/targets/:id', (p) => <Target id={p.id as string} />],
  ['/enterprises', () => <Enterprises />],
  ['/enterprises/:code', (p) => <Enterprise code={p.code as string} />],
  ['/enterprises/:code/:item', (p) => <Value code={p.code as string} item={p.item as string} />],
  ['/maturity', () => <Maturity />],
  ['/maturity/:code', (p) => <SelfAssessment key={p.code} code={p.code as string} />],
  ['/data', () => <DataRoom />],
  ['/policies', () => <Policies />],
  ['/policies/:id', (p) => <Policy key={p.id} id={p.id as string} />],
  ['/plan', () => <Plan />],
  ['/papers', () => <Papers />],
  ['/proposals', () => <Proposals />],
  ['/trace', () => <Trace />],
  ['/trace/:id', (p) => <TraceRow key={p.id} id={p.id as string} />],
  ['/admin/:tab', (p) => <Admin tab={p.tab as string} />],
];

export function Routes() {
  const { t } = useText();
  const { path } = useLocation();
  for (const [pattern, page] of table) {
    const parts = match(pattern, path);
    if (parts) return <>{page(parts)}</>;
  }
  return (
    <Page title={t('notFound')}>
      <Empty title={t('notFound')} hint={t('notFoundHint')} />
    </Page>
  );
}
