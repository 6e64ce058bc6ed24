import { Trait } from './characters.js';
import { type BuiltInRule, matches } from './rule.js';

const {
  letter,
  digit,
  dash,
  point,
  plus,
  at,
  space,
  quote,
  percent,
  ampersand,
  slash,
  bracket,
  sign,
  control,
  foreign,
} = Trait;

/** One name, one @ and one domain, without anything around them. */
const plainAddress = /^[^\s"(),:;<>@[\\\]]+@[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u;
/** A quoted name is legal, and nobody has one. */
const quotedAddress = /^"[^"\\]+"@[\p{L}\p{M}\p{N}_-]+(?:\.[\p{L}\p{M}\p{N}_-]+)*$/u;

/** What cannot name a person. */
export const refusedRules: readonly BuiltInRule[] = [
  {
    code: 'EMPTY',
    verdict: 'refused',
    of: 'any',
    none: letter | digit | dash | point | plus | at | quote | percent | ampersand | slash | bracket | sign,
    test: matches(/^[\s\u200b-\u200d\u2060]*$/u),
    message: 'is empty or holds white space alone',
    remedy: 'Leave it out, or give a value.',
  },
  {
    code: 'CONTROL_CHARACTER',
    verdict: 'refused',
    of: 'any',
    any: control | foreign,
    test: matches(/\p{Cc}/u),
    message: 'holds a line break, a tab or another control character',
    remedy: 'Take it out at the source; it often comes from a line end or from copying.',
  },
  {
    code: 'INVISIBLE_CHARACTER',
    verdict: 'refused',
    of: 'any',
    any: foreign,
    test: matches(/[\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u2800\u3164\uffa0]|\u034f|\u17b4|\u17b5/u),
    message: 'holds an invisible character: one without width, or one that turns the direction of writing',
    remedy: 'Type the value anew; such characters come along when copying from a page or a document.',
  },
  {
    code: 'LOST_CHARACTER',
    verdict: 'refused',
    of: 'any',
    any: foreign,
    test: matches(/[\ufffd\p{Surrogate}\p{Noncharacter_Code_Point}]/u),
    message: 'holds a character that was lost in a conversion',
    remedy: 'Save or send it as UTF-8 from its source; a file saved as Windows-1252 or Latin-1 looks so.',
  },
  {
    code: 'WHITE_SPACE_AROUND',
    verdict: 'refused',
    of: 'any',
    any: space | foreign,
    test: (value) => value.trim() !== value,
    message: 'has white space around it, which matches nobody',
    remedy: 'Take the white space away.',
  },
  {
    code: 'NOT_ONE_ADDRESS',
    verdict: 'refused',
    of: 'email',
    test: (value) => !plainAddress.test(value) && !quotedAddress.test(value),
    message: 'is not one plain e-mail address',
    remedy:
      'Give the address alone, like person@example.com, without a name, brackets or mailto:, and each in a field of its own.',
  },
];
