/**
 * What a text says to whoever decodes it: percent signs, entities, escapes, quoted-printable, base64 and hexadecimal, and letters that only
 * look different. Somebody may stand in it in any of these, and in one within another.
 */

/** How many encodings may lie within each other. */
const DEEPEST = 3;
/** So many readings of a text are made at most. */
const MOST = 24;

/** Names of entities for what identifiers hold beside letters and digits. */
const entities: Readonly<Record<string, string>> = {
  amp: '&',
  commat: '@',
  period: '.',
  plus: '+',
  lowbar: '_',
  hyphen: '-',
  dash: '-',
  colon: ':',
  sol: '/',
  vert: '|',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
};

const percents = /(?:%[0-9a-f]{2})+/gi;
const entity = /&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,8}));?/gi;
const escaped = /\\(?:u([0-9a-f]{4})|x([0-9a-f]{2})|([/"'\\]))/gi;
const softBreak = /=\r?\n/g;
const quoted = /(?:=[0-9a-f]{2})+/gi;
const base64Run = /[A-Za-z0-9+/_-]{8,}/g;
const hexRun = /[0-9a-f]{12,}/gi;
// Marks that are not seen, soft hyphens among them.
const unseen = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

const bytes = (hex: string): string => Buffer.from(hex, 'hex').toString('utf8');

function character(code: number, as: string): string {
  return code <= 0x10ffff ? String.fromCodePoint(code) : as;
}

/** What decodes to a text that could be read; other bytes say nothing. */
function legible(text: string): boolean {
  let odd = 0;
  for (const one of text) if (one < ' ' || one === '\ufffd') odd += 1;
  return odd * 4 <= text.length;
}

/** Runs that may have begun anywhere: other letters may stand before what is encoded. */
function runs(text: string, pattern: RegExp, step: number, decode: (run: string) => string): string {
  const found: string[] = [];
  for (const [run] of text.matchAll(pattern)) {
    for (let from = 0; from < step; from += 1) {
      const said = decode(run.slice(from));
      if (legible(said)) found.push(said);
    }
  }
  return found.join('\n');
}

const decoders: readonly ((text: string) => string)[] = [
  (text) => text.replace(percents, (run) => bytes(run.replaceAll('%', ''))),
  (text) =>
    text.replace(entity, (all, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return entities[name.toLowerCase()] ?? all;
      return character(decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal), all);
    }),
  (text) =>
    text.replace(escaped, (all, four?: string, two?: string, self?: string) =>
      self === undefined ? character(Number.parseInt(four ?? two ?? '', 16), all) : self,
    ),
  (text) => text.replace(softBreak, '').replace(quoted, (run) => bytes(run.replaceAll('=', ''))),
  (text) => runs(text, base64Run, 4, (run) => Buffer.from(run, 'base64').toString('utf8')),
  (text) => runs(text, hexRun, 2, (run) => bytes(run.slice(0, run.length - (run.length % 2)))),
  (text) => text.normalize('NFKC').replace(unseen, ''),
];

/** The readings of a text beside the text itself. */
export function readingsOf(text: string): readonly string[] {
  const seen = new Set([text]);
  let layer: readonly string[] = [text];
  for (let depth = 0; depth < DEEPEST && seen.size < MOST; depth += 1) {
    const next: string[] = [];
    for (const one of layer) {
      for (const decode of decoders) {
        const read = decode(one);
        if (read === '' || seen.has(read) || seen.size > MOST) continue;
        seen.add(read);
        next.push(read);
      }
    }
    layer = next;
  }
  seen.delete(text);
  return [...seen];
}
