/** A request as somebody sends it: its shape, its limits, and its one canonical form. Pure; runs once a line of an import. */
import { type FieldIssue, type Identifier, LONGEST_IDENTIFIER } from 'connector-contract';
import { given } from '../given.js';
import { type ClockWish, type Jurisdiction, jurisdictions } from './legal-clock.js';

/** The rights a person can use. */
export const Right = { deletion: 'deletion', access: 'access' } as const;

/** One of {@link Right}. */
export type Right = (typeof Right)[keyof typeof Right];

/** One person's wish, as it comes by API or import. */
export interface RequestBody extends ClockWish {
  /** The sender's own id for it: the idempotency key. */
  readonly requestId: string;
  readonly right: Right;
  /** Without repeats, in the order given. Values travel byte for byte. */
  readonly identifiers: readonly Identifier[];
  /** Ids of the connections it goes to; absent for all that offer what it takes. */
  readonly connections?: readonly string[];
  /** Somebody who may has said that doubtful identifiers are meant. No part of what makes a request the same. */
  readonly allowDoubtful?: boolean;
}

/** What a request may hold at most. Lengths are in UTF-16 units. */
export const requestLimits = {
  requestId: 512,
  identifiers: 100,
  kind: 64,
  value: LONGEST_IDENTIFIER,
  connections: 100,
  /** Of the jurisdiction `other`. */
  days: 3_650,
} as const;

const times = ['receivedAt', 'dueAt'] as const;
const known = new Set([
  'requestId',
  'right',
  'identifiers',
  'connections',
  ...times,
  'jurisdiction',
  'days',
  'allowDoubtful',
]);
/** Controls, and what is not seen or turns the direction of text round: two ids would look the same. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;
const loneSurrogate = /\p{Surrogate}/u;
const isoDate = /^\d{4}-\d{2}-\d{2}$/;
/** What the name of a field looks like: any other key of an object may be a person's. */
const nameLike = /^[A-Za-z_][A-Za-z0-9_]{0,39}$/;
const isoTime = /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$/;

function issue(field: string, code: string, message: string, remedy?: string): FieldIssue {
  return remedy === undefined ? { field, code, message } : { field, code, message, remedy };
}

function faulty(issues: FieldIssue[], field: string, trouble: Trouble): void {
  issues.push(issue(field, trouble.code, `${field} ${trouble.message}.`, trouble.remedy));
}

/** Issues as one text, each with its field. */
export function issuesText(issues: readonly FieldIssue[]): string {
  const texts = issues.map(({ field, message }) => (message.includes(field) ? message : `${field}: ${message}`));
  return texts.join(' ');
}

/** As {@link issuesText}, with what to do about each: for whoever is told of a line of a file by one text alone. */
export function issuesAdvice(issues: readonly FieldIssue[]): string {
  return issues.map((one) => [issuesText([one]), one.remedy].filter(Boolean).join(' ')).join(' ');
}

/** What is wrong with a text, going on after the name of its field. */
interface Trouble {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
}

/** What is wrong with a text that is to be kept as it is, or `undefined`. */
function textTrouble(value: unknown, longest: number): Trouble | undefined {
  const invalid = (message: string) => ({ code: 'INVALID', message });
  if (value === undefined || value === null || value === '') return invalid('is missing');
  if (typeof value !== 'string') return invalid('must be a text');
  if (value.length > longest) return invalid(`must not be longer than ${longest} characters`);
  if (value.trim().length === 0) return invalid('must not be blank');
  if (value.includes('\0')) return invalid('must not hold a NUL character');
  if (value.includes('\ufffd')) {
    return { code: 'LOST_CHARACTER', message: 'holds characters that were lost in a conversion: send UTF-8' };
  }
  if (loneSurrogate.test(value)) return invalid('holds half of a character (a lone surrogate)');
  return undefined;
}

