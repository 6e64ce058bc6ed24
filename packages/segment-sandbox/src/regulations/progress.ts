import type { SandboxClock } from '../clock.js';
import { fraction } from '../random.js';
import type { Workspace } from '../workspace.js';
import type { EntryStatus, Outcome, Regulation, RegulationStatus } from './regulation.js';
import { finalResults } from './results.js';

/** How long a regulation takes, in milliseconds of its own age. */
export interface Pace {
  /** Until then it is `INITIALIZED` and can be taken back. */
  readonly startsAfterMs: number;
  /** It reaches its final status somewhere between these two, chosen by the seed. */
  readonly finishesAfterMs: readonly [number, number];
}

const HOUR = 3_600_000;

/** An hour until it starts, one to five days until it is done: well inside Segment's 30 days. */
export const USUAL_PACE: Pace = { startsAfterMs: HOUR, finishesAfterMs: [24 * HOUR, 120 * HOUR] };

/** A regulation as it stands now; moments in milliseconds since 1970. */
export interface Standing<Status = RegulationStatus> {
  readonly status: Status;
  readonly finishedAt?: number;
}

/** One destination (or store) of a stream as it stands now. */
export interface DestinationStanding extends Standing<EntryStatus> {
  readonly id: string;
  readonly name: string;
  readonly slug: string;
  readonly errString: string;
}

/** One stream (a source) with all it feeds. */
export interface StreamStanding {
  readonly id: string;
  readonly destinations: readonly DestinationStanding[];
}

const FINAL_STATUS: Readonly<Record<Outcome, RegulationStatus>> = {
  finished: 'FINISHED',
  'partial-success': 'PARTIAL_SUCCESS',
  'failed-unsupported': 'FAILED',
  'failed-supported': 'FAILED',
  'failed-own-store': 'FAILED',
  invalid: 'INVALID',
  'not-supported': 'NOT_SUPPORTED',
  'never-finishes': 'RUNNING',
  'no-action': 'FINISHED',
};

/** Tells where regulations stand. Nothing ticks: all follows from age, seed and outcome at the moment of asking. */
export class Progress {
  constructor(
    private readonly clock: SandboxClock,
    private readonly pace: Pace,
    private readonly seed: number,
  ) {}

  /** The regulation as a whole. */
  standing(regulation: Regulation): Standing {
    return this.at(regulation, this.finishAge(regulation), FINAL_STATUS[regulation.outcome]);
  }

  /** Each stream and destination, in the order of the workspace. */
  streams(regulation: Regulation, workspace: Workspace): StreamStanding[] {
    const { startsAfterMs } = this.pace;
    const wholeAge = this.finishAge(regulation);
    return finalResults(regulation, workspace).map(({ sourceId, entries }) => ({
      id: sourceId,
      destinations: entries.map(({ id, name, slug, status, errString }) => {
        // Each entry is done somewhere between the start and the end of the whole.
        const age =
          status === 'RUNNING'
            ? Number.POSITIVE_INFINITY
            : startsAfterMs + fraction(this.seed, regulation.id, sourceId, id) * (wholeAge - startsAfterMs);
        const standing = this.at(regulation, age, status);
        return { id, name, slug, ...standing, errString: standing.status === status ? errString : '' };
      }),
    }));
  }

  private finishAge(regulation: Regulation): number {
    if (regulation.outcome === 'never-finishes') return Number.POSITIVE_INFINITY;
    const [earliest, latest] = this.pace.finishesAfterMs;
    return earliest + fraction(this.seed, regulation.id) * (latest - earliest);
  }

  private at<Final extends EntryStatus>(
    regulation: Regulation,
    finishAge: number,
    final: Final,
  ): Standing<Final | 'RUNNING' | 'INITIALIZED'> {
    const age = this.clock.ageOf(regulation.createdAt);
    if (age >= finishAge && final !== 'RUNNING')
      return { status: final, finishedAt: this.clock.momentOf(regulation.createdAt, finishAge) };
    return { status: age >= this.pace.startsAfterMs ? 'RUNNING' : 'INITIALIZED' };
  }
}
