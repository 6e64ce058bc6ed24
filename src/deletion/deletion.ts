import {
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type DeletionCapability,
  type DeletionPlan,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
} from 'connector-contract';
import { faultOf, notSent, present, submissionOutcome, unsendable, valuesOf } from 'connector-kit';
import { injectable } from 'inversify';
import { regulationTypeOf } from '../detection/regulation-reach.js';
import { openSegment } from '../segment/connect.js';
import type { RegulationRecord, Segment } from '../segment/segment.js';
import { operationStatus, readsLikeOwnStore } from './outcome.js';
import { dividing, plan } from './packing.js';
import { MOST_BEHIND_MS, READING_MS, readOn, reconciled, sight, undecidable } from './reconcile.js';
import { expectedBy } from './sla.js';

/** What follows where the list could not be read: without one nobody can tell, and a list that is not read on has to be begun anew. */
function unlisted(error: unknown): ReconcileOutcome {
  const fault = faultOf(error);
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
    const divided = dividing(operation, ctx.config);
    const refused = unsendable(divided);
    if (refused) return refused;
    let segment: Segment;
    try {
      segment = openSegment(ctx);
    } catch (error) {
      return notSent(error);
    }
    try {
      const { id, quota } = await segment.createRegulation(regulationTypeOf(ctx.config), valuesOf(operation));
      return { accepted: true, reference: id, expectedBy: expectedBy(ctx.clock.now()), ...present({ quota }) };
    } catch (error) {
      return submissionOutcome(error, divided);
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
      const segment = openSegment(ctx);
      const before = readOn(progress, ctx.clock.now());
      const until = ctx.clock.now() + READING_MS;
      const lost = {
        values: valuesOf(operation),
        attemptedAt: at,
        claimed: new Set(claimed),
        behindMs: () => Math.min(segment.behindMs, MOST_BEHIND_MS),
      };
      const pages = segment.listRegulations(regulationTypeOf(ctx.config), before.next);
      const outcome = reconciled(await sight(pages, lost, before, () => ctx.clock.now() > until), at);
      const blind = outcome.found === 'absent' && segment.behindMs > MOST_BEHIND_MS;
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
      throw faultOf(error);
    }
  }
}
