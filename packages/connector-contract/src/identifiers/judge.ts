import type { IdentityKind } from '../manifest/manifest.generated.js';
import { traitsOf } from './characters.js';
import type { IdentifierRule } from './rule.js';
import { identifierRules } from './rules.js';

/** Most UTF-16 units of an identifier. */
export const LONGEST_IDENTIFIER = 1024;

/** What is known of one kind of identifier beyond its name: the connectors' own rules, and what of the contract's does not hold. */
export type KindTerms = Pick<IdentityKind, 'rules' | 'expects'>;

/** Whom an identifier names: `undefined` where nothing speaks against it, or the first rule that does. */
export type IdentifierJudge = (kind: string, value: string) => IdentifierRule | undefined;

/** A rule made ready: where it is tried is said by numbers alone, so that most rules cost two comparisons. */
interface Compiled {
  readonly rule: IdentifierRule;
  readonly any: number;
  readonly none: number;
  readonly test: (value: string) => boolean;
}

/** Every trait, and one that all values have. */
const ANY = -1;
const HAS_VALUE = 1 << 30;

function compiled(kind: string, { rules = [], expects = [] }: KindTerms): readonly Compiled[] {
  const form = kind === 'email' ? 'email' : 'other';
  const builtIn = identifierRules
    .filter(
      ({ of, verdict, code }) => (of === 'any' || of === form) && !(verdict === 'doubtful' && expects.includes(code)),
    )
    .map(
      ({ any = ANY, none = 0, test = () => true, code, verdict, message, remedy }): Compiled => ({
        rule: { code, verdict, message, remedy },
        any,
        none,
        test,
      }),
    );
  const own = rules.map(({ pattern, code, verdict, message, remedy }): Compiled => {
    const expression = new RegExp(pattern, 'u');
    return { rule: { code, verdict, message, remedy }, any: ANY, none: 0, test: (value) => expression.test(value) };
  });
  // What is refused is told before what is doubtful, whoever says so.
  return [...builtIn, ...own].sort(
    (a, b) => Number(a.rule.verdict === 'doubtful') - Number(b.rule.verdict === 'doubtful'),
  );
}

/**
 * Makes a judge of identifiers. Judging costs one pass over the characters of a value, and only the rules that they leave open.
 *
 *     const judge = identifierJudge();
 *     judge('user_id', 'undefined')?.code   // 'PLACEHOLDER'
 * @param terms by kind; a kind without an entry is judged by the rules of the contract alone.
 */
export function identifierJudge(terms: ReadonlyMap<string, KindTerms> = new Map()): IdentifierJudge {
  const byKind = new Map<string, readonly Compiled[]>();
  return (kind, value) => {
    let rules = byKind.get(kind);
    if (rules === undefined) {
      rules = compiled(kind, terms.get(kind) ?? {});
      byKind.set(kind, rules);
    }
    const traits = traitsOf(value) | HAS_VALUE;
    for (let at = 0; at < rules.length; at += 1) {
      const one = rules[at];
      if (one === undefined || (traits & one.any) === 0 || (traits & one.none) !== 0) continue;
      if (one.test(value)) return one.rule;
    }
    return undefined;
  };
}
