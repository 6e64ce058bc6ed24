import { afterEach, beforeAll } from '@jest/globals';
import {
  type Capability,
  type Connector,
  type ConnectorConfig,
  type ConnectorContext,
  type DeletionCapability,
  type Facts,
  type Operation,
  resolveConfig,
  ServiceIdentifier,
} from 'connector-contract';
import { Container } from 'inversify';
import { ownManifest } from '../src/manifest.js';
import { openDsrModule } from '../src/module.js';
import { Authority, type Issued } from './processor/authority.js';
import { credentials, DOMAIN, Processor } from './processor/processor.js';

/** What a test file works with: an authority, and a processor that is fresh for every test. */
export class Stage {
  authority!: Authority;
  signing!: Issued;
  processor!: Processor;
  now = Date.now();
  readonly logged: unknown[] = [];

  /** Registers what keeps the stage with the test runner. @param tls whether the processor is spoken to over https. */
  static use(): Stage {
    const stage = new Stage();
    beforeAll(async () => {
      stage.authority = await Authority.create();
      stage.signing = await stage.authority.issue({ names: [DOMAIN] });
    });
    afterEach(() => stage.processor.stop());
    return stage;
  }

  /** A fresh processor. */
  async open(tls?: Issued): Promise<Processor> {
    this.now = Date.now();
    this.logged.length = 0;
    this.processor = new Processor(this.signing, tls);
    await this.processor.start();
    return this.processor;
  }

  /** A fresh connector that trusts the stage's authority. */
  load(timeoutMs = 5_000): { connector: Connector; deletion: DeletionCapability } {
    const container = new Container();
    container.load(openDsrModule({ authorities: [this.authority.certificate], timeoutMs }));
    return {
      connector: container.get<Connector>(ServiceIdentifier.connector),
      deletion: container.get<DeletionCapability>(ServiceIdentifier.deletion),
    };
  }

  /** Moves the clock. */
  skip(ms: number): void {
    this.now += ms;
  }

  config(more: Readonly<Record<string, unknown>> = {}): ConnectorConfig {
    const raw = {
      baseUrl: `${this.processor.origin}/v2`,
      bearerToken: credentials.full,
      processorDomain: DOMAIN,
      ...more,
    };
    const given = Object.fromEntries(Object.entries(raw).filter(([, value]) => value !== undefined));
    const { config, issues } = resolveConfig(ownManifest(), given, { endpointsAllowed: true });
    if (config === undefined) throw new Error(JSON.stringify(issues));
    return config;
  }

  context(
    more: Readonly<Record<string, unknown>> = {},
    facts: Facts = {},
    signal = new AbortController().signal,
    capabilities: readonly Capability[] = ['deletion'],
  ): ConnectorContext {
    const write = (message: string, fields?: unknown): void => void this.logged.push([message, fields]);
    return {
      config: this.config(more),
      facts,
      capabilities,
      allowedOrigins: [this.processor.origin],
      signal,
      log: { debug: write, info: write, warn: write, error: write },
      clock: { now: () => this.now, sleep: async (ms) => this.skip(ms) },
      pace: async () => {},
    };
  }
}

/** An operation for one person with an e-mail address and a customer ID. */
export function operationFor(deletion: DeletionCapability, name: string, key: string | undefined): Operation {
  const identifiers = [
    { kind: 'email', value: `${name}@people.example` },
    { kind: 'controller_customer_id', value: `customer-${name}` },
  ];
  const [operation] = deletion.plan([{ id: `subject-${name}`, identifiers }], {}).operations;
  if (operation === undefined) throw new Error('not planned');
  return key === undefined ? operation : { ...operation, key };
}
