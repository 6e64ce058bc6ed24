import { randomUUID } from 'node:crypto';
import {
  type CancelOutcome,
  type ConnectorConfig,
  type ConnectorContext,
  ConnectorFault,
  type DeletionCapability,
  type DeletionPlan,
  faultData,
  type Operation,
  type OperationStatus,
  type ReconcileOutcome,
  type Subject,
  type SubmitOutcome,
} from 'connector-contract';
import { type RequestRecord, readDiscovery, readRequest } from '../opendsr/answers.js';
import { OpenDsrClient } from '../opendsr/client.js';
import type { CallKind } from '../opendsr/errors.js';
import type { Http, HttpAnswer } from '../opendsr/http.js';
import { openDsrFault } from '../opendsr/opendsr-fault.js';
import { settingsOf } from '../settings.js';
import type { SigningKey } from '../signature/certificates.js';
import type { Verifier } from '../signature/verifier.js';
import { offeredIdentities } from './offered.js';
import {
  assertController,
  expired,
  faultOf,
  isUnknownOwnRequest,
  isUnknownRequest,
  notAccepted,
  operationStatus,
  submissionFault,
} from './outcome.js';
import { plan } from './plan.js';
import { prompt } from './prompt.js';
import { reconciled, undecidable } from './reconcile.js';
import { bodyOf, requestIdOf } from './request.js';

/** Erases people at a processor; the reference of an operation is the id of its request. */
export class OpenDsrDeletion implements DeletionCapability {
  constructor(
    private readonly http: Http,
    private readonly verifier: Verifier,
  ) {}

  plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan {
    return plan(subjects, config);
  }

  async submit(operation: Operation, ctx: ConnectorContext): Promise<SubmitOutcome> {
    // Without a key the request gets an id that nobody can ask for again: better than one that an earlier request may have.
    const id = requestIdOf(operation.key ?? randomUUID());
    let client: OpenDsrClient;
    let body: string;
    let key: SigningKey | undefined;
    try {
      client = this.client(prompt(ctx));
      const identities = offeredIdentities(operation, ctx, client.settings.identityFormat);
      body = bodyOf({ id, identities, submittedAt: new Date(ctx.clock.now()).toISOString() }, client.settings);
      key = await this.verifier.prepare(client);
    } catch (error) {
      return notAccepted('not-taken', faultOf(error));
    }
    try {
      const { expectedBy } = await this.record(await client.create(body), client, id, 'create', key);
      return { accepted: true, reference: id, ...(expectedBy === undefined ? {} : { expectedBy }) };
    } catch (error) {
      return submissionFault(error);
    }
  }

  async reconcile(operation: Operation, attemptedAt: string, ctx: ConnectorContext): Promise<ReconcileOutcome> {
    const at = Date.parse(attemptedAt);
    if (Number.isNaN(at)) throw ConnectorFault.of('INPUT_REFUSED', 'attemptedAt is not a time in ISO 8601.');
    if (operation.key === undefined) return undecidable();
    const askedAt = ctx.clock.now();
    const record = await this.ask(requestIdOf(operation.key), ctx, isUnknownOwnRequest);
    const outcome = reconciled(record, at, askedAt);
    if (outcome.found === 'absent') await this.assertPresent(ctx);
    return outcome;
  }

  async status(reference: string, ctx: ConnectorContext): Promise<OperationStatus> {
    const record = await this.ask(reference, ctx, isUnknownRequest);
    if (record !== undefined) return operationStatus(record);
    await this.assertPresent(ctx);
    return expired;
  }

  async cancel(reference: string, ctx: ConnectorContext): Promise<CancelOutcome> {
    try {
      const client = this.client(ctx);
      const key = await this.verifier.prepare(client);
      await this.record(await client.cancel(reference), client, reference, 'cancel', key);
      return { cancelled: true };
    } catch (error) {
      const fault = faultOf(error);
      return { cancelled: false, fault: fault.code === 'INPUT_REFUSED' ? tooLate(fault) : faultData(fault) };
    }
  }

  /** The processor's record of a request, or `undefined` where it has none. @throws ConnectorFault where it cannot be asked. */
  private async ask(
    id: string,
    ctx: ConnectorContext,
    isUnknown: (error: unknown) => boolean,
  ): Promise<RequestRecord | undefined> {
    try {
      const client = this.client(ctx);
      const answer = await statusOf(client, id, isUnknown);
      return answer === undefined ? undefined : await this.record(answer, client, id, 'read');
    } catch (error) {
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
      readDiscovery((await this.client(ctx).discovery()).body);
    } catch (error) {
      throw faultOf(error);
    }
  }

  private client(ctx: ConnectorContext): OpenDsrClient {
    return new OpenDsrClient(ctx, settingsOf(ctx.config), this.http);
  }

  private async record(
    answer: HttpAnswer,
    client: OpenDsrClient,
    id: string,
    call: CallKind,
    key?: SigningKey,
  ): Promise<RequestRecord> {
    const record = readRequest(await this.verifier.open(answer, client, call, key), id, call);
    assertController(record, client.settings, call);
    return record;
  }
}

async function statusOf(
  client: OpenDsrClient,
  id: string,
  isUnknown: (error: unknown) => boolean,
): Promise<HttpAnswer | undefined> {
  try {
    return await client.status(id);
  } catch (error) {
    if (isUnknown(error)) return undefined;
    throw error;
  }
}

/** A processor has no better word than 400 for a request that it has begun with. */
function tooLate({ httpStatus }: ConnectorFault): ReturnType<typeof faultData> {
  return openDsrFault('CONFLICT', 'The processor does not take the request back; most likely it has begun with it.', {
    remedy: 'Look at the status of the request.',
    ...(httpStatus === undefined ? {} : { httpStatus }),
  }).toJSON();
}
