/**
 * People's requests: taken in, looked at, and tried out dry. What becomes of them is the lifecycle's work.
 *
 *     const { created, request } = await requests.accept({ requestId: 'r-1', right: 'deletion', identifiers }, actor);
 *     const report = await requests.import(createReadStream('people.csv'), 'csv', actor);
 */
import type { Readable } from 'node:stream';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Actor } from './access/roles.js';
import { present } from './clock.js';
import { Acceptance, type AcceptanceParts, type Known } from './intake/acceptance.js';
import { type DryRun, planWaiting } from './intake/dry-run.js';
import { type ImportOptions, type ImportReport, importRequests, refuseNobody } from './intake/import.js';
import { type ImportFormat, importLines } from './intake/import-lines.js';
import { type ImportPlan, planImport } from './intake/import-plan.js';
import { type Alongside, Intake, type Stored } from './intake/intake.js';
import { Mendings } from './intake/mendings.js';
import type { Offer } from './intake/offers.js';
import { planRequests } from './intake/plan-requests.js';
import { bodyOf, differs, kindsOf } from './intake/refusals.js';
import { readOffers } from './intake/terms.js';
import { HostProblem } from './problem.js';
import { requestDetail } from './reading/detail.js';
import { type ErrorGroup, groupErrors } from './reading/errors.js';
import { exportLines } from './reading/export.js';
import { groupLeftovers, type LeftoverGroup } from './reading/leftover-groups.js';
import {
  listRequests,
  type Reader,
  type ReadParts,
  type RequestFilter,
  type RequestPage,
  type Sort,
} from './reading/list.js';
import type { OperationView } from './reading/operation-view.js';
import { listOperations, type OperationFilter, operation } from './reading/operations.js';
import { type Overview, type OverviewQuery, readOverview } from './reading/overview.js';
import type { RequestDetail } from './reading/views.js';
import { type AnswerWish, recordAnswer } from './requests/answer.js';
import { bodyToCorrect, closeError, takePlace } from './requests/closing.js';
import { type ExtensionWish, extendRequest } from './requests/extend.js';
import { fieldOfIdentifier, type RequestBody } from './requests/request-body.js';
import type { Page, PageQuery } from './store/page.js';
import { appendEvents, type NewEvent } from './timeline.js';
import { openContacts } from './work/requests.js';

/** What {@link Requests} stands on. */
export type RequestsParts = AcceptanceParts;

/** How a request is accepted. */
export interface AcceptOptions {
  /** Who is shown it. */
  readonly reader?: Reader;
  /** SHA-256 of the sender's token, where that it is good is known from before: the database confirms it with the request. */
  readonly proof?: Buffer | undefined;
}

/** A request that is on disk; `created` where it was not before. */
export interface AcceptedRequest {
  readonly created: boolean;
  readonly request: RequestDetail;
}

/** The token of the sender is good no more: nothing was stored. */
class UnprovenSender extends Error {}

/** For the host's own use: sees everything. */
const everything: Reader = { identify: true };

/** All requests of the host. */
export class Requests {
  readonly #acceptance: Acceptance;

  constructor(private readonly parts: RequestsParts) {
    this.#acceptance = new Acceptance(parts);
  }

  /**
   * Accepts a request; it is on disk when this answers. The same again answers what is there already.
   * @param input a {@link RequestBody}, not judged yet.
   * @throws HostProblem REQUEST_INVALID with its faults by field, NO_CONNECTION, or REQUEST_DIFFERS; UnprovenSender.
   */
  async accept(
    input: unknown,
    actor: Actor,
    { reader = everything, proof }: AcceptOptions = {},
  ): Promise<AcceptedRequest> {
    const body = bodyOf(input);
    const nameOf = (nth: number) => fieldOfIdentifier(input, nth);
    const result = await this.#acceptance.accept(body, { actor, proof, nameOf }, reader);
    if (result === 'unproven') throw new UnprovenSender();
    return typeof result === 'string' ? this.#knownAs(result, body, reader) : { created: true, request: result };
  }

  /** The answer to a request under whose id one stands already. */
  async #knownAs(known: Known, { requestId }: RequestBody, reader: Reader): Promise<AcceptedRequest> {
    if (known === 'different') throw differs('A request with this requestId exists and says something else.');
    return { created: false, request: await this.#stored(requestId, reader) };
  }

