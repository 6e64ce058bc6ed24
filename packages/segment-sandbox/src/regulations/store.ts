import type { SandboxClock } from '../clock.js';
import type { KeptRegulation } from '../state-file.js';
import type { OutcomeBook } from './outcomes.js';
import type { Progress } from './progress.js';
import type { Regulation, RegulationScope, RegulationType, SubjectType } from './regulation.js';
import { subjectsOf } from './regulation.js';

/** A regulation that passed validation and quota and is about to be made. */
export interface NewRegulation {
  readonly workspace: string;
  readonly via: 'public' | 'config';
  readonly scope: RegulationScope;
  readonly regulationType: RegulationType;
  readonly subjectType: SubjectType;
  readonly subjectIds: readonly string[];
}

/** Segment keeps the record of a regulation for 90 days. */
export const RETENTION_MS = 90 * 24 * 3_600_000;

/** Config API clients have seen ids as numbers: this is the number of the first regulation. */
const FIRST_NUMBER = 700_001;

/** One identifier that Segment no longer takes data of. */
export interface SuppressedSubject {
  readonly subjectType: SubjectType;
  readonly subjectId: string;
}

/** What is to be done about what happens to regulations. */
export interface RegulationNotes {
  readonly made?: (regulation: KeptRegulation) => void;
  readonly cancelled?: (id: string) => void;
}

/** All regulations ever made in this sandbox, in order. */
export class RegulationStore {
  private readonly regulations: Regulation[] = [];
  private readonly positions = new Map<string, number>();
  private cancellations = 0;
  private readonly suppressions = new Map<string, { version: number; list: SuppressedSubject[] }>();

  constructor(
    private readonly clock: SandboxClock,
    private readonly outcomes: OutcomeBook,
    private readonly progress: Progress,
    /** A new id for the regulation at this position. */
    private readonly newId: (index: number) => string,
    /** Told of what happened, before anybody else is. */
    private readonly notes: RegulationNotes = {},
  ) {}

  /** Makes a regulation. There is no idempotency key: the same request again makes another one. */
  make(input: NewRegulation): Regulation {
    const { workspace, via, scope, regulationType, subjectType, subjectIds } = input;
    const index = this.regulations.length;
    const kept: KeptRegulation = {
      id: this.newId(index),
      workspace,
      via,
      scope,
      regulationType,
      subjectType,
      subjectIds,
      createdAt: this.clock.now(),
      outcome: this.outcomes.decide({ index, workspace, scope, regulationType, subjectIds }),
    };
    this.notes.made?.(kept);
    return this.restore(kept);
  }

  /** Puts back a regulation that was made before, after those that are there. */
  restore({ subjectIds, ...kept }: KeptRegulation): Regulation {
    const index = this.regulations.length;
    const subjectsJson = Buffer.from(JSON.stringify(subjectIds));
    const regulation = { ...kept, index, subjectCount: subjectIds.length, subjectsJson, cancelled: false };
    this.regulations.push(regulation);
    this.positions.set(regulation.id, index);
    return regulation;
  }

  /** Every regulation ever made, also those the APIs no longer show. */
  all(): readonly Regulation[] {
    return this.regulations;
  }

  /** The number that stands for a regulation where ids are given as numbers. */
  numberOf(regulation: Regulation): number {
    return FIRST_NUMBER + regulation.index;
  }

  /** A regulation of this workspace by id or number; undefined once it was taken back or is older than 90 days. */
  find(workspace: string, id: string): Regulation | undefined {
    const position = this.positions.get(id) ?? (/^\d{1,15}$/.test(id) ? Number(id) - FIRST_NUMBER : -1);
    const found = this.regulations[position];
    return found && found.workspace === workspace && this.isShown(found) ? found : undefined;
  }

  /** Regulations of this workspace that the APIs show, oldest first. */
  shown(workspace: string): Regulation[] {
    return this.regulations.filter((regulation) => regulation.workspace === workspace && this.isShown(regulation));
  }

  /** Takes a regulation back; false once it is past `INITIALIZED`. The record is gone from then on. */
  cancel(regulation: Regulation): boolean {
    if (this.progress.standing(regulation).status !== 'INITIALIZED') return false;
    this.notes.cancelled?.(regulation.id);
    this.takeBack(regulation.id);
    return true;
  }

  /** Marks a regulation as taken back, whatever its status. */
  takeBack(id: string): void {
    const regulation = this.regulations[this.positions.get(id) ?? -1];
    if (regulation === undefined) return;
    regulation.cancelled = true;
    this.cancellations += 1;
  }

  /** Who is suppressed in this workspace, in order of suppression; a later `UNSUPPRESS` lifts it. */
  suppressed(workspace: string): readonly SuppressedSubject[] {
    const version = this.regulations.length + this.cancellations;
    const known = this.suppressions.get(workspace);
    if (known && known.version === version) return known.list;
    const subjects = new Map<string, SuppressedSubject>();
    for (const regulation of this.regulations) {
      const { regulationType: type, subjectType } = regulation;
      if (regulation.workspace !== workspace || regulation.cancelled || regulation.outcome === 'invalid') continue;
      if (type !== 'UNSUPPRESS' && !type.startsWith('SUPPRESS')) continue;
      for (const subjectId of subjectsOf(regulation)) {
        const key = `${subjectType} ${subjectId}`;
        if (type === 'UNSUPPRESS') subjects.delete(key);
        else subjects.set(key, { subjectType, subjectId });
      }
    }
    const list = [...subjects.values()];
    this.suppressions.set(workspace, { version, list });
    return list;
  }

  private isShown(regulation: Regulation): boolean {
    return !regulation.cancelled && this.clock.now() - regulation.createdAt <= RETENTION_MS;
  }
}
