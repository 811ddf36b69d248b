// Administration: users, tokens, audit chain, definitions, snapshots.
import { useEffect, useState } from 'preact/hooks';
import { read, request } from '../api/client';
import { problemOf, useVerb } from '../api/hooks';
import { rowsOf, textOf } from '../api/table';
import type { Problem, Table } from '../api/types';
import { DataTable } from '../components/DataTable';
import { DefinitionVersions } from '../components/DefinitionVersions';
import { Card, Page } from '../components/Page';
import { Await, Denied, ErrorBox, Loading } from '../components/States';
import { Tokens } from '../components/Tokens';
import { useText, type Key } from '../i18n';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';

interface User {
  id: number;
  user: string;
  name: string;
  role: string;
  county: string;
  enterprise: string;
  disabled: boolean;
  locked: boolean;
  created: number;
}

const ROLES = ['viewer', 'industry', 'statistics', 'department', 'county', 'enterprise', 'administrator'];

function AddUser({ onDone }: { onDone: () => void }) {
  const { t, lang } = useText();
  const [role, setRole] = useState('viewer');
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (e: SubmitEvent) => {
    e.preventDefault();
    const form = e.currentTarget as HTMLFormElement;
    const f = new FormData(form);
    const body: Record<string, unknown> = { user: f.get('user'), name: f.get('name'), role, password: f.get('password') };
    if (role === 'county') body.county = f.get('county');
    if (role === 'enterprise') body.enterprise = f.get('enterprise');
    try {
      await request('POST', '/api/v1/users', body);
      form.reset();
      setProblem(null);
      onDone();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  return (
    <form class="inline-form" onSubmit={submit}>
      <label>
        <span>{t('user')}</span>
        <input name="user" required autocapitalize="none" autocomplete="off" />
      </label>
      <label>
        <span>{t('fullName')}</span>
        <input name="name" required autocomplete="off" />
      </label>
      <label>
        <span>{t('role')}</span>
        <select value={role} onChange={(e) => setRole(e.currentTarget.value)}>
          {ROLES.map((r) => (
            <option key={r} value={r}>
              {t(`role_${r}` as Key)}
            </option>
          ))}
        </select>
      </label>
      {role === 'county' ? (
        <label>
          <span>{t('county')}</span>
          <input name="county" required />
        </label>
      ) : null}
      {role === 'enterprise' ? (
        <label>
          <span>{t('firm')}</span>
          <input name="enterprise" required />
        </label>
      ) : null}
      <label>
        <span>
          {t('password')} <small class="muted">{t('passwordHint')}</small>
        </span>
        <input name="password" type="password" required minLength={12} autocomplete="new-password" />
      </label>
      <button type="submit" class="main">
        {t('addUser')}
      </button>
      {problem ? <p class="wrong" role="alert">{lang === 'zh' ? problem.title : (problem.title_en ?? problem.title)}</p> : null}
    </form>
  );
}

function Users() {
  const { t, lang } = useText();
  const [users, setUsers] = useState<User[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const load = () =>
    request<User[] | { users: User[] }>('GET', '/api/v1/users').then(
      (u) => setUsers(Array.isArray(u) ? u : u.users),
      (e: unknown) => setProblem(problemOf(e)),
    );
  useEffect(() => void load(), []);
  const change = async (u: User, body: Record<string, unknown>) => {
    try {
      await request('PATCH', `/api/v1/users/${u.id}`, body);
      setProblem(null);
      await load();
    } catch (error) {
      setProblem(problemOf(error));
    }
  };
  if (problem && !users) return <ErrorBox problem={problem} />;
  if (!users) return <Loading />;
  return (
    <>
      {problem ? <ErrorBox problem={problem} /> : null}
      <div class="table-frame" tabIndex={0} role="region" aria-label={t('users')}>
        <table>
          <thead>
            <tr>
              <th scope="col">{t('user')}</th>
              <th scope="col">{t('fullName')}</th>
              <th scope="col">{t('role')}</th>
              <th scope="col">{t('county')} / {t('firm')}</th>
              <th scope="col">{t('state')}</th>
              <th scope="col">{t('action')}</th>
            </tr>
          </thead>
          <tbody>
            {users.map((u) => (
              <tr key={u.id}>
                <td><b>{u.user}</b></td>
                <td>{u.name}</td>
                <td>{t(`role_${u.role}` as Key)}</td>
                <td>{u.county || u.enterprise}</td>
                <td>{u.disabled ? `○ ${t('disabled')}` : `● ${t('active')}`}{u.locked ? (lang === 'zh' ? ' · 锁定' : ' · locked') : ''}</td>
                <td>
                  <button type="button" class="quiet" onClick={() => void change(u, { disabled: !u.disabled })}>
                    {u.disabled ? t('enable') : t('disable')}
                  </button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <h3>{t('addUser')}</h3>
      <AddUser onDone={() => void load()} />
    </>
  );
}

function Audit() {
  const { t, both } = useText();
  const loaded = useVerb('audit', { last: 200 });
  const [verdict, setVerdict] = useState('');
  const verify = async () => {
    try {
      const answer = await read('audit verify', {});
      setVerdict(both(answer.message) || 'OK');
    } catch (error) {
      setVerdict(problemOf(error).title);
    }
  };
  return (
    <>
      <div class="row-tools">
        <button type="button" onClick={() => void verify()}>{t('verify')}</button>
        <span role="status">{verdict ? `● ${verdict}` : ''}</span>
      </div>
      <Await of={loaded} lines={8}>
        {(data) => (
          <DataTable
            table={data.tables[0] as Table}
            filter
            csv
            sort={{ column: 'id', descending: true }}
            render={{ hash: (cell) => <code class="small">{textOf(cell).slice(0, 12)}</code>, time: (cell) => <span class="nowrap">{textOf(cell).replace('T', ' ').replace(/\..*/, '')}</span> }}
          />
        )}
      </Await>
    </>
  );
}

function Definitions() {
  const { t } = useText();
  const { query } = useLocation();
  const id = query.get('id');
  const list = useVerb('show', { what: 'definitions' });
  const one = useVerb(id ? 'explain' : null, { id });
  return (
    <>
      {id ? (
        <Await of={one}>
          {(data) => {
            const row = rowsOf(data.tables[0])[0];
            return (
              <div class="definition">
                <h3>
                  {textOf(row?.kind)} {textOf(row?.name)} <code>{id}</code>
                </h3>
                <div class="columns">
                  <div>
                    <h4>{t('inWords')}</h4>
                    {textOf(row?.words).split('\n').map((line, i) => <p key={i}>{line}</p>)}
                  </div>
                  <div>
                    <h4>{t('inDing')}</h4>
                    <pre tabIndex={0}>{textOf(row?.text)}</pre>
                  </div>
                </div>
                <DefinitionVersions id={id} />
              </div>
            );
          }}
        </Await>
      ) : null}
      <Await of={list} lines={10}>
        {(data) => (
          <DataTable
            table={data.tables[0] as Table}
            filter
            columns={['kind', 'id', 'file', 'shipped', 'snapshot', 'replaces', 'hash']}
            render={{ id: (cell) => <Link href={`/admin/definitions?id=${encodeURIComponent(textOf(cell))}`}>{textOf(cell)}</Link>, hash: (cell) => <code class="small">{textOf(cell).slice(0, 12)}</code> }}
          />
        )}
      </Await>
    </>
  );
}

function Snapshots() {
  const loaded = useVerb('snapshots');
  return <Await of={loaded}>{(data) => <DataTable table={data.tables[0] as Table} csv />}</Await>;
}

const tabs: [string, Key][] = [
  ['users', 'users'],
  ['tokens', 'tokens'],
  ['audit', 'audit'],
  ['definitions', 'definitions'],
  ['snapshots', 'snapshots'],
];

export function Admin({ tab }: { tab: string }) {
  const { t } = useText();
  const { session } = useSession();
  // Everybody has tokens of their own; the rest is the administrator's.
  if (session.role !== 'administrator' && tab === 'tokens')
    return (
      <Page title={t('tokens')}>
        <Card title={t('tokens')}>
          <Tokens />
        </Card>
      </Page>
    );
  if (session.role !== 'administrator')
    return (
      <Page title={t('admin')}>
        <Denied />
      </Page>
    );
  const key = tabs.find(([id]) => id === tab)?.[1] ?? 'users';
  return (
    <Page title={t('admin')}>
      <div class="choice" role="group" aria-label={t('admin')}>
        {tabs.map(([id, name]) => (
          <Link key={id} href={`/admin/${id}`} aria-current={id === tab ? 'true' : undefined}>
            {t(name)}
          </Link>
        ))}
      </div>
      <Card title={t(key)}>
        {tab === 'tokens' ? <Tokens /> : tab === 'audit' ? <Audit /> : tab === 'definitions' ? <Definitions /> : tab === 'snapshots' ? <Snapshots /> : <Users />}
      </Card>
    </Page>
  );
}
