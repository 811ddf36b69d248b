// A table with fewer rows or one more column of words, for showing; no number is made here.
import type { Cell, Column, Table } from './types';
import type { Row } from './table';

function rowOf(table: Table, cells: Cell[]): Row {
  const row: Row = {};
  table.columns.forEach((c, i) => (row[c.id] = cells[i] ?? null));
  return row;
}

export function keepRows(table: Table, keep: (row: Row) => boolean): Table {
  return { ...table, rows: table.rows.filter((cells) => keep(rowOf(table, cells))) };
}

/** The column stands first; a title in the reader's language. */
export function withWords(table: Table, id: string, title: string, word: (row: Row) => string): Table {
  const column: Column = { id, title: { zh: title, en: title }, kind: 'text', unit: '', scale: 0 };
  return { ...table, columns: [column, ...table.columns], rows: table.rows.map((cells) => [word(rowOf(table, cells)), ...cells]) };
}
