import { useEffect, useMemo } from 'react';

/** Calls that end with the view that makes them. */
export interface Abort {
  /** For the next call. */
  signal(): AbortSignal;
  /** Takes back the call that is under way. */
  abort(): void;
}

/** Takes back what is under way once the view is left: who closes a dialog does not want sent what it was about to send. */
export function useAbort(): Abort {
  const abort = useMemo<Abort>(() => {
    let controller = new AbortController();
    return {
      signal: () => {
        controller = new AbortController();
        return controller.signal;
      },
      abort: () => controller.abort(),
    };
  }, []);
  useEffect(() => abort.abort, [abort]);
  return abort;
}
