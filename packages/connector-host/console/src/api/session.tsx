/** Who is signed in. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { host, Problem, whenSignedOut } from './client.js';
import type { Action, Role, Session } from './model.js';
import { findProof, keepProof } from './proof.js';

/** What the rest of the console knows about the session. */
export interface SessionState {
  readonly session: Session;
  /** Whether the role may do an action of the host. */
  may(action: Action, connectorRoles?: readonly Role[]): boolean;
  signOut(): Promise<void>;
}

const SessionContext = createContext<SessionState | undefined>(undefined);

/** The session. Only below {@link SessionGate}. */
export function useSession(): SessionState {
  const state = useContext(SessionContext);
  if (state === undefined) throw new Error('There is no session here.');
  return state;
}

/** Says that this browser signed in at some time; the session itself is out of reach. */
const hint = 'console-signed-in';

const decidedByManifest = new Set<Action>([
  'connections:validate',
  'connections:create',
  'connections:change',
  'connections:remove',
]);

/** Props of {@link SessionGate}. */
export interface SessionGateProps {
  readonly children: ReactNode;
  readonly loading: ReactNode;
  /** Shown to who is not signed in. `expired`: they were, until now. */
  signIn(props: { readonly expired: boolean; onSignedIn(session: Session): void }): ReactNode;
  failed(problem: Error, again: () => void): ReactNode;
}

/** Shows its children to who is signed in, and the sign-in page to everybody else. */
export function SessionGate({ children, loading, signIn, failed }: SessionGateProps): ReactNode {
  const client = useQueryClient();
  const [expired, setExpired] = useState(false);
  const found = useQuery({
    queryKey: ['session'],
    queryFn: async () => {
      // Who never signed in here need not be asked about.
      if (localStorage.getItem(hint) === null || !(await findProof())) return null;
      try {
        return await host.get<Session>('/session');
      } catch (error) {
        if (error instanceof Problem && error.status === 401) return null;
        throw error;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
  const end = useCallback(
    (was: boolean) => {
      setExpired(was);
      keepProof(undefined);
      localStorage.removeItem(hint);
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
      client.setQueryData(['session'], null);
    },
    [client],
  );
  useEffect(() => whenSignedOut(() => end(true)), [end]);
  const session = found.data;
  const state = useMemo<SessionState | undefined>(
    () =>
      session
        ? {
            session,
            may: (action, roles) =>
              roles !== undefined && decidedByManifest.has(action)
                ? roles.includes(session.role)
                : session.may.includes(action),
            signOut: async () => {
              try {
                await host.delete('/session');
              } finally {
                end(false);
              }
            },
          }
        : undefined,
    [session, end],
  );
  if (state !== undefined) return <SessionContext.Provider value={state}>{children}</SessionContext.Provider>;
  if (found.isError) return failed(found.error, () => void found.refetch());
  if (found.isPending) return loading;
  return signIn({
    expired,
    onSignedIn: (made) => {
      localStorage.setItem(hint, '1');
      client.setQueryData(['session'], made);
    },
  });
}
