import { useState } from 'preact/hooks';
import { ApiError, request } from '../api/client';
import { problemOf } from '../api/hooks';
import type { Session } from '../api/types';
import { Preferences } from '../components/Shell';
import { useText } from '../i18n';
import { useSession } from '../state/session';

/** The page before every other: name of the city, the warning the law asks for, a form. */
export function SignIn({ onDone }: { onDone: () => Promise<void> }) {
  const { t, lang } = useText();
  const { session } = useSession();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    setBusy(true);
    setWrong('');
    try {
      await request<Session>('POST', '/api/v1/session', { user: form.get('user'), password: form.get('password') });
      await onDone();
    } catch (error) {
      const problem = problemOf(error);
      setWrong(error instanceof ApiError && problem.status === 401 ? t('wrong') : (lang === 'zh' ? problem.title : problem.title_en) || problem.title);
      setBusy(false);
    }
  };
  return (
    <main class="gate">
      <form class="gate-box" onSubmit={submit}>
        <img src="/ding.svg" alt="" width="56" height="56" />
        <h1>
          {t('app')}
          <small>{session.city?.name}</small>
        </h1>
        <p class="warning">{t('secret')}</p>
        <label>
          <span>{t('user')}</span>
          <input name="user" autocomplete="username" autocapitalize="none" required />
        </label>
        <label>
          <span>{t('password')}</span>
          <input name="password" type="password" autocomplete="current-password" required />
        </label>
        {wrong ? (
          <p class="wrong" role="alert">
            {wrong}
          </p>
        ) : null}
        <button type="submit" class="main" disabled={busy}>
          {t('signIn')}
        </button>
        <p class="muted small">{t('signInHint')}</p>
        <div class="gate-tools">
          <Preferences />
        </div>
      </form>
    </main>
  );
}
