/** As much of https://semver.org and of npm's ranges as a manifest may use. */

type Triple = readonly [major: number, minor: number, patch: number];

interface Comparator {
  readonly sign: '>=' | '>' | '<' | '<=' | '=';
  readonly version: Version;
}

interface Version {
  readonly triple: Triple;
  readonly prerelease: readonly string[];
}

const VERSION = /^(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/;
const TERM = /^(\^|~|>=|<=|>|<|=)?(\d{1,9}|[xX*])(?:\.(\d{1,9}|[xX*]))?(?:\.(\d{1,9}|[xX*]))?(?:-([0-9A-Za-z.-]+))?$/;

/** Whether a text is a semver version. */
export function isVersion(text: string): boolean {
  return parseVersion(text) !== undefined;
}

/** Whether a text is a range: comparators (`^1.2.0`, `~1.2`, `>=1.0.0 <2.0.0`, `1.x`, `*`) joined by spaces (and) or `||` (or). */
export function isRange(text: string): boolean {
  return parseRange(text) !== undefined;
}

/** Whether a version lies in a range; false where either is malformed. A pre-release only satisfies a range that names one of the same version. */
export function inRange(version: string, range: string): boolean {
  const wanted = parseVersion(version);
  const sets = parseRange(range);
  if (wanted === undefined || sets === undefined) return false;
  return sets.some((set) => {
    if (!set.every((comparator) => admits(comparator, wanted))) return false;
    return wanted.prerelease.length === 0 || set.some((one) => namesPrereleaseOf(one.version, wanted));
  });
}

function parseVersion(text: string): Version | undefined {
  const match = VERSION.exec(text);
  if (match === null) return undefined;
  return { triple: [Number(match[1]), Number(match[2]), Number(match[3])], prerelease: match[4]?.split('.') ?? [] };
}

function parseRange(text: string): readonly (readonly Comparator[])[] | undefined {
  const sets = text.split('||').map((part) => part.trim().split(/\s+/).map(comparators));
  if (sets.some((set) => set.some((terms) => terms === undefined))) return undefined;
  return sets.map((set) => set.flatMap((terms) => terms ?? []));
}

function comparators(term: string): readonly Comparator[] | undefined {
  const match = TERM.exec(term);
  if (match === null) return undefined;
  const [major, minor, patch] = [match[2], match[3], match[4]].map((part) =>
    part === undefined || /^[xX*]$/.test(part) ? undefined : Number(part),
  );
  const prerelease = match[5]?.split('.') ?? [];
  if (major === undefined) return [];
  const low: Version = { triple: [major, minor ?? 0, patch ?? 0], prerelease };
  const sign = match[1] ?? '';
  if (sign === '>=' || sign === '<') return [{ sign, version: low }];
  // Just above what the term covers: `1.2` covers 1.2.*, so `>1.2` begins at 1.3.0.
  const next: Triple =
    minor === undefined ? [major + 1, 0, 0] : patch === undefined ? [major, minor + 1, 0] : [major, minor, patch];
  const whole = minor !== undefined && patch !== undefined;
  if (sign === '>') return [whole ? { sign, version: low } : { sign: '>=', version: plain(next) }];
  if (sign === '<=') return [whole ? { sign, version: low } : { sign: '<', version: plain(next) }];
  if (sign === '^') return between(low, caretEnd(major, minor, patch));
  if (sign === '~') return between(low, minor === undefined ? [major + 1, 0, 0] : [major, minor + 1, 0]);
  return whole ? [{ sign: '=', version: low }] : between(low, next);
}

function caretEnd(major: number, minor: number | undefined, patch: number | undefined): Triple {
  if (major > 0 || minor === undefined) return [major + 1, 0, 0];
  if (minor > 0 || patch === undefined) return [0, minor + 1, 0];
  return [0, 0, patch + 1];
}

function between(low: Version, end: Triple): readonly Comparator[] {
  return [
    { sign: '>=', version: low },
    { sign: '<', version: plain(end) },
  ];
}

function plain(triple: Triple): Version {
  return { triple, prerelease: [] };
}

function admits({ sign, version }: Comparator, wanted: Version): boolean {
  const order = compare(wanted, version);
  if (sign === '=') return order === 0;
  if (sign === '>') return order > 0;
  if (sign === '>=') return order >= 0;
  return sign === '<' ? order < 0 : order <= 0;
}

function compare(one: Version, other: Version): number {
  for (const [index, part] of one.triple.entries()) {
    const difference = part - (other.triple[index] ?? 0);
    if (difference !== 0) return difference;
  }
  if (one.prerelease.length === 0 || other.prerelease.length === 0) {
    return other.prerelease.length - one.prerelease.length;
  }
  return comparePrerelease(one.prerelease, other.prerelease);
}

function comparePrerelease(one: readonly string[], other: readonly string[]): number {
  for (let index = 0; index < Math.max(one.length, other.length); index += 1) {
    const [left, right] = [one[index], other[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    if (left === right) continue;
    const [leftNumber, rightNumber] = [/^\d+$/.test(left), /^\d+$/.test(right)];
    if (leftNumber && rightNumber) return Number(left) - Number(right);
    if (leftNumber !== rightNumber) return leftNumber ? -1 : 1;
    return left < right ? -1 : 1;
  }
  return 0;
}

function namesPrereleaseOf(version: Version, wanted: Version): boolean {
  return version.prerelease.length > 0 && version.triple.every((part, index) => part === wanted.triple[index]);
}
