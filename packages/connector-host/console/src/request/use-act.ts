import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query';
import { useAbort } from '../api/abort.js';
import { host } from '../api/client.js';
import { useNotify } from '../look/notify.js';

/**
 * A change to a request: it is taken back where its dialog is closed before it was answered.
 * @param done what is said once it is made.
 */
export function useAct<Body>(
  path: string,
  done: string,
  after: () => void,
): UseMutationResult<unknown, Error, Body, unknown> {
  const notify = useNotify();
  const client = useQueryClient();
  const { signal } = useAbort();
  return useMutation({
    mutationFn: (body: Body) => host.post(path, body, signal()),
    onSuccess: () => {
      notify(done);
      after();
    },
    onSettled: () => client.invalidateQueries(),
  });
}
