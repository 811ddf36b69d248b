// One's own tokens for programs: made with a right and an end, shown once, listed, revoked.
import { useEffect, useState } from 'preact/hooks';
import { request } from '../api/client';
import { problemOf } from '../api/hooks';
import type { Problem } from '../api/types';
import { useText } from '../i18n';
import { Empty, ErrorBox, Loading } from './States';

interface Token {
  id: number;
  name: string;
  read_only: boolean;
  created: number;
  expires: number | null;
  used: number | null;
  token?: string;
}

const day = (seconds: number | null) => (seconds ? new Date(seconds * 1000).toISOString().slice(0, 10) : '—');

function Make({ onMade }: { onMade: (token: Token) => void }) {
  const { t } = useText();
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement;
    const f = new FormData(form);
    try {
      onMade(await request<Token>('POST', '/api/v1/tokens', { name: f.get('name'), read_only: f.get('scope') !== 'write', days: Number(f.get('days')) }));
      form.reset();
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <>
      <form class="inline-form" onSubmit={submit}>
        <label>
          <span>{t('tokenName')}</span>
          <input name="name" required maxLength={100} autocomplete="off" placeholder={t('tokenNameHint')} />
        </label>
        <label>
          <span>{t('tokenScope')}</span>
          <select name="scope">
            <option value="read">{t('tokenRead')}</option>
            <option value="write">{t('tokenWrite')}</option>
          </select>
        </label>
        <label>
          <span>{t('tokenDays')}</span>
          <input name="days" type="number" min={1} max={366} defaultValue="90" required />
        </label>
        <button type="submit" class="main">
          {t('tokenMake')}
        </button>
      </form>
      {problem ? <ErrorBox problem={problem} /> : null}
    </>
  );
}

function Secret({ token, onSeen }: { token: Token; onSeen: () => void }) {
  const { t } = useText();
  return (
    <div class="import-result" role="status">
      <p>
        <b>{token.name}</b>: {t('tokenOnce')}
      </p>
      <p>
        <code class="secret">{token.token}</code>
      </p>
      <div class="row-tools">
        <button type="button" onClick={() => void navigator.clipboard?.writeText(token.token ?? '')}>
          {t('tokenCopy')}
        </button>
        <button type="button" onClick={onSeen}>
          {t('tokenSeen')}
        </button>
      </div>
    </div>
  );
}

export function Tokens() {
  const { t } = useText();
  const [tokens, setTokens] = useState<Token[] | null>(null);
  const [made, setMade] = useState<Token | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () =>
    request<Token[]>('GET', '/api/v1/tokens').then(setTokens, (e: unknown) => setProblem(problemOf(e)));
  useEffect(() => void load(), []);
  const revoke = async (token: Token) => {
    try {
      await request('DELETE', `/api/v1/tokens/${token.id}`);
      if (made?.id === token.id) setMade(null);
      setProblem(null);
      await load();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  if (!tokens) return problem ? <ErrorBox problem={problem} /> : <Loading />;
  return (
    <>
      <p class="muted">{t('tokensHint')}</p>
      {problem ? <ErrorBox problem={problem} /> : null}
      {made ? <Secret token={made} onSeen={() => setMade(null)} /> : null}
      {tokens.length ? (
        <div class="table-frame" tabIndex={0} role="region" aria-label={t('tokens')}>
          <table>
            <thead>
              <tr>
                <th scope="col">{t('tokenName')}</th>
                <th scope="col">{t('tokenScope')}</th>
                <th scope="col">{t('tokenCreated')}</th>
                <th scope="col">{t('tokenExpires')}</th>
                <th scope="col">{t('tokenUsed')}</th>
                <th scope="col">{t('action')}</th>
              </tr>
            </thead>
            <tbody>
              {tokens.map((x) => (
                <tr key={x.id}>
                  <td>
                    <b>{x.name}</b>
                  </td>
                  <td>{x.read_only ? `○ ${t('tokenRead')}` : `▲ ${t('tokenWrite')}`}</td>
                  <td class="nowrap">{day(x.created)}</td>
                  <td class="nowrap">{day(x.expires)}</td>
                  <td class="nowrap">{day(x.used)}</td>
                  <td>
                    <button type="button" class="quiet" onClick={() => void revoke(x)}>
                      {t('tokenRevoke')} <span class="sr">{x.name}</span>
                    </button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <Empty title={t('tokensNone')} hint={t('tokensNoneHint')} />
      )}
      <h3>{t('tokenMake')}</h3>
      <Make
        onMade={(token) => {
          setMade(token);
          void load();
        }}
      />
    </>
  );
}
