// Who moved from which rung to which: bands between two columns, as wide as the enterprises are many.
import { number } from '../format';
import { useText } from '../i18n';

export interface Band {
  from: string;
  to: string;
  firms: number;
}

const WIDTH = 640;
const BAR = 12;
const GAP = 14;

interface Node {
  name: string;
  firms: number;
  top: number;
  height: number;
  used: number;
}

function column(names: string[], sum: (name: string) => number, scale: number): Node[] {
  let top = 0;
  return names.map((name) => {
    const firms = sum(name);
    const node = { name, firms, top, height: Math.max(2, firms * scale), used: 0 };
    top += node.height + GAP;
    return node;
  });
}

const bottom = (nodes: Node[]) => nodes.reduce((y, n) => Math.max(y, n.top + n.height), 0);

export function Flow({ bands, label }: { bands: Band[]; label: string }) {
  const { lang } = useText();
  const total = bands.reduce((sum, b) => sum + b.firms, 0);
  const scale = total ? 200 / total : 0;
  const distinct = (key: 'from' | 'to') => [...new Set(bands.map((b) => b[key]))];
  const sum = (key: 'from' | 'to') => (name: string) => bands.reduce((s, b) => s + (b[key] === name ? b.firms : 0), 0);
  const left = column(distinct('from'), sum('from'), scale);
  const right = column(distinct('to'), sum('to'), scale);
  const height = Math.max(bottom(left), bottom(right)) + 8;
  const x0 = 150;
  const x1 = WIDTH - 150;
  return (
    <div class="flow-frame" tabIndex={0} role="region" aria-label={label}>
      <svg class="flow" viewBox={`0 -6 ${WIDTH} ${height + 12}`} role="img" aria-label={`${label}: ${bands.map((b) => `${b.from} → ${b.to} ${b.firms}`).join('; ')}`}>
        {bands.map((b) => {
          const from = left.find((n) => n.name === b.from) as Node;
          const to = right.find((n) => n.name === b.to) as Node;
          const h = Math.max(1.5, b.firms * scale);
          const y0 = from.top + from.used + h / 2;
          const y1 = to.top + to.used + h / 2;
          from.used += h;
          to.used += h;
          const middle = (x0 + x1) / 2;
          return (
            <path key={b.from + b.to} class="band" d={`M${x0 + BAR} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}`} stroke-width={h}>
              <title>
                {b.from} → {b.to} {number(b.firms, 0, lang)}
              </title>
            </path>
          );
        })}
        {left.map((n) => (
          <g key={n.name}>
            <rect class="bar" x={x0} y={n.top} width={BAR} height={n.height} />
            <text x={x0 - 8} y={n.top + n.height / 2} text-anchor="end" dominant-baseline="middle">
              {n.name} {number(n.firms, 0, lang)}
            </text>
          </g>
        ))}
        {right.map((n) => (
          <g key={n.name}>
            <rect class="bar" x={x1} y={n.top} width={BAR} height={n.height} />
            <text x={x1 + BAR + 8} y={n.top + n.height / 2} dominant-baseline="middle">
              {n.name} {number(n.firms, 0, lang)}
            </text>
          </g>
        ))}
      </svg>
    </div>
  );
}
