// What the charts show, as plain functions of numbers.
import type { EChartsCoreOption } from 'echarts/core';
import type { Palette } from './Chart';

const grid = { left: 8, right: 18, top: 30, bottom: 8, containLabel: true };

function axes(p: Palette, categories: string[], unit: string) {
  return {
    grid,
    xAxis: { type: 'category', data: categories, axisLine: { lineStyle: { color: p.line } }, axisTick: { show: false }, axisLabel: { color: p.muted, hideOverlap: true } },
    yAxis: { type: 'value', scale: true, name: unit, nameTextStyle: { color: p.muted, align: 'left' }, axisLabel: { color: p.muted }, splitLine: { lineStyle: { color: p.line } } },
  };
}

const finite = (v: number) => (Number.isFinite(v) ? Number(v.toFixed(4)) : null);

export interface Line {
  name: string;
  values: number[];
  dashed?: boolean;
}

export function lines(p: Palette, categories: string[], series: Line[], unit: string): EChartsCoreOption {
  const colors = [p.accent, p.second, p.grey];
  return {
    ...axes(p, categories, unit),
    legend: series.length > 1 ? { top: 0, right: 0, textStyle: { color: p.ink }, itemWidth: 18 } : undefined,
    series: series.map((s, i) => ({
      type: 'line',
      name: s.name,
      data: s.values.map(finite),
      connectNulls: false,
      symbol: s.dashed ? 'emptyCircle' : 'circle',
      symbolSize: 7,
      showSymbol: categories.length <= 30,
      color: colors[i % colors.length],
      lineStyle: { width: 2.2, type: s.dashed ? 'dashed' : 'solid' },
    })),
  };
}

export function bars(p: Palette, names: string[], values: number[], unit: string, accent = -1): EChartsCoreOption {
  return {
    grid: { ...grid, top: 8, left: 8, right: 60 },
    tooltip: { show: false },
    xAxis: { type: 'value', axisLabel: { color: p.muted, hideOverlap: true }, splitLine: { lineStyle: { color: p.line } } },
    yAxis: { type: 'category', inverse: true, data: names, axisLabel: { color: p.ink }, axisTick: { show: false }, axisLine: { lineStyle: { color: p.line } } },
    series: [
      {
        type: 'bar',
        barMaxWidth: 18,
        data: values.map((v, i) => ({ value: finite(v), itemStyle: { color: v < 0 ? p.down : i === accent ? p.second : p.accent } })),
        label: { show: true, position: 'right', color: p.ink, formatter: (x: { value: number | null }) => (x.value === null ? '' : `${Number(x.value.toFixed(2))} ${unit}`) },
      },
    ],
  };
}

/** Stacks add whatever their signs, so that a bar may cross zero. Pulls of the parts, one upon the other, the residual, then the total from the ground. */
export function waterfall(p: Palette, parts: { name: string; pull: number; kind: 'part' | 'residual' | 'total' }[], unit: string): EChartsCoreOption {
  let level = 0;
  const base: number[] = [];
  const up: number[] = [];
  const down: number[] = [];
  const total: number[] = [];
  for (const part of parts) {
    const value = Number.isFinite(part.pull) ? part.pull : 0;
    if (part.kind === 'total') {
      base.push(0);
      up.push(0);
      down.push(0);
      total.push(value);
      continue;
    }
    const next = level + value;
    base.push(Math.min(level, next));
    up.push(Math.max(value, 0));
    down.push(Math.max(-value, 0));
    total.push(0);
    level = next;
  }
  const label = (sign: number) => ({
    show: true,
    position: 'top',
    color: p.ink,
    fontSize: parts.length > 9 ? 10 : 12,
    formatter: (x: { value: number | null }) => (x.value ? (sign * x.value).toFixed(2).replace('-', '−') : ''),
  });
  return {
    ...axes(p, parts.map((x) => x.name), unit),
    tooltip: { show: false },
    xAxis: { ...axes(p, parts.map((x) => x.name), unit).xAxis, axisLabel: { color: p.muted, interval: 0, rotate: parts.length > 7 ? 38 : 0 } },
    yAxis: { ...axes(p, [], unit).yAxis, scale: false },
    series: [
      { type: 'bar', stack: 'w', stackStrategy: 'all', silent: true, itemStyle: { color: 'transparent' }, data: base },
      { type: 'bar', stack: 'w', stackStrategy: 'all', barMaxWidth: 34, color: p.up, data: up.map(finite), label: label(1) },
      { type: 'bar', stack: 'w', stackStrategy: 'all', barMaxWidth: 34, color: p.down, data: down.map(finite), label: label(-1) },
      { type: 'bar', stack: 'w', stackStrategy: 'all', barMaxWidth: 34, color: p.accent, data: total.map(finite), label: label(1) },
    ],
  };
}

/** Points of a front, one line per goal, each on an axis of its own: what a larger share costs. */
export function front(p: Palette, shares: number[], series: { name: string; unit: string; values: number[] }[], shareName: string): EChartsCoreOption {
  const colors = [p.accent, p.second, p.grey];
  const height = 100 / series.length;
  const spread = (values: number[]) => {
    const most = Math.max(...values.map(Math.abs).filter(Number.isFinite), 1e-9);
    const range = Math.max(...values.filter(Number.isFinite)) - Math.min(...values.filter(Number.isFinite));
    return range < 1e-6 * most;
  };
  return {
    grid: series.map((_, i) => ({ left: 76, right: 24, top: `${i * height + 8}%`, height: `${height - 15}%` })),
    xAxis: series.map((_, i) => ({
      type: 'value',
      gridIndex: i,
      min: shares[0],
      max: shares[shares.length - 1],
      name: i === series.length - 1 ? shareName : '',
      nameLocation: 'middle',
      nameGap: 24,
      nameTextStyle: { color: p.muted },
      axisLabel: { color: p.muted, hideOverlap: true, show: i === series.length - 1, formatter: (v: number) => v.toFixed(1) },
      splitLine: { lineStyle: { color: p.line } },
    })),
    yAxis: series.map((s, i) => ({
      type: 'value',
      scale: true,
      gridIndex: i,
      // A line that does not move is drawn in the middle, not stretched into one that does.
      ...(spread(s.values) ? { min: (s.values[0] ?? 0) * 0.99, max: (s.values[0] ?? 0) * 1.01 } : {}),
      name: `${s.name}(${s.unit})`,
      nameTextStyle: { color: p.ink, align: 'left', padding: [0, 0, 0, -66] },
      splitNumber: 3,
      axisLabel: { color: p.muted, formatter: (v: number) => v.toFixed(0) },
      splitLine: { lineStyle: { color: p.line } },
    })),
    series: series.map((s, i) => ({
      type: 'line',
      name: s.name,
      xAxisIndex: i,
      yAxisIndex: i,
      symbol: ['circle', 'rect', 'triangle'][i % 3],
      symbolSize: 7,
      color: colors[i % colors.length],
      data: s.values.map((v, k) => [shares[k], finite(v)]),
    })),
  };
}
