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

  /**
   * Seals anew, under a new key, what {@link seal} made and everything that {@link sealKept} did, and destroys the old key; in such a
   * transaction. Throws SealingError.
   */
  async reseal(
    tx: Queryable,
    connection: string,
    sealed: Buffer,
    kept: readonly { readonly bind: string; readonly sealed: Buffer }[],
    at: Date,
  ): Promise<{ readonly secrets: Buffer; readonly kept: readonly Buffer[] }> {
    const all = [
      { sealed, bind: bindOf(connection) },
      ...kept.map((one) => ({ sealed: one.sealed, bind: keptBindOf(connection, one.bind) })),
    ];
    const [secrets = sealed, ...rest] = await this.keyring.reseal(tx, purposeOf(connection), all, at);
    return { secrets, kept: rest };
  }

  /** Seals something that is kept with a connection, bound to its place there; in a transaction that holds its row. */
  async sealKept(tx: Queryable, connection: string, bind: string, value: string): Promise<Buffer> {
    return this.keyring.sealIn(tx, purposeOf(connection), Buffer.from(value, 'utf8'), keptBindOf(connection, bind));
  }

  /** Opens what {@link sealKept} made. Throws SealingError. */
  async openKept(connection: string, bind: string, sealed: Buffer): Promise<string> {
    return (await this.keyring.open(purposeOf(connection), sealed, keptBindOf(connection, bind))).toString('utf8');
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

function keptBindOf(connection: string, bind: string): string {
  return `connection_secrets/${connection}/${bind}`;
}

function bindOf(connection: string): string {
  return `connections/${connection}`;
}
