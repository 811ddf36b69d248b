// The only place that speaks to the server.
import type { Answer, Job, Params, Problem, Session, VerbInfo } from './types';

/** An answer that is not a success, as problem+json or made here when there was none. */
export class ApiError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.title);
  }
}

let csrf = '';

export function setCsrf(token: string | null): void {
  csrf = token ?? '';
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as Problem;
    return { ...body, status: response.status };
  } catch {
    return {
      status: response.status,
      title: `服务器回答 ${response.status}`,
      title_en: `the server answered ${response.status}`,
    };
  }
}

export async function request<T>(method: string, path: string, body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  let payload: BodyInit | undefined;
  if (body instanceof FormData) payload = body;
  else if (body !== undefined) {
    payload = JSON.stringify(body);
    headers['Content-Type'] = 'application/json';
  }
  if (method !== 'GET') headers['X-CSRF-Token'] = csrf;
  let response: Response;
  try {
    response = await fetch(path, { method, headers, body: payload, credentials: 'same-origin' });
  } catch {
    throw new ApiError({
      status: 0,
      title: '连不上服务器',
      title_en: 'the server cannot be reached',
      hint: '看看 fangding serve 是否还在运行',
      hint_en: 'check that fangding serve is still running',
    });
  }
  if (!response.ok) throw new ApiError(await problemOf(response));
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

function query(params: Params): string {
  const q = new URLSearchParams();
  for (const [key, value] of Object.entries(params)) {
    if (value === undefined || value === null || value === '' || value === false) continue;
    q.set(key, value === true ? '1' : String(value));
  }
  const text = q.toString();
  return text ? `?${text}` : '';
}

export function verbPath(verb: string): string {
  return `/api/v1/verbs/${verb.split(' ').map(encodeURIComponent).join('/')}`;
}

export function verbUrl(verb: string, params: Params): string {
  return verbPath(verb) + query(params);
}

/** A long request answers 202 with the address of a job; wait for it, telling how far it is. */
async function follow(job: Job, onProgress?: (job: Job) => void): Promise<Answer> {
  for (let pause = 150; job.state === 'running' || job.state === 'waiting'; pause = Math.min(pause * 1.5, 2000)) {
    onProgress?.(job);
    await new Promise((resolve) => setTimeout(resolve, pause));
    job = await request<Job>('GET', `/api/v1/jobs/${job.id}`);
  }
  if (job.state === 'done' && job.result) return { ...job.result, files: job.files };
  // A check that found faults fails, and still has findings to show.
  if (job.problem?.answer) return { ...job.problem.answer, files: job.files };
  throw new ApiError(job.problem ?? { status: 409, title: '已取消', title_en: 'cancelled' });
}

/** A change that waits for a second person. */
export interface Proposal {
  id: number;
  verb: string;
  params: Record<string, string>;
  by: string;
  snapshot: number;
  created: number | null;
  expires: number | null;
  state: 'waiting' | 'confirmed' | 'refused' | 'withdrawn' | 'expired';
  decider: string;
  decided: number | null;
  reason: string;
  mine: boolean;
  can_decide: boolean;
}

interface Proposed {
  proposal: Proposal;
}

function isProposed(answer: Answer | Job | Proposed): answer is Proposed {
  return 'proposal' in answer;
}

/** Nothing was done yet: an answer that says so. */
function waiting(verb: string): Answer {
  return {
    snapshot: 0,
    definitions: '',
    program: '',
    verb,
    exit: 0,
    message: { zh: '已提交,等第二人确认(见「待确认」)', en: 'asked for; a second person has to confirm it (see "To confirm")' },
    tables: [],
    screen: null,
  };
}

export const proposals = () => request<Proposal[]>('GET', '/api/v1/proposals');

/** Confirming gives the answer of the change itself. */
export async function decide(id: number, decision: 'confirm' | 'refuse' | 'withdraw', reason: string): Promise<Answer | null> {
  const body = reason ? { decision, reason } : { decision };
  const answer = await request<Answer | Job | Proposed>('POST', `/api/v1/proposals/${id}`, body);
  if (isProposed(answer)) return null;
  return isJob(answer) ? follow(answer) : answer;
}

function isJob(answer: Answer | Job): answer is Job {
  return 'state' in answer;
}

export async function read(verb: string, params: Params): Promise<Answer> {
  const answer = await request<Answer | Job>('GET', verbUrl(verb, params));
  if (isJob(answer)) return follow(answer);
  const xlsx = verbUrl(verb, { ...params, format: 'xlsx' });
  return { ...answer, tables: answer.tables.map((table) => ({ ...table, xlsx })) };
}

export async function write(
  verb: string,
  body: Params | FormData,
  onProgress?: (job: Job) => void,
): Promise<Answer> {
  const answer = await request<Answer | Job | Proposed>('POST', verbPath(verb), body);
  if (isProposed(answer)) return waiting(verb);
  return isJob(answer) ? follow(answer, onProgress) : answer;
}

export const getSession = () => request<Session>('GET', '/api/v1/session');
export const getVerbs = async (): Promise<VerbInfo[]> => {
  const body = await request<VerbInfo[] | { verbs: VerbInfo[] }>('GET', '/api/v1/verbs');
  return Array.isArray(body) ? body : body.verbs;
};
