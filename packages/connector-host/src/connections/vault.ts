import type { ConfigValue } from 'connector-contract';
import type { Keyring } from '../sealing/keyring.js';
import type { Queryable } from '../store/database.js';

/** The credentials of connections: each sealed under a data key of its own and bound to its row. */
export class Vault {
  constructor(private readonly keyring: Keyring) {}

  /** Seals the secret fields of a configuration, in a transaction that has the connection's row locked or is making it. */
  async seal(tx: Queryable, connection: string, secrets: Readonly<Record<string, ConfigValue>>): Promise<Buffer> {
    const plain = Buffer.from(JSON.stringify(secrets), 'utf8');
    return this.keyring.sealIn(tx, purposeOf(connection), plain, bindOf(connection));
  }

  /** Seals anew, under a new key, what {@link seal} made, and destroys the old key; in such a transaction. Throws SealingError. */
  async reseal(tx: Queryable, connection: string, sealed: Buffer, at: Date): Promise<Buffer> {
    return this.keyring.reseal(tx, purposeOf(connection), sealed, bindOf(connection), at);
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
