// The shapes of the API: answers of verbs, problems, the session.

export interface Both {
  zh: string;
  en: string;
}

export type Kind = 'decimal' | 'quotient' | 'estimate' | 'date' | 'period' | 'text' | 'code' | 'boolean';

export interface Column {
  id: string;
  title: Both;
  kind: Kind;
  unit: string;
  /** Digits stored of an exact decimal. */
  scale: number;
  /** Numbers: fraction digits as the terminal prints them; −1: six significant ones. */
  digits?: number;
}

/** A cell without a plain value: 缺报, 不适用, 待核 (which keeps its number) or 保密. */
export interface StateCell {
  s: string;
  v?: number | string | null;
}

export type Cell = number | string | boolean | null | StateCell;

export interface Table {
  id: string;
  title: Both;
  columns: Column[];
  rows: Cell[][];
  notes: Both[];
  tree: boolean;
  /** Where the server gives the whole answer as a workbook; set by the client of the API. */
  xlsx?: string;
}

export interface Answer {
  snapshot: number;
  definitions: string;
  program: string;
  verb: string;
  exit: number;
  message: Both | null;
  tables: Table[];
  screen: Both | null;
  /** Files that the verb wrote, of a job. */
  files?: { name: string; href: string }[];
}

export interface Job {
  id: string;
  verb: string;
  state: 'waiting' | 'running' | 'done' | 'failed' | 'cancelled';
  progress: number | null;
  label: Both;
  result?: Answer;
  problem?: Problem & { answer?: Answer };
  files?: { name: string; href: string }[];
}

export interface Problem {
  status: number;
  title: string;
  title_en?: string;
  detail?: string;
  detail_en?: string;
  hint?: string;
  hint_en?: string;
  code?: number | string;
  request_id?: string;
}

export interface VerbParam {
  name: string;
  type: string;
  required?: boolean;
  positional?: boolean;
  zh?: string;
  en?: string;
  choices?: string | null;
}

export interface VerbInfo {
  name: string;
  path: string;
  zh: string;
  en: string;
  effect: 'read' | 'write' | 'propose';
  /** A verb that may take an uploaded file is asked by POST, though it only reads. */
  method?: 'GET' | 'POST';
  /** May this user's role use it? */
  allowed?: boolean;
  params: VerbParam[];
}

export interface Session {
  user: string | null;
  role: string | null;
  name: string | null;
  csrf: string | null;
  setup_needed: boolean;
  city: { name: string; note: string; snapshot: number } | null;
  lang: string;
}

export type Params = Record<string, string | number | boolean | undefined | null>;
