/** What somebody is entering, judged by the host as they type. */
import type { ConnectorManifest, FieldIssue } from 'connector-contract';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { host } from '../api/client.js';
import type { Validation } from '../api/model.js';
import { configOf, type Draft } from './visible.js';

/** Milliseconds of silence before the host is asked. */
const pause = 350;

/** A form's state. */
export interface DraftState {
  readonly values: Draft;
  /** Takes a value; `undefined` goes back to the default. */
  set(key: string, value: string | number | boolean | undefined): void;
  /** Marks a field as done with: from now on its faults are shown. */
  touch(key: string): void;
  /** Shows the faults of all fields. */
  touchAll(): void;
  /** Faults that a call answered, until the field is changed. */
  take(issues: readonly FieldIssue[]): void;
  /** The fault to show at a field. */
  issueOf(key: string): FieldIssue | undefined;
  /** All faults the host found, shown or not. */
  readonly issues: readonly FieldIssue[];
  /** What would be sent. */
  readonly config: Record<string, string | number | boolean>;
}

/** What a form is about. */
export interface DraftOf {
  readonly manifest: ConnectorManifest;
  readonly initial: Draft;
  readonly endpointsAllowed: boolean;
  /** The connection that is being changed: its stored secrets then count. */
  readonly connection?: string;
}

/** Holds what is entered, and asks the host to judge it. */
export function useDraft({ manifest, initial, endpointsAllowed, connection }: DraftOf): DraftState {
  const [values, setValues] = useState<Draft>(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [found, setFound] = useState<readonly FieldIssue[]>([]);
  const [answered, setAnswered] = useState<readonly FieldIssue[]>([]);
  const config = useMemo(() => configOf(manifest, values, endpointsAllowed), [manifest, values, endpointsAllowed]);

  useEffect(() => {
    const controller = new AbortController();
    const body = { connector: manifest.id, config, ...(connection === undefined ? {} : { connection }) };
    const timer = setTimeout(() => {
      host
        .post<Validation>('/connections/validate', body, controller.signal)
        .then(({ issues }) => setFound(issues))
        // What cannot be judged now is judged when it is sent.
        .catch(() => undefined);
    }, pause);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [manifest.id, config, connection]);

  const set = useCallback((key: string, value: string | number | boolean | undefined) => {
    // What was said of the value before says nothing of this one; shown, it would also move what is below under the reader's hand.
    setFound((issues) => issues.filter(({ field }) => field !== key));
    setAnswered((issues) => issues.filter(({ field }) => field !== key));
    setValues((before) => {
      const { [key]: _, ...rest } = before;
      return value === undefined ? rest : { ...rest, [key]: value };
    });
  }, []);
  const touch = useCallback((key: string) => setTouched((before) => new Set([...before, key])), []);
  const issueOf = (key: string) =>
    answered.find(({ field }) => field === key) ??
    (all || touched.has(key) ? found.find(({ field }) => field === key) : undefined);
  return {
    values,
    set,
    touch,
    touchAll: () => setAll(true),
    take: (issues) => {
      setAll(true);
      setAnswered(issues);
    },
    issueOf,
    issues: found,
    config,
  };
}
