/** Keeps what is shown up to date: the host tells of every event, and the questions it bears on are asked again. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';

/** `live` while events arrive; `waiting` while the stream is being taken up again. */
export type LiveState = 'live' | 'waiting';

const LiveContext = createContext<LiveState>('waiting');

/** Whether events are arriving. */
export function useLive(): LiveState {
  return useContext(LiveContext);
}

/** Questions are asked again at most this often, in milliseconds: a big import brings thousands of events. */
const calm = 1_000;

const bearing: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['request.', ['requests', 'request', 'overview']],
  ['task.', ['requests', 'request', 'overview']],
  ['operation.', ['requests', 'request', 'overview']],
  ['connection.', ['connections', 'overview', 'requests', 'request']],
  ['detection.', ['systems', 'detections']],
  ['system.', ['systems']],
];

function listen(client: QueryClient, tell: (state: LiveState) => void): () => void {
  const stream = new EventSource('/api/v1/events');
  let stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    timer = undefined;
    const keys = stale;
    stale = new Set();
    void client.invalidateQueries({ predicate: ({ queryKey }) => keys.has(String(queryKey[0])) });
  };
  const take = (kind: string) => {
    for (const [prefix, keys] of bearing) if (kind.startsWith(prefix)) for (const key of keys) stale.add(key);
    if (stale.size > 0) timer ??= setTimeout(refresh, calm);
  };
  let broken = false;
  stream.onopen = () => {
    tell('live');
    // What happened while the stream was down is not known: everything is asked again.
    if (broken) void client.invalidateQueries();
    broken = false;
  };
  stream.onerror = () => {
    broken = true;
    tell('waiting');
  };
  stream.onmessage = ({ data }) => {
    const { kind } = JSON.parse(String(data)) as { kind?: string };
    if (kind !== undefined) take(kind);
  };
  return () => {
    clearTimeout(timer);
    stream.close();
  };
}

/** Listens as long as it is shown. */
export function Live({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('waiting');
  useEffect(() => listen(client, setState), [client]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}
