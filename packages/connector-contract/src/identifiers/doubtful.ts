import { Trait } from './characters.js';
import { type BuiltInRule, matches } from './rule.js';
import { isSeveral } from './several.js';
import { anybodyWords, nothingWords, wordOf, wordsOf } from './words.js';

const { letter, digit, dash, point, plus, at, space, quote, percent, ampersand, slash, bracket, sign, foreign, same } =
  Trait;

const source = 'Look the value up where the file comes from.';
const asText = 'Export it again with this column as text, and take the value from its source.';

const quotes = '"\'`´‘’‚‛“”„‟«»‹›「」『』〝〞′″＂＇';
const months =
  'jan|feb|fév|mar|mär|mrz|apr|avr|abr|may|mai|maj|mei|mag|jun|juin|giu|jul|juil|lug|aug|aoû|ago|sep|set|oct|okt|out|ott|nov|dec|dez|déc|dic|янв|фев|мар|апр|май|июн|июл|авг|сен|окт|ноя|дек';
const day = '\\d{1,2}';
const dates = [
  /^\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?:[T ][\d:.+ZAPM -]{0,20})?$/iu,
  /^\d{1,2}[-/.]\d{1,2}[-/.](?:\d{2}|\d{4})(?: [\d:.APM ]{1,20})?$/iu,
  new RegExp(`^(?:${day}[-. /])?(?:${months})[\\p{L}]{0,8}\\.?[-. /]\\d{2,4}$`, 'iu'),
  new RegExp(`^${day}[-. /] ?(?:${months})\\p{L}{0,8}\\.?$`, 'iu'),
];

/** MD5, SHA-1 and SHA-256 of nothing. */
const emptyDigests: ReadonlySet<string> = new Set([
  'd41d8cd98f00b204e9800998ecf8427e',
  'da39a3ee5e6b4b0d3255bfef95601890afd80709',
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
]);

/** Domains in addresses that only show how one is written. */
const shownDomains = new Set(['domain', 'yourdomain', 'company', 'yourcompany']);

/** Short words are names of people, too: Nan, Si. A name such as `test` alone tells nothing, but together with its domain it does. */
function isAddressOfNobody(value: string): boolean {
  const [name = '', domain = ''] = value.split('@', 2);
  const word = wordOf(name);
  if (nothingWords.has(word)) return word.length > 3;
  const host = wordOf(domain.split('.', 1)[0] ?? '');
  return anybodyWords.has(word) && word.length > 1 && (host === word || shownDomains.has(host));
}

const isWord = (word: string): boolean => nothingWords.has(word) || anybodyWords.has(word);

/** A word for nothing or for anybody, or several of them, such as `unknown user`. */
function isPlaceholder(value: string): boolean {
  if (isWord(wordOf(value))) return true;
  const words = wordsOf(value);
  return words.length > 1 && words.every(isWord);
}

