// The root: preferences, session, address.
import { useCallback, useEffect, useMemo, useState } from 'preact/hooks';
import { getSession, getVerbs, setCsrf } from './api/client';
import { forgetAnswers, problemOf } from './api/hooks';
import type { Problem, Session, VerbInfo } from './api/types';
import { Shell } from './components/Shell';
import { ErrorBox, Loading } from './components/States';
import { Routes } from './pages/Routes';
import { SetUp } from './pages/SetUp';
import { SignIn } from './pages/SignIn';
import { PrefsContext, store, stored, type Lang, type Prefs, type Theme } from './state/prefs';
import { here, onNavigate, RouterContext } from './state/router';
import { SessionContext, type SessionState } from './state/session';

function initialLang(): Lang {
  const asked = new URLSearchParams(location.search).get('lang') ?? stored('lang');
  return asked === 'en' ? 'en' : 'zh';
}

function initialTheme(): Theme {
  const asked = stored('theme');
  return asked === 'light' || asked === 'dark' ? asked : 'auto';
}

function usePreferences(): Prefs {
  const [lang, setLang] = useState<Lang>(initialLang);
  const [theme, setTheme] = useState<Theme>(initialTheme);
  useEffect(() => {
    document.documentElement.lang = lang === 'zh' ? 'zh-CN' : 'en';
    store('lang', lang);
  }, [lang]);
  useEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    store('theme', theme);
  }, [theme]);
  return useMemo(() => ({ lang, theme, setLang, setTheme }), [lang, theme]);
}

export function App() {
  const prefs = usePreferences();
  const [at, setAt] = useState(here);
  const [session, setSession] = useState<Session | null>(null);
  const [verbs, setVerbs] = useState<VerbInfo[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);

  useEffect(() => onNavigate(() => setAt(here())), []);

  const reload = useCallback(async () => {
    try {
      const now = await getSession();
      setCsrf(now.csrf);
      forgetAnswers();
      if (now.user) setVerbs(await getVerbs());
      setSession(now);
      setProblem(null);
    } catch (error) {
      setProblem(problemOf(error));
    }
  }, []);
  useEffect(() => void reload(), [reload]);

  const state = useMemo<SessionState | null>(
    () => (session ? { session, verbs, reload } : null),
    [session, verbs, reload],
  );

  let page;
  if (problem) page = <ErrorBox problem={problem} onRetry={reload} />;
  else if (!state) page = <Loading />;
  else if (state.session.setup_needed) page = <SetUp onDone={reload} />;
  else if (!state.session.user) page = <SignIn onDone={reload} />;
  else
    page = (
      <Shell>
        <Routes />
      </Shell>
    );

  return (
    <PrefsContext.Provider value={prefs}>
      <RouterContext.Provider value={at}>
        <SessionContext.Provider value={state}>{page}</SessionContext.Provider>
      </RouterContext.Provider>
    </PrefsContext.Provider>
  );
}
