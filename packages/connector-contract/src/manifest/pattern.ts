/**
 * Which regular expressions a manifest may bring.
 *
 * A host runs a field's `pattern` on whatever somebody typed, in its own process. JavaScript's engine backtracks: a careless or
 * hostile expression can take years on forty characters. So only expressions are taken whose worst case can be worked out
 * beforehand: each repetition may stop in as many places as it can repeat, and the product of all these choices is the most an
 * engine ever tries. What would defeat that sum (repetition of something that itself varies, look-around, back-references) is refused.
 */

/** Most characters of a pattern. */
const LONGEST_PATTERN = 200;
/** Most paths through an expression: a fraction of a second at the very worst. */
const MOST_PATHS = 20_000_000;

class Refused extends Error {}

/**
 * Why a pattern cannot be taken, or `undefined` where it can.
 * @param maxLength greatest number of characters of the values it will see.
 */
export function patternProblem(pattern: string, maxLength: number): string | undefined {
  if (pattern.length > LONGEST_PATTERN) return `it is longer than ${LONGEST_PATTERN} characters`;
  try {
    new RegExp(pattern, 'u');
  } catch {
    return 'it is not a regular expression (ECMAScript, Unicode mode)';
  }
  try {
    const paths = new Reader(pattern, maxLength).paths();
    return paths > MOST_PATHS
      ? 'a long value could keep it busy for too long: anchor it with ^, repeat less, or set a smaller maxLength'
      : undefined;
  } catch (caught) {
    if (caught instanceof Refused) return caught.message;
    throw caught;
  }
}

/** Reads an expression that is known to be well-formed, and counts the ways through it. */
class Reader {
  private position = 0;

  constructor(
    private readonly pattern: string,
    private readonly maxLength: number,
  ) {}

  paths(): number {
    const anchored = this.pattern.startsWith('^');
    const { paths, branches } = this.alternatives();
    // Without an anchor the engine starts anew at every character.
    return anchored && branches === 1 ? paths : paths * this.maxLength;
  }

  private alternatives(): { paths: number; branches: number } {
    let paths = this.sequence();
    let branches = 1;
    while (this.taken('|')) {
      paths += this.sequence();
      branches += 1;
    }
    return { paths, branches };
  }

  private sequence(): number {
    let paths = 1;
    while (this.position < this.pattern.length && !'|)'.includes(this.pattern.charAt(this.position))) {
      const inner = this.atom();
      paths *= this.repeated(inner);
    }
    return paths;
  }

  private repeated(inner: number): number {
    const quantifier = /^(?:[*+?]|\{(\d+)(?:(,)(\d*))?\})\??/.exec(this.pattern.slice(this.position));
    if (quantifier === null) return inner;
    this.position += quantifier[0].length;
    const [least, most] = bounds(quantifier, this.maxLength);
    if (most > 1 && inner > 1) {
      throw new Refused('it repeats a group that itself repeats or has alternatives');
    }
    return most <= 1 ? inner + most - least : most - least + 1;
  }

  /** Steps over one character, class, escape or group; answers the ways through it. */
  private atom(): number {
    const rest = this.pattern.slice(this.position);
    if (rest.startsWith('(')) return this.group(rest);
    if (/^\\(?:[1-9]|k<)/.test(rest)) throw new Refused('it has a back-reference');
    const simple = /^(?:\\(?:u\{[^}]*\}|u[\dA-Fa-f]{4}|x..|c.|[pP]\{[^}]*\}|.)|\[(?:\\.|[^\]\\])*\]|.)/su.exec(rest);
    this.position += simple?.[0].length ?? 1;
    return 1;
  }

  private group(rest: string): number {
    if (/^\(\?<?[=!]/.test(rest)) throw new Refused('it has a look-ahead or look-behind');
    this.position += /^\((?:\?:|\?<[^>]*>)?/.exec(rest)?.[0].length ?? 1;
    const { paths } = this.alternatives();
    this.taken(')');
    return paths;
  }

  private taken(character: string): boolean {
    if (this.pattern.charAt(this.position) !== character) return false;
    this.position += 1;
    return true;
  }
}

function bounds(quantifier: RegExpExecArray, maxLength: number): [number, number] {
  const sign = quantifier[0].charAt(0);
  if (sign === '?') return [0, 1];
  if (sign === '*') return [0, maxLength];
  if (sign === '+') return [1, Math.max(1, maxLength)];
  const least = Number(quantifier[1]);
  if (quantifier[2] === undefined) return [least, least];
  const most = quantifier[3] === '' ? Math.max(least, maxLength) : Number(quantifier[3]);
  return [Math.min(least, maxLength), Math.min(most, Math.max(maxLength, least))];
}
