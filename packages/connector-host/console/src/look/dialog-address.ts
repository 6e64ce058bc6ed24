/** A dialog that stands in the address: a link opens it, and Back closes it. */
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate, useSearchParams } from 'react-router';

/** Which dialog the address names, and how to open and close one. */
export interface DialogAddress {
  /** What stands in the address for a dialog; `undefined` where it is closed. */
  dialog(name: string): string | undefined;
  /** @param value what the dialog is about, where there are several. */
  open(name: string, value?: string): void;
  close(): void;
}

/** @param names the parameters of the address that are dialogs of this view; the others are left alone. */
export function useDialogAddress(names: readonly string[]): DialogAddress {
  const [search, setSearch] = useSearchParams();
  const { key, state } = useLocation();
  const navigate = useNavigate();
  const shown = useRef<string | undefined>(undefined);
  useEffect(() => {
    shown.current = key;
    return () => {
      shown.current = undefined;
    };
  }, [key]);
  const without = () => {
    const rest = new URLSearchParams(search);
    for (const name of names) rest.delete(name);
    return rest;
  };
  return {
    dialog: (name) => search.get(name) ?? undefined,
    open: (name, value = '1') => {
      const next = without();
      next.set(name, value);
      // What the entry below keeps, such as a search, holds behind the dialog too.
      setSearch(next, { state: { ...(state as object | null), opened: true } });
    },
    close: () => {
      // Closed already: by a second click, or by the reader before an answer came. It must not go back once more.
      if (shown.current !== key) return;
      shown.current = undefined;
      if ((state as { readonly opened?: boolean } | null)?.opened === true) void navigate(-1);
      // Under a dialog that a link led to lies another view, or nothing at all.
      else setSearch(without(), { replace: true, state });
    },
  };
}
