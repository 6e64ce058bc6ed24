import type { Connector } from 'connector-contract';
import {
  type Checked,
  connectorOf,
  endedBy,
  type Finding,
  findingOf,
  neededPermissions,
  present,
  type Vendor,
} from 'connector-kit';
import { erasureOffered, identitiesOffered, mayRead, mayWrite } from './check/probes.js';
import { offeredFacts } from './deletion/identity.js';
import { ownManifest } from './manifest.js';
import type { Discovery } from './opendsr/answers.js';
import { OpenDsrClient } from './opendsr/client.js';
import { fault, type OwnCode } from './opendsr/fault-codes.js';
import { maySpeak } from './opendsr/protocol.js';
import { settingsOf } from './settings.js';
import type { Certificates } from './signature/certificates.js';

/** OpenDSR as a connector: judges a configuration and tests a connection. */
export function openDsrConnector(vendor: Vendor<OwnCode>, certificates: Certificates): Connector {
  return connectorOf(ownManifest, async (ctx) =>
    check(new OpenDsrClient(ctx, settingsOf(ctx.config), vendor), certificates),
  );
}

/**
 * Asks the processor what it offers, judges its certificate, and finds out what the credential may do. Only reads, but for one dry
 * run: a request that asks for nothing, which a processor must refuse.
 */
async function check(client: OpenDsrClient, certificates: Certificates): Promise<Checked> {
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
      'discovery-read': { found: 'granted' },
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
    return { finding: { found: 'granted' }, facts };
  } catch (error) {
    return { finding: findingOf(error, ['CERTIFICATE_UNAVAILABLE']) };
  }
}
