// Where the nodes and the lines of a chain's map stand: three columns, upstream to downstream.
import { numberOf, stateOf, textOf, type Row } from '../api/table';
import { colorOf, type Color } from '../components/Light';

export type Stage = 'up' | 'mid' | 'down';
export const STAGES: Stage[] = ['up', 'mid', 'down'];

export interface MapNode {
  code: string;
  name: string;
  stage: Stage;
  light: Color;
  /** break, stopped, choke, single, concentrated, unknown; '' when nothing is wrong. */
  gap: string;
  active: number;
  counties: number;
  importance: number;
  lost: number;
  needs: string;
  why: string;
  /** Each way that makes it: codes of what it takes. */
  ways: string[][];
}

export interface Box extends MapNode {
  x: number;
  y: number;
}

export interface Edge {
  from: Box;
  to: Box;
  /** Only some of the ways take it. */
  either: boolean;
  d: string;
}

export interface Layout {
  boxes: Box[];
  edges: Edge[];
  columns: { stage: Stage; x: number }[];
  width: number;
  height: number;
}

export const BOX = { width: 206, height: 50, gap: 14, between: 104, top: 36, left: 10 };

export function nodesOf(rows: Row[], lang: 'zh' | 'en'): MapNode[] {
  return rows.map((r) => ({
    code: textOf(r.node),
    name: textOf(r.name),
    stage: (STAGES as string[]).includes(textOf(r.stage)) ? (textOf(r.stage) as Stage) : 'mid',
    light: colorOf(textOf(r.light)) ?? 'grey',
    gap: stateOf(r.gap) ? '' : textOf(r.gap),
    active: numberOf(r.active),
    counties: numberOf(r.counties),
    importance: numberOf(r.importance),
    lost: numberOf(r.finals_lost),
    needs: stateOf(r.needs) ? '' : textOf(r.needs),
    why: textOf(lang === 'zh' ? r.why : r.why_en),
    ways: textOf(r.ways)
      .split('|')
      .filter(Boolean)
      .map((way) => way.split(';')),
  }));
}

const inputsOf = (n: MapNode) => [...new Set(n.ways.flat())];

/** Nodes of one column: those near what they take stand near it, and a maker above its user. */
function arrange(column: MapNode[], placed: Map<string, number>): MapNode[] {
  const here = new Set(column.map((n) => n.code));
  const wish = new Map(
    column.map((n, i) => {
      const known = inputsOf(n).flatMap((c) => placed.get(c) ?? []);
      return [n.code, known.length ? known.reduce((s, v) => s + v, 0) / known.length : (i + 0.5) / column.length];
    }),
  );
  const left = [...column];
  const out: MapNode[] = [];
  while (left.length) {
    const free = left.filter((n) => inputsOf(n).every((c) => !here.has(c) || out.some((o) => o.code === c)));
    const pick = (free.length ? free : left).reduce((a, b) => ((wish.get(b.code) ?? 0) < (wish.get(a.code) ?? 0) ? b : a));
    left.splice(left.indexOf(pick), 1);
    out.push(pick);
  }
  return out;
}

/** Lines that meet one side of a box stand apart, in the order of where they come from. */
function port(box: Box, at: number, of: number): number {
  const room = BOX.height - 18;
  return box.y + BOX.height / 2 + (of > 1 ? (at / (of - 1) - 0.5) * room : 0);
}