/**
 * Whether it is a text of the right length, without what a wrong encoding leaves: an import says that of its file. What else an identifier
 * holds, or that it holds nothing, is for the rules to say.
 */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= requestLimits.value && !value.includes('\ufffd');
}

/** A time as it is kept, or a date alone; `undefined` where it is none that exists. */
export function readTime(value: unknown): string | undefined {
  if (typeof value !== 'string' || !(isoTime.test(value) || isoDate.test(value))) return undefined;
  const time = Date.parse(value);
  if (!(time >= Date.UTC(2000, 0) && time < Date.UTC(2100, 0))) return undefined;
  // A day that its month does not have would be read as one of the next month.
  const day = value.slice(0, 10);
  if (!new Date(day).toISOString().startsWith(day)) return undefined;
  return isoDate.test(value) ? value : new Date(time).toISOString();
}

function readClock(raw: Readonly<Record<string, unknown>>, issues: FieldIssue[]): ClockWish {
  const wish: { -readonly [Name in keyof ClockWish]: ClockWish[Name] } = {};
  for (const field of times) {
    if (raw[field] === undefined) continue;
    const time = readTime(raw[field]);
    if (time !== undefined) wish[field] = time;
    else {
      const message = `${field} must be a date, or an ISO 8601 time with a zone, that exists, in this century.`;
      issues.push(issue(field, 'INVALID', message, 'For example 2026-01-31, or 2026-01-31T08:00:00Z.'));
    }
  }
  const { jurisdiction, days } = raw;
  if (jurisdiction !== undefined) {
    if ((jurisdictions as readonly unknown[]).includes(jurisdiction)) wish.jurisdiction = jurisdiction as Jurisdiction;
    else issues.push(issue('jurisdiction', 'INVALID', 'jurisdiction must be "gdpr", "ccpa" or "other".'));
  }
  if (days !== undefined) {
    if (Number.isInteger(days) && (days as number) >= 1 && (days as number) <= requestLimits.days) {
      wish.days = days as number;
    } else {
      issues.push(issue('days', 'INVALID', `days must be a whole number from 1 to ${requestLimits.days}.`));
    }
  }
  return wish;
}

function readIdentifiers(value: unknown, issues: FieldIssue[]): Identifier[] {
  if (!Array.isArray(value) || value.length === 0) {
    issues.push(issue('identifiers', 'REQUIRED', 'identifiers must be a list with at least one {kind, value}.'));
    return [];
  }
  if (value.length > requestLimits.identifiers) {
    issues.push(
      issue(
        'identifiers',
        'TOO_MANY',
        `${value.length} identifiers are given; a request takes at most ${requestLimits.identifiers}.`,
        'Split the person into several requests.',
      ),
    );
    return [];
  }
  const found: Identifier[] = [];
  const seen = new Set<string>();
  value.forEach((entry: unknown, at) => {
    const { kind, value: text } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
    const kindTrouble = textTrouble(kind, requestLimits.kind);
    const valueTrouble = isText(text) ? undefined : textTrouble(text, requestLimits.value);
    if (kindTrouble) faulty(issues, `identifiers[${at}].kind`, kindTrouble);
    if (valueTrouble) faulty(issues, `identifiers[${at}].value`, valueTrouble);
    if (kindTrouble || valueTrouble) return;
    const key = `${kind}\0${text}`;
    if (!seen.has(key)) found.push({ kind: kind as string, value: text as string });
    seen.add(key);
  });
  return found;
}

function readConnections(value: unknown, issues: FieldIssue[]): string[] | undefined {
  if (value === undefined) return undefined;
  const faulty =
    !Array.isArray(value) ||
    value.length === 0 ||
    value.length > requestLimits.connections ||
    value.some((id) => textTrouble(id, 128) !== undefined);
  if (faulty) {
    const remedy = 'Leave it out to reach every connection that offers what the request takes.';
    issues.push(
      issue(
        'connections',
        'INVALID',
        `connections must list 1 to ${requestLimits.connections} connection ids.`,
        remedy,
      ),
    );
    return undefined;
  }
  return [...new Set(value as string[])];
}

