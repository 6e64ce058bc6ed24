import type {
  Accepted,
  ConnectorContext,
  ConnectorFault,
  DeletionCapability,
  Operation,
  OperationStatus,
  ReconcileOutcome,
} from 'connector-contract';
import {
  type Answer,
  type DeletionSteps,
  deletionOf,
  type Effect,
  present,
  type Vendor,
  type VendorFault,
} from 'connector-kit';
import { ownManifest } from '../manifest.js';
import { type RequestRecord, readRequest } from '../opendsr/answers.js';
import { OpenDsrClient } from '../opendsr/client.js';
import { fault, type OwnCode } from '../opendsr/fault-codes.js';
import { settingsOf } from '../settings.js';
import type { SigningKey } from '../signature/certificates.js';
import { unsound, type Verifier } from '../signature/verifier.js';
import { offeredIdentities } from './identity.js';
import { isInvalid, isUnknownOwnRequest, isUnknownRequest, noSuchPath, operationStatus } from './outcome.js';
import { identifiersOf, packingFor, requestFor, requestIdOf } from './request.js';

/** Erases people at a processor; the reference of an operation is the id of its request. */
export function openDsrDeletion(vendor: Vendor<OwnCode>, verifier: Verifier): DeletionCapability {
  const open = (ctx: ConnectorContext) => new OpenDsrClient(ctx, settingsOf(ctx.config), vendor);
  return deletionOf({ manifest: ownManifest, name: vendor.name, packing: packingFor, open }, new Steps(verifier));
}

class Steps implements DeletionSteps<OpenDsrClient> {
  constructor(private readonly verifier: Verifier) {}

  async submit(operation: Operation, client: OpenDsrClient): Promise<Omit<Accepted, 'accepted'>> {
    const { ctx, settings } = client;
    const id = idOf(operation);
    const identities = offeredIdentities(identifiersOf(operation.subjects), ctx, settings.identityFormat);
    const submittedAt = new Date(ctx.clock.now()).toISOString();
    const body = requestFor({ id, identities, submittedAt }, settings);
    const key = await this.verifier.prepare(client);
    try {
      const { expectedBy } = await client.create(body, this.reader(client, id, 'change', key));
      return { reference: id, ...present({ expectedBy }) };
    } catch (error) {
      throw isUnknownRequest(error) ? noSuchPath(error.httpStatus) : error;
    }
  }

  /** Says "absent" at once: sent again it has the same id, and a processor has one request of an id, should the lost one still arrive. */
  async reconcile(operation: Operation, client: OpenDsrClient): Promise<ReconcileOutcome> {
    const record = await this.ask(idOf(operation), client, isUnknownOwnRequest, (one) => one);
    if (record !== undefined) {
      return { found: 'accepted', reference: record.id, ...present({ expectedBy: record.expectedBy }) };
    }
    // At a wrong address every request is unknown, and none is absent.
    await client.discovery();
    return { found: 'absent' };
  }

  async status(reference: string, client: OpenDsrClient): Promise<OperationStatus | undefined> {
    const status = await this.ask(reference, client, isUnknownRequest, operationStatus);
    // At a wrong address every request is unknown, and none has expired.
    if (status === undefined) await client.discovery();
    return status;
  }

  async cancel(reference: string, client: OpenDsrClient): Promise<void> {
    const key = await this.verifier.prepare(client);
    try {
      await client.cancel(reference, this.reader(client, reference, 'change', key));
    } catch (error) {
      throw isInvalid(error) ? tooLate(error) : error;
    }
  }

  /** What the processor's record of a request says, or `undefined` where it has none. */
  private async ask<T>(
    id: string,
    client: OpenDsrClient,
    isUnknown: (error: unknown) => boolean,
    read: (record: RequestRecord) => T,
  ): Promise<T | undefined> {
    try {
      const record = this.reader(client, id, 'read');
      return await client.status(id, async (answer) => read(await record(answer)));
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw error;
    }
  }

  /** Reads an answer about a request once it is known to be the processor's, and about the controller that was entered. */
  private reader(client: OpenDsrClient, id: string, effect: Effect, key?: SigningKey) {
    return async (answer: Answer): Promise<RequestRecord> => {
      await this.verifier.verify(answer, client, effect, key);
      const record = readRequest(answer.json(), id);
      const { controllerId } = client.settings;
      if (controllerId === undefined || record.controllerId === controllerId) return record;
      throw unsound(
        'CONTROLLER_MISMATCH',
        'The processor answers for another controller ID than the one entered.',
        effect,
      );
    };
  }
}

/** @throws VendorFault where the host gives no key, which the manifest asks for: an id that all operations have would hide all but one. */
function idOf({ key }: Operation): string {
  if (key === undefined) throw fault('CONNECTOR_BUG', 'The operation has no key.');
  return requestIdOf(key);
}

/** A processor has no better word than 400 for a request that it has begun with. */
function tooLate({ httpStatus }: ConnectorFault): VendorFault {
  const message = 'The processor does not take the request back; most likely it has begun with it.';
  return fault('CONFLICT', message, present({ httpStatus }));
}
