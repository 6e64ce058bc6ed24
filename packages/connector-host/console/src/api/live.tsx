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
  ['request.', ['requests', 'request', 'overview', 'work', 'files']],
  ['task.', ['requests', 'request', 'overview', 'work', 'files']],
  // What is sent counts against the quota of its connection.
  ['operation.', ['requests', 'request', 'overview', 'connections', 'work']],
  // The systems behind a removed connection count no more.
  ['connection.', ['connections', 'overview', 'requests', 'request', 'systems', 'work']],
  ['detection.', ['systems', 'detections']],
  ['system.', ['systems', 'work']],
  ['work.', ['work', 'request', 'files']],
  ['access.', ['tokens', 'sessions']],
  ['notice.', ['notices', 'deliveries']],
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

/** The data of each message in a stream of server-sent events. */
async function* messages(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let text = '';
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    text += decoder.decode(part.value, { stream: true });
    const whole = text.split('\n\n');
    text = whole.pop() ?? '';
    for (const message of whole) {
      const data = message.split('\n').filter((line) => line.startsWith('data: '));
      if (data.length > 0) yield data.map((line) => line.slice(6)).join('\n');
    }
  }
}

function listen(client: QueryClient, tell: (state: LiveState) => void): () => void {
  const { take, stop } = refresher(client);
  const over = new AbortController();
  const follow = async () => {
    let pause: number = pauses.first;
    for (let broken = false; !over.signal.aborted; broken = true) {
      try {
        // By fetch: an EventSource can bring no proof of the session.
        const stream = await host.stream('/events', over.signal);
        tell('live');
        // What happened while the stream was down is not known: everything is asked again.
        if (broken) void client.invalidateQueries();
        pause = pauses.first;
        for await (const data of stream === null ? [] : messages(stream)) {
          const { kind } = JSON.parse(data) as { kind?: string };
          if (kind !== undefined) take(kind);
        }
      } catch {
        // Where something on the way refused it, any other call finds out whether the session ended; then the reader is asked to sign in.
        if (!over.signal.aborted) host.get('/connections').catch(() => undefined);
      }
      if (over.signal.aborted) return;
      tell('waiting');
      await new Promise((resolve) => setTimeout(resolve, pause));
      pause = Math.min(2 * pause, pauses.longest);
    }
  };
  void follow();
  return () => {
    stop();
    over.abort();
  };
}

/** Listens as long as it is shown. */
export function Live({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useQueryClient();
  const [state, setState] = useState<LiveState>('waiting');
  useEffect(() => listen(client, setState), [client]);
  return <LiveContext.Provider value={state}>{children}</LiveContext.Provider>;
}
