/** Accepts requests that come one by one: judged by themselves, stored together. */
import type { Clock } from 'connector-contract';
import { eq } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Actor } from '../access/roles.js';
import { HostProblem } from '../problem.js';
import type { Reader } from '../reading/list.js';
import type { RequestDetail } from '../reading/views.js';
import { type ClockSettings, clockIssues } from '../requests/legal-clock.js';
import { issuesText, type RequestBody, Right } from '../requests/request-body.js';
import { requests } from '../store/schema.js';
import { appendEvents, type NewEvent } from '../timeline.js';
import { openForNew } from '../work/requests.js';
import { freshDetail } from './fresh-detail.js';
import { Gathering } from './gathering.js';
import { type GroupMember, type StoredRequest, storeGroup } from './group-intake.js';
import { type Alongside, BatchOutdated, Intake } from './intake.js';
import { IntakeBatch } from './intake-batch.js';
import { findingsIn } from './judging.js';
import { digestOf, type JudgedRequest, newRows } from './new-rows.js';
import { assign } from './offers.js';
import { refusal, refused } from './refusals.js';
import { KeptTerms, type Terms, type TermsParts } from './terms.js';

/** What {@link Acceptance} stands on. */
export interface AcceptanceParts extends TermsParts {
  readonly clock: Clock;
  /** How the legal time of a request is counted. */
  readonly legal: ClockSettings;
  /** Tells the lifecycle that people wait at a connection. */
  readonly wake: (connection: string) => Promise<void>;
}

/** Who sends a request. */
export interface Sender {
  readonly actor: Actor;
  /** SHA-256 of the token, where that it is good is known from before: the database confirms it with the request. */
  readonly proof?: Buffer | undefined;
  /** What an identifier is called where it comes from, by its place. */
  readonly nameOf: (nth: number) => string;
}

/** A request under an id that has one already. */
export type Known = 'same' | 'different';

interface Judged {
  readonly request: JudgedRequest;
  /** By which it was judged. */
  readonly terms: Terms;
}

interface Made {
  readonly request: JudgedRequest;
  readonly member: GroupMember;
}

interface Wish {
  readonly id: string;
  readonly sender: Sender;
  readonly now: number;
  readonly judged: Judged;
  readonly member: GroupMember;
}

interface Accepted {
  readonly member: GroupMember;
  readonly stored: StoredRequest;
}

/** How often a group is stored again after a deadlock with another sender's. */
const DEADLOCKS = 10;

/** What a server says of a value, and not of itself: SQLSTATE classes "data exception" and "integrity constraint violation". */
const ofOne = /^2[23]/;

/** Accepts requests one by one. */
export class Acceptance {
  readonly #terms: KeptTerms;
  readonly #gathering: Gathering<Wish, Accepted | undefined>;

