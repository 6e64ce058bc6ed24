/** What the database can keep, and what the host can walk through: looked at once, where data comes in. */

/** Deepest nesting of a body. */
const deepest = 64;

/**
 * What is wrong with plain data beside its schema: a text with a NUL character or half a character, which no database keeps, or lists
 * and objects within each other without end.
 * @returns the trouble in words, or `undefined`.
 */
export function unkeepable(data: unknown): string | undefined {
  const open: { readonly value: unknown; readonly depth: number }[] = [{ value: data, depth: 0 }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value, depth } = next;
    if (typeof value === 'string') {
      if (value.includes('\0')) return 'A text holds a NUL character.';
      if (/\p{Surrogate}/u.test(value)) return 'A text holds half of a character (a lone surrogate).';
    } else if (typeof value === 'object' && value !== null) {
      if (depth > deepest) return `The body is nested more than ${deepest} levels deep.`;
      for (const [key, inner] of Object.entries(value)) {
        open.push({ value: key, depth }, { value: inner, depth: depth + 1 });
      }
    }
  }
  return undefined;
}
