// Numbers and periods as people read them. Nothing else formats a number.
import type { Cell, Column } from './api/types';
import { numberOf, stateOf } from './api/table';
import type { Lang } from './state/prefs';

const formats = new Map<string, Intl.NumberFormat>();

/** digits < 0: six significant ones, as the terminal prints an estimate without a wish. */
export function number(value: number, digits: number, lang: Lang, sign = false): string {
  if (!Number.isFinite(value)) return '';
  const key = `${lang}${digits}${sign}`;
  let f = formats.get(key);
  if (!f) {
    f = new Intl.NumberFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
      ...(digits < 0 ? { maximumSignificantDigits: 6 } : { minimumFractionDigits: digits, maximumFractionDigits: digits }),
      signDisplay: sign ? 'exceptZero' : 'negative',
    });
    formats.set(key, f);
  }
  return f.format(value).replace('-', '−');
}

/** Digits for a number whose column does not say: enough to tell it apart, never more than two. */
export function digitsFor(value: number): number {
  const a = Math.abs(value);
  if (Number.isInteger(value) || a >= 1000) return 0;
  return a >= 100 ? 1 : 2;
}

/** Digits that the server says the terminal prints; undefined where a column is no number. */
export function columnDigits(column: Column | undefined): number | undefined {
  return column?.digits;
}

export function cellNumber(cell: Cell | undefined, column: Column | undefined, lang: Lang): string {
  const value = numberOf(cell);
  if (Number.isNaN(value)) return '';
  const digits = columnDigits(column) ?? digitsFor(value);
  return number(value, digits, lang);
}

/** "2024-01..12" → 2024年1—12月. Texts that are no period stay. */
export function period(text: string, lang: Lang): string {
  let m = /^(\d{4})$/.exec(text);
  if (m) return lang === 'zh' ? `${m[1]}年` : `${m[1]}`;
  m = /^(\d{4})-(\d\d)\.\.(\d\d)$/.exec(text);
  if (m) {
    const [, year, from, to] = m;
    return lang === 'zh' ? `${year}年${Number(from)}—${Number(to)}月` : `${year}, ${monthName(from)}–${monthName(to)}`;
  }
  m = /^(\d{4})-(\d\d)$/.exec(text);
  if (m) return lang === 'zh' ? `${m[1]}年${Number(m[2])}月` : `${monthName(m[2])} ${m[1]}`;
  m = /^(\d{4})Q([1-4])$/.exec(text);
  if (m) return lang === 'zh' ? `${m[1]}年${m[2]}季度` : `${m[1]} Q${m[2]}`;
  return text;
}

function monthName(month: string | undefined): string {
  return new Intl.DateTimeFormat('en-GB', { month: 'short' }).format(new Date(2000, Number(month) - 1, 1));
}

/** Short form for an axis. */
export function periodShort(text: string): string {
  const m = /^(\d{4})-(\d\d)(?:\.\.(\d\d))?$/.exec(text);
  if (!m) return text;
  return `${m[1]}-${m[3] ?? m[2]}`;
}

const STATES_EN: Record<string, string> = {
  缺报: 'missing',
  不适用: 'n/a',
  待核: 'in doubt',
  保密: 'withheld',
};

export function stateText(state: string, lang: Lang): string {
  return lang === 'zh' ? state : (STATES_EN[state] ?? state);
}

/** The text of any cell in the reader's language. */
export function cellText(cell: Cell | undefined, column: Column | undefined, lang: Lang): string {
  const state = stateOf(cell);
  if (state && ((cell as { v?: unknown }).v ?? null) === null) return stateText(state, lang);
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? (lang === 'zh' ? '是' : 'yes') : lang === 'zh' ? '否' : 'no';
  const kind = column?.kind;
  let text: string;
  if (kind === 'decimal' || kind === 'quotient' || kind === 'estimate' || typeof cell === 'number')
    text = cellNumber(cell, column, lang);
  else if (kind === 'period') text = period(String(cell), lang);
  else text = typeof cell === 'object' ? String(cell.v) : String(cell);
  return state ? `${text}(${stateText(state, lang)})` : text;
}

/** Units of the returns in the reader's language. */
const UNITS_EN: Record<string, string> = {
  亿元: '¥100m',
  万元: '¥10k',
  百分点: 'pp',
  户: 'firms',
  个: '',
  家: '',
  类: 'divisions',
  元: 'yuan',
  人: 'people',
  万人: '10k people',
  万千瓦: '10 MW',
  亿千瓦时: '100 GWh',
  万千瓦时: '10 MWh',
  万人次: '10k visits',
  万tce: '10k tce',
  件: 'items',
  日: 'days',
  年: 'years',
  倍: 'times',
  '百分点/年': 'pp/year',
  亩: 'mu',
};

export function unit(text: string, lang: Lang): string {
  return lang === 'zh' ? text : (UNITS_EN[text] ?? text);
}
