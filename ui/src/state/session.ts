// Who is signed in.
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Session, VerbInfo } from '../api/types';

export interface SessionState {
  session: Session;
  verbs: VerbInfo[];
  reload(): Promise<void>;
}

export const SessionContext = createContext<SessionState | null>(null);

export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (!state) throw new Error('no session');
  return state;
}

/** Is there such a verb in this program, for this user? */
export function useHasVerb(name: string): boolean {
  return useSession().verbs.some((v) => v.name === name);
}
