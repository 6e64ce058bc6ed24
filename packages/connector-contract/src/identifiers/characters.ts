/** What the characters of a value show, found in one pass over them: most rules are ruled out by it and cost nothing. */

/** Bits of {@link traitsOf}. */
export const Trait = {
  letter: 1 << 0,
  digit: 1 << 1,
  /** `-` or `_` */
  dash: 1 << 2,
  /** `.` or `,` */
  point: 1 << 3,
  plus: 1 << 4,
  at: 1 << 5,
  space: 1 << 6,
  /** `'`, `"` or a grave accent */
  quote: 1 << 7,
  percent: 1 << 8,
  ampersand: 1 << 9,
  /** `/`, `:` or a backslash */
  slash: 1 << 10,
  bracket: 1 << 11,
  /** Any other printable character of ASCII. */
  sign: 1 << 12,
  control: 1 << 13,
  /** Any character outside ASCII. */
  foreign: 1 << 14,
  /** All letters and digits are one and the same, and there are two or more; case does not matter. */
  same: 1 << 15,
} as const;

const ascii = new Uint16Array(128);

function mark(characters: string, trait: number): void {
  for (const character of characters) ascii[character.charCodeAt(0)] = trait;
}

ascii.fill(Trait.sign, 0x21, 0x7f);
ascii.fill(Trait.control, 0, 0x20);
ascii.fill(Trait.letter, 0x41, 0x5b);
ascii.fill(Trait.letter, 0x61, 0x7b);
ascii.fill(Trait.digit, 0x30, 0x3a);
mark('\u007f', Trait.control);
mark('-_', Trait.dash);
mark('.,', Trait.point);
mark('+', Trait.plus);
mark('@', Trait.at);
mark(' ', Trait.space);
mark('\'"`', Trait.quote);
mark('%', Trait.percent);
mark('&', Trait.ampersand);
mark('/:\\', Trait.slash);
mark('<>()[]{}', Trait.bracket);

const WORD = Trait.letter | Trait.digit;
/** Makes a letter of ASCII lower case; a digit stays what it is. */
const LOWER = 0x20;

/** The {@link Trait}s of a value. */
export function traitsOf(value: string): number {
  let traits = 0;
  let count = 0;
  let first = 0;
  let differs = 0;
  for (let at = 0; at < value.length; at += 1) {
    const code = value.charCodeAt(at);
    const trait = code < 128 ? (ascii[code] ?? 0) : Trait.foreign;
    traits |= trait;
    if ((trait & (WORD | Trait.foreign)) === 0) continue;
    const folded = code < 128 ? code | LOWER : code;
    if (count === 0) first = folded;
    differs |= folded ^ first;
    count += 1;
  }
  return count > 1 && differs === 0 ? traits | Trait.same : traits;
}
