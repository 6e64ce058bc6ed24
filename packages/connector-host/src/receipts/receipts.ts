/** Receipts: signed evidence of what became of one person's request, checked with the public keys alone. */
import type { Clock } from 'connector-contract';
import { inArray } from 'drizzle-orm';
import { CompactSign } from 'jose';
import type { Actor } from '../access/roles.js';
import { plainSettings, type ShownConfig } from '../connections/config.js';
import { filled } from '../given.js';
import { noRequest } from '../not-there.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import { HostProblem } from '../problem.js';
import { type RequestRows, recordsLeftovers, requestRows } from '../reading/detail.js';
import { type LeftoverView, readLeftovers } from '../reading/leftovers.js';
import { operationView } from '../reading/operation-view.js';
import { taskView } from '../reading/views.js';
import type { Right } from '../requests/request-body.js';
import type { Database } from '../store/database.js';
import { connections } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { RECEIPT_ALGORITHM, receiptTypes } from './receipt-format.js';
import type { SigningKeys } from './signing-keys.js';

/** What a receipt stands on. */
export interface ReceiptParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly registry: Pick<ConnectorRegistry, 'manifest'>;
  readonly keys: SigningKeys;
}

type OperationRow = RequestRows['operations'][number];
type ConnectionRow = typeof connections.$inferSelect;

/** Version of the receipt's content. */
const RECEIPT_VERSION = 2;

/** Signs receipts. */
export class Receipts {
  constructor(private readonly parts: ReceiptParts) {}

  /**
   * The receipt of a concluded request as a compact JWS (RFC 7515): of which right it is, on whose word each task ended, what was left
   * over and how that ended. It names the person by the request id alone, and is `interim` until the request is settled.
   * @param actor who asks for it; absent for the host itself.
   * @throws HostProblem NOT_FOUND; STATE_FORBIDS while the request is open.
   */
  async issue(requestId: string, actor?: Actor): Promise<string> {
    const rows = await requestRows(this.parts.db, requestId);
    if (rows === undefined) throw noRequest();
    if (rows.request.concludedAt === null) {
      throw new HostProblem('STATE_FORBIDS', 'The request is not concluded, so there is nothing to certify yet.', {
        remedy: 'Ask again once its state is final.',
      });
    }
    const key = await this.parts.keys.live();
    const content = { version: RECEIPT_VERSION, issuedAt: this.now(), ...(await this.content(rows)) };
    const receipt = await new CompactSign(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: RECEIPT_ALGORITHM, kid: key.id, typ: receiptTypes[rows.request.right as Right] })
      .sign(key.privateKey);
    await this.parts.db.orm.transaction((tx) =>
      appendEvents(tx, [
        { at: new Date(this.parts.clock.now()), kind: 'receipt.issued', request: rows.request.id, actor: actor?.id },
      ]),
    );
    return receipt;
  }

  /** The public keys, as a JWK set. */
  published(): ReturnType<SigningKeys['published']> {
    return this.parts.keys.published();
  }

  private now(): string {
    return new Date(this.parts.clock.now()).toISOString();
  }

  private async content({ request, tasks, operations }: RequestRows) {
    const ids = [...new Set(tasks.map(({ connection }) => connection))];
    const found =
      ids.length === 0 ? [] : await this.parts.db.orm.select().from(connections).where(inArray(connections.id, ids));
    const at = this.parts.clock.now();
    const leftovers = await readLeftovers(this.parts.db.orm, tasks);
    return {
      requestId: request.requestId,
      right: request.right,
      state: request.state,
      standing: request.settledAt === null ? 'interim' : 'final',
      acceptedAt: request.createdAt.toISOString(),
      concludedAt: request.concludedAt?.toISOString(),
      settledAt: request.settledAt?.toISOString(),
      ...filled({ closed: request.closed, corrects: request.corrects }),
      tasks: tasks.map((task) => {
        const connection = found.find(({ id }) => id === task.connection);
        const manifest = connection && this.parts.registry.manifest(connection.connector);
        const { state, basis, accessStep, error, concludedAt, answer } = taskView(task, at);
        const carried = operations.filter((one) => one.connection === task.connection);
        return {
          connection: {
            id: task.connection,
            name: connection?.name,
            connector: connection?.connector,
            vendor: manifest?.vendor.name,
          },
          state,
          basis,
          accessStep,
          answer: answer && { ...answer, said: undefined },
          error,
          concludedAt,
          ...(task.right === 'access'
            ? {}
            : {
                settings: settingsOf(carried, connection),
                operations: carried.map(evidence),
                leftovers: leftovers.filter((one) => one.task === task.id).map(told),
                // Where they were not, that there are none says nothing.
                leftoversRecorded: recordsLeftovers(task),
                // Where the connector is gone, nobody knows: an empty list would say that it reaches everything.
                notReached: manifest && (manifest.deletion?.notReached ?? []),
              }),
        };
      }),
    };
  }
}

/**
 * What the connection was set to do, such as the type of deletion, when the last of the operations was sent; its secrets are not among
 * this. Where there is no operation, what it is set to do now.
 */
function settingsOf(carried: readonly OperationRow[], connection: ConnectionRow | undefined): unknown {
  if (carried.length === 0) return plainSettings((connection?.config ?? {}) as ShownConfig);
  return carried.findLast(({ settings }) => settings !== null)?.settings;
}

/** A leftover without what the task beside it says already, and without who has the work: that is for the house. */
function told({ task: _task, connection: _connection, owner: _owner, ...leftover }: LeftoverView) {
  return leftover;
}

function evidence(row: OperationRow) {
  const { id, state, reference, acceptedAt, finishedAt, vendorState, destinations, exceptions, error } =
    operationView(row);
  const settings = row.settings ?? undefined;
  return { id, state, reference, settings, acceptedAt, finishedAt, vendorState, destinations, exceptions, error };
}
