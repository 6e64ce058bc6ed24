import type { ConnectorContext } from 'connector-contract';
import { type ClientOptions, SegmentClient } from './client.js';
import { ConfigApi, configApiWorkspaces } from './config-api.js';
import type { Connection } from './connection.js';
import { Limit } from './endpoints.js';
import { PublicApi, publicApiMediaType } from './public-api.js';
import { Generation, type Segment, type Workspace } from './segment.js';

/** The adapter that the token works with, and the workspace it opens. */
export interface FoundWorkspace {
  readonly segment: Segment;
  readonly workspace: Workspace;
}

/** Makes the adapters of one connection; nothing is asked by making them. */
export class Adapters {
  constructor(
    private readonly ctx: ConnectorContext,
    private readonly connection: Connection,
    private readonly options?: ClientOptions,
  ) {}

  /** @param base the connection's own Public API unless given. */
  publicApi(base: string = this.connection.endpoints.public): PublicApi {
    const identity = { generation: Generation.public, base, accept: publicApiMediaType, limit: Limit.public };
    return new PublicApi(this.client(identity));
  }

  /** @param slug of the workspace. */
  configApi(slug: string): ConfigApi {
    return new ConfigApi(this.configClient(), slug);
  }

  /** The workspaces that the token may see in the Config API. */
  configApiWorkspaces(): AsyncGenerator<Workspace, void, undefined> {
    return configApiWorkspaces(this.configClient());
  }

  private configClient(): SegmentClient {
    const { config: base } = this.connection.endpoints;
    return this.client({ generation: Generation.config, base, accept: 'application/json', limit: Limit.config });
  }

  private client(identity: Omit<ConstructorParameters<typeof SegmentClient>[1], 'token'>): SegmentClient {
    return new SegmentClient(this.ctx, { ...identity, token: this.connection.token }, this.options);
  }
}
