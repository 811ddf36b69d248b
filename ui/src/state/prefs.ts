// What a person prefers: language, theme. Kept in the browser only.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';

export type Lang = 'zh' | 'en';
export type Theme = 'auto' | 'light' | 'dark';

export interface Prefs {
  lang: Lang;
  theme: Theme;
  setLang(lang: Lang): void;
  setTheme(theme: Theme): void;
}

export const PrefsContext = createContext<Prefs>({
  lang: 'zh',
  theme: 'auto',
  setLang: () => undefined,
  setTheme: () => undefined,
});

export const usePrefs = () => useContext(PrefsContext);

/** Storage may be forbidden; a preference is then for this visit only. */
export function stored(key: string): string | null {
  try {
    return localStorage.getItem(`fangding.${key}`);
  } catch {
    return null;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(`fangding.${key}`, value);
  } catch {
    // For this visit only.
  }
}
