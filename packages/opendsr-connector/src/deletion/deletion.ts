import {
  type Accepted,
  isConnectorFault,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
} from 'connector-contract';
import { type Answer, type DeletionSteps, type Effect, present } from 'connector-kit';
import { type RequestRecord, readRequest } from '../opendsr/answers.js';
import type { OpenDsrClient } from '../opendsr/client.js';
import { fault } from '../opendsr/fault-codes.js';
import { unsound, type Verifier } from '../signature/verifier.js';
import { offeredIdentities } from './identity.js';
import { operationStatus } from './outcome.js';
import { identifiersOf, requestFor, requestIdOf } from './request.js';

/** Erases people at a processor; the reference of an operation is the id of its request. */
export class OpenDsrDeletion implements DeletionSteps<OpenDsrClient> {
  constructor(private readonly verifier: Verifier) {}

  async submit(operation: Operation, client: OpenDsrClient): Promise<Omit<Accepted, 'accepted'>> {
    const { ctx, settings } = client;
    const id = idOf(operation);
    const identities = offeredIdentities(identifiersOf(operation.subjects), ctx, settings.identityFormat);
    const submittedAt = new Date(ctx.clock.now()).toISOString();
    const body = requestFor({ id, identities, submittedAt }, settings);
    const { expectedBy } = await client.create(body, await this.reader(client, id, 'change'));
    return { reference: id, ...present({ expectedBy }) };
  }

  /** Says "absent" at once: sent again it has the same id, and a processor has one request of an id, should the lost one still arrive. */
  async reconcile(operation: Operation, client: OpenDsrClient): Promise<ReconcileOutcome> {
    const accepted = ({ id, expectedBy }: RequestRecord): ReconcileOutcome => {
      return { found: 'accepted', reference: id, ...present({ expectedBy }) };
    };
    return (await this.ask(idOf(operation), client, accepted, 'find')) ?? { found: 'absent' };
  }

  async status(reference: string, client: OpenDsrClient): Promise<OperationStatus | undefined> {
    return this.ask(reference, client, operationStatus);
  }

  async cancel(reference: string, client: OpenDsrClient): Promise<void> {
    await client.cancel(reference, await this.reader(client, reference, 'change'));
  }

  /** What the processor's record of a request says, or `undefined` where it has none. */
  private async ask<T>(
    id: string,
    client: OpenDsrClient,
    read: (record: RequestRecord) => T,
    kind?: 'find',
  ): Promise<T | undefined> {
    try {
      const record = await this.reader(client, id, 'read');
      return await client.status(id, async (answer) => read(await record(answer)), kind);
    } catch (error) {
      if (!isConnectorFault(error) || error.code !== 'NOT_FOUND') throw error;
      // At a wrong address every request is unknown, and none is absent or has expired.
      await client.discovery();
      return undefined;
    }
  }

  /** Reads an answer about a request once it is known to be the processor's, and about the controller that was entered. */
  private async reader(client: OpenDsrClient, id: string, effect: Effect) {
    const key = effect === 'change' ? await this.verifier.prepare(client) : undefined;
    return async (answer: Answer): Promise<RequestRecord> => {
      await this.verifier.verify(answer, client, effect, key);
      const record = readRequest(answer.json(), id);
      const { controllerId } = client.settings;
      if (controllerId === undefined || record.controllerId === controllerId) return record;
      const message = 'The processor answers for another controller ID than the one entered.';
      throw unsound('CONTROLLER_MISMATCH', message, effect);
    };
  }
}

/** @throws VendorFault where the host gives no key, which the manifest asks for: an id that all operations have would hide all but one. */
function idOf({ key }: Operation): string {
  if (key === undefined) throw fault('CONNECTOR_BUG', 'The operation has no key.');
  return requestIdOf(key);
}
