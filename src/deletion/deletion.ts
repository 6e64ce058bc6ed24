import {
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type DeletionCapability,
  type DeletionPlan,
  isConnectorFault,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
} from 'connector-contract';
import { injectable } from 'inversify';
import { regulationTypeOf } from '../detection/regulation-reach.js';
import { openSegment } from '../segment/connect.js';
import { SegmentFault } from '../segment/errors.js';
import type { RegulationRecord, Segment } from '../segment/segment.js';
import { valuesOf } from './operation.js';
import { operationStatus, readsLikeOwnStore } from './outcome.js';
import { plan } from './plan.js';
import { MOST_BEHIND_MS, READING_MS, readOn, reconciled, SENDING_WINDOW_MS, sight, undecidable } from './reconcile.js';
import { expectedBy } from './sla.js';
import { notSent, submissionDefect, submissionFault, unsendable } from './submission.js';

/**
 * A context under which no request leaves later than {@link SENDING_WINDOW_MS} after the call began, however long the pacing
 * takes. Without that end, `reconcile` could never prove that a lost creation will not arrive any more.
 */
function prompt(ctx: ConnectorContext): ConnectorContext {
  const latest = ctx.clock.now() + SENDING_WINDOW_MS;
  const pace = async (limit: string): Promise<void> => {
    await ctx.pace(limit);
    if (ctx.clock.now() > latest) {
      throw ConnectorFault.of('RATE_LIMITED', 'The submission waited too long for its turn and was not sent.', {
        retryAfterMs: 1_000,
      });
    }
  };
  return withParts(ctx, { pace });
}

/** Field by field: a host's context may be an object whose members are not its own. */
function withParts(ctx: ConnectorContext, own: Partial<Pick<ConnectorContext, 'clock' | 'pace'>>): ConnectorContext {
  const { config, facts, capabilities, allowedOrigins, signal, log, clock } = ctx;
  const pace = (limit: string) => ctx.pace(limit);
  return { config, facts, capabilities, allowedOrigins, signal, log, clock, pace, ...own };
}

/** A context that notes how far Segment's clock is behind the host's: by so much earlier a lost regulation may seem to have been made. */
function listening(ctx: ConnectorContext): { readonly heeding: ConnectorContext; readonly behindMs: () => number } {
  let behind = 0;
  const heard = (time: number) => {
    behind = Math.max(behind, ctx.clock.now() - time);
    ctx.clock.heard?.(time);
  };
  const clock = {
    now: () => ctx.clock.now(),
    sleep: (ms: number, signal?: AbortSignal) => ctx.clock.sleep(ms, signal),
    heard,
  };
  return { heeding: withParts(ctx, { clock }), behindMs: () => behind };
}

function defect(error: unknown): ConnectorFault {
  if (isConnectorFault(error)) return error;
  return ConnectorFault.of('CONNECTOR_BUG', 'The connector failed for a reason that it does not understand.');
}

/** What follows where the list could not be read: without one nobody can tell, and a list that is not read on has to be begun anew. */
function unlisted(error: unknown): ReconcileOutcome {
  const fault = defect(error);
  if (fault.code === 'NOT_FOUND' || fault.code === 'NOT_SUPPORTED' || fault.code === 'WORKSPACE_NOT_FOUND')
    return undecidable('this generation of the API lists no requests');
  if (fault.code === 'INPUT_REFUSED')
    return undecidable('Segment does not let its list of requests be read to the end');
  throw fault;
}

/** Entries that read like Segment's own stores and are destinations after all: somebody may have given one such a name. */
async function destinationsAmong(record: RegulationRecord | undefined, segment: Segment): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  for (const entry of record?.destinations ?? []) {
    const { id } = entry;
    if (id === undefined || !readsLikeOwnStore(entry) || listed.has(id)) continue;
    if (await segment.further?.isDestination(id)) listed.add(id);
  }
  return listed;
}

/** Erases people from Segment by workspace-wide regulations; the reference of an operation is the regulation's id. */
@injectable()
export class SegmentDeletion implements DeletionCapability {
  plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan {
    return plan(subjects, config);
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    const refused = unsendable(operation);
    if (refused) return refused;
    let segment: Segment;
    try {
      segment = openSegment(prompt(ctx));
    } catch (error) {
      return notSent(error);
    }
    try {
      const { id, quota } = await segment.createRegulation(regulationTypeOf(ctx.config), valuesOf(operation));
      return {
        accepted: true,
        reference: id,
        expectedBy: expectedBy(ctx.clock.now()),
        ...(quota === undefined ? {} : { quota }),
      };
    } catch (error) {
      return error instanceof SegmentFault ? submissionFault(operation, error) : submissionDefect();
    }
  }

  async reconcile(
    operation: Operation,
    attemptedAt: string,
    ctx: ConnectorContext,
    claimed: readonly string[] = [],
    progress?: string,
  ): Promise<ReconcileOutcome> {
    const at = Date.parse(attemptedAt);
    if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
    try {
      const { heeding, behindMs } = listening(ctx);
      const segment = openSegment(heeding);
      const before = readOn(progress, ctx.clock.now());
      const until = ctx.clock.now() + READING_MS;
      const lost = {
        values: valuesOf(operation),
        attemptedAt: at,
        claimed: new Set(claimed),
        behindMs: () => Math.min(behindMs(), MOST_BEHIND_MS),
      };
      const pages = segment.listRegulations(regulationTypeOf(ctx.config), before.next);
      const outcome = reconciled(await sight(pages, lost, before, () => ctx.clock.now() > until), at);
      const blind = outcome.found === 'absent' && behindMs() > MOST_BEHIND_MS;
      return blind ? undecidable('its clock and that of the host are more than a day apart') : outcome;
    } catch (error) {
      return unlisted(error);
    }
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    try {
      const segment = openSegment(ctx);
      const record = await segment.regulation(reference);
      return operationStatus(record, await destinationsAmong(record, segment));
    } catch (error) {
      throw defect(error);
    }
  }
}
