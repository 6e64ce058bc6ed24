/**
 * The one error that crosses the boundary between host and connector.
 *
 * A host decides by `retryable`, `retryAfterMs` and `kind`, shows `message` and `remedy`, and looks up `code` in the
 * documentation. Whatever a connector meets (an HTTP answer, a socket error, a defect of its own) becomes one of these.
 */

/** What sort of trouble a fault is; a host may treat every fault of one kind alike. */
export const FaultKind = {
  config: 'config',
  auth: 'auth',
  permission: 'permission',
  input: 'input',
  rateLimited: 'rate-limited',
  quota: 'quota',
  vendor: 'vendor',
  network: 'network',
  timeout: 'timeout',
  bug: 'bug',
} as const;

/** One of {@link FaultKind}. */
export type FaultKind = (typeof FaultKind)[keyof typeof FaultKind];

/** A fault as plain data: safe to clone, to store and to show. It holds no secret and no identifier of a person. */
export interface FaultData {
  /** Stable, upper case with underscores; documented either in {@link faultCodes} or in the manifest's `troubleshooting`. */
  readonly code: string;
  readonly kind: FaultKind;
  /** Whether the same call may succeed later without anybody changing anything. */
  readonly retryable: boolean;
  /** Milliseconds to wait before the next try, where the vendor said so. */
  readonly retryAfterMs?: number;
  /** What happened, in plain words, one or two sentences. */
  readonly message: string;
  /** What a person can do about it. */
  readonly remedy?: string;
  /** The key of the configuration field that the fault is about. */
  readonly field?: string;
  /** The vendor's HTTP status, where there was one. */
  readonly httpStatus?: number;
}

interface CodeFacts {
  readonly kind: FaultKind;
  readonly retryable: boolean;
  readonly cause: string;
}

/** Codes every connector and host share. A connector adds its own in its manifest's `troubleshooting`. */
export const faultCodes = {
  CONFIG_INVALID: {
    kind: 'config',
    retryable: false,
    cause: 'A configuration field is missing or has a value that is not allowed.',
  },
  ENDPOINT_NOT_ALLOWED: {
    kind: 'config',
    retryable: false,
    cause: 'The connector was pointed at a host that neither its manifest nor the operator allows.',
  },
  UNAUTHENTICATED: { kind: 'auth', retryable: false, cause: 'The vendor does not accept the credential.' },
  PERMISSION_MISSING: {
    kind: 'permission',
    retryable: false,
    cause: 'The credential is valid but lacks a permission that the call needs.',
  },
  IDENTIFIER_MISSING: {
    kind: 'input',
    retryable: false,
    cause: 'A subject has no identifier of a kind that the connector takes.',
  },
  IDENTIFIER_REFUSED: { kind: 'input', retryable: false, cause: 'The vendor refuses one identifier of the subject.' },
  INPUT_REFUSED: { kind: 'input', retryable: false, cause: 'The vendor refuses the request as invalid.' },
  TOO_LARGE: {
    kind: 'input',
    retryable: false,
    cause: 'The request, or what one subject brings, exceeds what the vendor takes at once.',
  },
  RATE_LIMITED: { kind: 'rate-limited', retryable: true, cause: 'The vendor asks for fewer requests for a while.' },
  QUOTA_EXHAUSTED: {
    kind: 'quota',
    retryable: true,
    cause: 'The quota of this period is used up; it goes on after the reset.',
  },
  NOT_FOUND: { kind: 'vendor', retryable: false, cause: 'The vendor does not know the resource.' },
  CONFLICT: {
    kind: 'vendor',
    retryable: false,
    cause: 'The vendor says that the resource is in a state that forbids the call.',
  },
  NOT_SUPPORTED: {
    kind: 'vendor',
    retryable: false,
    cause: 'The vendor, or this generation of its API, does not offer the call.',
  },
  SUBMISSION_UNCERTAIN: {
    kind: 'vendor',
    retryable: false,
    cause: 'The answer to a submission was lost and the vendor offers no way to tell whether it was taken.',
  },
  VENDOR_ERROR: { kind: 'vendor', retryable: true, cause: 'The vendor answered with an error of its own (5xx).' },
  VENDOR_ANSWER_UNREADABLE: {
    kind: 'vendor',
    retryable: true,
    cause: 'The answer is not what the vendor documents: not JSON, cut off, too large or of another shape.',
  },
  UNREACHABLE: { kind: 'network', retryable: true, cause: 'No connection to the vendor, or it broke off.' },
  TIMEOUT: { kind: 'timeout', retryable: true, cause: 'The vendor did not answer in time.' },
  ABORTED: { kind: 'timeout', retryable: true, cause: 'The host called the work off before it was done.' },
  CONNECTOR_BUG: { kind: 'bug', retryable: false, cause: 'A defect of the connector; please report it.' },
} as const satisfies Record<string, CodeFacts>;

/** A code that the contract itself defines. */
export type FaultCode = keyof typeof faultCodes;

const brand = Symbol.for('connector-contract/ConnectorFault');

/** Thrown by every method of a connector that cannot do what it was asked. Recognise one with {@link isConnectorFault}. */
export class ConnectorFault extends Error implements FaultData {
  readonly code: string;
  readonly kind: FaultKind;
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
  readonly remedy?: string;
  readonly field?: string;
  readonly httpStatus?: number;

  /** @param data everything a host may know about the trouble; there is deliberately no `cause`, which could carry secrets. */
  constructor(data: FaultData) {
    super(data.message);
    this.name = 'ConnectorFault';
    this.code = data.code;
    this.kind = data.kind;
    this.retryable = data.retryable;
    if (data.retryAfterMs !== undefined) this.retryAfterMs = data.retryAfterMs;
    if (data.remedy !== undefined) this.remedy = data.remedy;
    if (data.field !== undefined) this.field = data.field;
    if (data.httpStatus !== undefined) this.httpStatus = data.httpStatus;
    Object.defineProperty(this, brand, { value: true });
  }

  /** A fault with one of the contract's own codes: `kind` and `retryable` follow from the code unless given. */
  static of(code: FaultCode, message: string, more: Partial<Omit<FaultData, 'code' | 'message'>> = {}): ConnectorFault {
    const { kind, retryable } = faultCodes[code];
    return new ConnectorFault({ code, kind, retryable, message, ...more });
  }

  /** The plain form, for storing, sending and showing. */
  toJSON(): FaultData {
    return faultData(this);
  }
}

/** Whether a caught value is a fault, whichever copy of this package made it. */
export function isConnectorFault(value: unknown): value is ConnectorFault {
  return typeof value === 'object' && value !== null && brand in value;
}

/** The plain form of a fault or of fault-like data: the contract's keys and nothing else. */
export function faultData(fault: FaultData): FaultData {
  const { code, kind, retryable, retryAfterMs, message, remedy, field, httpStatus } = fault;
  return {
    code,
    kind,
    retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    message,
    ...(remedy === undefined ? {} : { remedy }),
    ...(field === undefined ? {} : { field }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
  };
}
