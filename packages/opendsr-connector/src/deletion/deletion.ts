import { randomUUID } from 'node:crypto';
import {
  type CancelOutcome,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type DeletionCapability,
  type DeletionPlan,
  type FaultData,
  faultData,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
} from 'connector-contract';
import {
  type Answer,
  type Effect,
  faultOf,
  inFlightMs,
  notSent,
  object,
  parsedJson,
  present,
  type Vendor,
} from 'connector-kit';
import { ownManifest } from '../manifest.js';
import { type RequestRecord, readRequest } from '../opendsr/answers.js';
import { OpenDsrClient } from '../opendsr/client.js';
import { fault, type OwnCode } from '../opendsr/fault-codes.js';
import { settingsOf } from '../settings.js';
import type { SigningKey } from '../signature/certificates.js';
import { unsound, type Verifier } from '../signature/verifier.js';
import { offeredIdentities } from './offered.js';
import { expired, isUnknownOwnRequest, isUnknownRequest, operationStatus, submissionFault } from './outcome.js';
import { plan } from './plan.js';
import { requestFor, requestIdOf } from './request.js';

/** Erases people at a processor; the reference of an operation is the id of its request. */
export class OpenDsrDeletion implements DeletionCapability {
  constructor(
    private readonly vendor: Vendor<OwnCode>,
    private readonly verifier: Verifier,
  ) {}

  plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan {
    return plan(subjects, config);
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    // Without a key the request gets an id that nobody can ask for again: better than one that an earlier request may have.
    const id = requestIdOf(operation.key ?? randomUUID());
    let send: () => Promise<RequestRecord>;
    try {
      const client = this.client(ctx);
      const identities = offeredIdentities(operation, ctx, client.settings.identityFormat);
      const submittedAt = new Date(ctx.clock.now()).toISOString();
      const body = JSON.stringify(requestFor({ id, identities, submittedAt }, client.settings));
      const key = await this.verifier.prepare(client);
      send = () => client.create(body, this.reader(client, id, 'change', key));
    } catch (error) {
      return notSent(error);
    }
    try {
      const { expectedBy } = await send();
      return { accepted: true, reference: id, ...present({ expectedBy }) };
    } catch (error) {
      return submissionFault(error);
    }
  }

  async reconcile({ key }: Operation, attemptedAt: string, ctx: ConnectorContext): Promise<ReconcileOutcome> {
    const at = Date.parse(attemptedAt);
    if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
    if (key === undefined) return undecidable();
    const askedAt = ctx.clock.now();
    const record = await this.ask(requestIdOf(key), ctx, isUnknownOwnRequest, (one) => one);
    if (record !== undefined) {
      return { found: 'accepted', reference: record.id, ...present({ expectedBy: record.expectedBy }) };
    }
    const over = at + inFlightMs(ownManifest());
    if (askedAt < over) return { found: 'not-yet', retryAfterMs: over - askedAt };
    await this.assertPresent(ctx);
    return { found: 'absent' };
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    const status = await this.ask(reference, ctx, isUnknownRequest, operationStatus);
    if (status !== undefined) return status;
    await this.assertPresent(ctx);
    return expired;
  }

  async cancel(reference: string, ctx: ConnectorContext): Promise<CancelOutcome> {
    try {
      const client = this.client(ctx);
      const key = await this.verifier.prepare(client);
      await client.cancel(reference, this.reader(client, reference, 'change', key));
      return { cancelled: true };
    } catch (error) {
      const met = faultOf(error);
      return { cancelled: false, fault: met.code === 'INPUT_REFUSED' ? tooLate(met) : faultData(met) };
    }
  }

  /** What the processor's record of a request says, or `undefined` where it has none. @throws ConnectorFault where it cannot be asked. */
  private async ask<T>(
    id: string,
    ctx: ConnectorContext,
    isUnknown: (error: unknown) => boolean,
    read: (record: RequestRecord) => T,
  ): Promise<T | undefined> {
    try {
      const client = this.client(ctx);
      const record = this.reader(client, id, 'read');
      return await client.status(id, async (answer) => read(await record(answer)));
    } catch (error) {
      if (isUnknown(error)) return undefined;
      throw faultOf(error);
    }
  }

  /**
   * Makes sure that the processor is where the connection says: at a wrong address every request is unknown,
   * and none has expired or is absent.
   * @throws ConnectorFault
   */
  private async assertPresent(ctx: ConnectorContext): Promise<void> {
    try {
      await this.client(ctx).discovery();
    } catch (error) {
      throw faultOf(error);
    }
  }

  private client(ctx: ConnectorContext): OpenDsrClient {
    return new OpenDsrClient(ctx, settingsOf(ctx.config), this.vendor);
  }

  /** Reads an answer about a request once it is known to be the processor's, and about the controller that was entered. */
  private reader(client: OpenDsrClient, id: string, effect: Effect, key?: SigningKey) {
    return async (answer: Answer): Promise<RequestRecord> => {
      const body = await this.verifier.open(answer, client, effect, key);
      const record = readRequest(object(parsedJson(body.toString('utf8')), 'the answer'), id);
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
function tooLate({ httpStatus }: ConnectorFault): FaultData {
  const message = 'The processor does not take the request back; most likely it has begun with it.';
  return fault('CONFLICT', message, present({ httpStatus })).toJSON();
}
