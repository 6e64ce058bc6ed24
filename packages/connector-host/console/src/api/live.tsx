/** Keeps what is shown up to date: the host tells of every event, and the questions it bears on are asked again. */
import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { host } from './client.js';

/** `live` while events arrive; `waiting` while the stream is being taken up again. */
export type LiveState = 'live' | 'waiting';

const LiveContext = createContext<LiveState>('waiting');

/** Whether events are arriving. */
export function useLive(): LiveState {
  return useContext(LiveContext);
}

/** Questions are asked again at most this often, in milliseconds: a big import brings thousands of events. */
const calm = 1_000;

/** Milliseconds until a stream that was refused is asked for again: twice as many each time, up to the longest. */
const pauses = { first: 1_000, longest: 30_000 } as const;

const bearing: readonly (readonly [prefix: string, keys: readonly string[]])[] = [
  ['request.', ['requests', 'request', 'overview']],
  ['task.', ['requests', 'request', 'overview']],
  // What is sent counts against the quota of its connection.
  ['operation.', ['requests', 'request', 'overview', 'connections']],
  // The systems behind a removed connection count no more.
  ['connection.', ['connections', 'overview', 'requests', 'request', 'systems']],
  ['detection.', ['systems', 'detections']],
  ['system.', ['systems']],
  ['access.', ['tokens']],
];

/** Takes in kinds of events, and asks what they bear on again once it is calm. */
function refresher(client: QueryClient): { take(kind: string): void; stop(): void } {
  let stale = new Set<string>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const refresh = () => {
    timer = undefined;
    const keys = stale;
    stale = new Set();
    void client.invalidateQueries({ predicate: ({ queryKey }) => keys.has(String(queryKey[0])) });
  };
  return {
    take: (kind) => {
      for (const [prefix, keys] of bearing) if (kind.startsWith(prefix)) for (const key of keys) stale.add(key);
      if (stale.size > 0) timer ??= setTimeout(refresh, calm);
    },
    stop: () => clearTimeout(timer),
  };
}

function listen(client: QueryClient, tell: (state: LiveState) => void): () => void {
  const { take, stop } = refresher(client);
  let broken = false;
  let pause: number = pauses.first;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const open = (): EventSource => {
    const opened = new EventSource('/api/v1/events');
    opened.onopen = () => {
      tell('live');
      // What happened while the stream was down is not known: everything is asked again.
      if (broken) void client.invalidateQueries();
      broken = false;
      pause = pauses.first;
    };
    opened.onerror = () => {
      broken = true;
      tell('waiting');
      // The browser takes up again what broke off by itself, but not what was answered with an error.
      if (opened.readyState !== EventSource.CLOSED) return;
      // Which error it was is not told: where the session ended, any call finds out, and the reader is asked to sign in.
      host.get('/connections').catch(() => undefined);
      timer = setTimeout(() => {
        stream = open();
      }, pause);
      pause = Math.min(2 * pause, pauses.longest);
    };
    opened.onmessage = ({ data }) => {
      const { kind } = JSON.parse(String(data)) as { kind?: string };
      if (kind !== undefined) take(kind);
    };
    return opened;
  };
  let stream = open();
  return () => {
    stop();
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
