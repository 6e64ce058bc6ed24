/**
 * A worker process for the crash test: the real lifecycle on the real clock, with a vendor over HTTP. It stops dead at one place, says
 * so on standard output, and waits to be killed. The places are where it waits for others anyway: the connections, the connector, the
 * database; the host's own code knows nothing of it.
 */
import type { ConnectorContext, FaultData, Operation, QuotaReading } from 'connector-contract';
import { systemClock } from '../../src/clock.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import {
  type ConnectionDoor,
  type ConnectionGlance,
  Lifecycle,
  type OpenConnection,
} from '../../src/lifecycle/lifecycle.js';
import { openLog } from '../../src/log.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { openDatabase } from '../../src/store/database.js';
import { ScriptedVendor } from './scripted-vendor.js';

const {
  CRASH_DATABASE: url = '',
  CRASH_DATA: dataDir = '',
  CRASH_VENDOR: vendorUrl = '',
  CRASH_AT: place = '',
} = process.env;

async function stopAt(here: string): Promise<void> {
  if (here !== place) return;
  process.stdout.write(`at ${here}\n`);
  await new Promise(() => setInterval(() => undefined, 1_000));
}

/** The scripted vendor's connector, with the vendor itself in another process. */
class RemoteVendor extends ScriptedVendor {
  override async submit(operation: Operation): ReturnType<ScriptedVendor['submit']> {
    await stopAt('after intent');
    const values = operation.subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    const answer = await this.ask('/submit', { values });
    await stopAt('after call');
    return { accepted: true, reference: answer.reference ?? '' };
  }

  override async reconcile(operation: Operation): ReturnType<ScriptedVendor['reconcile']> {
    const values = operation.subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    const { reference } = await this.ask('/find', { values });
    return reference === undefined ? { found: 'absent' } : { found: 'accepted', reference };
  }

  private async ask(path: string, body: object): Promise<{ reference?: string }> {
    const answer = await fetch(vendorUrl + path, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.json()) as { reference?: string };
  }
}

class CrashingConnections implements ConnectionDoor {
  private readonly runner = new RemoteVendor();

  async get(id: string): Promise<ConnectionGlance> {
    return { id, state: 'active' };
  }

  async open(_id: string, signal: AbortSignal): Promise<OpenConnection> {
    if (this.planned) await stopAt('before intent');
    this.planned = true;
    return { runner: this.runner, config: {}, ctx: { signal } as unknown as ConnectorContext };
  }

  /** The first opening is the plan's. */
  private planned = place !== 'before intent';

  async reconnect(_id: string, _fault: FaultData): Promise<void> {}
  async hold(_id: string, _until: Date, _code: string): Promise<void> {}
  async noteQuota(_id: string, _reading: QuotaReading): Promise<void> {}
}

const log = openLog({ level: 'warn' });
const database = await openDatabase({ url, dataDir, log });
const keyring = await Keyring.open(database, { dataDir });
const lifecycle = new Lifecycle({
  database,
  engine: new PgBossEngine({ database, log }),
  connections: new CrashingConnections(),
  people: () => keyring.people(),
  clock: systemClock,
  log,
  planWindowMs: 0,
});
await lifecycle.start();
process.stdout.write('ready\n');
