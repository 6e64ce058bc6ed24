/** The filters, kept in the address; a search is kept beside it, since it may be a person's identifier. */
import { useCallback, useMemo } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { useChosen } from '../look/chosen.js';
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
  const chosen = useChosen(filter);
  const change = useCallback(
    (part: Partial<RequestFilter>) => {
      const next = { ...chosen.current, ...part };
      chosen.current = next;
      const params = new URLSearchParams(address);
      for (const key of kept) {
        if (next[key] === '') params.delete(key);
        else params.set(key, next[key]);
      }
      void navigate({ pathname, search: params.toString() }, { replace: true, state: { search: next.search } });
    },
    [address, chosen, navigate, pathname],
  );
  return {
    filter,
    filtered: Object.entries(filter).some(([key, value]) => key !== 'sort' && value !== ''),
    change,
    clear: () => change({ status: '', right: '', connection: '', timing: '', search: '' }),
  };
}
