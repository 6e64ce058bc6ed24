import type {
  ConnectorConfig,
  ConnectorContext,
  ConnectorManifest,
  FaultData,
  OperationStatus,
  SubjectResult,
} from 'connector-contract';
import { given } from '../given.js';
import { readingsOf } from './readings.js';

/** Blanks what must not leave a text. */
export type Redact = (text: string) => string;

const CENSOR = '[redacted]';
/** Stands where a text was not read at all, since the call it is of has had its share of work. */
export const UNREAD = '[left out: the connector answered too much text to look through]';
const longestText = 4000;
/** Texts that are not read again when they come again. */
const mostKept = 1_000;
// Shorter values would blank half of an innocent sentence; the manifest's fields ask for longer secrets.
const shortest = 6;
/** Characters that are compared for one call at most: some tenths of a second. */
const mostWork = 1_000_000_000;
// What may stand in an e-mail address; each run of them is looked at once.
const run = /[^\s<>"'(),;:=]+/g;
const divider = /[\s<>"'(),;:=]/;
const longestAddress = 320;

/** The values of a configuration's secret fields. */
export function secretValues(manifest: ConnectorManifest, config: ConnectorConfig): string[] {
  return manifest.config.fields
    .filter((field) => field.kind === 'secret')
    .map((field) => config[field.key])
    .filter((value) => typeof value === 'string');
}

/**
 * Makes a function that takes secrets (as they are, in base64, in hexadecimal, in a URL), identifiers of people and whatever looks
 * like an e-mail address out of texts, and cuts texts off at 4,000 characters before it reads them. Identifiers are found in any case;
 * a text in which somebody stands encoded is left out whole. It does so much work and no more: texts beyond that are left out.
 * @param identifiers of the people whom the work is about.
 */
export function redactor(secrets: readonly string[], identifiers: Iterable<string> = []): Redact {
  const forms = secrets
    .filter((secret) => secret.length >= shortest)
    .flatMap(formsOf)
    .sort(longestFirst);
  const people = [...new Set(Array.from(identifiers, (value) => value.toLowerCase()))].filter(isTelling);
  // Longest first, so that no part of a longer one stays behind.
  const words = [...new Set([...forms, ...people])].sort(longestFirst);
  let work = 0;
  const read = new Map<string, string>();
  const redact = (text: string): string => {
    const end = text.length > longestText ? endOf(text, words) : text.length;
    work += (end + 1) * (words.length + 1);
    if (work > mostWork) return UNREAD;
    let out = text.slice(0, end);
    for (const form of forms) if (out.includes(form)) out = out.replaceAll(form, CENSOR);
    out = withoutPeople(out, people).replace(run, withoutAddress);
    for (const reading of readingsOf(out)) {
      work += reading.length * (words.length + 1);
      if (work > mostWork) return UNREAD;
      if (words.length > 0 && names(reading, people, forms)) return CENSOR;
      // Bytes that are no text hold signs by chance.
      if (!reading.includes('\ufffd') && reading.replace(run, withoutAddress) !== reading) return CENSOR;
    }
    return end < text.length ? `${out}...` : out;
  };
  return (text) => {
    const before = read.get(text);
    if (before !== undefined) return before;
    const out = redact(text);
    if (read.size < mostKept) read.set(text, out);
    return out;
  };
}

/** Where a context says which secrets it gave out beside those of its configuration. */
const GIVEN_OUT = Symbol('secrets that were given out');

/** A context that notes in this list what it gives out. */
export function noting<C extends ConnectorContext>(ctx: C, givenOut: readonly string[]): C {
  return { ...ctx, [GIVEN_OUT]: givenOut };
}

/** Everything secret that a connector has had from a context by now. */
export function secretsOf(manifest: ConnectorManifest, ctx: ConnectorContext): readonly string[] {
  const { [GIVEN_OUT]: givenOut = [] } = ctx as ConnectorContext & { readonly [GIVEN_OUT]?: readonly string[] };
  return [...secretValues(manifest, ctx.config), ...givenOut];
}

/** A {@link redactor} for secrets that grow more. */
export function growingRedactor(secrets: () => readonly string[], identifiers: readonly string[] = []): Redact {
  let [known, redact] = [secrets().length, redactor(secrets(), identifiers)];
  return (text) => {
    const now = secrets();
    if (now.length !== known) [known, redact] = [now.length, redactor(now, identifiers)];
    return redact(text);
  };
}

const longestFirst = (a: string, b: string): number => b.length - a.length;

/** Whether a value says whom it is about: a shorter one would blank half of an innocent sentence. */
function isTelling(value: string): boolean {
  return value.length >= shortest;
}

/** Takes people out of a text, in whatever case they stand there. @param people in lower case. */
function withoutPeople(text: string, people: readonly string[]): string {
  let out = text;
  let lower = out.toLowerCase();
  for (const one of people) {
    for (let at = lower.indexOf(one); at !== -1; at = lower.indexOf(one, at + CENSOR.length)) {
      // Of some letters the other case is longer, so that places are not the same.
      if (lower.length !== out.length) return CENSOR;
      out = out.slice(0, at) + CENSOR + out.slice(at + one.length);
      lower = out.toLowerCase();
    }
  }
  return out;
}

function names(text: string, people: readonly string[], forms: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return people.some((one) => lower.includes(one)) || forms.some((form) => text.includes(form));
}

/**
 * Whether a short word, such as a reference, names somebody: it is one of the identifiers, or has one in it, in whatever encoding.
 * @param identifiers of the people whom the work is about.
 */
export function namesSomebody(word: string, identifiers: readonly string[]): boolean {
  const people = identifiers.map((value) => value.toLowerCase()).filter(isTelling);
  const namesIn = (text: string) =>
    names(text, people, []) || (!text.includes('\ufffd') && text.replace(run, withoutAddress) !== text);
  return identifiers.includes(word) || [word, ...readingsOf(word)].some(namesIn);
}

/** Redacts what a fault says, and leaves its code and kind, which are of the contract. */
export function redactFault<F extends Pick<FaultData, 'message' | 'remedy' | 'field'>>(fault: F, redact: Redact): F {
  const { message, remedy, field } = fault;
  return {
    ...fault,
    message: redact(message),
    ...(remedy === undefined ? {} : { remedy: redact(remedy) }),
    ...(field === undefined ? {} : { field: redact(field) }),
  };
}

/** Redacts why somebody was not erased, or not all of them. */
export function redactResults(results: readonly SubjectResult[], redact: Redact): readonly SubjectResult[] {
  return results.map(({ fault, ...result }) => ({
    ...result,
    ...(fault === undefined ? {} : { fault: redactFault(fault, redact) }),
  }));
}

/** Redacts what a status says, and leaves states, which are of the contract. */
export function redactStatus(status: OperationStatus, redact: Redact): OperationStatus {
  return {
    ...status,
    vendorState: redact(status.vendorState),
    destinations: status.destinations.map((one) => ({
      ...redactAll(one, redact),
      state: one.state,
      ...given({ finishedAt: one.finishedAt }),
    })),
    exceptions: redactAll(status.exceptions, redact),
    ...(status.subjects === undefined ? {} : { subjects: redactResults(status.subjects, redact) }),
  };
}

/** Redacts every text in plain data, keys aside. */
export function redactAll<T>(value: T, redact: Redact): T {
  return mapTexts(value, redact) as T;
}

function mapTexts(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, redact)]));
}

