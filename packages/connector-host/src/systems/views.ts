/** Detections and systems as they are shown. */
import type { Coverage, DetectedSystem, FaultData } from 'connector-contract';
import { filled, given } from '../given.js';
import type { Treatment } from '../requests/treatment.js';
import type { detections } from '../store/schema.js';

/** What brought a detection about. */
export type DetectionTrigger = 'manual' | 'scheduled' | 'connected';

/** A detection as it is shown; times ISO 8601. */
export interface DetectionView {
  readonly id: number;
  readonly connection: string;
  readonly trigger: DetectionTrigger;
  /** `failed`: it broke off; what it had seen stays, and nothing counts as gone because of it. */
  readonly state: 'running' | 'complete' | 'failed';
  readonly startedAt: string;
  readonly finishedAt?: string;
  readonly found: number;
  readonly added: number;
  readonly changed: number;
  readonly gone: number;
  /** Why, for `failed`. */
  readonly error?: FaultData;
}

/** A detection as it lies in the database. */
export type DetectionRow = typeof detections.$inferSelect;

/** A detection as it is shown. */
export function detectionView(row: DetectionRow): DetectionView {
  const { id, connection, found, added, changed, gone } = row;
  return {
    id,
    connection,
    trigger: row.trigger as DetectionTrigger,
    state: row.state as DetectionView['state'],
    startedAt: row.startedAt.toISOString(),
    ...given({ finishedAt: row.finishedAt?.toISOString() }),
    found,
    added,
    changed,
    gone,
    ...filled({ error: row.fault as FaultData | null }),
  };
}

/** Where a system stands: `archived` by a person, `gone` since the last complete detection, else `active`. */
export type SystemState = 'active' | 'gone' | 'archived';

/** A system of the inventory; times ISO 8601. */
export interface SystemView extends Omit<DetectedSystem, 'coverage'> {
  readonly connection: string;
  readonly coverage: Coverage;
  readonly firstSeen: string;
  readonly lastSeen: string;
  readonly state: SystemState;
  /** What somebody decided about people whom a deletion does not reach here. */
  readonly treatment?: Treatment;
  /** Who archived it, when and why; present while it is archived. */
  readonly archiving?: { readonly by: string; readonly at: string; readonly reason: string };
  /** What the last complete detection found about it; never `new` after the very first one. */
  readonly change?: 'new' | 'changed' | 'gone';
  /** For `changed`: which fields; `state` where it came back. */
  readonly changes: readonly string[];
}
