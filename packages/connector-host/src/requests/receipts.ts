/** Receipts: signed evidence of what became of one person's request, checked with the public keys alone. */
import type { Clock } from 'connector-contract';
import { inArray } from 'drizzle-orm';
import { CompactSign } from 'jose';
import type { Actor } from '../access/roles.js';
import { plainSettings, type ShownConfig } from '../connections/config.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import { HostProblem } from '../problem.js';
import type { Database } from '../store/database.js';
import { connections } from '../store/schema.js';
import { appendEvents } from '../timeline.js';
import { type RequestRows, requestRows } from './detail.js';
import { RECEIPT_ALGORITHM, RECEIPT_TYPE } from './receipt-format.js';
import type { SigningKeys } from './signing-keys.js';
import { unreached } from './unreached.js';
import { operationView, taskView } from './views.js';

/** What a receipt stands on. */
export interface ReceiptParts {
  readonly db: Database;
  readonly clock: Clock;
  readonly registry: Pick<ConnectorRegistry, 'runner'>;
  readonly keys: SigningKeys;
}

type OperationRow = RequestRows['operations'][number];
type ConnectionRow = typeof connections.$inferSelect;

/** Version of the receipt's content. */
const RECEIPT_VERSION = 1;

/** Signs receipts. */
export class Receipts {
  constructor(private readonly parts: ReceiptParts) {}

  /**
   * The receipt of a concluded request as a compact JWS (RFC 7515). It names the person by the request id alone.
   * @param actor who asks for it; absent for the host itself.
   * @throws HostProblem NOT_FOUND; STATE_FORBIDS while the request is open.
   */
  async issue(requestId: string, actor?: Actor): Promise<string> {
    const rows = await requestRows(this.parts.db, requestId);
    if (rows === undefined) throw new HostProblem('NOT_FOUND', 'There is no request with this id.');
    if (rows.request.concludedAt === null) {
      throw new HostProblem('STATE_FORBIDS', 'The request is not concluded, so there is nothing to certify yet.', {
        remedy: 'Ask again once its state is final.',
      });
    }
    const key = await this.parts.keys.live();
    const content = { version: RECEIPT_VERSION, issuedAt: this.now(), ...(await this.content(rows)) };
    const receipt = await new CompactSign(Buffer.from(JSON.stringify(content)))
      .setProtectedHeader({ alg: RECEIPT_ALGORITHM, kid: key.id, typ: RECEIPT_TYPE })
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
    return {
      requestId: request.requestId,
      right: request.right,
      state: request.state,
      acceptedAt: request.createdAt.toISOString(),
      concludedAt: request.concludedAt?.toISOString(),
      tasks: await Promise.all(
        tasks.map(async (task) => {
          const connection = found.find(({ id }) => id === task.connection);
          const manifest = connection && this.parts.registry.runner(connection.connector)?.manifest;
          const { state, accessStep, error, concludedAt } = taskView(task, at);
          const { systems, asOf } = await unreached(this.parts.db.orm, task.connection);
          const carried = operations.filter((one) => one.connection === task.connection);
          return {
            connection: {
              id: task.connection,
              name: connection?.name,
              connector: connection?.connector,
              vendor: manifest?.vendor.name,
            },
            state,
            accessStep,
            error,
            concludedAt,
            settings: settingsOf(carried, connection),
            operations: carried.map(evidence),
            notReached: {
              vendor: manifest?.deletion?.notReached ?? [],
              systems: systems.map(({ name, coverage }) => ({ name, coverage: coverage.state })),
              // Without it nobody looked, and an empty list says nothing.
              systemsAsOf: asOf,
            },
          };
        }),
      ),
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

function evidence(row: OperationRow) {
  const { id, state, reference, acceptedAt, finishedAt, vendorState, destinations, exceptions, error } =
    operationView(row);
  const settings = row.settings ?? undefined;
  return { id, state, reference, settings, acceptedAt, finishedAt, vendorState, destinations, exceptions, error };
}
