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
import { erasureOffered, findingOf, identitiesOffered, mayRead, mayWrite } from './check/probes.js';
import { offeredFacts, offeredTypes } from './deletion/offered.js';
import { type Discovery, readDiscovery } from './opendsr/answers.js';
import { OpenDsrClient } from './opendsr/client.js';
import type { Http } from './opendsr/http.js';
import { openDsrFault } from './opendsr/opendsr-fault.js';
import { otherProtocol } from './opendsr/protocol.js';
import {
  declaredPermissions,
  type Finding,
  type Findings,
  isNeeded,
  judgePermissions,
  judgeStatus,
} from './permissions.js';
import { faultOfIssue, settingsOf, validateConfig } from './settings.js';
import type { Certificates } from './signature/certificates.js';

interface Certified {
  readonly finding: Finding;
  readonly facts: Facts;
}

/** OpenDSR as a connector: judges a configuration and tests a connection. */
export class OpenDsrConnector implements Connector {
  constructor(
    private readonly http: Http,
    private readonly certificates: Certificates,
  ) {}

  validate(config: unknown): ValidationReport {
    return validateConfig(config);
  }

  /**
   * Asks the processor what it offers, judges its certificate, and finds out what the credential may do. Only reads, but for one dry
   * run: a request that asks for nothing, which a processor must refuse.
   */
  async check(ctx: ConnectorContext): Promise<CheckReport> {
    const { issues } = validateConfig(ctx.config);
    if (issues.length > 0) return reportOf(ctx, {}, issues.map(faultOfIssue));
    const client = new OpenDsrClient(ctx, settingsOf(ctx.config), this.http);
    const discovered = await discover(client);
    if ('fault' in discovered) return reportOf(ctx, { 'discovery-read': discovered.finding }, [discovered.fault]);
    const { settings } = client;
    const needs = (id: string): boolean =>
      declaredPermissions.some((one) => one.id === id && isNeeded(one, ctx.capabilities));
    const [certified, reading, writing] = await Promise.all([
      this.certify(client, discovered),
      needs('requests-read') ? mayRead(client) : undefined,
      needs('requests-write') ? mayWrite(client) : undefined,
    ]);
    const findings: Findings = {
      'discovery-read': { found: 'granted' },
      'certificate-trusted': certified.finding,
      'erasure-offered': erasureOffered(discovered),
      'identities-offered': identitiesOffered(discovered, settings.identityFormat),
      ...(reading === undefined ? {} : { 'requests-read': reading }),
      ...(writing === undefined ? {} : { 'requests-write': writing }),
    };
    return reportOf(ctx, findings, [], {
      ...(/^[\w.-]{1,20}$/.test(discovered.apiVersion) ? { apiVersion: discovered.apiVersion } : {}),
      ...offeredFacts(offeredTypes(discovered, settings.identityFormat), settings.identityFormat),
      ...certified.facts,
    });
  }

  private async certify(client: OpenDsrClient, { certificate }: Discovery): Promise<Certified> {
    const { signatures } = client.settings;
    if (signatures === undefined) {
      return { finding: { found: 'waived', message: 'Not asked: signatures are not verified.' }, facts: {} };
    }
    try {
      const { until } = await this.certificates.fetch(client, signatures, certificate);
      const facts = { processorDomain: signatures.domain, certificateExpires: new Date(until).toISOString() };
      return { finding: { found: 'granted' }, facts };
    } catch (error) {
      return { finding: findingOf(error), facts: {} };
    }
  }
}

/** Asks what the processor offers, and whether it speaks the protocol that was chosen. @throws an abort or a defect. */
async function discover(
  client: OpenDsrClient,
): Promise<Discovery | { readonly fault: FaultData; readonly finding: Finding }> {
  try {
    const discovery = readDiscovery((await client.discovery()).body);
    const other = otherProtocol(client.settings.protocol, discovery.apiVersion);
    if (other === undefined) return discovery;
    throw openDsrFault('PROTOCOL_MISMATCH', `The processor speaks version ${discovery.apiVersion} of OpenDSR.`);
  } catch (error) {
    const finding = findingOf(error);
    if (!isConnectorFault(error)) throw error;
    return { fault: faultData(error), finding };
  }
}

function reportOf(
  ctx: ConnectorContext,
  findings: Findings,
  problems: readonly FaultData[],
  facts: Facts = {},
): CheckReport {
  const permissions = judgePermissions(findings, ctx.capabilities);
  return { status: judgeStatus(findings, permissions, problems), permissions, problems, facts };
}
