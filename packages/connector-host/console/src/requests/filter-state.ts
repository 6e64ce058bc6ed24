/** The filters, kept in the address; a search is kept beside it, since it may be a person's identifier. */
import { useCallback, useMemo, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import type { RequestFilter } from './queries.js';

const kept = ['status', 'right', 'connection', 'timing', 'sort'] as const;

/** The present filters and how to change them. */
export function useFilterState(): {
  readonly filter: RequestFilter;
  readonly filtered: boolean;
  change(part: Partial<RequestFilter>): void;
  clear(): void;
} {
  const { pathname, search: address, state } = useLocation();
  const navigate = useNavigate();
  const search = (state as { readonly search?: string } | null)?.search ?? '';
  const filter = useMemo<RequestFilter>(() => {
    const given = new URLSearchParams(address);
    const [status = '', right = '', connection = '', timing = '', sort = ''] = kept.map((key) => given.get(key) ?? '');
    return { status, right, connection, timing, sort, search };
  }, [address, search]);
  // What was chosen last, also before it is drawn: a search that was typed earlier must not bring an older filter back.
  const latest = useRef(filter);
  latest.current = filter;
  const change = useCallback(
    (part: Partial<RequestFilter>) => {
      const next = { ...latest.current, ...part };
      latest.current = next;
      const params = new URLSearchParams(address);
      for (const key of kept) {
        if (next[key] === '') params.delete(key);
        else params.set(key, next[key]);
      }
      void navigate({ pathname, search: params.toString() }, { replace: true, state: { search: next.search } });
    },
    [address, navigate, pathname],
  );
  return {
    filter,
    filtered: Object.entries(filter).some(([key, value]) => key !== 'sort' && value !== ''),
    change,
    clear: () => change({ status: '', right: '', connection: '', timing: '', search: '' }),
  };
}
