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
import type { Segment } from '../segment/segment.js';
import { valuesOf } from './operation.js';
import { operationStatus } from './outcome.js';
import { plan } from './plan.js';
import { reconciled, SENDING_WINDOW_MS, sight, undecidable } from './reconcile.js';
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
  // Field by field: a host's context may be an object whose members are not its own.
  const { config, facts, capabilities, allowedOrigins, signal, log, clock } = ctx;
  return { config, facts, capabilities, allowedOrigins, signal, log, clock, pace };
}

function defect(error: unknown): ConnectorFault {
  if (isConnectorFault(error)) return error;
  return ConnectorFault.of('CONNECTOR_BUG', 'The connector failed for a reason that it does not understand.');
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
  ): Promise<ReconcileOutcome> {
    const at = Date.parse(attemptedAt);
    if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
    try {
      const segment = openSegment(ctx);
      if (!segment.listRegulations) return undecidable('the Config API lists no requests');
      const askedAt = ctx.clock.now();
      const list = segment.listRegulations(regulationTypeOf(ctx.config));
      const lost = { values: valuesOf(operation), attemptedAt: at, claimed: new Set(claimed) };
      return reconciled(await sight(list, lost), at, askedAt);
    } catch (error) {
      throw defect(error);
    }
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    try {
      return operationStatus(await openSegment(ctx).regulation(reference));
    } catch (error) {
      throw defect(error);
    }
  }
}
