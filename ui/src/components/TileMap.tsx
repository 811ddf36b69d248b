// Counties as tiles in rough places. Anything that looks like a map must be an approved one, which a
// reader may load as GeoJSON; it stays in this browser.
import { useMemo } from 'preact/hooks';
import { navigate } from '../state/router';

export interface Place {
  code: string;
  name: string;
  value: number;
  text: string;
}

type Ring = [number, number][];
export interface Area {
  code: string;
  name: string;
  rings: Ring[];
}

/** Polygons of a GeoJSON whose properties name the county by code or name; null when it is none. */
export function readAreas(text: string): Area[] | null {
  try {
    const json = JSON.parse(text) as { features?: { properties?: Record<string, unknown>; geometry?: { type: string; coordinates: unknown } }[] };
    const areas = (json.features ?? []).flatMap((f) => {
      const p = f.properties ?? {};
      const code = String(p.code ?? p.adcode ?? p.id ?? '');
      const name = String(p.name ?? p.NAME ?? '');
      const g = f.geometry;
      const rings: Ring[] = g?.type === 'Polygon' ? (g.coordinates as Ring[]) : g?.type === 'MultiPolygon' ? (g.coordinates as Ring[][]).flat() : [];
      return rings.length ? [{ code, name, rings }] : [];
    });
    return areas.length ? areas : null;
  } catch {
    return null;
  }
}

/** Five steps of one hue, so that print in grey keeps the order; the number stands in every tile. */
function step(value: number, low: number, high: number): number {
  if (Number.isNaN(value)) return 0;
  return 1 + Math.min(4, Math.floor(((value - low) / (high - low || 1)) * 5));
}

export function TileMap({ places, areas }: { places: Place[]; areas: Area[] | null }) {
  const known = places.filter((p) => !Number.isNaN(p.value)).map((p) => p.value);
  const low = Math.min(...known);
  const high = Math.max(...known);
  const columns = Math.ceil(Math.sqrt(places.length));
  const shape = useMemo(() => {
    if (!areas) return null;
    const points = areas.flatMap((a) => a.rings.flat());
    const xs = points.map((p) => p[0]);
    const ys = points.map((p) => p[1]);
    const box = { x: Math.min(...xs), y: Math.min(...ys), w: Math.max(...xs) - Math.min(...xs) || 1, h: Math.max(...ys) - Math.min(...ys) || 1 };
    const width = 600;
    // Degrees of longitude are shorter than those of latitude.
    const squeeze = Math.cos(((box.y + box.h / 2) * Math.PI) / 180);
    const scale = width / (box.w * squeeze);
    return { box, width, height: box.h * scale, at: ([x, y]: [number, number]): [number, number] => [(x - box.x) * squeeze * scale, (box.y + box.h - y) * scale] };
  }, [areas]);

  if (areas && shape)
    return (
      <svg class="area-map" viewBox={`-4 -4 ${shape.width + 8} ${shape.height + 8}`} role="group">
        {areas.map((a) => {
          const place = places.find((p) => p.code === a.code || p.name === a.name);
          const d = a.rings.map((r) => `M${r.map((p) => shape.at(p).map((v) => v.toFixed(1)).join(',')).join('L')}Z`).join('');
          const all = a.rings[0]?.map(shape.at) ?? [];
          const cx = all.reduce((s, p) => s + p[0], 0) / (all.length || 1);
          const cy = all.reduce((s, p) => s + p[1], 0) / (all.length || 1);
          return (
            <a key={a.code + a.name} href={place ? `/counties/${place.code}` : undefined} onClick={(e) => { if (place) { e.preventDefault(); navigate(`/counties/${place.code}`); } }}>
              <path d={d} class={`step-${step(place?.value ?? NaN, low, high)}`} />
              <text x={cx} y={cy} text-anchor="middle">{place?.name ?? a.name}</text>
              <text x={cx} y={cy + 18} text-anchor="middle" class="map-value">{place?.text}</text>
            </a>
          );
        })}
      </svg>
    );
  return (
    <ul class="tile-map" style={{ gridTemplateColumns: `repeat(${columns}, 1fr)` }}>
      {places.map((p) => (
        <li key={p.code} class={`step-${step(p.value, low, high)}`}>
          <a href={`/counties/${p.code}`} onClick={(e) => { e.preventDefault(); navigate(`/counties/${p.code}`); }}>
            <span>{p.name}</span>
            <b>{p.text}</b>
          </a>
        </li>
      ))}
    </ul>
  );
}
