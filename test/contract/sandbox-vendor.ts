import type { ConfigCase, ContractVendor } from 'connector-contract/testkit';
import { DEMO_TOKENS, type RegulationSnapshot, type Sandbox, startSandbox, type Workspace } from 'segment-sandbox';

/** What differs between the two generations of Segment's API, as far as the contract can see. */
export interface Generation {
  readonly tokens: Readonly<Record<ConfigCase, string>>;
  /** The names under which a detection finds the systems of the workspace. */
  systems(workspace: Workspace): readonly string[];
  /** The body of a refusal in this generation's own form. */
  errorBody(status: number, message: string): string;
}

/** The Public API: every system has a name of its own. */
export const publicApi: Generation = {
  tokens: {
    valid: DEMO_TOKENS.publicOwner,
    'wrong-credential': DEMO_TOKENS.revoked,
    'missing-permission': DEMO_TOKENS.publicMember,
  },
  systems: ({ sources, destinations, warehouses, functions, models, spaces }) => [
    ...[...sources, ...destinations, ...warehouses, ...models, ...spaces].map((system) => system.name),
    ...functions.map(({ displayName }) => displayName),
    ...spaces.flatMap(({ audiences }) => audiences.map(({ name }) => name)),
  ],
  errorBody: (status, message) => JSON.stringify({ errors: [{ type: `http-${status}`, message }] }),
};

/** The Config API: knows sources by their slug alone, tells destinations of one kind on one source not apart, and has no lists of anything else. */
export const configApi: Generation = {
  tokens: {
    valid: DEMO_TOKENS.configAdmin,
    'wrong-credential': DEMO_TOKENS.configRevoked,
    'missing-permission': DEMO_TOKENS.configRead,
  },
  systems: ({ sources, destinations }) => [
    ...sources.map((source) => source.slug),
    ...new Map(destinations.map((one) => [`${one.sourceId}/${one.kind.slug}`, one.name])).values(),
    ...['Functions', 'Reverse-ETL models', 'Unify spaces', 'Warehouses'].map((what) => `${what} (not listed)`),
  ],
  errorBody: (_status, message) => JSON.stringify({ error: message, code: 2 }),
};

const DAY_MS = 86_400_000;

/** The sandbox as the contract test kit wants a vendor. */
export class SandboxVendor implements ContractVendor {
  private sandbox: Sandbox | undefined;
  private clock: { now(): number } = Date;
  private readonly refused = new Set<string>();

  constructor(private readonly generation: Generation) {}

  async start(clock: { now(): number }): Promise<string> {
    this.clock = clock;
    this.sandbox = await this.open();
    return this.sandbox.url;
  }

  async stop(): Promise<void> {
    await this.sandbox?.close();
  }

  /** A new sandbox under the same address: nothing of the old one stays. */
  async reset(): Promise<void> {
    const { port } = this.running;
    await this.stop();
    this.refused.clear();
    this.sandbox = await this.open(port);
  }

  config(kind: ConfigCase, origin: string): Record<string, unknown> {
    return { apiToken: this.generation.tokens[kind], workspaceName: 'acme-demo', baseUrl: origin };
  }

  state(): unknown {
    return this.running
      .regulations()
      .map(({ id, status, cancelled, subjectIds }) => [id, status, cancelled, subjectIds]);
  }

  erased(): readonly string[] {
    return this.running.regulations().flatMap((regulation) => regulation.subjectIds);
  }

  advance(): boolean {
    const open = this.running.regulations().filter(isOpen).length;
    this.running.clock.advance(DAY_MS);
    return open > 0;
  }

  refuse(value: string): void {
    this.refused.add(value);
  }

  fail(): void {
    this.running.outcomes.add({ outcome: 'failed-supported' });
  }

  systems(): readonly string[] {
    const [workspace] = this.running.workspaces;
    return workspace === undefined ? [] : this.generation.systems(workspace);
  }

  errorBody(status: number, message: string): string {
    return this.generation.errorBody(status, message);
  }

  private get running(): Sandbox {
    if (this.sandbox === undefined) throw new Error('The sandbox was not started.');
    return this.sandbox;
  }

  private open(port = 0): Promise<Sandbox> {
    const badId = (id: string): boolean => this.refused.has(id);
    return startSandbox({ port, clock: this.clock, badId, rateLimit: 'off', quota: 'off' });
  }
}

function isOpen({ finishedAt, cancelled }: RegulationSnapshot): boolean {
  return finishedAt === undefined && !cancelled;
}
