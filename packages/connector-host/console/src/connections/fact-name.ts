import { capital } from '../words/common.js';

const initials = new Set(['api', 'id', 'url', 'eu', 'us']);

/** A fact's key as people read it: `workspaceName` is `Workspace name`, `api` is `API`. */
export function factName(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .split(/[\s_-]+/)
    .map((word) => (initials.has(word.toLowerCase()) ? word.toUpperCase() : word.toLowerCase()));
  const text = words.join(' ');
  return capital(text);
}

/** What tells an account from another at a glance: its name first, then the rest in short; ids are left to the details. */
export function accountFacts(facts: Readonly<Record<string, string | number | boolean>>): {
  readonly name: string | undefined;
  readonly rest: string;
} {
  const entries = Object.entries(facts).filter(([key]) => !/id$/i.test(key));
  const named = entries.find(([key]) => /name$/i.test(key));
  const rest = entries.filter(([key]) => key !== named?.[0] && !/slug$/i.test(key));
  return {
    name: named === undefined ? undefined : String(named[1]),
    rest: rest.map(([key, value]) => `${factName(key)} ${value}`).join(' · '),
  };
}
