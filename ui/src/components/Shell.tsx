// The frame around every page: name, navigation, search, preferences.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { request } from '../api/client';
import { useText, type Key } from '../i18n';
import { usePrefs, type Theme } from '../state/prefs';
import { Link, useLocation } from '../state/router';
import { useSession } from '../state/session';
import { Icon, type IconName } from './Icon';
import { SearchBox } from './SearchBox';

interface Place {
  key: Key;
  href: string;
  icon: IconName;
  administrator?: boolean;
  /** Only for who may use this verb, and for administrators. */
  verb?: string;
}

const places: Place[] = [
  { key: 'home', href: '/', icon: 'home' },
  { key: 'matrix', href: '/matrix', icon: 'matrix' },
  { key: 'chains', href: '/chains', icon: 'links' },
  { key: 'projects', href: '/projects', icon: 'crane' },
  { key: 'parks', href: '/parks', icon: 'plot' },
  { key: 'counties', href: '/counties', icon: 'map' },
  { key: 'indicators', href: '/indicators', icon: 'chart' },
  { key: 'targets', href: '/targets', icon: 'target' },
  { key: 'plan', href: '/plan', icon: 'route' },
  { key: 'enterprises', href: '/enterprises', icon: 'factory' },
  { key: 'selfCity', href: '/maturity', icon: 'chart' },
  { key: 'policies', href: '/policies', icon: 'scales' },
  { key: 'data', href: '/data', icon: 'tray' },
  { key: 'papers', href: '/papers', icon: 'paper' },
  { key: 'proposals', href: '/proposals', icon: 'check', verb: 'publish' },
  { key: 'trace', href: '/trace', icon: 'thread' },
  { key: 'admin', href: '/admin/users', icon: 'gear', administrator: true },
];

function isHere(href: string, path: string): boolean {
  if (href === '/') return path === '/';
  const root = `/${href.split('/')[1]}`;
  return path === root || path.startsWith(`${root}/`);
}

function Navigation({ onPick }: { onPick: () => void }) {
  const { t } = useText();
  const { path } = useLocation();
  const { session, verbs } = useSession();
  const may = (p: Place) =>
    session.role === 'administrator' || (!p.administrator && (!p.verb || verbs.some((v) => v.name === p.verb && v.allowed !== false)));
  return (
    <nav class="nav" aria-label={t('menu')}>
      <ul>
        {places
          .filter(may)
          .map((p) => (
            <li key={p.key}>
              <Link href={p.href} aria-current={isHere(p.href, path) ? 'page' : undefined} onClickCapture={onPick}>
                <Icon name={p.icon} />
                <span>{t(p.key)}</span>
              </Link>
            </li>
          ))}
      </ul>
    </nav>
  );
}

function Preferences() {
  const { t } = useText();
  const { lang, setLang, theme, setTheme } = usePrefs();
  const next: Record<Theme, Theme> = { auto: 'light', light: 'dark', dark: 'auto' };
  const names: Record<Theme, Key> = { auto: 'themeAuto', light: 'themeLight', dark: 'themeDark' };
  const label = `${t('theme')}:${t(names[theme])}`;
  return (
    <>
      <button type="button" class="quiet" lang={lang === 'zh' ? 'en' : 'zh-CN'} onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}>
        {t('language')}
      </button>
      <button type="button" class="quiet icon" title={label} aria-label={label} onClick={() => setTheme(next[theme])}>
        <Icon name={theme === 'dark' ? 'moon' : theme === 'light' ? 'sun' : 'half'} />
      </button>
    </>
  );
}

export { Preferences };

export function Shell({ children }: { children: ComponentChildren }) {
  const { t } = useText();
  const { session, reload } = useSession();
  const { path } = useLocation();
  const [open, setOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const first = useRef(true);

  // A new page takes the focus, as a reloaded page would.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus({ preventScroll: true });
    setOpen(false);
  }, [path]);

  const signOut = async () => {
    await request('DELETE', '/api/v1/session');
    await reload();
  };
  const city = session.city;
  const synthetic = /虚构|示例/.test(city?.note ?? '');

  return (
    <div class={open ? 'shell open' : 'shell'}>
      <a class="skip" href="#main">
        {t('skip')}
      </a>
      <header class="top">
        <button
          type="button"
          class="quiet icon burger"
          aria-label={open ? t('close') : t('menu')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <Icon name={open ? 'close' : 'menu'} />
        </button>
        <Link href="/" class="brand">
          <img src="/ding.svg" alt="" width="26" height="26" />
          <span class="brand-name">{t('app')}</span>
          <span class="city-name">{city?.name}</span>
        </Link>
        {synthetic ? (
          <span class="chip example" title={city?.note}>
            {t('example')}
            <span class="wide"> · {t('exampleNote')}</span>
          </span>
        ) : null}
        <SearchBox />
        <div class="tools">
          <Preferences />
          <button type="button" class="quiet icon wide" title={t('print')} aria-label={t('print')} onClick={() => print()}>
            <Icon name="printer" />
          </button>
          <span class="who wide" title={session.user ?? ''}>
            <Link href="/admin/tokens" title={t('tokens')}>{session.name || session.user}</Link>
          </span>
          <button type="button" class="quiet icon" title={t('signOut')} aria-label={t('signOut')} onClick={signOut}>
            <Icon name="exit" />
          </button>
        </div>
      </header>
      <Navigation onPick={() => setOpen(false)} />
      <main id="main" ref={main} tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <span>{t('secret')}</span>
        <span>{city ? t('snapshot', { n: city.snapshot }) : null}</span>
      </footer>
    </div>
  );
}
