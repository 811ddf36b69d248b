// Addresses: every view has one, and it survives reload and back.
import { createContext, type ComponentChildren } from 'preact';
import { useContext } from 'preact/hooks';

export interface Location {
  path: string;
  query: URLSearchParams;
}

export function here(): Location {
  return { path: decodeURI(location.pathname), query: new URLSearchParams(location.search) };
}

export const RouterContext = createContext<Location>({ path: '/', query: new URLSearchParams() });
export const useLocation = () => useContext(RouterContext);

const listeners = new Set<() => void>();

export function onNavigate(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('popstate', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('popstate', listener);
  };
}

export function navigate(to: string, replace = false): void {
  if (replace) history.replaceState(null, '', to);
  else {
    history.pushState(null, '', to);
    scrollTo(0, 0);
  }
  listeners.forEach((f) => f());
}

/** The present address with some query parameters changed; empty ones disappear. */
export function withQuery(change: Record<string, string | number | undefined | null>): string {
  const at = here();
  for (const [key, value] of Object.entries(change)) {
    if (value === undefined || value === null || value === '') at.query.delete(key);
    else at.query.set(key, String(value));
  }
  const text = at.query.toString();
  return encodeURI(at.path) + (text ? `?${text}` : '');
}

interface LinkProps {
  href: string;
  class?: string;
  title?: string;
  tabIndex?: number;
  replace?: boolean;
  'aria-current'?: 'page' | 'true';
  onClickCapture?: () => void;
  children?: ComponentChildren;
}

/** A link inside the application. New tabs, copies and middle clicks work as anywhere. */
export function Link({ href, replace, children, ...rest }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(href, replace);
  };
  return (
    <a {...rest} href={href} onClick={follow}>
      {children}
    </a>
  );
}

/** "/enterprises/:code" against a path: the named parts, or null. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/').filter(Boolean);
  const have = path.split('/').filter(Boolean);
  if (want.length !== have.length) return null;
  const parts: Record<string, string> = {};
  for (let i = 0; i < want.length; i++) {
    const w = want[i] as string;
    const h = have[i] as string;
    if (w.startsWith(':')) parts[w.slice(1)] = h;
    else if (w !== h) return null;
  }
  return parts;
}
