import type { Destination, Workspace } from '../workspace.js';
import { lacksDeletionSetup } from '../workspace.js';
import type { EntryStatus, Outcome, Regulation } from './regulation.js';
import { reachesDestinations } from './regulation.js';

/** How one destination, warehouse or own store of Segment ends for a regulation. */
export interface FinalResult {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly status: EntryStatus;
  /** Empty where nothing went wrong. */
  readonly errString: string;
}

/** The entry that stands for Segment's own stores. (How Segment itself names it is not published.) */
export const OWN_STORE = { id: 'segment', name: 'Segment', slug: 'segment' } as const;

const UNSUPPORTED = 'destination does not support deletion';

/** What each stream (an enabled source) ends with: Segment's own store, its warehouses, its enabled destinations. */
export function finalResults(
  regulation: Pick<Regulation, 'scope' | 'regulationType' | 'outcome'>,
  workspace: Workspace,
): { sourceId: string; entries: FinalResult[] }[] {
  const { scope, outcome } = regulation;
  const sources = workspace.sources.filter(({ id, enabled }) =>
    scope.kind === 'workspace' ? enabled : id === scope.sourceId,
  );
  const inScope = new Set(sources.map(({ id }) => id));
  const reached = reachesDestinations(regulation.regulationType)
    ? workspace.destinations.filter(({ enabled, sourceId }) => enabled && inScope.has(sourceId))
    : [];
  const failing = outcome === 'failed-supported' ? failingDestinations(reached) : new Set<string>();
  // With no destination that could fail, a failure must be Segment's own.
  const ownFails = outcome === 'failed-own-store' || (outcome === 'failed-supported' && failing.size === 0);
  const bySource = new Map<string, Destination[]>();
  for (const destination of reached) {
    const list = bySource.get(destination.sourceId);
    if (list) list.push(destination);
    else bySource.set(destination.sourceId, [destination]);
  }
  return sources.map(({ id: sourceId }) => {
    const own = ownFails ? failed('the archive could not be rewritten') : wholeEnd(outcome);
    const entries: FinalResult[] = [{ ...OWN_STORE, ...own }];
    for (const { id, name, kind, enabled, sourceIds } of workspace.warehouses) {
      if (!enabled || !sourceIds.includes(sourceId)) continue;
      const end = kind.isDeletedFrom ? wholeEnd(outcome) : unsupportedEnd(outcome);
      if (end) entries.push({ id, name, slug: kind.slug, ...end });
    }
    for (const destination of bySource.get(sourceId) ?? []) {
      const end = destinationEnd(destination, outcome, failing);
      if (end) entries.push({ id: destination.id, name: destination.kind.name, slug: destination.kind.slug, ...end });
    }
    return { sourceId, entries };
  });
}

type End = Pick<FinalResult, 'status' | 'errString'>;

function failed(errString: string): End {
  return { status: 'FAILED', errString };
}

/** How everything ends that deletion works for. */
function wholeEnd(outcome: Outcome): End {
  if (outcome === 'invalid') return { status: 'INVALID', errString: 'the regulation is not valid' };
  if (outcome === 'not-supported') return { status: 'NOT_SUPPORTED', errString: 'the regulation is not supported' };
  if (outcome === 'never-finishes') return { status: 'RUNNING', errString: '' };
  return { status: 'FINISHED', errString: '' };
}

/** How a destination ends; undefined where it is not listed. */
function destinationEnd(destination: Destination, outcome: Outcome, failing: ReadonlySet<string>): End | undefined {
  if (destination.kind.reach === 'forwarded' && outcome === 'no-action') return { status: 'NO_ACTION', errString: '' };
  if (destination.kind.reach !== 'unsupported')
    return failing.has(destination.id) ? failed('the destination refused the credentials') : wholeEnd(outcome);
  return unsupportedEnd(outcome);
}

/** How that ends which deletion does not work for; undefined where it is not listed. */
function unsupportedEnd(outcome: Outcome): End | undefined {
  if (outcome === 'failed-unsupported') return failed(UNSUPPORTED);
  if (outcome === 'partial-success' || outcome === 'not-supported')
    return { status: 'NOT_SUPPORTED', errString: UNSUPPORTED };
  return undefined;
}

/** Which supporting destinations fail: those whose setup lacks something, or else the first. */
function failingDestinations(reached: readonly Destination[]): Set<string> {
  const supporting = reached.filter(({ kind }) => kind.reach !== 'unsupported');
  const lacking = supporting.filter(lacksDeletionSetup);
  return new Set((lacking.length > 0 ? lacking : supporting.slice(0, 1)).map(({ id }) => id));
}
