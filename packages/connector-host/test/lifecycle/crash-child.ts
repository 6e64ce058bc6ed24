/**
 * A worker process for the crash test: the real lifecycle on the real clock, with a vendor over HTTP. It stops dead at one place, says
 * so on standard output, and waits to be killed; or it freezes there (SIGSTOP, as a suspended machine does) until it is told to go on.
 * The places are where it waits for others anyway: the connections, the connector, the
 * database; the host's own code knows nothing of it.
 */
import {
  CALL_BEGINS_WITHIN_MS,
  type ConnectorContext,
  ConnectorFault,
  faultData,
  type Operation,
  type QuotaReading,
} from 'connector-contract';
import { systemClock } from '../../src/clock.js';
import { settingsOf } from '../../src/connections/settings.js';
import { PgBossEngine } from '../../src/engine/pg-boss-engine.js';
import { type ConnectionDoor, Lifecycle, type OpenConnection } from '../../src/lifecycle/lifecycle.js';
import { openLog } from '../../src/log.js';
import { Keyring } from '../../src/sealing/keyring.js';
import { openDatabase } from '../../src/store/database.js';
import { ScriptedVendor } from './scripted-vendor.js';

const {
  CRASH_DATABASE: url = '',
  CRASH_DATA: dataDir = '',
  CRASH_VENDOR: vendorUrl = '',
  CRASH_AT: place = '',
  CRASH_WINDOW: window = '',
} = process.env;

async function stopAt(here: string): Promise<void> {
  if (here !== place) return;
  process.stdout.write(`at ${here}\n`);
  await new Promise(() => setInterval(() => undefined, 1_000));
}

let frozen = false;
function freezeAt(here: string): void {
  if (here !== place || frozen) return;
  frozen = true;
  process.stdout.write(`at ${here}\n`);
  process.kill(process.pid, 'SIGSTOP');
}

/** The scripted vendor's connector, with the vendor itself in another process. */
class RemoteVendor extends ScriptedVendor {
  override async submit(operation: Operation, ctx?: ConnectorContext): ReturnType<ScriptedVendor['submit']> {
    await stopAt('after intent');
    try {
      await ctx?.pace('any');
    } catch (error) {
      if (!(error instanceof ConnectorFault)) throw error;
      return { accepted: false, certain: 'not-taken', fault: faultData(error) };
    }
    const values = operation.subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    const answer = await this.ask('/submit', { values });
    await stopAt('after call');
    return { accepted: true, reference: answer.reference ?? '' };
  }

  override async reconcile(operation: Operation, attemptedAt: string): ReturnType<ScriptedVendor['reconcile']> {
    const values = operation.subjects.flatMap(({ identifiers }) => identifiers.map(({ value }) => value));
    const { reference } = await this.ask('/find', { values });
    if (reference !== undefined) return { found: 'accepted', reference };
    const over = Date.parse(attemptedAt) + (window === '' ? 0 : CALL_BEGINS_WITHIN_MS) - Date.now();
    return over > 0 ? { found: 'not-yet', retryAfterMs: over } : { found: 'absent' };
  }

  private async ask(path: string, body: object): Promise<{ reference?: string }> {
    const answer = await fetch(vendorUrl + path, { method: 'POST', body: JSON.stringify(body) });
    return (await answer.json()) as { reference?: string };
  }
}

class CrashingConnections implements ConnectionDoor {
  private readonly runner = new RemoteVendor();

  async open(_id: string, signal: AbortSignal): Promise<OpenConnection> {
    if (this.planned) await stopAt('before intent');
    this.planned = true;
    const pace = async () => freezeAt('frozen in its turn');
    return {
      view: { settings: settingsOf({}) },
      runner: this.runner,
      config: {},
      ctx: { signal, pace } as unknown as ConnectorContext,
      reconnect: async () => undefined,
    };
  }

  /** The first opening is the plan's. */
  private planned = place !== 'before intent';

  async hold(_id: string, _until: Date, _code: string): Promise<void> {}
  async noteQuota(_id: string, _reading: QuotaReading): Promise<void> {}
}

const log = openLog({ level: 'warn' });
const database = await openDatabase({ url, dataDir, log });
const transaction = database.orm.transaction.bind(database.orm);
database.orm.transaction = async (work, config) => {
  const result = await transaction(work, config);
  if (typeof result === 'object' && result !== null && 'attempt' in result) freezeAt('frozen after intent');
  return result;
};
const keyring = await Keyring.open(database, { dataDir });
const lifecycle = new Lifecycle({
  db: database,
  engine: new PgBossEngine({ db: database, log }),
  connections: new CrashingConnections(),
  manifestOf: () => undefined,
  people: () => keyring.people(),
  offers: async () => new Map(),
  clock: systemClock,
  zone: 'UTC',
  log,
  planWindowMs: 0,
});
// Lets what runs come to its end first.
process.once('SIGTERM', () => {
  lifecycle.stop().finally(() => process.exit(0));
});
await lifecycle.start();
process.stdout.write('ready\n');
