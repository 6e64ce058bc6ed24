import { isJson, type Json, parsedJson } from 'connector-kit';
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
  /** The vendor's words speak of the values that were sent. */
  readonly aboutValues: boolean;
}

// Only names that this connector itself puts on the wire, so that no identifier can slip through as a "field".
const ownField =
  /^(?:body[./])?(?:subjectIds|subjectType|regulationType|regulation_type|attributes(?:\.(?:name|values))?|values|pagination(?:\.(?:count|cursor))?|page_size|page_token)(?:\[\d{1,4}\]|\.\d{1,4})?$/;

// A tracking plan is a thing within a workspace, not what is paid for.
const planWords = /(?<!tracking )\b(?:plan|subscription|upgrade|billing)\b/i;

const valueWords = /\b(?:subject_?ids?|user_?ids?|values?|identifiers?)\b/i;

// Codes that the Config API gives together with a status (those of gRPC).
const configCodes: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 6,
  429: 8,
  500: 13,
  501: 12,
  503: 14,
};

/** The Config API has been seen to answer errors that are no valid JSON. A code that belongs to the status shows that it was Segment. */
function saysCode(text: string, status: number): boolean {
  const code = /"code"\s*:\s*"?(\d{1,2})\b/.exec(text.slice(0, 10_000))?.[1];
  return code !== undefined && Number(code) === configCodes[status];
}

function errorOf(body: unknown, generation: Generation): Json | undefined {
  if (!isJson(body)) return undefined;
  if (generation === 'config') return 'error' in body || 'code' in body || 'message' in body ? body : undefined;
  const errors = body['errors'];
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined;
  return isJson(first) ? first : undefined;
}

/**
 * Reads the body of a refusal: `{"errors": [{type, message, field?, data?}]}` of the Public API, `{"error", "code"}` of the
 * Config API. The vendor's message is looked at and left behind, for it may quote identifiers or the token.
 */
export function refusalFacts(generation: Generation, status: number, text: string): RefusalFacts {
  const nothing = { aboutPlan: false, aboutValues: false };
  if (text.trim() === '') return { origin: 'none', ...nothing };
  const error = errorOf(parsedJson(text), generation);
  if (error === undefined) {
    const broken = generation === 'config' && saysCode(text, status);
    return broken ? { origin: 'vendor', ...about(text) } : { origin: 'foreign', ...nothing };
  }
  const words = [error['message'], error['error'], error['type']].filter((word) => typeof word === 'string').join(' ');
  const field = error['field'];
  const data = error['data'];
  return {
    origin: 'vendor',
    ...(typeof field === 'string' && ownField.test(field) ? { field } : {}),
    ...(isJson(data) && 'msBeforeNext' in data ? { msBeforeNext: data['msBeforeNext'] } : {}),
    ...about(words),
  };
}

function about(words: string): Pick<RefusalFacts, 'aboutPlan' | 'aboutValues'> {
  const read = words.slice(0, 10_000);
  return { aboutPlan: planWords.test(read), aboutValues: valueWords.test(read) };
}
