import type { Generation } from './segment.js';

/** What is kept of the body of an answer that is not a success: facts only, none of the vendor's words. */
export interface RefusalFacts {
  /** `none`: no body. `vendor`: an error object as Segment documents it. `foreign`: anything else, such as a proxy's HTML page. */
  readonly origin: 'none' | 'vendor' | 'foreign';
  /** The part of the request that was refused, where it is one that this connector sends. */
  readonly field?: string;
  /** `msBeforeNext` as it came. */
  readonly msBeforeNext?: unknown;
  /** The vendor's words speak of the plan or subscription. */
  readonly aboutPlan: boolean;
}

type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

// Only names that this connector itself puts on the wire, so that no identifier can slip through as a "field".
const ownField =
  /^(?:body[./])?(?:subjectIds|subjectType|regulationType|regulation_type|attributes(?:\.(?:name|values))?|values|pagination(?:\.(?:count|cursor))?|page_size|page_token)(?:\[\d{1,4}\]|\.\d{1,4})?$/;

// A tracking plan is a thing within a workspace, not what is paid for.
const planWords = /(?<!tracking )\b(?:plan|subscription|upgrade|billing)\b/i;

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(body: unknown, generation: Generation): Json | undefined {
  if (!isRecord(body)) return undefined;
  if (generation === 'config') return 'error' in body || 'code' in body || 'message' in body ? body : undefined;
  const errors = body['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isRecord(first) ? first : undefined;
}

/**
 * Reads the body of a refusal: `{"errors": [{type, message, field?, data?}]}` of the Public API, `{"error", "code"}` of the
 * Config API. The vendor's message is looked at and left behind, for it may quote identifiers or the token.
 */
export function refusalFacts(generation: Generation, text: string): RefusalFacts {
  if (text.trim() === '') return { origin: 'none', aboutPlan: false };
  const error = errorOf(parsed(text), generation);
  if (error === undefined) return { origin: 'foreign', aboutPlan: false };
  const words = [error['message'], error['error'], error['type']].filter((word) => typeof word === 'string').join(' ');
  const field = error['field'];
  const data = error['data'];
  return {
    origin: 'vendor',
    ...(typeof field === 'string' && ownField.test(field) ? { field } : {}),
    ...(isRecord(data) && 'msBeforeNext' in data ? { msBeforeNext: data['msBeforeNext'] } : {}),
    aboutPlan: planWords.test(words),
  };
}
