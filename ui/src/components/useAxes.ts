// Names of chains and counties, from the axes of the matrix.
import { useVerb } from '../api/hooks';
import { rowsOf, tableOf, textOf } from '../api/table';
import { useHasVerb } from '../state/session';

export interface AxisPoint {
  code: string;
  name: string;
  group: string;
  owner: string;
}

export interface Axes {
  chains: AxisPoint[];
  counties: AxisPoint[];
  /** The name of a code, or the code itself. */
  name(code: string): string;
}

export function useAxes(): Axes {
  const loaded = useVerb(useHasVerb('matrix') ? 'matrix' : null);
  const points = (id: string): AxisPoint[] =>
    rowsOf(tableOf(loaded.data, id)).map((r) => ({ code: textOf(r.code), name: textOf(r.name), group: textOf(r.group), owner: textOf(r.owner) }));
  const chains = points('chains');
  const counties = points('counties');
  return { chains, counties, name: (code) => [...chains, ...counties].find((p) => p.code === code)?.name || code };
}
