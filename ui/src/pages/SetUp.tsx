import { useState } from 'preact/hooks';
import { request } from '../api/client';
import { problemOf } from '../api/hooks';
import { Preferences } from '../components/Shell';
import { useText } from '../i18n';

/** The first visit: the one who sees the server's terminal becomes the administrator. */
export function SetUp({ onDone }: { onDone: () => Promise<void> }) {
  const { t, lang } = useText();
  const [wrong, setWrong] = useState('');
  const [busy, setBusy] = useState(false);

  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget as HTMLFormElement);
    setBusy(true);
    setWrong('');
    try {
      await request('POST', '/api/v1/setup', { token: form.get('token'), user: form.get('user'), password: form.get('password'), name: form.get('name') });
      await onDone();
    } catch (error) {
      const p = problemOf(error);
      setWrong([lang === 'zh' ? p.title : (p.title_en ?? p.title), lang === 'zh' ? p.hint : p.hint_en].filter(Boolean).join(' — '));
      setBusy(false);
    }
  };
  return (
    <main class="gate">
      <form class="gate-box" onSubmit={submit}>
        <img src="/ding.svg" alt="" width="56" height="56" />
        <h1>
          {t('app')}
          <small>{t('setUp')}</small>
        </h1>
        <p class="warning">{t('secret')}</p>
        <p class="muted small">{t('setUpHint')}</p>
        <label>
          <span>{t('token')}</span>
          <input name="token" autocomplete="off" autocapitalize="none" spellcheck={false} required />
        </label>
        <label>
          <span>{t('fullName')}</span>
          <input name="name" autocomplete="name" required />
        </label>
        <label>
          <span>{t('user')}</span>
          <input name="user" autocomplete="username" autocapitalize="none" required />
        </label>
        <label>
          <span>
            {t('password')} <small class="muted">{t('passwordHint')}</small>
          </span>
          <input name="password" type="password" autocomplete="new-password" minLength={12} required />
        </label>
        {wrong ? (
          <p class="wrong" role="alert">
            {wrong}
          </p>
        ) : null}
        <button type="submit" class="main" disabled={busy}>
          {t('create')}
        </button>
        <div class="gate-tools">
          <Preferences />
        </div>
      </form>
    </main>
  );
}
