const MAX_LENGTH = 200;
const HIDDEN = '…';

// Words of a sentence: plain letters, perhaps with an apostrophe; constants in capitals.
const plainWord = /^[A-Za-z]{1,20}(?:['’][A-Za-z]{1,2})?$|^[A-Z]+(?:_[A-Z]+)*$/;
/** After one of these, three digits are an HTTP status; anywhere else they may be somebody's id. */
const beforeStatus = /^(?:HTTP|status|code)[:=]?$/i;
const status = /^[1-5]\d\d$/;
const quoted = /"[^"]*"?|`[^`]*`?|(?<![A-Za-z])'[^']*'?/g;

function shown(word: string, at: number, words: readonly string[]): string {
  const [before = ''] = /^[([{<]*/.exec(word) ?? [];
  const [after = ''] = /(?<![)\]}>.,;:!?])[)\]}>.,;:!?]+$/.exec(word) ?? [];
  const core = word.slice(before.length, word.length - after.length);
  const isStatus = status.test(core) && beforeStatus.test(words[at - 1] ?? '');
  return core === '' || core === HIDDEN || isStatus || (core.length <= 40 && plainWord.test(core))
    ? `${before}${core}${after}`
    : HIDDEN;
}

/**
 * What is passed on of an error text that Segment quotes from a destination: it may name the person. Only what looks like a
 * word of a sentence stays. E-mails, anything with a digit in it (but for an HTTP status that is called so), joined or longer than a
 * word, everything in quotes and every other script become `…`; at most 200 characters. An identifier that is nothing but a word of
 * plain letters, or of capitals and underscores, cannot be told apart.
 */
export function vendorWords(text: string): string {
  // A text that nobody would read to its end is not worth the time either.
  const words = text
    .slice(0, MAX_LENGTH * 10)
    .replace(quoted, HIDDEN)
    .trim()
    .split(/\s+/)
    .map(shown)
    .join(' ')
    .replace(/…(?: …)+/g, HIDDEN);
  return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH - 1)}…` : words;
}
