// The map of a chain: a drawing where there is room, three lists where there is not.
import { useMemo, useRef } from 'preact/hooks';
import type { Session } from '../api/types';
import { BOX, fit, layoutOf, STAGES, wrap, type Box, type MapNode } from '../charts/chainLayout';
import { download } from '../export';
import { useText, type Key } from '../i18n';
import { navigate, Link } from '../state/router';
import { Icon } from './Icon';
import { Light } from './Light';

const shapes = { green: '●', yellow: '▲', red: '■', grey: '○' } as const;

/** What a saved or printed drawing says of itself: which city, and that it is invented where it is. */
export function mapTitle(session: Session, chain: string, example: string): string {
  const city = session.city;
  return `${city?.name ?? ''} · ${chain}${/虚构|示例/.test(city?.note ?? '') ? `(${example})` : ''}`;
}

export function gapKey(gap: string): Key | null {
  return gap ? (`gap_${gap}` as Key) : null;
}

/** What a screen reader adds to the words in the box. */
function useSentence(): (n: MapNode) => string {
  const { t } = useText();
  return (n) => [t(n.light as Key), n.why, n.needs ? `${t('chNeeds')} ${n.needs}` : ''].filter(Boolean).join('; ');
}

const STYLED = ['fill', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-opacity', 'opacity', 'font-size', 'font-weight', 'font-family', 'text-anchor'];

/** The drawing by itself: colours and fonts written into it, on paper of its own. */
function standalone(svg: SVGSVGElement): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  const from = [svg, ...svg.querySelectorAll('*')];
  [copy, ...copy.querySelectorAll('*')].forEach((element, i) => {
    const style = getComputedStyle(from[i] as Element);
    for (const name of STYLED) element.setAttribute(name, style.getPropertyValue(name));
    for (const name of ['class', 'href', 'tabindex', 'aria-current', 'style']) element.removeAttribute(name);
  });
  const box = svg.viewBox.baseVal;
  const paper = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  for (const [name, value] of Object.entries({ x: box.x, y: box.y, width: box.width, height: box.height })) paper.setAttribute(name, String(value));
  paper.setAttribute('fill', getComputedStyle(document.documentElement).getPropertyValue('--surface').trim());
  copy.insertBefore(paper, copy.firstChild);
  copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  copy.setAttribute('width', String(box.width));
  copy.setAttribute('height', String(box.height));
  return new XMLSerializer().serializeToString(copy);
}

function NodeBox({ box, href, here, dim }: { box: Box; href: string; here: boolean; dim: boolean }) {
  const { t } = useText();
  const sentence = useSentence();
  const key = gapKey(box.gap);
  const who = box.light === 'grey' ? '' : box.active ? t('chActiveN', { n: box.active }) : t('chNobody');
  return (
    <a
      href={href}
      class={`map-node ${box.light} ${box.gap} ${dim ? 'dim' : ''}`}
      aria-description={sentence(box)}
      aria-current={here ? 'true' : undefined}
      data-code={box.code}
      onClick={(e: MouseEvent) => {
        if (e.button || e.metaKey || e.ctrlKey || e.shiftKey) return;
        e.preventDefault();
        navigate(href, true);
      }}
    >
      <rect x={box.x} y={box.y} width={BOX.width} height={BOX.height} rx="7" stroke-width={1 + box.importance * 0.28}>
        <title>{`${box.name}: ${box.why}`}</title>
      </rect>
      <text x={box.x + 12} y={box.y + 21} class="map-shape" aria-hidden="true">
        {shapes[box.light]}
      </text>
      <text x={box.x + 30} y={box.y + 21} class="map-name">
        {fit(box.name, 12)}
      </text>
      <text x={box.x + 30} y={box.y + 40} class="map-who">
        {who}
      </text>
      {key ? (
        <text x={box.x + BOX.width - 10} y={box.y + 40} text-anchor="end" class="map-gap">
          {t(key)}
        </text>
      ) : null}
    </a>
  );
}

function Legend({ y }: { y: number }) {
  const { t } = useText();
  const items: [string, Key][] = [
    ['●', 'chLegendGreen'],
    ['▲', 'chLegendYellow'],
    ['■', 'chLegendRed'],
    ['○', 'chLegendGrey'],
  ];
  return (
    <g class="map-legend">
      {items.map(([shape, key], i) => (
        <text key={key} x={BOX.left + [0, 150, 372, 532][i]!} y={y}>
          {shape} {t(key)}
        </text>
      ))}
      <path d={`M${BOX.left} ${y + 17}h34`} class="map-line" />
      <text x={BOX.left + 42} y={y + 21}>
        {t('chLegendNeed')}
      </text>
      <path d={`M${BOX.left + 150} ${y + 17}h34`} class="map-line either" />
      <text x={BOX.left + 192} y={y + 21}>
        {t('chLegendEither')}
      </text>
      <text x={BOX.left + 372} y={y + 21}>
        {t('chLegendWeight')}
      </text>
    </g>
  );
}

