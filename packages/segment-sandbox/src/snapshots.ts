import type {
  Outcome,
  Regulation,
  RegulationScope,
  RegulationStatus,
  RegulationType,
  SubjectType,
} from './regulations/regulation.js';
import { subjectsOf } from './regulations/regulation.js';
import type { Segment } from './segment.js';

/** A regulation as a test sees it. */
export interface RegulationSnapshot {
  readonly index: number;
  readonly id: string;
  /** Slug of its workspace. */
  readonly workspace: string;
  /** Which API it came in by. */
  readonly via: 'public' | 'config';
  readonly scope: RegulationScope;
  readonly regulationType: RegulationType;
  readonly subjectType: SubjectType;
  readonly subjectCount: number;
  /** Read from the compact store when asked for: keep it instead of asking twice. */
  readonly subjectIds: string[];
  readonly status: RegulationStatus;
  readonly outcome: Outcome;
  /** ISO 8601. */
  readonly createdAt: string;
  readonly finishedAt?: string;
  /** Taken back while `INITIALIZED`; the APIs no longer show it. */
  readonly cancelled: boolean;
}

/** What a regulation is now. The identifiers are read only when asked for, and left out of JSON. */
export function snapshotOf(segment: Segment, regulation: Regulation): RegulationSnapshot {
  const { subjectsJson: _kept, createdAt, ...plain } = regulation;
  const { status, finishedAt } = segment.progress.standing(regulation);
  const snapshot = {
    ...plain,
    status,
    createdAt: new Date(createdAt).toISOString(),
    ...(finishedAt === undefined ? {} : { finishedAt: new Date(finishedAt).toISOString() }),
  };
  return Object.defineProperty(snapshot, 'subjectIds', {
    get: () => subjectsOf(regulation),
    enumerable: false,
  }) as RegulationSnapshot;
}
