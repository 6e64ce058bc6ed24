/** Requests made ready for storing: sealed, fingerprinted, and written as rows in the form in which the database takes them. */
import type { Identifier } from 'connector-contract';
import type { ClockSettings } from '../requests/legal-clock.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { CopyBuffer } from './copy-rows.js';
import { digestOf, type JudgedRequest, type NewRequest, type NewTask, newRows } from './new-rows.js';

/** Columns in which {@link IntakeBatch.requests} and {@link IntakeBatch.tasks} stand. */
export const batchColumns = {
  requests: `id, request_id, "right", state, digest, identifiers, fingerprints, doubts, created_at, received_at, jurisdiction,
    jurisdiction_days, due_at`,
  tasks: 'request, connection, "right", state, access_step, own_leftover, due_at, created_at, concluded_at',
} as const;

/** What became of a request that was to be added. */
export type Added = 'added' | 'repeat' | 'differs';

/** Requests with distinct ids, and their tasks. Nothing of a person is kept but what is sealed. */
export class IntakeBatch {
  /** Connections that some of them go to. */
  readonly targets = new Set<string>();
  /** Requests of which something is doubtful. */
  doubtful = 0;
  /** Requests for which a person is waited for from the beginning: somebody has to be asked, or to say that identifiers are meant. */
  waiting = 0;
  private readonly requests = new CopyBuffer();
  private readonly tasks = new CopyBuffer();
  /** By request id, the digest. */
  private readonly digests = new Map<string, string>();
  /** Places of row ids in the rows. */
  private readonly idPlaces: number[] = [];
  private readonly taskPlaces: number[] = [];
  private readonly taskOwners: number[] = [];

  /**
   * @param now when they are accepted, in milliseconds since the epoch.
   * @param connections ids of all that there were when their targets were chosen.
   */
  constructor(
    private readonly people: PeopleKeys,
    readonly now: number,
    private readonly settings: ClockSettings,
    readonly connections: ReadonlySet<string>,
  ) {}

  /** The id of the key that seals its people. */
  get sealingKey(): string {
    return this.people.sealingKey;
  }

  /** How many requests there are. */
  get size(): number {
    return this.idPlaces.length;
  }

  /** Adds a request, unless one stands under its id already. */
  add(judged: JudgedRequest): Added {
    const { body, doubts } = judged;
    const digest = digestOf(body, this.people);
    const earlier = this.digests.get(body.requestId);
    if (earlier !== undefined) return earlier === digest ? 'repeat' : 'differs';
    this.digests.set(body.requestId, digest);
    if (doubts !== undefined) this.doubtful += 1;
    const { request, tasks } = newRows(judged, digest, this.people, this.now, this.settings);
    if (request.state === 'waiting_for_person') this.waiting += 1;
    this.writeRequest(request, body.identifiers);
    for (const task of tasks) this.writeTask(task);
    return 'added';
  }

  /** Whether a request of the other batch has the id of one of these. */
  sharesIdsWith(other: IntakeBatch): boolean {
    for (const id of this.digests.keys()) if (other.digests.has(id)) return true;
    return false;
  }

  /** The finished rows, with these row ids of the requests in their order. May be asked for again with others. */
  rows(ids: readonly number[]): { readonly requests: Buffer; readonly tasks: Buffer } {
    this.idPlaces.forEach((place, at) => {
      this.requests.fill(place, ids[at] ?? 0);
    });
    this.taskPlaces.forEach((place, at) => {
      this.tasks.fill(place, ids[this.taskOwners[at] ?? 0] ?? 0);
    });
    return { requests: this.requests.finish(), tasks: this.tasks.finish() };
  }

  private writeRequest(row: NewRequest, identifiers: readonly Identifier[]): void {
    const { requests, people } = this;
    requests.row(13);
    this.idPlaces.push(requests.later());
    requests.text(row.requestId);
    requests.text(row.right);
    requests.text(row.state);
    requests.binary(row.digest);
    requests.binary(row.identifiers);
    requests.bigints(identifiers, ({ kind, value }, target, at) => people.writeFingerprint(kind, value, target, at));
    requests.json(row.doubts);
    requests.time(row.createdAt);
    requests.time(row.receivedAt);
    requests.text(row.jurisdiction);
    requests.small(row.jurisdictionDays);
    requests.time(row.dueAt);
  }

  private writeTask(row: NewTask): void {
    const { tasks } = this;
    this.targets.add(row.connection);
    tasks.row(9);
    this.taskPlaces.push(tasks.later());
    this.taskOwners.push(this.idPlaces.length - 1);
    tasks.text(row.connection);
    tasks.text(row.right);
    tasks.text(row.state);
    tasks.text(row.accessStep);
    tasks.text(row.ownLeftover);
    tasks.time(row.dueAt);
    tasks.time(row.createdAt);
    tasks.time(row.concludedAt);
  }
}
