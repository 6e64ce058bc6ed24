import { isConnectorFault } from 'connector-contract';
import { type Checked, endedBy, type Finding, findingOf, neededPermissions, present } from 'connector-kit';
import { offeredFacts, offeredTypes } from './deletion/identity.js';
import { requestIdOf } from './deletion/request.js';
import { ownManifest } from './manifest.js';
import type { Discovery } from './opendsr/answers.js';
import type { OpenDsrClient } from './opendsr/client.js';
import { fault, type OwnCode } from './opendsr/fault-codes.js';
import { maySpeak } from './opendsr/protocol.js';
import { type IdentityFormat, identityFormats } from './settings.js';
import type { Certificates } from './signature/certificates.js';

/** An id that no request has: asking for it needs the permission and can find nobody. */
const noRequest = requestIdOf('connection check');

const granted: Finding = { found: 'granted' };

/**
 * Asks the processor what it offers, judges its certificate, and finds out what the credential may do. Only reads, but for one dry
 * run: a request that asks for nothing, which a processor must refuse.
 */
export async function check(client: OpenDsrClient, certificates: Certificates): Promise<Checked> {
  let discovered: Discovery;
  try {
    discovered = await discover(client);
  } catch (error) {
    return endedBy(error, 'discovery-read');
  }
  const needed = new Set(neededPermissions(ownManifest(), client.ctx.capabilities));
  const [certified, reading, writing] = await Promise.all([
    certify(client, certificates, discovered),
    needed.has('requests-read') ? mayRead(client) : undefined,
    needed.has('requests-write') ? mayWrite(client) : undefined,
  ]);
  const { identityFormat } = client.settings;
  return {
    findings: {
      'discovery-read': granted,
      'certificate-trusted': certified.finding,
      'erasure-offered': erasureOffered(discovered),
      'identities-offered': identitiesOffered(discovered, identityFormat),
      ...present({ 'requests-read': reading, 'requests-write': writing }),
    },
    facts: {
      ...(/^[\w.-]{1,20}$/.test(discovered.apiVersion) ? { apiVersion: discovered.apiVersion } : {}),
      ...offeredFacts(discovered, identityFormat),
      ...certified.facts,
    },
  };
}

/** What the processor offers, if it speaks the protocol that was chosen. @throws VendorFault */
async function discover(client: OpenDsrClient): Promise<Discovery> {
  const discovery = await client.discovery();
  if (maySpeak(client.settings.protocol, discovery.apiVersion)) return discovery;
  throw fault('PROTOCOL_MISMATCH', `The processor speaks version ${discovery.apiVersion} of OpenDSR.`);
}

async function certify(
  client: OpenDsrClient,
  certificates: Certificates,
  { certificate }: Discovery,
): Promise<{ readonly finding: Finding } & Pick<Checked, 'facts'>> {
  const { signatures } = client.settings;
  if (signatures === undefined) {
    return { finding: { found: 'skipped', message: 'Not asked: signatures are not verified.', degrades: true } };
  }
  try {
    const { until } = await certificates.fetch(client, signatures, certificate);
    const facts = { processorDomain: signatures.domain, certificateExpires: new Date(until).toISOString() };
    return { finding: granted, facts };
  } catch (error) {
    return { finding: findingOf(error, ['CERTIFICATE_UNAVAILABLE']) };
  }
}

function denied(code: OwnCode, message: string, remedy?: string): Finding {
  return { found: 'denied', fault: fault(code, message, present({ remedy })).toJSON() };
}

/** Whether the processor takes erasure requests at all. */
function erasureOffered({ requestTypes }: Discovery): Finding {
  return requestTypes.has('erasure')
    ? granted
    : denied('ERASURE_NOT_OFFERED', 'The processor does not name erasure among the requests that it takes.');
}

/** Whether it takes any identity in the chosen format. */
function identitiesOffered(discovery: Discovery, format: IdentityFormat): Finding {
  const offered = identityFormats.filter((one) => offeredTypes(discovery, one).length > 0);
  if (offered.includes(format)) return granted;
  const remedy = offered.length === 0 ? undefined : `Choose another identity format: it takes ${offered.join(', ')}.`;
  return denied('IDENTITIES_NOT_OFFERED', `The processor takes no identity in the format ${format}.`, remedy);
}

/** Asks about a request that nobody made: whoever may ask is told that there is none. */
async function mayRead(client: OpenDsrClient): Promise<Finding> {
  try {
    await client.status(noRequest, () => undefined);
    return granted;
  } catch (error) {
    const looked = isConnectorFault(error) && (error.code === 'NOT_FOUND' || error.code === 'INPUT_REFUSED');
    return looked ? granted : findingOf(error);
  }
}

/** A dry run: a request without id, type and identities, which a processor must refuse. Whoever may make requests is told that this is none. */
async function mayWrite(client: OpenDsrClient): Promise<Finding> {
  try {
    await client.create({}, () => undefined, 'probe');
  } catch (error) {
    return isConnectorFault(error) && error.code === 'INPUT_REFUSED' ? granted : findingOf(error);
  }
  const taken = 'The processor took a request that asks for nothing, so it does not tell who may make requests.';
  return { found: 'unverifiable', fault: fault('VENDOR_ANSWER_UNREADABLE', taken).toJSON() };
}