/**
 * Reads what somebody sent.
 * @returns the body in its own terms, or every fault found, each naming its field. Faults never repeat a value.
 */
export function readRequestBody(input: unknown): { readonly body: RequestBody } | { readonly issues: FieldIssue[] } {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    return { issues: [issue('', 'INVALID', 'A request must be a JSON object.')] };
  }
  const raw = input as Record<string, unknown>;
  const issues: FieldIssue[] = [];
  for (const key of Object.keys(raw)) {
    if (!known.has(key)) {
      const remedy = `Fields are ${[...known].join(', ')}.`;
      const message = nameLike.test(key)
        ? `"${key}" is not a field of a request.`
        : 'A field of it is none of a request.';
      issues.push(issue(nameLike.test(key) ? key : '', 'UNKNOWN', message, remedy));
    }
  }
  const { requestId, right, allowDoubtful } = raw;
  const idTrouble = textTrouble(requestId, requestLimits.requestId);
  if (idTrouble) faulty(issues, 'requestId', idTrouble);
  else if (unseen.test(requestId as string))
    faulty(issues, 'requestId', { code: 'INVALID', message: 'must not hold control or invisible characters' });
  else if (requestId !== (requestId as string).trim()) {
    const remedy = 'Take the white space away.';
    faulty(issues, 'requestId', {
      code: 'WHITE_SPACE_AROUND',
      message: 'must not begin or end with white space',
      remedy,
    });
  } else if (requestId === '.' || requestId === '..') {
    const message = 'requestId must not be "." or "..", which no URL can hold as a name.';
    issues.push(issue('requestId', 'INVALID', message, 'Give the request another id.'));
  }
  if (right !== Right.deletion && right !== Right.access) {
    issues.push(issue('right', 'INVALID', 'right must be "deletion" or "access".'));
  }
  const identifiers = readIdentifiers(raw['identifiers'], issues);
  const connections = readConnections(raw['connections'], issues);
  const clock = readClock(raw, issues);
  if (allowDoubtful !== undefined && typeof allowDoubtful !== 'boolean') {
    issues.push(issue('allowDoubtful', 'INVALID', 'allowDoubtful must be true or false.'));
  }
  if (issues.length > 0) return { issues };
  return {
    body: {
      requestId: requestId as string,
      right: right as Right,
      identifiers,
      ...given({ connections }),
      ...clock,
      ...(allowDoubtful === true ? { allowDoubtful } : {}),
    },
  };
}

/**
 * One text for all ways to write the same request: the order of identifiers and connections does not matter. Fields that came later
 * stand in it only where they are given: a request that was stored before is the same one still.
 */
export function canonicalText(body: RequestBody): string {
  const identifiers = body.identifiers.map(({ kind, value }) => [kind, value]);
  if (identifiers.length > 1) identifiers.sort((a, b) => (a.join('\0') < b.join('\0') ? -1 : 1));
  const connections = body.connections === undefined ? null : [...body.connections].sort();
  const { receivedAt = null, jurisdiction = null, days = null } = body;
  const later = receivedAt === null && jurisdiction === null && days === null ? [] : [receivedAt, jurisdiction, days];
  return JSON.stringify([body.requestId, body.right, identifiers, connections, body.dueAt ?? null, ...later]);
}

/** What the nth identifier of a body is called in what somebody sent, repeats not counted. */
export function fieldOfIdentifier(input: unknown, nth: number): string {
  const sent = (input as { readonly identifiers?: readonly Partial<Identifier>[] }).identifiers ?? [];
  const seen = new Set<string>();
  const at = sent.findIndex(({ kind, value }) => seen.add(`${kind}\0${value}`).size === nth + 1);
  return `identifiers[${at}].value`;
}
