import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useAbort } from '../api/abort.js';
import { host } from '../api/client.js';
import { useNotify } from '../look/notify.js';

type Act<Wish> = UseMutationResult<unknown, Error, Wish, unknown>;

/**
 * A change to a request: it is taken back where its dialog is closed before it was answered.
 * @param done what is said once it is made.
 */
export function useAct<Body>(path: string, done: string, after: () => void): Act<Body> {
  return useChange((body, signal) => host.post(path, body, signal), done, after);
}

/**
 * As {@link useAct}, for a change with files: they are sent before it, each once however often the change is tried.
 * @param to where they are sent.
 */
export function useFilesAct<Body extends object>(
  { path, to }: { readonly path: string; readonly to: string },
  done: string,
  after: () => void,
): Act<{ readonly body: Body; readonly files: readonly File[] }> {
  const sent = useRef(new Map<File, number>());
  return useChange(
    async ({ body, files }, signal) => {
      for (const file of files) {
        if (sent.current.has(file)) continue;
        sent.current.set(file, (await host.sendFile<{ readonly id: number }>(to, file, signal)).id);
      }
      const ids = files.map((file) => sent.current.get(file));
      return host.post(path, ids.length === 0 ? body : { ...body, files: ids }, signal);
    },
    done,
    after,
  );
}

function useChange<Wish>(
  make: (wish: Wish, signal: AbortSignal) => Promise<unknown>,
  done: string,
  after: () => void,
): Act<Wish> {
  const notify = useNotify();
  const client = useQueryClient();
  const { signal } = useAbort();
  return useMutation({
    mutationFn: (wish: Wish) => make(wish, signal()),
    onSuccess: () => {
      notify(done);
      after();
    },
    onSettled: () => client.invalidateQueries(),
  });
}
