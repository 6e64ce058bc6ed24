import { isConnectorFault } from 'connector-contract';
import { type Finding, findingOf, present } from 'connector-kit';
import { offeredTypes } from '../deletion/identity.js';
import { noSuchPath } from '../deletion/outcome.js';
import { requestIdOf } from '../deletion/request.js';
import type { Discovery } from '../opendsr/answers.js';
import type { OpenDsrClient } from '../opendsr/client.js';
import { fault, type OwnCode } from '../opendsr/fault-codes.js';
import type { IdentityFormat } from '../settings.js';

/** An id that no request has: asking for it needs the permission and can find nobody. */
const noRequest = requestIdOf('connection check');

function denied(code: OwnCode, message: string, remedy?: string): Finding {
  return { found: 'denied', fault: fault(code, message, present({ remedy })).toJSON() };
}

/** Whether the processor takes erasure requests at all. */
export function erasureOffered({ requestTypes }: Discovery): Finding {
  return requestTypes.has('erasure')
    ? { found: 'granted' }
    : denied('ERASURE_NOT_OFFERED', 'The processor does not name erasure among the requests that it takes.');
}

/** Whether it takes any identity in the chosen format. */
export function identitiesOffered(discovery: Discovery, format: IdentityFormat): Finding {
  if (offeredTypes(discovery, format).length > 0) return { found: 'granted' };
  const others = (['raw', 'sha256', 'sha1', 'md5'] as const).filter((one) => offeredTypes(discovery, one).length > 0);
  const remedy = others.length === 0 ? undefined : `Choose another identity format: it takes ${others.join(', ')}.`;
  return denied('IDENTITIES_NOT_OFFERED', `The processor takes no identity in the format ${format}.`, remedy);
}

/** Asks about a request that nobody made: whoever may ask is told that there is none. */
export async function mayRead(client: OpenDsrClient): Promise<Finding> {
  try {
    await client.status(noRequest, () => undefined);
    return { found: 'granted' };
  } catch (error) {
    const looked = isConnectorFault(error) && (error.code === 'NOT_FOUND' || error.code === 'INPUT_REFUSED');
    return looked ? { found: 'granted' } : findingOf(error);
  }
}

/** A dry run: a request without id, type and identities, which a processor must refuse. Whoever may make requests is told that this is none. */
export async function mayWrite(client: OpenDsrClient): Promise<Finding> {
  try {
    await client.create({}, () => undefined, 'probe');
  } catch (error) {
    if (!isConnectorFault(error)) throw error;
    if (error.code === 'INPUT_REFUSED') return { found: 'granted' };
    const elsewhere = error.code === 'NOT_FOUND' || error.code === 'NOT_SUPPORTED';
    return findingOf(elsewhere ? noSuchPath(error.httpStatus) : error);
  }
  const taken = 'The processor took a request that asks for nothing, so it does not tell who may make requests.';
  return { found: 'unverifiable', fault: fault('VENDOR_ANSWER_UNREADABLE', taken).toJSON() };
}