/** Up and down along a column, left and right to the nearest of the next one. */
function step(boxes: Box[], from: Box, key: string): Box | undefined {
  const column = boxes.filter((b) => b.x === from.x);
  const at = column.indexOf(from);
  if (key === 'ArrowDown') return column[at + 1];
  if (key === 'ArrowUp') return column[at - 1];
  const others = boxes.filter((b) => (key === 'ArrowRight' ? b.x > from.x : b.x < from.x));
  const x = key === 'ArrowRight' ? Math.min(...others.map((b) => b.x)) : Math.max(...others.map((b) => b.x));
  return others.filter((b) => b.x === x).sort((a, b) => Math.abs(a.y - from.y) - Math.abs(b.y - from.y))[0];
}

export function ChainMap({ name, title, nodes, notes, picked, hrefOf }: { name: string; title: string; nodes: MapNode[]; notes: string[]; picked: string; hrefOf: (code: string) => string }) {
  const { t } = useText();
  const svg = useRef<SVGSVGElement>(null);
  const map = useMemo(() => layoutOf(nodes), [nodes]);
  const foot = notes.flatMap((n) => wrap(n, 68));
  const near = new Set(map.edges.filter((e) => e.from.code === picked || e.to.code === picked).flatMap((e) => [e.from.code, e.to.code]));
  const isDim = (code: string) => picked !== '' && code !== picked && !near.has(code);
  const move = (event: KeyboardEvent) => {
    const code = (event.target as Element).closest('[data-code]')?.getAttribute('data-code');
    const from = map.boxes.find((b) => b.code === code);
    if (!from || !event.key.startsWith('Arrow')) return;
    const to = step(map.boxes, from, event.key);
    event.preventDefault();
    if (to) svg.current?.querySelector<SVGAElement>(`[data-code="${CSS.escape(to.code)}"]`)?.focus();
  };
  return (
    <figure class="chain-map">
      <svg ref={svg} class="chain-drawing" viewBox={`0 -30 ${map.width} ${map.height + 88 + foot.length * 18}`} role="group" aria-label={`${title}: ${t('chMap')}`} onKeyDown={move}>
        <defs>
          <marker id={`arrow-${name}`} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0.600 7.500 4 0 7.400z" class="map-arrow" />
          </marker>
        </defs>
        <text x={BOX.left} y="-10" class="map-title">
          {title}
        </text>
        {map.columns.map((c) => (
          <text key={c.stage} x={c.x} y="20" class="map-stage">
            {t(`stage_${c.stage}` as Key)}
          </text>
        ))}
        {map.edges.map((e) => (
          <path
            key={`${e.from.code}>${e.to.code}`}
            d={e.d}
            marker-end={`url(#arrow-${name})`}
            class={`map-line ${e.either ? 'either' : ''} ${e.from.light === 'red' ? 'cut' : ''} ${picked && e.from.code !== picked && e.to.code !== picked ? 'dim' : ''}`}
          />
        ))}
        {map.boxes.map((b) => (
          <NodeBox key={b.code} box={b} href={hrefOf(b.code)} here={b.code === picked} dim={isDim(b.code)} />
        ))}
        <Legend y={map.height + 22} />
        <g class="map-legend">
          {foot.map((line, i) => (
            <text key={line} x={BOX.left} y={map.height + 68 + i * 18}>
              {line}
            </text>
          ))}
        </g>
      </svg>
      <div class="chain-lists">
        {STAGES.map((stage) => (
          <section key={stage}>
            <h3>{t(`stage_${stage}` as Key)}</h3>
            <ul>
              {map.boxes
                .filter((b) => b.stage === stage)
                .map((b) => (
                  <li key={b.code} class={`map-item ${b.light} ${b.gap}`}>
                    <Link replace href={hrefOf(b.code)} aria-current={b.code === picked ? 'true' : undefined}>
                      <Light color={b.light} /> <strong>{b.name}</strong> {b.gap ? <span class={`chip gap-${b.light}`}>{t(gapKey(b.gap) as Key)}</span> : null}
                    </Link>
                    <small class="muted">{b.why}</small>
                    {b.needs ? (
                      <small class="muted">
                        {t('chNeeds')} {b.needs}
                      </small>
                    ) : null}
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
      <figcaption class="chart-tools wide-only">
        <button type="button" class="quiet small" onClick={() => svg.current && download(`${name}.svg`, standalone(svg.current), 'image/svg+xml')}>
          <Icon name="download" size={14} /> {t('svg')}
        </button>
        <button type="button" class="quiet small" onClick={() => print()}>
          <Icon name="printer" size={14} /> {t('print')}
        </button>
      </figcaption>
    </figure>
  );
}
