/** A dry run of requests that are handed in as bodies: judged as they would be taken in, and nothing is stored. */
import { canonicalText, fieldOfIdentifier, type RequestBody, Right } from '../requests/request-body.js';
import { type AcceptanceParts, demandClock } from './acceptance.js';
import { type DoubtfulRequest, type DryRun, type PlannedSubject, planSubjects } from './dry-run.js';
import { findingsIn, Judges } from './judging.js';
import { assign, firstStanding, type Offer } from './offers.js';
import { bodyOf, differs, refusal, refused } from './refusals.js';

/**
 * What would be sent for these people; the same request twice counts once.
 * @param inputs bodies, not judged yet.
 * @throws HostProblem as acceptance does, for the first that could not be accepted.
 */
export async function planRequests(
  inputs: readonly unknown[],
  offers: ReadonlyMap<string, Offer>,
  parts: AcceptanceParts,
): Promise<DryRun> {
  const judges = new Judges();
  const subjects = new Map<string, PlannedSubject[]>();
  const seen = new Map<string, string>();
  const doubtful: DoubtfulRequest[] = [];
  for (const input of inputs) {
    const body = bodyOf(input);
    demandClock(body, parts.clock.now(), parts.legal);
    // Access requests, too, which send nothing: they are refused as they would be.
    const targets = targetsOf(body, offers);
    const found = findingsIn(body, judges.of(targets), (nth) => fieldOfIdentifier(input, nth));
    if (found !== undefined && found.refused.length > 0) throw refused(found);
    const text = canonicalText(body);
    const earlier = seen.get(body.requestId);
    if (earlier !== undefined && earlier !== text)
      throw differs('Two requests with one requestId say different things.');
    seen.set(body.requestId, text);
    if (earlier !== undefined) continue;
    if (found !== undefined && body.allowDoubtful !== true) {
      doubtful.push({ requestId: body.requestId, reasons: found.doubtful });
      continue;
    }
    if (body.right !== Right.deletion) continue;
    for (const target of targets) {
      // Of whom it takes nothing, nothing is sent there.
      const { state, ownLeftover } = firstStanding(body, target);
      if (state !== 'pending') continue;
      const { connection } = target;
      const list = subjects.get(connection) ?? [];
      list.push({ subject: { id: body.requestId, identifiers: body.identifiers }, known: ownLeftover === null });
      subjects.set(connection, list);
    }
  }
  return { ...(await planSubjects(parts, subjects)), doubtful };
}

function targetsOf(body: RequestBody, offers: ReadonlyMap<string, Offer>): readonly Offer[] {
  const assignment = assign(body, offers);
  if ('issues' in assignment) throw refusal(body, assignment);
  return assignment.targets;
}
