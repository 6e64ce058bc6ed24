import {
  ConnectorFault,
  type ConnectorManifest,
  type FaultCode,
  type FaultData,
  type FaultKind,
  faultCodes,
  isConnectorFault,
  type QuotaReading,
} from 'connector-contract';
import { present } from './present.js';

/** What a {@link VendorFault} knows beyond what crosses the boundary to the host. */
export interface FaultDetail {
  /** `false` only where the vendor certainly did nothing: it refused, the call never left, or it only reads. */
  readonly mayHaveArrived?: boolean;
  /** What the answer said about the quota. */
  readonly quota?: QuotaReading;
  /** Which of the values that were sent the refusal is about: a place among them, or `some` where it does not say which. */
  readonly refusedPart?: number | 'some';
  /** The answer was larger than the client takes: asking for less may help. */
  readonly answerTooLarge?: true;
}

/** What can be said about a fault beside its code and message; the rest follows from the code. */
export type FaultOptions = Partial<Omit<FaultData, 'code' | 'message'>> & FaultDetail;

/** A fault of a call to the vendor. */
export class VendorFault extends ConnectorFault implements FaultDetail {
  readonly mayHaveArrived: boolean;
  readonly quota?: QuotaReading;
  readonly refusedPart?: number | 'some';
  readonly answerTooLarge?: true;

  constructor(data: FaultData, { mayHaveArrived = false, quota, refusedPart, answerTooLarge }: FaultDetail = {}) {
    super(data);
    this.mayHaveArrived = mayHaveArrived;
    Object.assign(this, present({ quota, refusedPart, answerTooLarge }));
  }
}

/** What a connector knows about one of its codes. What can be done about it stands in the manifest's `setup.troubleshooting`. */
export interface CodeFacts {
  /** Not needed for a code of the contract. */
  readonly kind?: FaultKind;
  /** Default `false`; not needed for a code of the contract. */
  readonly retryable?: boolean;
  /** The configuration field that the fault is about. */
  readonly field?: string;
}

/** What something on the way to the vendor did, where the manifest documents these codes; else the contract's next best. */
const onTheWay = {
  TLS_NOT_TRUSTED: 'UNREACHABLE',
  REDIRECTED: 'VENDOR_ANSWER_UNREADABLE',
  GATEWAY_REFUSED: 'VENDOR_ANSWER_UNREADABLE',
} as const satisfies Record<string, FaultCode>;

/** A code that the kit gives. */
export type KitCode = FaultCode | keyof typeof onTheWay;

/** Makes faults with the codes of one connector. */
export type FaultMaker<Own extends string = never> = (
  code: Own | KitCode,
  message: string,
  options?: FaultOptions,
) => VendorFault;

/** The words of a markdown text. */
function plain(markdown: string): string {
  return markdown.replace(/\*+|`/g, '').replace(/\s+/g, ' ').trim();
}

/**
 * Makes faults of codes: kind, retryability, field and remedy follow from the code unless given. The remedy is what the manifest's
 * `setup.troubleshooting` has for the code. A message is in the connector's own words: never the vendor's, never with an identifier or a secret in it.
 * @param facts about codes that the connector adds, and about those of the contract where there is more to say.
 */
export function faultMaker<Facts extends Readonly<Record<string, CodeFacts>>>(
  manifest: () => ConnectorManifest,
  facts: Facts,
): FaultMaker<keyof Facts & string> {
  return (code, message, { mayHaveArrived, quota, refusedPart, answerTooLarge, ...data } = {}) => {
    const { troubleshooting } = manifest().setup;
    const documented = (one: string): string | undefined => troubleshooting.find((entry) => entry.code === one)?.body;
    const used = code in onTheWay && documented(code) === undefined ? onTheWay[code as keyof typeof onTheWay] : code;
    const usual: CodeFacts | undefined =
      used in faultCodes ? faultCodes[used as FaultCode] : used in onTheWay ? { kind: 'network' } : undefined;
    const own: CodeFacts | undefined = used === code ? facts[used] : { retryable: false };
    const { kind = 'vendor', retryable = false, field } = { ...usual, ...own };
    const body = documented(used);
    const remedy = body === undefined ? undefined : plain(body);
    return new VendorFault(
      { code: used, kind, retryable, message, ...present({ remedy, field }), ...data },
      present({ mayHaveArrived, quota, refusedPart, answerTooLarge }),
    );
  };
}

/** Anything thrown, as a fault that may cross the boundary. */
export function faultOf(error: unknown): ConnectorFault {
  if (isConnectorFault(error)) return error;
  return ConnectorFault.of('CONNECTOR_BUG', 'The connector failed for a reason that it does not understand.');
}
