// What a planner has moved, as text in the address and as the verbs read it.
import { useEffect, useState } from 'preact/hooks';
import { numberOf, textOf, type Row } from '../../api/table';
import { useLocation, withQuery } from '../../state/router';

export interface Scenario {
  /** "finance=114,share@2028=30" */
  set: string;
  /** "HZ2023040=6" */
  slip: string;
}

export interface Lever {
  limit: string;
  name: string;
  unit: string;
  standing: number;
  min: number;
  max: number;
  step: number;
}

const RANGES: Record<string, [number, number, number]> = {
  growth: [0, 12, 0.5],
  finance: [0.4, 2, 0],
  energy: [80, 130, 1],
  carbon: [80, 130, 1],
  land: [0.4, 2, 0],
  labour: [90, 140, 1],
};
const ORDER = ['growth', 'finance', 'energy', 'carbon', 'land', 'labour'];

/** The limits of the whole city that a slider moves, in a fixed order. */
export function leversOf(limits: Row[], lang: string): Lever[] {
  return ORDER.flatMap((limit) => {
    const row = limits.find((r) => textOf(r.limit) === limit && textOf(r.scope) === '*' && textOf(r.year) === '*');
    if (!row) return [];
    const standing = numberOf(row.standing);
    const [low, high, step] = RANGES[limit] as [number, number, number];
    // Amounts move by parts of what stands, percentages in their own terms.
    const by = step || 10 ** Math.max(0, Math.floor(Math.log10(standing)) - 1);
    const scale = step ? 1 : standing;
    return [
      {
        limit,
        name: textOf(lang === 'zh' ? row.name : row.name_en),
        unit: textOf(row.unit),
        standing,
        min: Math.min(standing, Math.floor((low * scale) / by) * by),
        max: Math.max(standing, Math.ceil((high * scale) / by) * by),
        step: by,
      },
    ];
  });
}

/** "a=1,b=2" ⇄ pairs; what is no plain "=" (finance+10%) is kept as it is. */
export function pairs(text: string): [string, string][] {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const at = part.indexOf('=');
      return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
    });
}

export function withPair(text: string, key: string, value: string | null): string {
  const rest = pairs(text).filter(([k]) => k !== key);
  if (value !== null) rest.push([key, value]);
  return rest.map(([k, v]) => (v === '' ? k : `${k}=${v}`)).join(',');
}

/** The target as the scenario has it: one pair, share@YEAR=S. */
export function withTarget(text: string, year: string, share: number): string {
  const rest = pairs(text).filter(([k]) => !k.startsWith('share'));
  return [...rest.map(([k, v]) => (v === '' ? k : `${k}=${v}`)), `share@${year}=${share}`].join(',');
}

/** The scenario in the address, and the same once it has rested for a moment. */
export function useScenario(): [Scenario, Scenario, (s: Scenario) => void] {
  const { query } = useLocation();
  const inAddress = { set: query.get('set') ?? '', slip: query.get('slip') ?? '' };
  const [now, setNow] = useState<Scenario>(inAddress);
  const [rested, setRested] = useState<Scenario>(inAddress);
  useEffect(() => {
    const timer = setTimeout(() => {
      setRested(now);
      history.replaceState(null, '', withQuery({ set: now.set, slip: now.slip }));
    }, 90);
    return () => clearTimeout(timer);
  }, [now.set, now.slip]);
  // A link on this page (a saved scenario that is opened) changes the address from outside.
  useEffect(() => {
    if (inAddress.set !== now.set || inAddress.slip !== now.slip) setNow(inAddress);
  }, [inAddress.set, inAddress.slip]);
  return [now, rested, setNow];
}
