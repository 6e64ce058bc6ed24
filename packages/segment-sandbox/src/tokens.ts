import type { TimeSource } from './clock.js';

/** The region a workspace and its Public API tokens live in. */
export type Region = 'us' | 'eu';

/** What a token may do. */
export interface TokenSpec {
  /** What the client sends after `Bearer`. */
  readonly value: string;
  /** A name for logs and for revoking: never secret. */
  readonly name: string;
  /** The API generation it opens; it does not open the other. */
  readonly generation: 'public' | 'config';
  /** Slug of its workspace. */
  readonly workspace: string;
  /**
   * Public API: `owner` may do all, `member` may read and make no regulation. Config API: `workspace` may do all,
   * `workspace:read` may read and has insufficient scope for regulations.
   */
  readonly access: 'owner' | 'member' | 'workspace' | 'workspace:read';
  /** Region of a Public API token; the sandbox's own where it is left out. */
  readonly region?: Region;
  /** Milliseconds since 1970 from which on the token is refused. */
  readonly expiresAt?: number;
  readonly revoked?: boolean;
}

/** The fixed demo tokens. They open nothing but a sandbox and are no secrets. */
export const DEMO_TOKENS = {
  /** Workspace Owner access to `acme-demo`: what the setup steps ask for. */
  publicOwner: 'sandbox-public-owner-token',
  /** Workspace Member access to `acme-demo`: reads, makes no regulations. */
  publicMember: 'sandbox-public-member-token',
  /** Workspace Owner access to another workspace, `globex`. */
  otherWorkspace: 'sandbox-public-other-workspace-token',
  /** A good token of `acme-demo` that lives in the region this sandbox is not. */
  otherRegion: 'sandbox-public-other-region-token',
  /** A token of `initech`, whose plan has no API access. */
  noPlan: 'sandbox-public-no-plan-token',
  /** A token that was revoked. */
  revoked: 'sandbox-public-revoked-token',
  /** A token that expired long ago. */
  expired: 'sandbox-public-expired-token',
  /** Config API token of `acme-demo` with full scope. */
  configAdmin: 'sandbox-config-admin-token',
  /** Config API token of `acme-demo` with scope `workspace:read`. */
  configRead: 'sandbox-config-read-token',
  /** Config API token of `globex`. */
  configOtherWorkspace: 'sandbox-config-other-workspace-token',
  /** A Config API token that was revoked. */
  configRevoked: 'sandbox-config-revoked-token',
} as const;

/** The demo tokens by name. */
export type DemoTokens = typeof DEMO_TOKENS;

/** What each demo token is, in a sandbox of `region`. */
export function demoTokenSpecs(region: Region): TokenSpec[] {
  const acme = 'acme-demo';
  const owner = { generation: 'public', access: 'owner' } as const;
  const admin = { generation: 'config', access: 'workspace' } as const;
  const specs: Record<keyof DemoTokens, Omit<TokenSpec, 'value' | 'name'>> = {
    publicOwner: { ...owner, workspace: acme },
    publicMember: { ...owner, workspace: acme, access: 'member' },
    otherWorkspace: { ...owner, workspace: 'globex' },
    otherRegion: { ...owner, workspace: acme, region: region === 'us' ? 'eu' : 'us' },
    noPlan: { ...owner, workspace: 'initech' },
    revoked: { ...owner, workspace: acme, revoked: true },
    expired: { ...owner, workspace: acme, expiresAt: 0 },
    configAdmin: { ...admin, workspace: acme },
    configRead: { ...admin, workspace: acme, access: 'workspace:read' },
    configOtherWorkspace: { ...admin, workspace: 'globex' },
    configRevoked: { ...admin, workspace: acme, revoked: true },
  };
  return Object.entries(specs).map(([name, spec]) => ({
    ...spec,
    name,
    value: DEMO_TOKENS[name as keyof DemoTokens],
  }));
}

/** All tokens the sandbox knows, and which of them open a door now. */
export class TokenBook {
  private readonly tokens = new Map<string, TokenSpec>();

  constructor(
    specs: readonly TokenSpec[],
    private readonly region: Region,
    private readonly clock: TimeSource,
  ) {
    for (const spec of specs) this.add(spec);
  }

  /** Adds a token, or replaces the one of the same value. */
  add(spec: TokenSpec): void {
    this.tokens.set(spec.value, spec);
  }

  /** Revokes a token by its value or name; false where there is none. */
  revoke(valueOrName: string): boolean {
    const found = [...this.tokens.values()].find(({ value, name }) => value === valueOrName || name === valueOrName);
    if (!found) return false;
    this.tokens.set(found.value, { ...found, revoked: true });
    return true;
  }

  /** The token that an `Authorization` header names, where it is good for this generation, region and moment. */
  opens(authorization: string | undefined, generation: TokenSpec['generation']): TokenSpec | undefined {
    const value = /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1];
    const token = value === undefined ? undefined : this.tokens.get(value);
    if (!token || token.generation !== generation || token.revoked) return undefined;
    if ((token.region ?? this.region) !== this.region) return undefined;
    if (token.expiresAt !== undefined && token.expiresAt <= this.clock.now()) return undefined;
    return token;
  }
}
