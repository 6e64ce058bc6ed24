/** The keys that sign receipts. Private halves stand sealed; public ones stay published after they are retired. */
import { randomUUID } from 'node:crypto';
import type { Clock } from 'connector-contract';
import { asc, desc, eq, isNull, sql } from 'drizzle-orm';
import { type CryptoKey, exportJWK, exportPKCS8, generateKeyPair, importPKCS8, type JWK } from 'jose';
import type { Keyring } from '../sealing/keyring.js';
import type { Database, Queryable } from '../store/database.js';
import { signingKeys } from '../store/schema.js';
import { RECEIPT_ALGORITHM } from './receipt-format.js';

const PURPOSE = 'receipts';

/** A key that signs now. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: CryptoKey;
}

type Row = typeof signingKeys.$inferSelect;

/** The host's signing keys; the first is made when it is first needed. */
export class SigningKeys {
  private current: SigningKey | undefined;

  constructor(
    private readonly db: Database,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
  ) {}

  /** The key that signs now. */
  async live(): Promise<SigningKey> {
    const row = await this.newest();
    if (row === undefined) await this.make((found) => found !== undefined);
    const used = row ?? (await this.newest());
    if (used?.privateKey == null) throw new Error('There is no signing key.');
    if (this.current?.id !== used.id) {
      const pem = await this.keyring.open(PURPOSE, used.privateKey, bindOf(used.id));
      this.current = { id: used.id, privateKey: await importPKCS8(pem.toString('utf8'), RECEIPT_ALGORITHM) };
    }
    return this.current;
  }

  /**
   * Makes a new key and retires the present one: its private half is destroyed, its public half stays. Answers the new id.
   * @param alongside is done in the same transaction.
   */
  async rotate(alongside?: (tx: Queryable, id: string) => Promise<void>): Promise<string> {
    return this.make(() => false, alongside);
  }

  /** Every public key that ever signed, as a JWK set (RFC 7517). */
  async published(): Promise<{ readonly keys: readonly JWK[] }> {
    await this.live();
    const rows = await this.db.orm.select().from(signingKeys).orderBy(asc(signingKeys.createdAt), asc(signingKeys.id));
    return { keys: rows.map(({ publicKey }) => publicKey as JWK) };
  }

  private async newest(): Promise<Row | undefined> {
    const [row] = await this.db.orm
      .select()
      .from(signingKeys)
      .where(isNull(signingKeys.retiredAt))
      .orderBy(desc(signingKeys.createdAt))
      .limit(1);
    return row;
  }

  /** Two processes may come here at once: one of them makes the key, unless `done` says that what is there will do. */
  private async make(
    done: (found: Row | undefined) => boolean,
    alongside?: (tx: Queryable, id: string) => Promise<void>,
  ): Promise<string> {
    const id = randomUUID();
    const { publicKey, privateKey } = await generateKeyPair(RECEIPT_ALGORITHM, { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: id, alg: RECEIPT_ALGORITHM, use: 'sig' };
    const sealed = await this.keyring.seal(PURPOSE, Buffer.from(await exportPKCS8(privateKey)), bindOf(id));
    return this.db.orm.transaction(async (tx) => {
      await tx.execute(sql`select pg_advisory_xact_lock(hashtext('connector_host.signing_keys'))`);
      const [found] = await tx.select().from(signingKeys).where(isNull(signingKeys.retiredAt)).limit(1);
      if (done(found)) return found?.id ?? id;
      const now = new Date(this.clock.now());
      if (found)
        await tx.update(signingKeys).set({ retiredAt: now, privateKey: null }).where(eq(signingKeys.id, found.id));
      await tx.insert(signingKeys).values({ id, publicKey: jwk, privateKey: sealed, createdAt: now });
      await alongside?.(tx, id);
      return id;
    });
  }
}

function bindOf(id: string): string {
  return `signing_keys/${id}`;
}
