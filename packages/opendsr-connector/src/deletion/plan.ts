import {
  type ConnectorConfig,
  ConnectorFault,
  type DeletionPlan,
  type FaultData,
  type Identifier,
  type Operation,
  type Subject,
} from 'connector-contract';
import { Protocol } from '../opendsr/protocol.js';
import type { IdentityFormat, Regulation } from '../settings.js';
import { identitiesOf, typeOf } from './identity.js';
import { bodyOf } from './request.js';

/** One person a request, as the protocol has it; the rest is what the strictest known processor takes. As the manifest says. */
export const batchLimits = { maxSubjects: 1, maxIdentifiers: 50, maxBytes: 100_000 } as const;

const exampleId = '00000000-0000-4000-8000-000000000000';
const exampleTime = '2000-01-01T00:00:00.000Z';

/** One operation for each subject; see `DeletionCapability.plan` for what is promised. */
export function plan(subjects: readonly Subject[], config: ConnectorConfig): DeletionPlan {
  const operations: Operation[] = [];
  const rejected: { subjectId: string; fault: FaultData }[] = [];
  for (const subject of subjects) {
    const planned = operationFor(subject, config);
    if ('code' in planned) rejected.push({ subjectId: subject.id, fault: planned });
    else operations.push(planned);
  }
  return { operations, rejected };
}

function operationFor({ id, identifiers }: Subject, config: ConnectorConfig): Operation | FaultData {
  const usable = withoutRepeats(identifiers.filter(({ kind }) => typeOf(kind) !== undefined));
  if (usable.length === 0) return missing();
  const unfit = identifiers.findIndex(({ kind, value }) => typeOf(kind) !== undefined && !isSendable(value));
  if (unfit >= 0) return unsendable(unfit, identifiers);
  const body = bodyOf(
    { id: exampleId, submittedAt: exampleTime, identities: identitiesOf(usable, formatOf(config)) },
    {
      protocol: (config['protocol'] ?? Protocol.openDsr2) as Protocol,
      regulation: (config['regulation'] ?? 'gdpr') as Regulation,
    },
  );
  const identifierCount = new Set(usable.map(({ value }) => value)).size;
  const bytes = Buffer.byteLength(body, 'utf8');
  if (usable.length > batchLimits.maxIdentifiers || bytes > batchLimits.maxBytes) return tooLarge(usable.length);
  return { subjects: [{ id, identifiers: usable }], identifierCount, bytes };
}

/** The format that identities are sent in; `raw` unless chosen otherwise. */
export function formatOf(config: ConnectorConfig): IdentityFormat {
  return (config['identityFormat'] ?? 'raw') as IdentityFormat;
}

function withoutRepeats(identifiers: readonly Identifier[]): Identifier[] {
  return [...new Map(identifiers.map((one) => [`${one.kind} ${one.value}`, one])).values()];
}

/** Half a surrogate pair has no UTF-8 form: it would arrive as another character. */
function isSendable(value: string): boolean {
  return value !== '' && !/\p{Surrogate}/u.test(value);
}

function missing(): FaultData {
  return ConnectorFault.of('IDENTIFIER_MISSING', 'The subject has no identifier of a kind that OpenDSR knows.', {
    remedy: 'Add one, such as an e-mail address or a customer ID.',
  }).toJSON();
}

function unsendable(place: number, identifiers: readonly Identifier[]): FaultData {
  const { kind = '', value = '' } = identifiers[place] ?? {};
  const why = value === '' ? 'is empty' : 'holds a character that cannot be sent (half a surrogate pair)';
  return ConnectorFault.of('IDENTIFIER_REFUSED', `Identifier ${place + 1} of ${identifiers.length} (${kind}) ${why}.`, {
    remedy: 'Correct that identifier and send the request again; nothing of this subject was sent.',
  }).toJSON();
}

function tooLarge(count: number): FaultData {
  const { maxIdentifiers, maxBytes } = batchLimits;
  return ConnectorFault.of(
    'TOO_LARGE',
    `The subject brings ${count} identifiers, where ${maxIdentifiers} and ${maxBytes} bytes are the most.`,
    { remedy: 'Divide the identifiers of this subject over several requests.' },
  ).toJSON();
}
