// A line the height of a word. Drawn here: the charts' library is not needed for the first page.
export function Spark({ values, width = 96, height = 26 }: { values: number[]; width?: number; height?: number }) {
  const points = values.filter(Number.isFinite);
  if (points.length < 3) return null;
  const low = Math.min(...points);
  const span = Math.max(...points) - low || 1;
  const step = (width - 6) / (points.length - 1);
  const xy = points.map((v, i) => [3 + i * step, height - 4 - ((v - low) / span) * (height - 8)] as const);
  const last = xy[xy.length - 1] as readonly [number, number];
  return (
    <svg class="spark" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <polyline points={xy.map(([x, y]) => `${x.toFixed(1)},${y.toFixed(1)}`).join(' ')} />
      <circle cx={last[0]} cy={last[1]} r="2.4" />
    </svg>
  );
}
