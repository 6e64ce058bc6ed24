import type { Call } from './call.js';
import { jsonObject } from './call.js';
import type { FaultBook, FaultRule } from './faults.js';
import { faultProblem } from './faults.js';
import type { Journal } from './journal.js';
import { resolveRateLimits } from './options.js';
import type { OutcomeBook, OutcomeRule } from './regulations/outcomes.js';
import { OUTCOMES } from './regulations/regulation.js';
import { tallySubjects } from './regulations/tally.js';
import type { Reply } from './reply.js';
import { jsonReply } from './reply.js';
import type { Match, Route } from './routes.js';
import { RouteTable } from './routes.js';
import type { Segment } from './segment.js';
import { snapshotOf } from './snapshots.js';
import type { TokenSpec } from './tokens.js';

/** Where the sandbox is steered and looked at. */
export const CONTROL_ROOT = '/_sandbox';

/** What the control of a sandbox has a hand on. */
export interface Controls {
  readonly segment: Segment;
  readonly faults: FaultBook;
  readonly outcomes: OutcomeBook;
  readonly journal: Journal;
  /** The file of its state, where it keeps one. */
  readonly state: string | undefined;
}

type Body = Readonly<Record<string, unknown>>;
type Target = (controls: Controls, call: Call, body: Body) => unknown;

class ControlError extends Error {
  override readonly name = 'ControlError';
}

const ROUTES: readonly Route<Target>[] = (
  [
    ['GET', '', state],
    ['GET', '/regulations', regulations],
    ['GET', '/tally', ({ segment }) => tallySubjects(segment.regulations.all())],
    ['GET', '/calls', ({ journal }) => journal.calls()],
    ['GET', '/requests', ({ journal }) => journal.requests()],
    ['GET', '/faults', ({ faults }) => faults.list()],
    ['POST', '/faults', addFault],
    ['DELETE', '/faults', ({ faults }) => void faults.clear()],
    ['DELETE', '/faults/{id}', ({ faults }, { params }) => ({ removed: faults.remove(Number(params['id'])) })],
    ['POST', '/outcomes', addOutcome],
    ['DELETE', '/outcomes', ({ outcomes }) => void outcomes.clear()],
    ['POST', '/clock', advance],
    ['POST', '/limits', setLimits],
    ['POST', '/tokens', addToken],
    ['POST', '/tokens/revoke', revokeToken],
  ] as readonly (readonly [string, string, Target])[]
).map(([method, path, target]) => ({ method, template: `${CONTROL_ROOT}${path}`, target }));

/** Lets another process steer and look at the sandbox, as JSON under `/_sandbox`. */
export class Control {
  private readonly table = new RouteTable(ROUTES);

  constructor(private readonly controls: Controls) {}

  /** The route of a call, where it has one. */
  match(method: string, path: string): Match<unknown> | undefined {
    return this.table.match(method, path);
  }

  /** Carries a call out. */
  answer(call: Call): Reply {
    const match = this.table.match(call.method, call.path);
    if (!match) return jsonReply(404, { error: 'no such control; see the README of segment-sandbox' });
    const body = call.body && call.body.length > 0 ? jsonObject(call.body) : {};
    if (!body) return jsonReply(400, { error: 'the body must be a JSON object' });
    try {
      return jsonReply(200, match.route.target(this.controls, { ...call, params: match.params }, body) ?? { ok: true });
    } catch (error) {
      if (error instanceof ControlError || error instanceof RangeError) return jsonReply(400, { error: error.message });
      throw error;
    }
  }

  /** An error of this status. */
  errorReply(status: number): Reply {
    return jsonReply(status, { error: `error ${status}` });
  }
}

function state({ segment, state }: Controls): unknown {
  return {
    ...(state === undefined ? {} : { state }),
    now: new Date(segment.clock.now()).toISOString(),
    workspaces: [...segment.workspaces.values()].map(({ id, slug, name }) => ({ id, slug, name })),
    regulations: segment.regulations.all().length,
  };
}

/** All regulations; with `?subjects=true` their identifiers too. */
function regulations({ segment }: Controls, { query }: Call): unknown {
  const withSubjects = query.first('subjects') === 'true';
  return segment.regulations.all().map((regulation) => {
    const snapshot = snapshotOf(segment, regulation);
    return withSubjects ? { ...snapshot, subjectIds: snapshot.subjectIds } : snapshot;
  });
}

function addFault({ faults }: Controls, _call: Call, body: Body): unknown {
  const rule = body as unknown as FaultRule;
  const wrong = faultProblem(rule);
  if (wrong !== undefined) throw new ControlError(wrong);
  return { id: faults.add(rule) };
}

function addOutcome({ outcomes }: Controls, _call: Call, body: Body): void {
  const { outcome, index, subject } = body;
  if (outcome !== 'mixed' && !OUTCOMES.some((known) => known === outcome))
    throw new ControlError(`outcome must be one of mixed, ${OUTCOMES.join(', ')}`);
  if (index !== undefined && !Number.isInteger(index)) throw new ControlError('index must be a whole number');
  if (subject !== undefined && typeof subject !== 'string') throw new ControlError('subject must be a string');
  outcomes.add(body as unknown as OutcomeRule);
}

function advance({ segment }: Controls, _call: Call, body: Body): unknown {
  const { advanceMs } = body;
  if (typeof advanceMs !== 'number') throw new ControlError('advanceMs must be a number of milliseconds');
  segment.clock.advance(advanceMs);
  return { now: new Date(segment.clock.now()).toISOString() };
}

/** `rateLimit` and `quota` as in the options of the library. */
function setLimits({ segment }: Controls, _call: Call, body: Body): void {
  const { rateLimit, quota } = body;
  if (rateLimit !== undefined && rateLimit !== 'off' && (typeof rateLimit !== 'object' || rateLimit === null))
    throw new ControlError('rateLimit must be "off" or an object of creates, requests, config');
  if (quota !== undefined && quota !== 'off' && !(typeof quota === 'number' && quota >= 0))
    throw new ControlError('quota must be "off" or a number of users');
  if (rateLimit !== undefined) segment.rateLimits = resolveRateLimits(rateLimit as 'off');
  if (quota !== undefined) segment.quota.setLimit(quota === 'off' ? Number.POSITIVE_INFINITY : (quota as number));
}

function addToken({ segment }: Controls, _call: Call, body: Body): void {
  const { value, name, generation, workspace, access } = body;
  for (const [field, text] of Object.entries({ value, name, workspace })) {
    if (typeof text !== 'string' || text === '') throw new ControlError(`${field} must be a non-empty string`);
  }
  if (generation !== 'public' && generation !== 'config') throw new ControlError('generation must be public or config');
  if (!['owner', 'member', 'workspace', 'workspace:read'].includes(String(access)))
    throw new ControlError('access must be owner, member, workspace or workspace:read');
  segment.tokens.add(body as unknown as TokenSpec);
}

function revokeToken({ segment }: Controls, _call: Call, body: Body): void {
  if (typeof body['token'] !== 'string') throw new ControlError('token must be the value or name of a token');
  if (!segment.tokens.revoke(body['token'])) throw new ControlError('token is not known');
}
