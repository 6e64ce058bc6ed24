const MAX_LENGTH = 200;
const HIDDEN = '…';

// Words of a sentence: plain letters, perhaps joined by hyphen, apostrophe or slash; constants in capitals; short numbers such as an HTTP status.
const plainWord = /^[A-Za-z]{1,20}(?:[-'’/][A-Za-z]{1,20}){0,3}$|^[A-Z]+(?:_[A-Z]+)*$|^\d{1,3}$/;
const quoted = /"[^"]*"?|`[^`]*`?|(?<![A-Za-z])'[^']*'?/g;

function shown(word: string): string {
  const [, before = '', core = '', after = ''] = /^([([{<]*)(.*?)([)\]}>.,;:!?]*)$/s.exec(word) ?? [];
  return core === '' || core === HIDDEN || (core.length <= 40 && plainWord.test(core))
    ? `${before}${core}${after}`
    : HIDDEN;
}

/**
 * What is passed on of an error text that Segment quotes from a destination: it may name the person. Only what looks like a
 * word of a sentence stays. E-mails, anything with a digit in it or longer than a word, everything in quotes and every other
 * script become `…`; at most 200 characters. An identifier that is nothing but a word of plain letters cannot be told apart.
 */
export function vendorWords(text: string): string {
  // A text that nobody would read to its end is not worth the time either.
  const words = text
    .slice(0, MAX_LENGTH * 10)
    .replace(quoted, HIDDEN)
    .split(/\s+/)
    .filter((word) => word !== '')
    .map(shown)
    .join(' ')
    .replace(/…(?: …)+/g, HIDDEN);
  return words.length > MAX_LENGTH ? `${words.slice(0, MAX_LENGTH - 1)}…` : words;
}