/** Where a long text ends: before what would be cut in two, of which a part would stay. */
function endOf(text: string, words: readonly string[]): number {
  let start = longestText;
  while (start > longestText - longestAddress && !divider.test(text.charAt(start - 1))) start -= 1;
  let end = start > longestText - longestAddress ? start : longestText;
  for (let before = 0; before !== end; ) {
    before = end;
    for (const word of words) {
      const from = Math.max(0, end - word.length + 1);
      const at = text.slice(from, end + word.length - 1).indexOf(word);
      if (at !== -1) end = from + at;
    }
  }
  return end;
}

function withoutAddress(word: string): string {
  const at = word.indexOf('@', 1);
  if (at === -1) return word;
  const dot = word.indexOf('.', at + 2);
  const end = endWithoutDots(word);
  return dot === -1 || dot >= end ? word : `${CENSOR}${word.slice(end)}`;
}

function endWithoutDots(word: string): number {
  let end = word.length;
  while (word.charAt(end - 1) === '.') end -= 1;
  return end;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, 'utf8');
  const basic = (text: string) => withoutPadding(Buffer.from(text, 'utf8').toString('base64'));
  return [
    secret,
    encodeURIComponent(secret),
    withoutPadding(bytes.toString('base64')),
    bytes.toString('base64url'),
    bytes.toString('hex'),
    // HTTP Basic, as user or as password.
    basic(`${secret}:`),
    basic(`:${secret}`),
  ];
}

function withoutPadding(base64: string): string {
  return base64.replaceAll('=', '');
}