  constructor(private readonly parts: AcceptanceParts) {
    this.#terms = new KeptTerms(parts);
    this.#gathering = new Gathering(
      (group) => this.#store(group),
      (error) => ofOne.test(String((error as { code?: unknown }).code ?? '')),
    );
  }

  /**
   * Accepts a request; it is on disk when this answers.
   * @returns the request as `reader` may see it; whether it is the same, where there is one under its id; `unproven` where it was not
   *   stored since the sender's token is good no more.
   * @throws HostProblem REQUEST_INVALID, CONNECTION_UNKNOWN, NO_CONNECTION, DISK_FULL.
   */
  async accept(body: RequestBody, sender: Sender, reader: Reader): Promise<RequestDetail | Known | 'unproven'> {
    const now = this.parts.clock.now();
    const judged = await this.#judgeSurely(body, sender, now);
    if (typeof judged === 'string') return judged;
    const member = this.#member(judged, sender, now);
    const accepted = await this.#gathering.add({ id: body.requestId, sender, now, judged, member });
    if (accepted !== undefined) return freshDetail(body, accepted.member, accepted.stored, reader);
    return (await this.known(body)) ?? 'unproven';
  }

  /** Whether a request with this content stands under its id; undefined where there is none of that id. */
  async known(body: RequestBody): Promise<Known | undefined> {
    const [row] = await this.parts.db.orm
      .select({ digest: requests.digest })
      .from(requests)
      .where(eq(requests.requestId, body.requestId));
    if (row === undefined) return undefined;
    return row.digest.toString('latin1') === digestOf(body, (await this.#terms.current()).people)
      ? 'same'
      : 'different';
  }

  /**
   * Accepts a request by itself, and does something more in the same transaction. Answers and throws as {@link accept} does; what is
   * thrown by `also` as well: then nothing was stored.
   */
  async acceptAlso(body: RequestBody, sender: Sender, also: Alongside): Promise<'accepted' | Known> {
    const { db, clock, legal } = this.parts;
    for (;;) {
      const now = clock.now();
      const judged = await this.#judgeSurely(body, sender, now);
      if (typeof judged === 'string') return judged;
      const batch = new IntakeBatch(judged.terms.people, now, legal, new Set(judged.terms.offers.keys()));
      batch.add(judged.request);
      try {
        const { accepted, duplicates } = await new Intake(db).store(batch, async (client, stored) => {
          await also(client, stored);
          const { now: at, first: request } = stored;
          if (stored.waiting > 0) await openForNew(drizzle(client), [request], at);
          const events = eventsOf(judged.request, sender.actor).map((event) => ({ ...event, at, request }));
          await appendEvents(drizzle(client), events);
        });
        if (accepted === 0) return duplicates.length > 0 ? 'same' : 'different';
        await this.#wake([judged.request]);
        return 'accepted';
      } catch (error) {
        if (!(error instanceof BatchOutdated)) throw error;
        await this.#terms.afresh();
      }
    }
  }

  /** Judges by terms as they are now where those that are kept speak against it. What was accepted once stays accepted. */
  async #judgeSurely(body: RequestBody, { nameOf }: Sender, now: number): Promise<Judged | Known> {
    let terms = await this.#terms.current();
    try {
      return { request: this.#judge(body, terms, now, nameOf), terms };
    } catch {
      terms = await this.#terms.afresh();
    }
    try {
      return { request: this.#judge(body, terms, now, nameOf), terms };
    } catch (error) {
      const known = await this.known(body);
      if (known === undefined) throw error;
      return known;
    }
  }

  #judge(body: RequestBody, { offers, judges }: Terms, now: number, nameOf: Sender['nameOf']): JudgedRequest {
    const assignment = assign(body, offers);
    if ('issues' in assignment) throw refusal(body, assignment);
    demandClock(body, now, this.parts.legal);
    const found = findingsIn(body, judges.of(assignment.targets), nameOf);
    if (found !== undefined && found.refused.length > 0) throw refused(found);
    const doubts = found && { found: found.doubtful, allowed: body.allowDoubtful === true };
    return { body, targets: assignment.targets, doubts };
  }

  #member({ request, terms }: Judged, { actor, proof }: Sender, now: number): GroupMember {
    const { people } = terms;
    const { identifiers } = request.body;
    return {
      ...newRows(request, digestOf(request.body, people), people, now, this.parts.legal),
      fingerprints: identifiers.map(({ kind, value }) => people.fingerprint(kind, value)),
      events: eventsOf(request, actor),
      proof,
    };
  }

  /** Stores a group by the terms as they are now, and answers what became of each. */
  async #store(group: readonly Wish[]): Promise<readonly (Accepted | undefined | Error)[]> {
    for (let deadlocks = 0; ; ) {
      const terms = await this.#terms.current();
      const made = await Promise.all(group.map((wish) => this.#madeBy(wish, terms)));
      const good = made.filter((one): one is Made => typeof one === 'object' && !(one instanceof Error));
      const { sealingKey } = terms.people;
      try {
        const confirmed = { sealingKey, stamps: terms.stamps, now: new Date(this.parts.clock.now()) };
        const stored = await storeGroup(
          this.parts.db,
          good.map(({ member }) => member),
          confirmed,
        );
        const accepted = new Map(good.map((one, at) => [one, stored[at]]));
        // Nobody waits for it: they are stored, and the sweep finds what has no job.
        void this.#wake(good.flatMap((one) => (accepted.get(one) ? one.request : []))).catch(() => undefined);
        return made.map((one) => {
          if (one === undefined || one instanceof Error) return one;
          const row = accepted.get(one);
          return row && { member: one.member, stored: row };
        });
      } catch (error) {
        if ((error as { code?: string }).code === '40P01' && deadlocks < DEADLOCKS) deadlocks += 1;
        else if (!(error instanceof BatchOutdated)) throw error;
        else await this.#terms.afresh();
      }
    }
  }

  /** What is stored of a wish by these terms: made anew where others were read since; an error where they speak against it. */
  async #madeBy(wish: Wish, terms: Terms): Promise<Made | undefined | Error> {
    if (wish.judged.terms === terms) return { request: wish.judged.request, member: wish.member };
    const { body } = wish.judged.request;
    try {
      const judged = await this.#judgeSurely(body, wish.sender, wish.now);
      if (typeof judged === 'string') return undefined;
      return { request: judged.request, member: this.#member(judged, wish.sender, wish.now) };
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  async #wake(accepted: readonly JudgedRequest[]): Promise<void> {
    const goes = accepted.filter(({ body, doubts }) => body.right === Right.deletion && doubts?.allowed !== false);
    const connections = new Set(goes.flatMap(({ targets }) => targets.map(({ connection }) => connection)));
    for (const connection of connections) await this.parts.wake(connection);
  }
}

/** Throws REQUEST_INVALID where the times that a request says cannot be. */
export function demandClock(body: RequestBody, now: number, legal: ClockSettings): void {
  const issues = clockIssues(body, now, legal);
  if (issues.length > 0) throw new HostProblem('REQUEST_INVALID', issuesText(issues), { errors: issues });
}

function eventsOf({ doubts }: JudgedRequest, { id: actor }: Actor): Pick<NewEvent, 'kind' | 'actor' | 'data'>[] {
  if (doubts === undefined) return [{ kind: 'request.accepted', actor }];
  const told = doubts.allowed
    ? { kind: 'request.doubtful_allowed' as const, actor }
    : { kind: 'request.doubtful' as const, data: { reasons: issuesText(doubts.found) } };
  return [{ kind: 'request.accepted', actor }, told];
}
