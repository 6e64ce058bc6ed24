/** Requests made ready for storing: sealed, fingerprinted, and written as rows in the form in which the database takes them. */
import type { FieldIssue } from 'connector-contract';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { CopyBuffer } from './copy-rows.js';
import { sealIdentifiers } from './identifiers.js';
import { type ClockSettings, type LegalClock, legalClock } from './legal-clock.js';
import { firstStanding, type Offer } from './offers.js';
import { canonicalText, type RequestBody, Right } from './request-body.js';

/** Columns in which {@link IntakeBatch.requests} and {@link IntakeBatch.tasks} stand. */
export const batchColumns = {
  requests: `id, request_id, "right", state, digest, identifiers, fingerprints, doubts, created_at, received_at, jurisdiction,
    jurisdiction_days, due_at`,
  tasks: 'request, connection, "right", state, access_step, own_leftover, due_at, created_at, concluded_at',
} as const;

/** What is doubtful of a request's identifiers, and whether a person has said that they are meant. No value of theirs. */
export interface Doubts {
  readonly found: readonly FieldIssue[];
  readonly allowed: boolean;
}

/** What became of a request that was to be added. */
export type Added = 'added' | 'repeat' | 'differs';

/** Requests with distinct ids, and their tasks. Nothing of a person is kept but what is sealed. */
export class IntakeBatch {
  /** Connections that some of them go to. */
  readonly targets = new Set<string>();
  /** Requests of which something is doubtful. */
  doubtful = 0;
  private readonly requests = new CopyBuffer();
  private readonly tasks = new CopyBuffer();
  /** By request id, the digest. */
  private readonly digests = new Map<string, string>();
  /** Places of row ids in the rows. */
  private readonly idPlaces: number[] = [];
  private readonly taskPlaces: number[] = [];
  private readonly taskOwners: number[] = [];

  /** @param now when they are accepted, in milliseconds since the epoch. */
  constructor(
    private readonly people: PeopleKeys,
    readonly now: number,
    private readonly settings: ClockSettings,
  ) {}

  /** The id of the key that seals its people. */
  get sealingKey(): string {
    return this.people.sealingKey;
  }

  /** How many requests there are. */
  get size(): number {
    return this.idPlaces.length;
  }

  /** Adds a request, unless one stands under its id already. One with doubts that nobody has allowed waits for a person. */
  add(body: RequestBody, targets: readonly Offer[], doubts?: Doubts): Added {
    const digest = this.people.digest(canonicalText(body));
    const earlier = this.digests.get(body.requestId);
    if (earlier !== undefined) return earlier === digest ? 'repeat' : 'differs';
    this.digests.set(body.requestId, digest);
    if (doubts !== undefined) this.doubtful += 1;
    const clock = legalClock(body, this.now, this.settings);
    const held = doubts !== undefined && !doubts.allowed;
    this.writeRequest(body, digest, clock, doubts ?? null, held);
    for (const target of targets) this.writeTask(body, target, clock, held);
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

  private writeRequest(
    body: RequestBody,
    digest: string,
    clock: LegalClock,
    doubts: Doubts | null,
    held: boolean,
  ): void {
    const { requests, people, now } = this;
    requests.row(13);
    this.idPlaces.push(requests.later());
    requests.text(body.requestId);
    requests.text(body.right);
    requests.text(body.right === Right.deletion && !held ? 'processing' : 'waiting_for_person');
    requests.binary(digest);
    requests.binary(sealIdentifiers(people, body.requestId, body.identifiers));
    requests.bigints(body.identifiers, ({ kind, value }, target, at) =>
      people.writeFingerprint(kind, value, target, at),
    );
    requests.json(doubts);
    requests.time(now);
    requests.time(clock.receivedAt);
    requests.text(clock.jurisdiction);
    requests.small(clock.days ?? null);
    requests.time(clock.dueAt);
  }

  private writeTask(body: RequestBody, target: Offer, clock: LegalClock, held: boolean): void {
    const { tasks, now } = this;
    const { state, accessStep, ownLeftover } = firstStanding(body, target, held);
    this.targets.add(target.connection);
    tasks.row(9);
    this.taskPlaces.push(tasks.later());
    this.taskOwners.push(this.idPlaces.length - 1);
    tasks.text(target.connection);
    tasks.text(body.right);
    tasks.text(state);
    tasks.text(accessStep);
    tasks.text(ownLeftover);
    tasks.time(clock.dueAt);
    tasks.time(now);
    tasks.time(state === 'not_applicable' ? now : null);
  }
}
