/**
 * What requests that come one by one are judged by and sealed with: kept from one to the next, and confirmed by the database in the
 * transaction that stores them. So it is never older than what is stored by it.
 */
import type { Connections } from '../connections/connections.js';
import type { ConnectorRegistry } from '../plugins/registry.js';
import type { Keyring } from '../sealing/keyring.js';
import type { PeopleKeys } from '../sealing/people-keys.js';
import type { Database } from '../store/database.js';
import { connectionStamps } from './group-intake.js';
import { Judges } from './judging.js';
import { type Offer, offerOf, unknownOffer } from './offers.js';

/** What requests are judged by, as it was at one time. */
export interface Terms {
  readonly people: PeopleKeys;
  readonly offers: ReadonlyMap<string, Offer>;
  readonly judges: Judges;
  /** Of each connection, what it was then. */
  readonly stamps: ReadonlyMap<string, string>;
}

/** What {@link KeptTerms} stands on. */
export interface TermsParts {
  readonly db: Database;
  readonly keyring: Keyring;
  readonly connections: Connections;
  readonly registry: ConnectorRegistry;
}

/** What each connection can do for people, whether its connector can be used just now or not: what is meant for it waits. */
export async function readOffers({
  connections,
  registry,
}: Pick<TermsParts, 'connections' | 'registry'>): Promise<ReadonlyMap<string, Offer>> {
  const found = new Map<string, Offer>();
  for (const view of await connections.list()) {
    const manifest = registry.manifest(view.connector);
    found.set(view.id, manifest === undefined ? unknownOffer(view) : offerOf(view, manifest));
  }
  return found;
}

/** The {@link Terms}, read once and kept. */
export class KeptTerms {
  private reading: Promise<Terms> | undefined;
  /** The connectors of that reading: they may be replaced while the host runs. */
  private generation: object | undefined;

  constructor(private readonly parts: TermsParts) {}

  /** The terms as they were read last. */
  current(): Promise<Terms> {
    const same = this.generation === this.parts.registry.generation;
    return this.reading !== undefined && same ? this.reading : this.afresh();
  }

  /** Reads them again. */
  afresh(): Promise<Terms> {
    this.generation = this.parts.registry.generation;
    const reading = this.read();
    this.reading = reading;
    reading.catch(() => {
      if (this.reading === reading) this.reading = undefined;
    });
    return reading;
  }

  private async read(): Promise<Terms> {
    const { db, keyring } = this.parts;
    // The stamps first: what changes after them is found when they are confirmed.
    const { rows } = await db.pool.query<{ id: string; stamp: string }>(connectionStamps);
    const offers = await readOffers(this.parts);
    const stamps = new Map(rows.map(({ id, stamp }) => [id, stamp]));
    return { people: await keyring.people(true), offers, judges: new Judges(), stamps };
  }
}
