import type { ConfigValue } from 'connector-contract';
import type { Keyring } from '../sealing/keyring.js';
import type { Queryable } from '../store/database.js';

/** The credentials of connections: each sealed under a data key of its own and bound to its row. */
export class Vault {
  constructor(private readonly keyring: Keyring) {}

  /** Seals the secret fields of a configuration. */
  async seal(connection: string, secrets: Readonly<Record<string, ConfigValue>>): Promise<Buffer> {
    return this.keyring.seal(purposeOf(connection), Buffer.from(JSON.stringify(secrets), 'utf8'), bindOf(connection));
  }

  /** Opens what {@link seal} made. Throws SealingError. */
  async open(connection: string, sealed: Buffer): Promise<Readonly<Record<string, ConfigValue>>> {
    const plain = await this.keyring.open(purposeOf(connection), sealed, bindOf(connection));
    return JSON.parse(plain.toString('utf8')) as Record<string, ConfigValue>;
  }

  /** Destroys the key of a connection's credentials: no backup of its row alone opens them again. */
  async destroy(connection: string, at: Date, tx?: Queryable): Promise<void> {
    await this.keyring.destroy(purposeOf(connection), at, tx);
  }
}

function purposeOf(connection: string): string {
  return `connection:${connection}`;
}

function bindOf(connection: string): string {
  return `connections/${connection}`;
}
