import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Actor } from '../../src/access/roles.js';
import { Connections } from '../../src/connections/connections.js';
import type { ConnectorRegistry } from '../../src/plugins/registry.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { loadFixtures } from '../plugins/fixtures.js';
import { type TestDatabase, testDatabase, testLog } from '../postgres.js';
import { VirtualClock } from '../virtual-clock.js';

/** Connections over a database of their own, with the connector "Harbour". */
export interface Desk {
  readonly database: TestDatabase;
  readonly registry: ConnectorRegistry;
  readonly keyring: Keyring;
  readonly clock: VirtualClock;
  readonly connections: Connections;
  /** The same database and keys, as another process has them that allows these endpoints. */
  other(allowEndpoints?: readonly string[], registry?: ConnectorRegistry): Connections;
  close(): Promise<void>;
}

/** What the connector "Harbour" was asked, and what its accounts hold; the fixture keeps it in the open. */
export interface Harbour {
  calls: { call: string; [key: string]: unknown }[];
  systems: Map<string, readonly (readonly [key: string, name: string, coverage?: string])[]>;
  breakAfter: Map<string, { after: number; fault: Error }>;
}

/** The vendor's side of the fixture. */
export function harbour(): Harbour {
  return (globalThis as unknown as { harbour: Harbour }).harbour;
}

/** A person in each role. */
export const actors = {
  admin: { id: 'a', name: 'Admin', role: 'super-admin' },
  connecting: { id: 'c', name: 'Connie', role: 'connections-manager' },
  privacy: { id: 'p', name: 'Priya', role: 'privacy-manager' },
  viewer: { id: 'v', name: 'Vic', role: 'viewer' },
} as const satisfies Record<string, Actor>;

/** Call it in `beforeAll`, and its `close` in `afterAll`. */
export async function openDesk(): Promise<Desk> {
  const database = await testDatabase();
  const dataDir = await mkdtemp(join(tmpdir(), 'desk-'));
  const keyring = await Keyring.open(database.db, { dataDir });
  const registry = await loadFixtures(['harbour', 'plain', 'import-throws']);
  const clock = new VirtualClock();
  const other = (allowEndpoints: readonly string[] = [], instead = registry) =>
    new Connections({ db: database.db, keyring, registry: instead, clock, log: testLog, allowEndpoints });
  return {
    database,
    registry,
    keyring,
    clock,
    connections: other(),
    other,
    close: async () => {
      await registry.close();
      await database.drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Empties every table that connections write. */
export async function clearDesk(desk: Desk): Promise<void> {
  await desk.database.db.pool.query(`truncate connector_host.connections, connector_host.data_keys, connector_host.paces,
    connector_host.events, connector_host.requests, connector_host.tasks, connector_host.operations,
    connector_host.operation_members, connector_host.systems, connector_host.detections`);
}