export function layoutOf(nodes: MapNode[]): Layout {
  const placed = new Map<string, number>();
  const columns = STAGES.map((stage) => {
    const arranged = arrange(nodes.filter((n) => n.stage === stage), placed);
    arranged.forEach((n, i) => placed.set(n.code, (i + 0.5) / arranged.length));
    return arranged;
  });
  const tallest = Math.max(1, ...columns.map((c) => c.length));
  const step = BOX.height + BOX.gap;
  const xOf = (k: number) => BOX.left + k * (BOX.width + BOX.between);
  const boxes = columns.flatMap((column, k) => {
    // Short columns spread out a little, so that lines are level where they can be.
    const pitch = Math.min((tallest * step) / Math.max(1, column.length), step * 1.7);
    const first = BOX.top + (tallest * step - column.length * pitch + pitch - BOX.height) / 2;
    return column.map((n, i): Box => ({ ...n, x: xOf(k), y: Math.round(first + i * pitch) }));
  });
  const byCode = new Map(boxes.map((b) => [b.code, b]));
  const pairs = boxes.flatMap((to) =>
    inputsOf(to).flatMap((code) => {
      const from = byCode.get(code);
      return from && from !== to ? [{ from, to, either: !to.ways.every((way) => way.includes(code)) }] : [];
    }),
  );
  const edges = pairs.map((p): Edge => {
    const ins = pairs.filter((q) => q.to === p.to && (q.from.x === q.to.x) === (p.from.x === p.to.x)).sort((a, b) => a.from.y - b.from.y);
    const outs = pairs.filter((q) => q.from === p.from && (q.from.x === q.to.x) === (p.from.x === p.to.x)).sort((a, b) => a.to.y - b.to.y);
    const y0 = port(p.from, outs.indexOf(p), outs.length);
    const y1 = port(p.to, ins.indexOf(p), ins.length);
    const right = p.from.x + BOX.width;
    if (p.from.x === p.to.x) {
      const bulge = 18 + Math.min(44, Math.abs(y1 - y0) / 5);
      return { ...p, d: `M${right} ${y0}C${right + bulge} ${y0} ${right + bulge} ${y1} ${right + 5} ${y1}` };
    }
    if (p.from.x > p.to.x) {
      const to = p.to.x + BOX.width;
      return { ...p, d: `M${p.from.x} ${y0}C${p.from.x - 50} ${y0} ${to + 50} ${y1} ${to + 5} ${y1}` };
    }
    const end = p.to.x - 5;
    const passed = boxes.filter((b) => b.x > p.from.x && b.x < p.to.x);
    if (passed.length) {
      // Through the gap between two boxes of the column that it passes, never behind one.
      const x = passed[0]!.x;
      const ys = passed.map((b) => b.y).sort((a, b) => a - b);
      const gaps = [ys[0]! - 9, ...ys.slice(1).map((y, i) => (ys[i]! + BOX.height + y) / 2), ys[ys.length - 1]! + BOX.height + 9];
      const y = gaps.reduce((a, b) => (Math.abs(b - (y0 + y1) / 2) < Math.abs(a - (y0 + y1) / 2) ? b : a));
      const far = x + BOX.width;
      return { ...p, d: `M${right} ${y0}C${right + 48} ${y0} ${x - 48} ${y} ${x} ${y}H${far}C${far + 48} ${y} ${end - 48} ${y1} ${end} ${y1}` };
    }
    const reach = Math.max(44, (end - right) * 0.45);
    return { ...p, d: `M${right} ${y0}C${right + reach} ${y0} ${end - reach} ${y1} ${end} ${y1}` };
  });
  const bulges = pairs.some((p) => p.from.x === p.to.x && p.from.stage === 'down');
  return {
    boxes,
    edges,
    columns: STAGES.map((stage, k) => ({ stage, x: xOf(k) })),
    width: xOf(2) + BOX.width + (bulges ? 56 : BOX.left),
    height: BOX.top + tallest * step + 4,
  };
}

const widthOf = (letter: string) => (letter.charCodeAt(0) < 0x2e80 ? 0.52 : 1);

/** Lines of at most so many full characters; words of Latin letters stay whole. */
export function wrap(text: string, width: number): string[] {
  const out: string[] = [];
  let line = '';
  let used = 0;
  for (const word of text.match(/[\x21-\u2e7f]+|\s+|./gu) ?? []) {
    const more = [...word].reduce((s, c) => s + widthOf(c), 0);
    if (used + more > width && line) {
      out.push(line.trim());
      line = '';
      used = 0;
    }
    line += word;
    used += more;
  }
  return line.trim() ? [...out, line.trim()] : out;
}

/** Cut to a width in full characters; what is cut shows as …. */
export function fit(text: string, width: number): string {
  let used = 0;
  for (let i = 0; i < text.length; i++) {
    used += widthOf(text[i]!);
    if (used > width) return `${text.slice(0, Math.max(1, i - 1))}…`;
  }
  return text;
}
