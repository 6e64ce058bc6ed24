import type { ConnectorContext } from 'connector-contract';
import { type Endpoints, endpointsFor, Region } from './endpoints.js';
import { segmentFault } from './errors.js';
import { Generation } from './segment.js';

/** What a configuration says about reaching Segment. Holds the token: never log it. */
export interface Connection {
  readonly token: string;
  /** As it was entered: name, slug or id. */
  readonly workspaceName: string;
  readonly region: Region;
  readonly api: Generation | 'auto';
  readonly endpoints: Endpoints;
  /** The endpoints are another server's than Segment's own. */
  readonly elsewhere: boolean;
}

function invalid(field: string, message: string, remedy: string): never {
  throw segmentFault('CONFIG_INVALID', message, { field, remedy });
}

function tokenOf(value: unknown): string {
  // Anything else could not travel in a header, or would break out of it.
  if (typeof value === 'string' && /^[!-~]{1,4096}$/.test(value)) return value;
  return invalid('apiToken', 'The API token is empty or holds characters that no token has.', 'Copy the token again.');
}

function choiceOf<T extends string>(value: unknown, field: string, values: readonly T[], usual: T): T {
  if (value === undefined) return usual;
  const found = values.find((one) => one === value);
  return (
    found ??
    invalid(field, `The field ${field} has a value that is not offered.`, `Choose one of: ${values.join(', ')}.`)
  );
}

/**
 * Reads what is needed to reach Segment from the configuration of a call.
 * @throws SegmentFault `CONFIG_INVALID` naming the field.
 */
export function connectionOf({ config }: ConnectorContext): Connection {
  const { apiToken, workspaceName, baseUrl } = config as Readonly<Record<string, unknown>>;
  const region = choiceOf(config['region'], 'region', Object.values(Region), Region.us);
  const elsewhere = typeof baseUrl === 'string' && baseUrl !== '';
  return {
    token: tokenOf(apiToken),
    workspaceName: typeof workspaceName === 'string' ? workspaceName.trim() : '',
    region,
    api: choiceOf(config['api'], 'api', ['auto', ...Object.values(Generation)], 'auto'),
    endpoints: endpointsFor(region, elsewhere ? baseUrl : undefined),
    elsewhere,
  };
}
