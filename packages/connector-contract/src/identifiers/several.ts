/** Several values that came in one: what the rule SEVERAL_VALUES looks for. */

/** What an identifier may look like between separators. Settings (`ou=people`) and marks of a markup are none. */
const part = /^[\p{L}\p{N}+@#~_-][\p{L}\p{M}\p{N}+@#~_.:/|'’ -]*={0,2}$/u;

const hasDigit = /\p{N}/u;

/** Of a value with commas: no name of a person, who is written with a capital or with a space. */
const lowerCase = /^[a-z\d_.,@+-]+$/;

/** Characters from which two codes of one length are taken for the same sort. */
const LONG_CODE = 16;

/** Whether two parts are of one sort: the same but for numbers, or long and divided alike. `auth0|5f7c8ec7` is one identifier. */
function alike(a: string, b: string): boolean {
  const folded = (text: string) => text.replace(/\p{N}+/gu, '0');
  if (folded(a) === folded(b)) return true;
  const divided = (text: string) => text.replace(/[\p{L}\p{N}]/gu, 'x');
  return a.length >= LONG_CODE && divided(a) === divided(b);
}

/** The parts of a value, where each looks like an identifier; `undefined` where one does not or nothing separates them. */
function partsOf(value: string, separator: string): readonly string[] | undefined {
  if (!value.includes(separator)) return undefined;
  const parts = value
    .split(separator)
    .map((one) => one.trim())
    .filter((one) => one !== '');
  return parts.length > 0 && parts.every((one) => part.test(one)) ? parts : undefined;
}

/**
 * Whether a value is several, or one with a separator at its end. A semicolon is in hardly any identifier; a comma stands in names and
 * addresses, whose parts have spaces, capitals or no number; a vertical bar in one identifier of two different parts.
 */
export function isSeveral(value: string): boolean {
  if (partsOf(value, ';') !== undefined) return true;
  const byComma = partsOf(value, ',');
  if (byComma?.every((one) => !one.includes(' ')) === true) {
    if (lowerCase.test(value) || byComma.every((one) => hasDigit.test(one))) return true;
  }
  const byBar = partsOf(value, '|');
  const [first = ''] = byBar ?? [];
  return byBar?.every((one) => hasDigit.test(one) && !one.includes(' ') && alike(one, first)) === true;
}
