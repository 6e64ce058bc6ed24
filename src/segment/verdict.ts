import {
  type AnswerHeaders,
  type Verdict as KitVerdict,
  MAX_RATE_WAIT_MS,
  present,
  type Refusal,
  usualVerdict,
} from 'connector-kit';
import type { OwnCode } from './fault.js';
import { quotaReading, waitAdvised } from './limits.js';
import { type RefusalFacts, refusalFacts } from './refusal.js';
import { apiName, type Generation } from './segment.js';

/**
 * What a request is for, as far as a fault depends on it: `workspace` asks for the workspace itself, `read` for anything
 * else, `create` makes a regulation, `probe` tries to and must be refused.
 */
export type CallKind = 'workspace' | 'read' | 'create' | 'probe';

/** An answer of Segment's that is not a success. */
export interface SegmentRefusal extends Omit<Refusal, 'kind' | 'effect'> {
  readonly generation: Generation;
  readonly call: CallKind;
  /** How many people a creation was about. */
  readonly subjects: number;
}

type Verdict = KitVerdict<OwnCode>;

/** What the headers of a creation say of the quota; elsewhere, and in the Config API, they may speak of the request rate. */
export function quotaOf(call: CallKind, generation: Generation, headers: AnswerHeaders) {
  return call === 'create' && generation === 'public' ? quotaReading(headers) : undefined;
}

function tooMany({ headers, now, call, generation, subjects }: SegmentRefusal, facts: RefusalFacts): Verdict {
  const wait = waitAdvised(headers, facts.msBeforeNext, now);
  const quota = quotaOf(call, generation, headers);
  const left = quota?.remaining;
  // Only a reset that is far off means the quota: the request rate resets by the minute.
  if (left !== undefined && left < subjects && (wait ?? 0) > MAX_RATE_WAIT_MS) {
    const message = 'The regulation quota of this month is used up.';
    return { code: 'QUOTA_EXHAUSTED', message, ...present({ retryAfterMs: wait, quota }) };
  }
  const retryAfterMs = wait === undefined ? undefined : Math.min(wait, MAX_RATE_WAIT_MS);
  const message = 'Segment asks for fewer requests for a while.';
  return { code: 'RATE_LIMITED', message, ...present({ retryAfterMs, quota }) };
}

function forbidden({ call, generation, status }: SegmentRefusal, facts: RefusalFacts): Verdict {
  // A token that Segment knows can always read its own workspace, so this is about the workspace rather than the token.
  if (facts.aboutPlan || status === 402 || (generation === 'public' && call === 'workspace')) {
    const message = 'Segment knows the token but does not offer the API to this workspace.';
    return { code: 'PLAN_WITHOUT_API', message };
  }
  return call === 'create' || call === 'probe'
    ? { code: 'READ_ONLY_TOKEN', message: 'The API token may not make deletion requests.' }
    : { code: 'PERMISSION_MISSING', message: 'The API token lacks the permission for this call.' };
}

function unauthenticated({ call, generation }: SegmentRefusal, facts: RefusalFacts): Verdict {
  if (facts.aboutPlan) {
    return { code: 'PLAN_WITHOUT_API', message: 'Segment does not offer the API on the plan of this workspace.' };
  }
  const ambiguous = generation === 'public' && call !== 'workspace';
  return {
    code: 'UNAUTHENTICATED',
    message: ambiguous
      ? 'The Public API does not accept the API token for this call: the token is wrong, was revoked, or lacks the permission. Segment answers all three alike.'
      : `The ${apiName[generation]} does not accept the API token.`,
  };
}

/** Which of the values the refusal is about; nothing where it is about something else, or says nothing that could be about a value: dividing would then only send the same refusal to each person apart. */
function refusedPart({ field, aboutValues }: RefusalFacts): number | 'some' | undefined {
  if (field === undefined) return aboutValues ? 'some' : undefined;
  const named = /(?:subjectIds|values)(?:\[(\d+)\]|\.(\d+))?$/.exec(field);
  if (!named) return undefined;
  const place = named[1] ?? named[2];
  return place === undefined ? 'some' : Number(place);
}

function refused(facts: RefusalFacts): Verdict {
  const where = facts.field === undefined ? '' : ` It names the field ${facts.field}.`;
  const message = `Segment refuses the request as invalid.${where}`;
  return { code: 'INPUT_REFUSED', message, ...present({ refusedPart: refusedPart(facts) }) };
}

/** What an answer of Segment's that is not a success means. Pure. Of the vendor's words nothing gets through. */
export function verdictOf(refusal: SegmentRefusal): Verdict {
  const { generation, status, text, call } = refusal;
  const facts = refusalFacts(generation, status, text);
  if (status === 429) return tooMany(refusal, facts);
  if (status === 401) return unauthenticated(refusal, facts);
  // Segment explains itself in JSON; a page, plain text or nothing comes from something in between, and proves nothing about Segment.
  if (facts.origin === 'vendor') {
    if (status === 402 || status === 403) return forbidden(refusal, facts);
    if (status === 400 || status === 422) return refused(facts);
    if (status === 404 && generation === 'config' && call !== 'read') {
      return { code: 'WORKSPACE_NOT_FOUND', message: 'The Config API knows no workspace of that slug.' };
    }
  }
  return usualVerdict({ ...refusal, effect: 'read' }, 'Segment', facts.origin === 'vendor');
}