/** What nearly always is damage. */
export const doubtfulRules: readonly BuiltInRule[] = [
  {
    code: 'UNUSUAL_ADDRESS',
    verdict: 'doubtful',
    of: 'email',
    test: (value) => value.startsWith('"') || !/\.(?:\p{L}[\p{L}\p{M}]*|xn--[a-z0-9-]+)$/iu.test(value),
    message: 'is an e-mail address without a usual domain or with a quoted name',
    remedy: source,
  },
  {
    code: 'PLACEHOLDER',
    verdict: 'doubtful',
    of: 'email',
    none: digit,
    test: isAddressOfNobody,
    message: 'is made of words that stand for nobody, such as unknown@ or test@test',
    remedy: `${source} Leave it out where it is not known.`,
  },
  {
    code: 'PLACEHOLDER',
    verdict: 'doubtful',
    of: 'other',
    none: digit,
    test: isPlaceholder,
    message: 'is a word that stands for nothing or for anybody, such as NULL, undefined or guest',
    remedy: `${source} Leave it out where it is not known.`,
  },
  {
    code: 'PLACEHOLDER',
    verdict: 'doubtful',
    of: 'other',
    any: slash | point | bracket,
    test: matches(/^(?:\\n|<na>|[knsboz]\s?[./]\s?[adcobn][./]?|n\.\s?v\.\s?t\.?)$/iu),
    message: 'is an abbreviation for nothing, such as n/d or \\N',
    remedy: `${source} Leave it out where it is not known.`,
  },
  {
    code: 'SPREADSHEET_ERROR',
    verdict: 'doubtful',
    of: 'other',
    any: sign | slash,
    test: matches(/^#(?:\S{0,40}[!?]|n\/a|n\/d|nv|n\/v|getting_data|busy|н\/д|nincs|saknas!|yok)$|^err:\d{3}$/iu),
    message: 'is an error of a spreadsheet, such as #REF! or #N/A',
    remedy: `${source} The cell of the sheet shows an error.`,
  },
  {
    code: 'FORMULA',
    verdict: 'doubtful',
    of: 'any',
    any: sign | plus | dash | at,
    test: matches(/^=|^[-+@][^\s|!()]{0,200}[|!(]/u),
    message: 'is a formula of a spreadsheet',
    remedy: asText,
  },
  {
    code: 'NO_LETTER_OR_DIGIT',
    verdict: 'doubtful',
    of: 'other',
    none: letter | digit,
    test: matches(/^[^\p{L}\p{N}]*$/u),
    message: 'has no letter and no digit',
    remedy: `${source} Leave it out where it is not known.`,
  },
  {
    code: 'ZERO',
    verdict: 'doubtful',
    of: 'other',
    any: digit,
    none: foreign | at,
    test: matches(/^(?:[-+.]?0[-0.,:/ ]*|0x0+|0000-00-00[t ][0:.]+z?)$/iu),
    message: 'is zero',
    remedy: `${source} Vendors keep everybody without an identifier under it.`,
  },
  {
    code: 'NEGATIVE_NUMBER',
    verdict: 'doubtful',
    of: 'other',
    any: digit,
    none: letter,
    test: matches(/^[-\u2010-\u2015\u2212]\d+(?:[.,]\d+)?$/u),
    message: 'is a negative number',
    remedy: `${source} Programs write -1 where there is none.`,
  },
  {
    code: 'EXPONENT',
    verdict: 'doubtful',
    of: 'other',
    any: point | plus,
    test: matches(/^[-+]?\d+(?:[.,]\d+e[-+]?|e\+)\d+$/iu),
    message: 'is a number with an exponent: a spreadsheet has shortened it',
    remedy: asText,
  },
  {
    code: 'DECIMAL',
    verdict: 'doubtful',
    of: 'other',
    any: point | space | quote | foreign,
    none: letter,
    test: matches(/^[-+]?\d+[.,]0+$|^\d{1,3}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?:[.,]\d+)?$/u),
    message: 'is written as a decimal or grouped number: a spreadsheet or a program has turned it',
    remedy: asText,
  },
  {
    code: 'ROUNDED',
    verdict: 'doubtful',
    of: 'other',
    any: digit,
    none: letter | dash | foreign | point,
    test: matches(/^\d{15}0{3,25}$/u),
    message: 'is a long number that ends in zeros: a spreadsheet keeps 15 digits and rounds the rest away',
    remedy: asText,
  },
  {
    code: 'SAME_CHARACTER',
    verdict: 'doubtful',
    of: 'other',
    any: same,
    message: 'repeats one character',
    remedy: source,
  },
  {
    code: 'DATE',
    verdict: 'doubtful',
    of: 'other',
    any: dash | point | slash | space,
    none: at | bracket | percent | ampersand | sign,
    test: (value) => value.length <= 30 && dates.some((date) => date.test(value)),
    message: 'is a date: a spreadsheet turns identifiers into dates',
    remedy: asText,
  },
  {
    code: 'QUOTED',
    verdict: 'doubtful',
    of: 'any',
    any: quote | foreign,
    test: matches(new RegExp(`^\\\\?[${quotes}]|[${quotes}]$`, 'u')),
    message: 'begins or ends with a quotation mark',
    remedy: 'Take the quotation marks away where they are not a part of it.',
  },
  {
    code: 'BRACKETED',
    verdict: 'doubtful',
    of: 'other',
    any: bracket | percent | sign,
    test: matches(/^(?:\$\{|\{\{|%[a-z_]+%$|%[sd]$|<[^>]*>$|\([^)]*\)$|\[.*\]$|\{.*\}$)/iu),
    message: 'stands in brackets, or is a place in a template that was not filled in',
    remedy: source,
  },
  {
    code: 'DRESSED_ADDRESS',
    verdict: 'doubtful',
    of: 'other',
    any: at,
    test: (value) =>
      /\S@\S/u.test(value) && (/[\s<>;,()[\]]/u.test(value) || /^mailto:/iu.test(value) || /@.*@/u.test(value)),
    message: 'holds an e-mail address with something around it, or several',
    remedy: 'Give the address alone, and each in a field of its own.',
  },
  {
    code: 'SEVERAL_VALUES',
    verdict: 'doubtful',
    of: 'other',
    any: point | sign,
    test: isSeveral,
    message: 'holds several values with a semicolon, comma or vertical bar between them, or ends with one',
    remedy:
      'Give each in a field of its own, in a file in columns such as user_id and user_id.2; and each person in a line of their own.',
  },
  {
    code: 'ADDRESS_AS_ID',
    verdict: 'doubtful',
    of: 'other',
    any: at,
    test: matches(/^[^\s@]+@[^\s@.]+\.[^\s@]+$/u),
    message: 'is an e-mail address, and the connection does not say that such identifiers are',
    remedy: 'Give it as email; or, where they are e-mail addresses, say so in the settings of the connection.',
  },
  {
    code: 'PHONE_NUMBER',
    verdict: 'doubtful',
    of: 'other',
    any: plus,
    none: letter | at | foreign,
    test: matches(/^\+\d+[-()/. ][-()/. \d]+$/u),
    message: 'is a telephone number as people write it',
    remedy: 'Give the identifier as the vendor knows it.',
  },
  {
    code: 'PERCENT_ENCODED',
    verdict: 'doubtful',
    of: 'any',
    any: percent,
    test: matches(/%[0-9a-f]{2}/iu),
    message: 'is percent-encoded, as in an address of the web',
    remedy: 'Decode it first.',
  },
  {
    code: 'HTML_ENCODED',
    verdict: 'doubtful',
    of: 'any',
    any: ampersand,
    test: matches(/&(?:[a-z]{2,8}|#\d{1,7}|#x[0-9a-f]{1,6});/iu),
    message: 'holds a character in the spelling of HTML',
    remedy: 'Decode it first.',
  },
  {
    code: 'MISREAD_CHARACTERS',
    verdict: 'doubtful',
    of: 'any',
    any: foreign,
    test: matches(/[ÂÃ][\u00a0-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|ï»¿|Ð[\u00a0-\u00bf]/u),
    message: 'holds characters that UTF-8 shows where it was read as Windows-1252',
    remedy: 'Export it again as UTF-8, and take the value from its source.',
  },
  {
    code: 'UNUSUAL_CHARACTERS',
    verdict: 'doubtful',
    of: 'any',
    any: foreign,
    test: matches(/[\uff01-\uff5e\u3000\p{Co}]|\p{Variation_Selector}|[A-Za-z](?=[\u0300-\u036f])|[^\S ]/u),
    message: 'is written with full-width, decomposed or private characters, or with a space other than the usual one',
    remedy: 'Type the value anew, as the vendor knows it.',
  },
  {
    code: 'DIGEST_OF_NOTHING',
    verdict: 'doubtful',
    of: 'other',
    any: digit,
    none: dash | point | at | space | slash,
    test: (value) => emptyDigests.has(value.toLowerCase()),
    message: 'is the digest of an empty text',
    remedy: `${source} The value was empty before it was hashed.`,
  },
];
