/** Whether what a request names can be a person, judged for the connections that it goes to. Runs once a line of an import. */
import {
  type FieldIssue,
  type IdentifierJudge,
  type IdentifierRule,
  identifierJudge,
  type KindTerms,
} from 'connector-contract';
import type { RequestBody } from '../requests/request-body.js';
import type { Offer } from './offers.js';

/** What was found: nothing of it is sent where an identifier is refused, and doubtful ones wait for a person's word. */
export interface Findings {
  readonly refused: readonly FieldIssue[];
  readonly doubtful: readonly FieldIssue[];
}

/** Makes a judge for each set of connections once. */
export class Judges {
  readonly #made = new Map<string, IdentifierJudge>();

  /** The judge of what goes to these connections. */
  of(targets: readonly Pick<Offer, 'connection' | 'terms'>[]): IdentifierJudge {
    const [only] = targets;
    const key = targets.length === 1 && only ? only.connection : targets.map(({ connection }) => connection).join(' ');
    let judge = this.#made.get(key);
    if (judge === undefined) {
      judge = identifierJudge(together(targets));
      this.#made.set(key, judge);
    }
    return judge;
  }
}

/**
 * Every connection's rules hold. What one of them expects is expected of all: how the identifiers of a customer look is the customer's
 * doing, and no vendor's.
 */
function together(targets: readonly Pick<Offer, 'terms'>[]): ReadonlyMap<string, KindTerms> {
  const found = new Map<string, KindTerms>();
  for (const [kind, { rules = [], expects = [] }] of targets.flatMap(({ terms = [] }) => [...terms])) {
    const earlier = found.get(kind);
    found.set(kind, {
      rules: [...(earlier?.rules ?? []), ...rules],
      expects: [...(earlier?.expects ?? []), ...expects],
    });
  }
  return found;
}

/**
 * Judges a request's identifiers.
 * @param nameOf what the nth of them is called where it comes from.
 * @returns `undefined` where nothing speaks against any of them.
 */
export function findingsIn(
  { identifiers }: Pick<RequestBody, 'identifiers'>,
  judge: IdentifierJudge,
  nameOf: (nth: number) => string,
): Findings | undefined {
  let found: { refused: FieldIssue[]; doubtful: FieldIssue[] } | undefined;
  for (let nth = 0; nth < identifiers.length; nth += 1) {
    const identifier = identifiers[nth];
    const rule = identifier && judge(identifier.kind, identifier.value);
    if (rule === undefined) continue;
    found ??= { refused: [], doubtful: [] };
    found[rule.verdict].push(findingOf(rule, nameOf(nth)));
  }
  return found;
}

/** A rule that holds for a field, as its reader is told. */
function findingOf({ code, message, remedy }: IdentifierRule, field: string): FieldIssue {
  return { field, code, message: `${field} ${message}.`, remedy };
}
