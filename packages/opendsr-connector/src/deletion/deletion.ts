import { randomUUID } from 'node:crypto';
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
  inFlightMs,
  type LostSubmission,
  object,
  parsedJson,
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
import { offeredIdentities } from './offered.js';
import { isInvalid, isUnknownOwnRequest, isUnknownRequest, noSuchPath, operationStatus } from './outcome.js';
import { packingFor } from './packing.js';
import { requestFor, requestIdOf } from './request.js';

/** Erases people at a processor; the reference of an operation is the id of its request. */
export function openDsrDeletion(vendor: Vendor<OwnCode>, verifier: Verifier): DeletionCapability {
  const open = (ctx: ConnectorContext) => new OpenDsrClient(ctx, settingsOf(ctx.config), vendor);
  return deletionOf({ manifest: ownManifest, name: vendor.name, packing: packingFor, open }, new Steps(verifier));
}

class Steps implements DeletionSteps<OpenDsrClient> {
  constructor(private readonly verifier: Verifier) {}

  async submit(operation: Operation, client: OpenDsrClient): Promise<Omit<Accepted, 'accepted'>> {
    const { ctx, settings } = client;
    // Without a key the request gets an id that nobody can ask for again: better than one that an earlier request may have.
    const id = requestIdOf(operation.key ?? randomUUID());
    const identities = offeredIdentities(operation, ctx, settings.identityFormat);
    const submittedAt = new Date(ctx.clock.now()).toISOString();
    const body = JSON.stringify(requestFor({ id, identities, submittedAt }, settings));
    const key = await this.verifier.prepare(client);
    try {
      const { expectedBy } = await client.create(body, this.reader(client, id, 'change', key));
      return { reference: id, ...present({ expectedBy }) };
    } catch (error) {
      throw isUnknownRequest(error) ? noSuchPath(error.httpStatus) : error;
    }
  }

  async reconcile(
    { key }: Operation,
    client: OpenDsrClient,
    { attemptedAt }: LostSubmission,
  ): Promise<ReconcileOutcome> {
    if (key === undefined) return undecidable();
    const askedAt = client.ctx.clock.now();
    const record = await this.ask(requestIdOf(key), client, isUnknownOwnRequest, (one) => one);
    if (record !== undefined) {
      return { found: 'accepted', reference: record.id, ...present({ expectedBy: record.expectedBy }) };
    }
    const over = attemptedAt + inFlightMs(ownManifest());
    if (askedAt < over) return { found: 'not-yet', retryAfterMs: over - askedAt };
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
      const body = await this.verifier.open(answer, client, effect, key);
      const record = readRequest(object(parsedJson(Buffer.from(body).toString('utf8')), 'the answer'), id);
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

/** Where the host gave the operation no key: then nobody knows the id it was sent under. */
function undecidable(): ReconcileOutcome {
  const lost =
    'The answer to a submission was lost, and the host keeps no key by which the processor could be asked for it.';
  return { found: 'undecidable', fault: fault('SUBMISSION_UNCERTAIN', lost).toJSON() };
}

/** A processor has no better word than 400 for a request that it has begun with. */
function tooLate({ httpStatus }: ConnectorFault): VendorFault {
  const message = 'The processor does not take the request back; most likely it has begun with it.';
  return fault('CONFLICT', message, present({ httpStatus }));
}
