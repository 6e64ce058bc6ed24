import {
  type CheckReport,
  type Connector,
  type ConnectorContext,
  type Facts,
  type FaultData,
  faultData,
  isConnectorFault,
  type ValidationReport,
} from 'connector-contract';
import {
  checkReport,
  type Finding,
  faultOfIssue,
  findingOf,
  neededPermissions,
  present,
  type Vendor,
  validateConfig,
} from 'connector-kit';
import { erasureOffered, identitiesOffered, mayRead, mayWrite } from './check/probes.js';
import { offeredFacts, offeredTypes } from './deletion/offered.js';
import { ownManifest } from './manifest.js';
import type { Discovery } from './opendsr/answers.js';
import { OpenDsrClient } from './opendsr/client.js';
import { fault, type OwnCode } from './opendsr/fault-codes.js';
import { otherProtocol } from './opendsr/protocol.js';
import { settingsOf } from './settings.js';
import type { Certificates } from './signature/certificates.js';

interface Certified {
  readonly finding: Finding;
  readonly facts: Facts;
}

/** OpenDSR as a connector: judges a configuration and tests a connection. */
export class OpenDsrConnector implements Connector {
  constructor(
    private readonly vendor: Vendor<OwnCode>,
    private readonly certificates: Certificates,
  ) {}

  validate(config: unknown): ValidationReport {
    return validateConfig(ownManifest(), config);
  }

  /**
   * Asks the processor what it offers, judges its certificate, and finds out what the credential may do. Only reads, but for one dry
   * run: a request that asks for nothing, which a processor must refuse.
   */
  async check(ctx: ConnectorContext): Promise<CheckReport> {
    const manifest = ownManifest();
    const { issues } = validateConfig(manifest, ctx.config);
    if (issues.length > 0) return checkReport(manifest, ctx.capabilities, { problems: issues.map(faultOfIssue) });
    const client = new OpenDsrClient(ctx, settingsOf(ctx.config), this.vendor);
    const discovered = await discover(client);
    if ('fault' in discovered) {
      const { fault: problem, finding } = discovered;
      return checkReport(manifest, ctx.capabilities, { findings: { 'discovery-read': finding }, problems: [problem] });
    }
    const needed = new Set(neededPermissions(manifest, ctx.capabilities));
    const [certified, reading, writing] = await Promise.all([
      this.certify(client, discovered),
      needed.has('requests-read') ? mayRead(client) : undefined,
      needed.has('requests-write') ? mayWrite(client) : undefined,
    ]);
    const { identityFormat } = client.settings;
    return checkReport(manifest, ctx.capabilities, {
      findings: {
        'discovery-read': { found: 'granted' },
        'certificate-trusted': certified.finding,
        'erasure-offered': erasureOffered(discovered),
        'identities-offered': identitiesOffered(discovered, identityFormat),
        ...present({ 'requests-read': reading, 'requests-write': writing }),
      },
      facts: {
        ...(/^[\w.-]{1,20}$/.test(discovered.apiVersion) ? { apiVersion: discovered.apiVersion } : {}),
        ...offeredFacts(offeredTypes(discovered, identityFormat), identityFormat),
        ...certified.facts,
      },
    });
  }

  private async certify(client: OpenDsrClient, { certificate }: Discovery): Promise<Certified> {
    const { signatures } = client.settings;
    if (signatures === undefined) {
      return {
        finding: { found: 'skipped', message: 'Not asked: signatures are not verified.', degrades: true },
        facts: {},
      };
    }
    try {
      const { until } = await this.certificates.fetch(client, signatures, certificate);
      const facts = { processorDomain: signatures.domain, certificateExpires: new Date(until).toISOString() };
      return { finding: { found: 'granted' }, facts };
    } catch (error) {
      return { finding: findingOf(error, ['CERTIFICATE_UNAVAILABLE']), facts: {} };
    }
  }
}

/** Asks what the processor offers, and whether it speaks the protocol that was chosen. @throws an abort or a defect. */
async function discover(
  client: OpenDsrClient,
): Promise<Discovery | { readonly fault: FaultData; readonly finding: Finding }> {
  try {
    const discovery = await client.discovery();
    const other = otherProtocol(client.settings.protocol, discovery.apiVersion);
    if (other === undefined) return discovery;
    throw fault('PROTOCOL_MISMATCH', `The processor speaks version ${discovery.apiVersion} of OpenDSR.`);
  } catch (error) {
    const finding = findingOf(error);
    if (!isConnectorFault(error)) throw error;
    return { fault: faultData(error), finding };
  }
}
