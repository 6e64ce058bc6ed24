import type {
  ConnectorContext,
  DeletionCapability,
  Operation,
  OperationStatus,
  ReconcileOutcome,
} from 'connector-contract';
import { type DeletionSteps, deletionOf, faultOf, type LostSubmission, present, valuesOf } from 'connector-kit';
import { regulationTypeOf } from '../detection/regulation-reach.js';
import { ownManifest } from '../manifest.js';
import { openSegment } from '../segment/connect.js';
import type { RegulationRecord, Segment } from '../segment/segment.js';
import { operationStatus, readsLikeOwnStore } from './outcome.js';
import { packingFor } from './packing.js';
import { MOST_BEHIND_MS, READING_MS, readOn, reconciled, sight, undecidable } from './reconcile.js';
import { expectedBy } from './sla.js';

interface Session {
  readonly ctx: ConnectorContext;
  readonly segment: Segment;
}

/** What follows where the list could not be read: without one nobody can tell, and a list that is not read on has to be begun anew. */
function unlisted(error: unknown): ReconcileOutcome {
  const fault = faultOf(error);
  if (['NOT_FOUND', 'NOT_SUPPORTED'].includes(fault.code))
    return undecidable('this generation of the API lists no requests');
  if (fault.code === 'INPUT_REFUSED')
    return undecidable('Segment does not let its list of requests be read to the end');
  throw fault;
}

/** Entries that read like Segment's own stores and are destinations after all: somebody may have given one such a name. */
async function destinationsAmong({ destinations }: RegulationRecord, segment: Segment): Promise<ReadonlySet<string>> {
  const listed = new Set<string>();
  for (const entry of destinations) {
    const { id } = entry;
    if (id === undefined || !readsLikeOwnStore(entry) || listed.has(id)) continue;
    if (await segment.further?.isDestination(id)) listed.add(id);
  }
  return listed;
}

async function reconcile(
  operation: Operation,
  { ctx, segment }: Session,
  { attemptedAt, claimed, progress }: LostSubmission,
): Promise<ReconcileOutcome> {
  const before = readOn(progress, ctx.clock.now());
  const until = ctx.clock.now() + READING_MS;
  const lost = {
    values: valuesOf(operation),
    attemptedAt,
    claimed: new Set(claimed),
    behindMs: () => Math.min(segment.behindMs, MOST_BEHIND_MS),
  };
  try {
    const pages = segment.listRegulations(regulationTypeOf(ctx.config), before.next);
    const outcome = reconciled(await sight(pages, lost, before, () => ctx.clock.now() > until), attemptedAt);
    const blind = outcome.found === 'absent' && segment.behindMs > MOST_BEHIND_MS;
    return blind ? undecidable('its clock and that of the host are more than a day apart') : outcome;
  } catch (error) {
    return unlisted(error);
  }
}

const steps: DeletionSteps<Session> = {
  async submit(operation, { ctx, segment }) {
    const { id, quota } = await segment.createRegulation(regulationTypeOf(ctx.config), valuesOf(operation));
    return { reference: id, expectedBy: expectedBy(ctx.clock.now()), ...present({ quota }) };
  },
  reconcile,
  async status(reference, { segment }): Promise<OperationStatus | undefined> {
    const record = await segment.regulation(reference);
    return record && operationStatus(record, await destinationsAmong(record, segment));
  },
};

/** Erases people from Segment by workspace-wide regulations; the reference of an operation is the regulation's id. */
export function segmentDeletion(): DeletionCapability {
  const open = (ctx: ConnectorContext): Session => ({ ctx, segment: openSegment(ctx) });
  return deletionOf({ manifest: ownManifest, name: 'Segment', packing: packingFor, open }, steps);
}
