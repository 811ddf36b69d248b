// A table with fewer rows, for showing.
import type { Cell, Table } from './types';
import type { Row } from './table';

function rowOf(table: Table, cells: Cell[]): Row {
  const row: Row = {};
  table.columns.forEach((c, i) => (row[c.id] = cells[i] ?? null));
  return row;
}

export function keepRows(table: Table, keep: (row: Row) => boolean): Table {
  return { ...table, rows: table.rows.filter((cells) => keep(rowOf(table, cells))) };
}