  async #stored(requestId: string, reader: Reader): Promise<RequestDetail> {
    const request = await this.detail(requestId, reader);
    if (request === undefined) throw new HostProblem('INTERNAL', 'The request was stored and cannot be read.');
    return request;
  }

  /** Takes in a file of any size, as fast as the database stores it. Throws INPUT_INVALID for a CSV header that names no usable columns. */
  async import(
    stream: Readable,
    format: ImportFormat,
    actor: Actor,
    options: ImportOptions = {},
  ): Promise<ImportReport> {
    const { db, clock, legal } = this.parts;
    const mendings = new Mendings();
    const { ignoreColumns = false } = options;
    const lines = importLines(stream, { format, kinds: kindsOf(await this.offers()), ignoreColumns, mendings });
    const report = await importRequests(
      lines,
      {
        intake: new Intake(db),
        people: () => this.parts.keyring.people(true),
        clock,
        legal,
        offers: () => this.offers(),
        alongside: this.events(({ accepted, doubtful }) => [
          { kind: 'request.imported', actor: actor.id, data: { accepted } },
          ...(doubtful === 0
            ? []
            : [{ kind: 'request.doubtful_imported' as const, actor: actor.id, data: { doubtful } }]),
        ]),
        stored: (connections) => this.wakeAll(connections),
        mendings,
      },
      options,
    );
    const { accepted, rejected, doubtful } = report;
    if (rejected + doubtful > 0) {
      const data = { accepted, rejected, doubtful };
      const ended = { at: present(clock), kind: 'request.import_ended', data } as const;
      await db.orm.transaction((tx) => appendEvents(tx, [ended]));
    }
    refuseNobody(report);
    return report;
  }

  /** What importing a file would do. Throws as {@link import} does. */
  async planImport(
    stream: Readable,
    format: ImportFormat,
    { allowDoubtful = false, ignoreColumns = false }: ImportOptions = {},
  ): Promise<ImportPlan> {
    const offers = await this.offers();
    const mendings = new Mendings();
    const people = await this.parts.keyring.people();
    const { legal, clock } = this.parts;
    const lines = importLines(stream, { format, kinds: kindsOf(offers), ignoreColumns, mendings });
    const terms = { offers, clock: legal, now: clock.now(), allowDoubtful };
    const plan = await planImport(lines, { ...this.parts, people, terms, mendings });
    refuseNobody(plan);
    return plan;
  }

  /** The requests that fit a filter as CSV, a line for each task; without identifiers of people. */
  async *export(filter: RequestFilter, reader: Reader = everything): AsyncGenerator<string> {
    yield* exportLines(filter, await this.reading(), reader);
  }

  /** Figures above all requests. */
  overview(query: Omit<OverviewQuery, 'now' | 'connectors'>): Promise<Overview> {
    const { db, clock, registry } = this.parts;
    const connectors = registry.list().flatMap(({ id, state }) => (state === 'ready' ? [id] : []));
    return readOverview(db, { ...query, now: clock.now(), connectors });
  }

  /** A page of requests. */
  async list(
    filter: RequestFilter & PageQuery & { readonly sort?: Sort },
    reader: Reader = everything,
  ): Promise<RequestPage> {
    return listRequests(filter, await this.reading(), reader);
  }

  /** One request with tasks, timeline and operations; undefined where there is none. */
  async detail(requestId: string, reader: Reader = everything): Promise<RequestDetail | undefined> {
    return requestDetail(requestId, await this.reading(), reader);
  }

  /**
   * Hands the person of a request in again: a new request, which names the old one, goes on with its legal time. It goes where the old one
   * failed or a vendor did not know the person, unless it says otherwise.
   * @param input a {@link RequestBody} with a `requestId` and identifiers of its own.
   * @throws HostProblem NOT_FOUND; STATE_FORBIDS where there is nothing to correct; and as {@link accept} does.
   */
  async correct(
    requestId: string,
    input: Readonly<Record<string, unknown>>,
    actor: Actor,
  ): Promise<{ readonly created: boolean; readonly request: RequestDetail }> {
    const given = await bodyToCorrect(this.parts.db, requestId, input);
    const known = typeof input['requestId'] === 'string' ? await this.detail(input['requestId']) : undefined;
    // Sent a second time, it is the same request: where the first one went cannot be told from the old one any more.
    if (known?.corrects === requestId) return { created: false, request: known };
    const body = bodyOf(given);
    const nameOf = (nth: number) => fieldOfIdentifier(input, nth);
    const result = await this.#acceptance.acceptAlso(body, { actor, nameOf }, (client, { first, now: at }) =>
      takePlace(drizzle(client), requestId, { id: first, requestId: body.requestId }, { at, actor }),
    );
    if (result !== 'accepted') return this.#knownAs(result, body, everything);
    return { created: true, request: await this.#stored(body.requestId, everything) };
  }

  /** Closes the error of a request with a reason. Throws as {@link closeError} does. */
  async close(requestId: string, reason: string, actor: Actor): Promise<void> {
    const { db, clock, keyring } = this.parts;
    const people = await keyring.people();
    await closeError(db, requestId, reason, { people, at: new Date(clock.now()), actor });
  }

  /** What is in error and not closed, by cause. */
  errors(): Promise<readonly ErrorGroup[]> {
    return groupErrors(this.parts.db);
  }

  /** What is left over and open, by connection, system and code. */
  leftovers(connection?: string): Promise<readonly LeftoverGroup[]> {
    return groupLeftovers(this.parts.db, connection);
  }

  /** Extends the time that the law gives, once. Throws as {@link extendRequest} does. */
  async extend(requestId: string, wish: ExtensionWish, actor: Actor): Promise<void> {
    const { db, clock, legal, keyring } = this.parts;
    const people = await keyring.people();
    await extendRequest(db, requestId, wish, { zone: legal.zone, people, at: new Date(clock.now()), actor });
  }

  /** Writes down what somebody answered who had to be asked. Throws as {@link recordAnswer} does. */
  async answer(requestId: string, wish: AnswerWish, actor: Actor): Promise<void> {
    const { db, clock, keyring } = this.parts;
    const people = await keyring.people();
    await recordAnswer(db, requestId, wish, { people, at: new Date(clock.now()), actor });
  }

  /** A page of operations, the newest first. */
  async operations(filter: OperationFilter & PageQuery, reader: Reader): Promise<Page<OperationView>> {
    const { db, keyring } = this.parts;
    return listOperations({ db, people: await keyring.people() }, filter, reader);
  }

  /** One operation; undefined where there is none. */
  async operation(id: number, reader: Reader): Promise<OperationView | undefined> {
    const { db, keyring } = this.parts;
    return operation({ db, people: await keyring.people() }, id, reader);
  }

  /** What would be sent for these people; the same request twice counts once. Throws as {@link accept} does, for the first that could not be accepted. */
  async plan(inputs: readonly unknown[]): Promise<DryRun> {
    return planRequests(inputs, await this.offers(), this.parts);
  }

  /** What would be sent for the people who wait, everywhere or at one connection. */
  planWaiting(connection?: string): Promise<DryRun> {
    return planWaiting(this.parts, connection);
  }

  private events(of: (stored: Stored) => readonly Omit<NewEvent, 'at'>[]): Alongside {
    return async (client, stored) => {
      const tx = drizzle(client);
      if (stored.waiting > 0) await openContacts(tx, sql`t.request >= ${stored.first}`, stored.now);
      await appendEvents(
        tx,
        of(stored).map((event) => ({ ...event, at: stored.now })),
      );
    };
  }

  private offers(): Promise<ReadonlyMap<string, Offer>> {
    return readOffers(this.parts);
  }

  private async wakeAll(connections: readonly string[]): Promise<void> {
    for (const connection of connections) await this.parts.wake(connection);
  }

  private async reading(): Promise<ReadParts> {
    const { db, keyring, clock, registry } = this.parts;
    const manifests = registry.list().flatMap(({ manifest }) => manifest ?? []);
    const kinds = new Set(manifests.flatMap(({ identities }) => identities.kinds.map(({ kind }) => kind)));
    const vendors = new Map(manifests.map(({ id, vendor }) => [id, vendor.name]));
    return { db, people: await keyring.people(), kinds, vendors, now: clock.now() };
  }
}
