import { type CallKind, unsound } from './errors.js';
import { isJson, type Json, jsonObject } from './json.js';

/** What a processor says about itself. */
export interface Discovery {
  /** `''` where it does not say. */
  readonly apiVersion: string;
  /** Pairs of type and format, as `email/raw`. */
  readonly identities: ReadonlySet<string>;
  readonly requestTypes: ReadonlySet<string>;
  /** Address of the certificate it signs with. */
  readonly certificate?: string;
}

/** What a processor says about a request. */
export interface RequestRecord {
  readonly id: string;
  readonly controllerId?: string;
  /** ISO 8601. */
  readonly expectedBy?: string;
  /** `''` where it does not say. */
  readonly status: string;
}

function parsed(body: Buffer, call: CallKind): Json {
  const value = jsonObject(body);
  if (value !== undefined) return value;
  throw unsound('VENDOR_ANSWER_UNREADABLE', 'The answer of the processor is not a JSON object.', call);
}

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

const dateTime = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?$/i;

/** ISO 8601 of an RFC 3339 time, or `undefined`. Processors are met that leave out the zone; they mean UTC. */
export function isoTime(value: unknown): string | undefined {
  const match = typeof value === 'string' ? dateTime.exec(value.trim()) : null;
  if (match === null) return undefined;
  const at = Date.parse(`${match[1]}${match[2] ?? 'Z'}`);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** Reads the answer of `GET /discovery`. @throws OpenDsrFault `VENDOR_ANSWER_UNREADABLE` */
export function readDiscovery(body: Buffer): Discovery {
  const answer = parsed(body, 'read');
  const types = answer['supported_subject_request_types'];
  if (!Array.isArray(types) || !Array.isArray(answer['supported_identities'])) {
    throw unsound('VENDOR_ANSWER_UNREADABLE', 'The discovery names no request types or no identities.', 'read');
  }
  const pairs = list(answer['supported_identities']).flatMap((one) =>
    isJson(one) ? [`${text(one['identity_type'])}/${text(one['identity_format'])}`.toLowerCase()] : [],
  );
  const certificate = text(answer['processor_certificate']);
  return {
    apiVersion: text(answer['api_version']),
    identities: new Set(pairs),
    requestTypes: new Set(types.map((type) => text(type).toLowerCase())),
    ...(certificate === '' ? {} : { certificate }),
  };
}

/**
 * Reads the answer about one request. Of what else it holds (`encoded_request` above all, which repeats the identities) nothing is kept.
 * @param id the request that was asked about; an answer about another one is none.
 * @throws OpenDsrFault `VENDOR_ANSWER_UNREADABLE`
 */
export function readRequest(body: Buffer, id: string, call: CallKind): RequestRecord {
  const answer = parsed(body, call);
  if (text(answer['subject_request_id']).toLowerCase() !== id) {
    throw unsound('VENDOR_ANSWER_UNREADABLE', 'The answer of the processor is about another request.', call);
  }
  const expectedBy = isoTime(answer['expected_completion_time']);
  const controllerId = text(answer['controller_id']);
  return {
    id,
    status: text(answer['request_status']),
    ...(controllerId === '' ? {} : { controllerId }),
    ...(expectedBy === undefined ? {} : { expectedBy }),
  };
}
