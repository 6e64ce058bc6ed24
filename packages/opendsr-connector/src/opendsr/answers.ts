import { array, isJson, isoTime, object, present, ShapeError } from 'connector-kit';

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

function text(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** Reads the answer of `GET /discovery`. @throws ShapeError */
export function readDiscovery(value: unknown): Discovery {
  const answer = object(value, 'the discovery');
  const types = array(answer['supported_subject_request_types'], 'the list of request types');
  const pairs = array(answer['supported_identities'], 'the list of identities').flatMap((one) =>
    isJson(one) ? [`${text(one['identity_type'])}/${text(one['identity_format'])}`.toLowerCase()] : [],
  );
  return present({
    apiVersion: text(answer['api_version']),
    identities: new Set(pairs),
    requestTypes: new Set(types.map((type) => text(type).toLowerCase())),
    certificate: text(answer['processor_certificate']) || undefined,
  });
}

/**
 * Reads the answer about one request. Of what else it holds (`encoded_request` above all, which repeats the identities) nothing is kept.
 * @param id the request that was asked about; an answer about another one is none.
 * @throws ShapeError
 */
export function readRequest(value: unknown, id: string): RequestRecord {
  const answer = object(value, 'the answer');
  if (text(answer['subject_request_id']).toLowerCase() !== id) throw new ShapeError('it is about another request');
  return present({
    id,
    status: text(answer['request_status']),
    controllerId: text(answer['controller_id']) || undefined,
    expectedBy: isoTime(answer['expected_completion_time']),
  });
}
