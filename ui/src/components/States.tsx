// What a view shows when it has nothing to show: designed, never blank.
import type { ComponentChildren } from 'preact';
import type { Loaded } from '../api/hooks';
import type { Answer, Problem } from '../api/types';
import { useText } from '../i18n';

export function Loading({ lines = 3 }: { lines?: number }) {
  const { t } = useText();
  return (
    <div class="state loading" role="status">
      <span class="sr">{t('loading')}</span>
      {Array.from({ length: lines }, (_, i) => (
        <span class="bone" key={i} aria-hidden="true" />
      ))}
    </div>
  );
}

export function Empty({ title, hint }: { title?: string; hint?: string }) {
  const { t } = useText();
  return (
    <div class="state empty">
      <strong>{title ?? t('empty')}</strong>
      <p>{hint ?? t('emptyHint')}</p>
    </div>
  );
}

export function Denied({ hint }: { hint?: string }) {
  const { t } = useText();
  return (
    <div class="state denied">
      <strong>{t('denied')}</strong>
      <p>{hint || t('deniedHint')}</p>
    </div>
  );
}

export function ErrorBox({ problem, onRetry }: { problem: Problem; onRetry?: () => void }) {
  const { t, lang } = useText();
  const say = (zh?: string, en?: string) => (lang === 'zh' ? zh : (en ?? zh)) ?? '';
  if (problem.status === 403) return <Denied hint={say(problem.title, problem.title_en)} />;
  return (
    <div class="state error" role="alert">
      <strong>{say(problem.title, problem.title_en) || t('failed')}</strong>
      {problem.detail ? <p>{say(problem.detail, problem.detail_en)}</p> : null}
      {problem.hint ? <p class="muted">{say(problem.hint, problem.hint_en)}</p> : null}
      {problem.request_id ? <p class="muted small">{t('requestId', { id: problem.request_id })}</p> : null}
      {onRetry ? (
        <button type="button" onClick={onRetry}>
          {t('retry')}
        </button>
      ) : null}
    </div>
  );
}

/** Loading, error or the content; a former answer stays on screen, faded, while the next loads. */
export function Await({
  of,
  children,
  lines,
}: {
  of: Loaded;
  children: (data: Answer) => ComponentChildren;
  lines?: number;
}) {
  if (of.state === 'error') return <ErrorBox problem={of.problem} />;
  if (!of.data) return <Loading lines={lines} />;
  return of.state === 'loading' ? (
    <div class="stale" aria-busy="true">
      {children(of.data)}
    </div>
  ) : (
    <>{children(of.data)}</>
  );
}
