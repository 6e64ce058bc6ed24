/** What a request that is accepted becomes: a row of its own and one for each connection it goes to. Pure but for the sealing. */
import type { Doubts } from '../requests/doubts.js';
import { sealIdentifiers } from '../requests/identifiers.js';
import { type ClockSettings, legalClock } from '../requests/legal-clock.js';
import { canonicalText, type RequestBody, Right } from '../requests/request-body.js';
import type { RequestState } from '../requests/states.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import { type FirstStanding, firstStanding, type Offer } from './offers.js';

/** A request that was judged good, and what it goes to. */
export interface JudgedRequest {
  readonly body: RequestBody;
  readonly targets: readonly Offer[];
  /** Absent where nothing is doubtful. */
  readonly doubts?: Doubts | undefined;
}

/** A row of `requests` that is to be made, but for its id and its fingerprints. Times are in milliseconds since the epoch. */
export interface NewRequest {
  readonly requestId: string;
  readonly right: Right;
  readonly state: Extract<RequestState, 'processing' | 'waiting_for_person'>;
  /** A character a byte. */
  readonly digest: string;
  /** Sealed. */
  readonly identifiers: Buffer;
  readonly doubts: Doubts | null;
  readonly createdAt: number;
  readonly receivedAt: number;
  readonly jurisdiction: string;
  readonly jurisdictionDays: number | null;
  readonly dueAt: number;
}

/** A row of `tasks` that is to be made, but for its id and its request; as {@link NewRequest}. */
export interface NewTask extends FirstStanding {
  readonly connection: string;
  readonly right: Right;
  readonly dueAt: number;
  readonly createdAt: number;
  readonly concludedAt: number | null;
}

/** The digest that tells the same request again from a different one under the same id. */
export function digestOf(body: RequestBody, people: PeopleKeys): string {
  return people.digest(canonicalText(body));
}

/**
 * The rows of a request. One with doubts that nobody has allowed waits for a person.
 * @param now when it is accepted, in milliseconds since the epoch.
 */
export function newRows(
  { body, targets, doubts }: JudgedRequest,
  digest: string,
  people: PeopleKeys,
  now: number,
  settings: ClockSettings,
): { readonly request: NewRequest; readonly tasks: readonly NewTask[] } {
  const clock = legalClock(body, now, settings);
  const held = doubts !== undefined && !doubts.allowed;
  const request: NewRequest = {
    requestId: body.requestId,
    right: body.right,
    state: body.right === Right.deletion && !held ? 'processing' : 'waiting_for_person',
    digest,
    identifiers: sealIdentifiers(people, body.requestId, body.identifiers),
    doubts: doubts ?? null,
    createdAt: now,
    receivedAt: clock.receivedAt,
    jurisdiction: clock.jurisdiction,
    jurisdictionDays: clock.days ?? null,
    dueAt: clock.dueAt,
  };
  const tasks = targets.map((target): NewTask => {
    const { state, accessStep, ownLeftover } = firstStanding(body, target, held);
    return {
      state,
      accessStep,
      ownLeftover,
      connection: target.connection,
      right: body.right,
      dueAt: clock.dueAt,
      createdAt: now,
      concludedAt: state === 'not_applicable' ? now : null,
    };
  });
  return { request, tasks };
}
