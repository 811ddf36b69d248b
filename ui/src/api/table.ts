// Reading tables: cells by column id, numbers with their states.
import type { Answer, Cell, Column, Table } from './types';

export type Row = Record<string, Cell>;

export function tableOf(answer: Answer | undefined, id: string): Table | undefined {
  return answer?.tables.find((t) => t.id === id);
}

export function rowsOf(table: Table | undefined): Row[] {
  if (!table) return [];
  return table.rows.map((cells) => {
    const row: Row = {};
    table.columns.forEach((c, i) => (row[c.id] = cells[i] ?? null));
    return row;
  });
}

export function columnOf(table: Table | undefined, id: string): Column | undefined {
  return table?.columns.find((c) => c.id === id);
}

/** The state of a cell without a plain value, else ''. */
export function stateOf(cell: Cell | undefined): string {
  return cell !== null && typeof cell === 'object' ? cell.s : '';
}

/** The number of a cell, also one in doubt; NaN when there is none. */
export function numberOf(cell: Cell | undefined): number {
  if (cell === null || cell === undefined) return NaN;
  if (typeof cell === 'object') return cell.v === undefined || cell.v === null ? NaN : Number(cell.v);
  if (typeof cell === 'string') return cell.trim() === '' ? NaN : Number(cell);
  return Number(cell);
}

export function textOf(cell: Cell | undefined): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'object') return cell.v === undefined || cell.v === null ? '' : String(cell.v);
  return String(cell);
}
