import { isConnectorFault } from 'connector-contract';
import { type Finding, type Findings, findingOf } from 'connector-kit';
import { segmentFault } from '../segment/fault.js';
import type { RegulationType, Segment } from '../segment/segment.js';

/** An id that no regulation has: asking for it needs the permission and can find nobody. */
const noRegulation = 'connection-check';

const asks: Readonly<Record<string, (segment: Segment, type: RegulationType) => Promise<Finding>>> = {
  'regulations-write': async (segment, type) => {
    const found = await segment.mayRegulate(type);
    return found === 'denied' ? lacking() : { found };
  },
  'regulations-read': async (segment) => {
    await segment.regulation(noRegulation);
    return { found: 'granted' };
  },
  'sources-read': async (segment) => firstOf(segment.sources()),
  'destinations-read': async (segment) =>
    (await segment.probeDestinations())
      ? { found: 'granted' }
      : { found: 'skipped', message: 'Not asked: the workspace has no sources yet.' },
  'warehouses-read': async (segment) =>
    segment.further
      ? firstOf(segment.further.warehouses())
      : {
          found: 'skipped',
          message: 'Not asked: this generation of the API has no list of warehouses, so which there are is not known.',
        },
};

function denied(code: 'PERMISSION_MISSING' | 'READ_ONLY_TOKEN', message: string): Finding {
  return { found: 'denied', fault: segmentFault(code, message).toJSON() };
}

/** The token works, so it is not the token itself. */
const lacking = (): Finding => denied('PERMISSION_MISSING', 'The token works, but lacks this permission.');

/** The Public API answers 401 to a good token without the permission; the token was seen to work before. */
const withoutPermission: ReadonlySet<string> = new Set(['PERMISSION_MISSING', 'READ_ONLY_TOKEN', 'UNAUTHENTICATED']);

/**
 * Asks Segment about each permission, side by side, and changes nothing there.
 * @param segment a connection whose token is known to work.
 * @param type what deletions of the connection would be.
 * @throws only when the work was called off or by a defect: every other trouble is a finding.
 */
export async function probe(segment: Segment, type: RegulationType, permissions: readonly string[]): Promise<Findings> {
  const found = await Promise.all(permissions.map(async (id) => [id, await ask(segment, type, id)] as const));
  return readOnly(Object.fromEntries(found));
}

/** A token that reads regulations and may not make them is not one without access, but one with too little. */
function readOnly(findings: Findings): Findings {
  const { 'regulations-write': write, 'regulations-read': read } = findings;
  const bare = write?.found === 'denied' && write.fault?.code === 'PERMISSION_MISSING';
  if (!bare || read?.found !== 'granted') return findings;
  const found = denied('READ_ONLY_TOKEN', 'The API token may read, but not make deletion requests.');
  return { ...findings, 'regulations-write': found };
}

async function ask(segment: Segment, type: RegulationType, id: string): Promise<Finding> {
  try {
    return (await asks[id]?.(segment, type)) ?? { found: 'unverifiable' };
  } catch (error) {
    if (isConnectorFault(error)) {
      if (withoutPermission.has(error.code)) return lacking();
      // An id that Segment calls malformed was looked at, and so the token was let through.
      if (id === 'regulations-read' && error.code === 'INPUT_REFUSED') return { found: 'granted' };
    }
    return findingOf(error);
  }
}

/** One page is enough to see that the list may be read. */
async function firstOf(list: AsyncIterable<unknown>): Promise<Finding> {
  for await (const _ of list) break;
  return { found: 'granted' };
}
